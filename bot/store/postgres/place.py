"""Where a store in PostgreSQL is. Its functions import asyncpg when they are called."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import PostgresMissing, StoreError
from bot.store.erasing import Erasable, Found
from bot.store.postgres.address import Address
from bot.store.restoring import Relation, Restored
from bot.store.shelf import Shelf
from bot.store.upkeep import Facts, Vacuumed

if TYPE_CHECKING:
    from bot.store.postgres.upkeep import Upkeep
    from bot.store.protocol import LibraryStore


@dataclass(frozen=True, slots=True)
class PostgresDatabase:
    """A database with a store, and the data folder of this machine; see `protocol.Place`."""

    folder: Path
    """The data folder: layers, pictures and uploads."""
    address: Address
    """The database."""
    layers: str | None = None
    """The address of the folder where machines leave layers for each other, if there is one."""

    @property
    def shelf(self) -> Shelf | None:
        """Where layers are left for other machines, if anywhere."""
        return Shelf(self.layers) if self.layers else None

    @property
    def name(self) -> str:
        """The address without the password."""
        return self.address.name

    @property
    def is_file(self) -> bool:
        """It is none."""
        return False

    @property
    def schema(self) -> int:
        """The schema that this program writes."""
        _require_asyncpg()
        from bot.store.postgres.migrations import MIGRATIONS

        return len(MIGRATIONS)

    @property
    def _upkeep(self) -> Upkeep:
        _require_asyncpg()
        from bot.store.postgres.upkeep import Upkeep

        return Upkeep(self.address, self.folder)

    def open(self) -> AbstractAsyncContextManager[LibraryStore]:
        """Open the store; see `PostgresStore.open`."""
        _require_asyncpg()
        from bot.store.postgres.store import PostgresStore

        return PostgresStore.open(self.address, self.folder, self.layers)

    def exists(self) -> bool:
        """Whether a library was made in the database."""
        return self._upkeep.schema() > 0

    def require(self, *, writable: bool = False) -> None:
        """Check that there is a store, and that the database can be written."""
        if not self.exists():
            raise StoreError(self.name, "there is no store in this database. Check DATABASE_URL.")
        if writable:
            self._upkeep.require_writable()

    def require_present(self) -> None:
        """Check nothing: nothing else shows that there was a library."""

    def require_newest(self) -> None:
        """Check nothing: PostgreSQL never drops the end of its log without a word."""

    def doubts(self) -> list[tuple[str, str]]:
        """Return what is doubtful about the read replica, with advice."""
        return self._upkeep.doubts()

    def facts(self) -> Facts:
        """Return what the store says of itself."""
        return self._upkeep.facts()

    def newest_generations(self) -> dict[int, int]:
        """Return the number of the newest generation of each library."""
        return self._upkeep.newest_generations()

    def damage(self, *, full: bool = False) -> list[str]:
        """Return what is wrong with the store; without `full`, what generations say."""
        return self._upkeep.damage(full=full)

    def counts(self) -> dict[str, int]:
        """Return the number of rows of each table."""
        return self._upkeep.counts()

    def pictures(self) -> list[str]:
        """Return the names of the picture files."""
        return self._upkeep.pictures()

    def size(self) -> int:
        """Return the bytes of the tables and indexes."""
        return self._upkeep.size()

    def copy(self, target: Path) -> None:
        """Write a copy of the store as of one moment to `target`, as an SQLite file."""
        _require_asyncpg()
        from bot.store.postgres.copying import to_sqlite

        to_sqlite(self.address, target)

    def copy_from(self, source: Path, media: Path) -> dict[str, int]:
        """Copy the store in the SQLite file `source`, and its pictures in `media`, here.

        Returns:
            The number of rows of each table.

        Raises:
            StoreError: the database has a library already, or it cannot be written.
        """
        _require_asyncpg()
        from bot.store.postgres.copying import from_sqlite

        return from_sqlite(source, self.address, media)

    def vacuum(self) -> Vacuumed:
        """Rewrite the tables without free space. Answers wait meanwhile."""
        return self._upkeep.vacuum()

    def candidates(self, scope: int) -> Found:
        """Return what of a library may be hidden."""
        return self._upkeep.candidates(scope)

    def erasable(self, scope: int, hidden: Iterable[int]) -> Erasable:
        """Return what `erase` would erase."""
        return self._upkeep.erasable(scope, hidden)

    def erase_was_last(self, scope: int) -> bool:
        """Whether the last change was an `erase`."""
        return self._upkeep.erase_was_last(scope)

    def erase(self, expected: Erasable, actor: str) -> int:
        """Erase what `erasable` found."""
        return self._upkeep.erase(expected, actor)

    def sweep_erased_pictures(self) -> None:
        """Delete the files of pictures that no dump has."""
        self._upkeep.sweep_erased_pictures()

    def relations(self, other: Path) -> list[Relation]:
        """Return how the libraries in the SQLite file `other` are related to those here."""
        _require_asyncpg()
        from bot.store.postgres.restoring import relations

        return relations(self, other)

    def take_over(self, other: Path, actor: str) -> list[Restored]:
        """Make what the SQLite file `other` has the newest generation of each library."""
        _require_asyncpg()
        from bot.store.postgres.restoring import take_over

        return take_over(self, other, actor)


def _require_asyncpg() -> None:
    """Check that asyncpg is installed.

    Raises:
        PostgresMissing: it is not.
    """
    if find_spec("asyncpg") is None:
        raise PostgresMissing
