"""Where a store is: in a folder, as an SQLite file."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

from bot.errors import StoreError
from bot.store import erasing, newest, restoring, upkeep
from bot.store.erasing import Erasable, Found
from bot.store.faults import READ_ONLY
from bot.store.migrations import FILE, MIGRATIONS
from bot.store.opening import is_writable, require_present
from bot.store.protocol import LibraryStore, Place
from bot.store.restoring import Relation, Restored
from bot.store.store import Store
from bot.store.upkeep import Facts, Vacuumed


@dataclass(frozen=True, slots=True)
class SQLiteFolder:
    """A folder with the store's SQLite file; see `protocol.Place`."""

    folder: Path
    """The data folder."""

    @property
    def path(self) -> Path:
        """The store's file."""
        return self.folder / FILE

    @property
    def is_file(self) -> bool:
        """It is a file."""
        return True

    def open(self) -> AbstractAsyncContextManager[LibraryStore]:
        """Open the store; see `Store.open`."""
        return Store.open(self.folder)

    def exists(self) -> bool:
        """Whether there is a store."""
        return self.path.is_file()

    def require(self, *, writable: bool = False) -> None:
        """Check that there is a store, and that it and its folder can be written."""
        if not self.exists():
            raise StoreError(self.path, "there is no store here. Set THREADBOT_DATA to its folder.")
        if writable and not is_writable(self.path):
            raise StoreError(self.path, READ_ONLY)

    @property
    def schema(self) -> int:
        """The schema that this program writes."""
        return len(MIGRATIONS)

    def require_present(self) -> None:
        """Check that no library was here, if there is no file; see `opening`."""
        require_present(self.path)

    def require_newest(self) -> None:
        """Check that the file has all generations that were noted beside it; see `newest`."""
        noted = newest.remembered(self.path)
        newest.compare(self.path, noted, self.newest_generations())

    def facts(self) -> Facts:
        """Return what the file says of itself."""
        return upkeep.facts(self.path)

    def newest_generations(self) -> dict[int, int]:
        """Return the number of the newest generation of each library."""
        return upkeep.newest_generations(self.path)

    def damage(self, *, full: bool = False) -> list[str]:
        """Return what is wrong with the file."""
        return upkeep.damage(self.path, full=full)

    def counts(self) -> dict[str, int]:
        """Return the number of rows of each table."""
        return upkeep.counts(self.path)

    def pictures(self) -> list[str]:
        """Return the names of the picture files."""
        return upkeep.pictures(self.path)

    def size(self) -> int:
        """Return the bytes of the file and its log."""
        return upkeep.size(self.path)

    def copy(self, target: Path) -> None:
        """Write a copy of the file to `target`."""
        upkeep.copy(self.path, target)

    def vacuum(self) -> Vacuumed:
        """Rewrite the file without free space."""
        return upkeep.vacuum(self.path)

    def candidates(self, scope: int) -> Found:
        """Return what of a library may be hidden."""
        return erasing.candidates(self.path, scope)

    def erasable(self, scope: int, hidden: Iterable[int]) -> Erasable:
        """Return what `erase` would erase."""
        return erasing.erasable(self.path, scope, hidden)

    def erase_was_last(self, scope: int) -> bool:
        """Whether the last change was an `erase`."""
        return erasing.was_last(self.path, scope)

    def erase(self, expected: Erasable, actor: str) -> int:
        """Erase what `erasable` found."""
        return erasing.erase(self.path, expected, actor)

    def sweep_erased_pictures(self) -> None:
        """Delete the files of pictures that no dump has."""
        erasing.sweep_pictures(self.path)

    def relations(self, other: Path) -> list[Relation]:
        """Return how the libraries in `other` are related to those here."""
        return restoring.relations(self.path, other)

    def take_over(self, other: Path, actor: str) -> list[Restored]:
        """Make what `other` has the newest generation of each library."""
        return restoring.take_over(self.path, other, actor)


def place_of(where: Path | Place) -> Place:
    """Return the place that `where` is, or the one in the folder `where`."""
    return SQLiteFolder(where) if isinstance(where, Path) else where
