"""What the library and the operations need of a store, whichever database it is in.

`Store` is the store in SQLite. `bot.store.places` says where a store is, and opens it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.loader.intake import Loaded
from bot.loader.raw.content import Content
from bot.models import Progress
from bot.reports import Event
from bot.store.erasing import Erasable, Found
from bot.store.restoring import Relation, Restored
from bot.store.rows import (
    Action,
    Forgotten,
    Member,
    NewDump,
    Roots,
    ThreadVersions,
    Version,
)
from bot.store.shelf import Shelf
from bot.store.upkeep import Facts, Vacuumed


class Reader(Protocol):
    """Reads whole generations and the bytes of dumps. It blocks; use it in one thread."""

    def roots(self, dumps: Sequence[int]) -> Roots:
        """Return the roots of all versions in `dumps`, dump after dump.

        Raises:
            StoreDamaged: a dump is not what was stored.
        """
        ...

    def versions(self, rows: Sequence[int]) -> list[Version]:
        """Return the versions in those rows, in that order.

        Raises:
            StoreDamaged: one is missing, or is not what was stored.
        """
        ...

    def threads(self, threads: ThreadVersions) -> Iterator[list[Version]]:
        """Yield the versions of each thread, in order."""
        ...

    def loaded(self, members: Iterable[Member]) -> Iterator[Loaded]:
        """Yield what is known of dumps, except those whose bytes were erased."""
        ...

    def content(self, sha256: str) -> Content:
        """Return the bytes of the dump with that hash. They are read on demand, also later."""
        ...


Readers = Callable[[], AbstractContextManager[Reader]]
"""Opens a reader, in this process or another one: it can be pickled."""


class Counters(Protocol):
    """What all processes of a bot count together."""

    async def used(self, key: str, most: int, seconds: float) -> float | None:
        """Count a use of `key`, which may be used `most` times in so many `seconds`.

        Returns None if it is within the limit, else the seconds until it may be used again.

        Raises:
            StoreError: nothing can be counted.
        """
        ...

    async def reserved(self, name: str, seconds: float) -> float:
        """Reserve the next turn of `name`; turns are `seconds` apart.

        Returns in how many seconds it is.

        Raises:
            StoreError: nothing can be counted.
        """
        ...

    async def sweep(self) -> None:
        """Delete what was counted long ago.

        Raises:
            StoreError: nothing can be counted.
        """
        ...


class LibraryStore(Protocol):
    """Dumps, the threads read from them, and which dumps each generation has.

    Rows never change once they are committed. Whatever is read was compared with its checksum.
    """

    @property
    def folder(self) -> Path:
        """The data folder: the files of layers are there."""
        ...

    @property
    def media(self) -> Path:
        """The folder of the pictures that were inside dumps."""
        ...

    @property
    def readers(self) -> Readers:
        """Opens readers of this store."""
        ...

    @property
    def shelf(self) -> Shelf | None:
        """Where all machines that use the store leave layers for each other, if anywhere."""
        ...

    @property
    def counters(self) -> Counters | None:
        """Where processes on several machines count together; None if all are on this one."""
        ...

    async def generation(self, scope: int) -> int:
        """Return the number of the newest generation of `scope`; 0 if nothing was ever loaded."""
        ...

    async def parent(self, scope: int, generation: int) -> int:
        """Return the generation that undoing `generation` goes back to; 0 if there is none."""
        ...

    async def members(self, scope: int, generation: int) -> list[Member]:
        """Return the dumps of `generation`, in order."""
        ...

    async def size(self, dump: int) -> tuple[int, int]:
        """Return how many threads and tweets the dump in that row has."""
        ...

    async def versions(self, ids: Sequence[int]) -> list[Version]:
        """Return the versions in those rows, in that order.

        Raises:
            NoLongerThere: one was erased meanwhile.
        """
        ...

    async def commit(
        self,
        scope: int,
        base: int,
        dumps: Sequence[Member | NewDump],
        *,
        actor: str,
        action: Action,
        parent: int | None = None,
        forgotten: Sequence[Forgotten] | None = None,
        progress: Progress | None = None,
        at_last: Callable[[], Awaitable[None]] | None = None,
    ) -> int:
        """Create the generation after `base`, atomically, and return its number.

        Args:
            scope: whose generation it is.
            base: the newest generation so far.
            dumps: the dumps it has; new ones are stored.
            actor: who creates it.
            action: what was done.
            parent: the generation that undoing it goes back to; by default `base`.
            forgotten: what it hides; by default what `base` hides.
            progress: called while new dumps are stored.
            at_last: called once all is written; whatever it raises takes all back.

        Raises:
            ContentChanged: the bytes of a dump changed since it was read.
            ReloadRunning: another process created a generation after `base`.
            StoreError: the store cannot be written.
        """
        ...

    async def erased_since(self, scope: int, generation: int) -> bool:
        """Whether anything was erased from `scope` after `generation`."""
        ...

    async def erased_from(self, dumps: Sequence[int]) -> set[int]:
        """Return which of `dumps` lack their bytes, as threads of them were erased."""
        ...

    async def was_repaired(self, scope: int) -> bool:
        """Whether a repair, not an erasure, is why earlier generations cannot come back."""
        ...

    async def forgotten(self, scope: int, generation: int) -> list[Forgotten]:
        """Return the threads and authors that `generation` hides."""
        ...

    async def history(self, scope: int, limit: int) -> list[Event]:
        """Return the events that created the last generations, latest first."""
        ...

    async def change_behind(self, scope: int, generation: int) -> Event | None:
        """Return the event that undoing `generation` takes back; None if there is none."""
        ...

    async def made_at(self, scope: int, generation: int) -> str | None:
        """Return when `generation` was created: ISO 8601 in UTC, or None if it does not exist."""
        ...

    def alone(self, work: str) -> AbstractAsyncContextManager[None]:
        """Let one process of all that use the store do `work` at a time; others wait."""
        ...

    async def pictures(self, sha256: str) -> dict[str, str]:
        """Return the files in `media` that were inside a dump, by their paths there."""
        ...

    async def sweep_pictures(self) -> int:
        """Delete the pictures of loads that failed, and return how many."""
        ...

    async def fetch_pictures(self) -> None:
        """Fill the folder of pictures with those that other machines stored."""
        ...

    async def keep_copies(self, layers: Mapping[str, NDArray[np.int64]]) -> None:
        """Have versions on this machine: reading them needs no other one.

        Args:
            layers: the rows of the versions, by the name of the layer that has them.

        Raises:
            StoreError: the store cannot be read.
        """
        ...

    async def newest(self) -> dict[int, int]:
        """Return the number of the newest generation of each scope."""
        ...

    async def announced(self, seconds: float) -> None:
        """Wait until another process announces a generation, or for so many seconds."""
        ...

    async def keep_upload(self, token: str, folder: Path, described: str) -> None:
        """Keep the files in `folder` until they are loaded; `described` says what they are."""
        ...

    async def fetch_upload(self, token: str, folder: Path) -> bool:
        """Have the files of an upload in `folder`; whether there still is one.

        Raises:
            StoreError: they cannot be fetched.
        """
        ...

    async def drop_upload(self, token: str) -> None:
        """Delete an upload; a missing one is no error."""
        ...

    async def kept_uploads(self) -> dict[str, str]:
        """Return what is said of the uploads that are kept beside those in the folder."""
        ...

    async def sweep_uploads(self, seconds: float) -> None:
        """Delete the uploads that are older than `seconds`."""
        ...

    async def setting(self, key: str) -> str | None:
        """Return the value of `remember` for `key`, if any."""
        ...

    async def remember(self, key: str, value: str) -> None:
        """Store `value` under `key`."""
        ...


class Place(Protocol):
    """Where a store is. It can be pickled, so other processes open the same store.

    `open` is for the library. The other functions look after a store beside a running bot: each has
    a connection of its own and blocks; call it in a thread.
    """

    @property
    def folder(self) -> Path:
        """The data folder of this machine."""
        ...

    @property
    def name(self) -> Path | str:
        """What errors name the store by: its file, or its address without the password."""
        ...

    @property
    def is_file(self) -> bool:
        """Whether the store is a file of this machine, which can be set aside and repaired."""
        ...

    def open(self) -> AbstractAsyncContextManager[LibraryStore]:
        """Open the store and close it at the end. Creates or migrates it if needed.

        Raises:
            StoreError: it cannot be opened.
        """
        ...

    def exists(self) -> bool:
        """Whether a library was made there.

        Raises:
            StoreError: that cannot be found out.
        """
        ...

    def require(self, *, writable: bool = False) -> None:
        """Check that there is a store, and that it can be changed.

        Raises:
            StoreError: there is none, or it cannot.
        """
        ...

    @property
    def schema(self) -> int:
        """The schema that this program writes."""
        ...

    def require_present(self) -> None:
        """Check that no library was here, if there is no store.

        Raises:
            StoreMissing: there was one.
        """
        ...

    def require_newest(self) -> None:
        """Check that the store has all generations that were noted beside it.

        Raises:
            ChangesLost: it lacks some.
        """
        ...

    def doubts(self) -> list[tuple[str, str]]:
        """Return what is doubtful about how the store is set up, each with advice."""
        ...

    def facts(self) -> Facts:
        """Return what the store says of itself.

        Raises:
            StoreError: it cannot be read.
        """
        ...

    def newest_generations(self) -> dict[int, int]:
        """Return the number of the newest generation of each library.

        Raises:
            StoreError: it cannot be read.
        """
        ...

    def damage(self, *, full: bool = False) -> list[str]:
        """Return what is wrong with the store, in short sentences; nothing if it is whole.

        Args:
            full: whether to compare all checksums, and to read each dump's bytes.

        Raises:
            StoreError: it cannot be opened at all.
        """
        ...

    def counts(self) -> dict[str, int]:
        """Return the number of rows of each table.

        Raises:
            StoreError: it cannot be read.
        """
        ...

    def pictures(self) -> list[str]:
        """Return the names of the picture files that the store's dumps have, in order.

        Raises:
            StoreError: it cannot be read.
        """
        ...

    def size(self) -> int:
        """Return the bytes that the store has on a disk.

        Raises:
            StoreError: that cannot be found out.
        """
        ...

    def copy(self, target: Path) -> None:
        """Write a copy of the store as of one moment to `target`, a new SQLite file.

        Raises:
            StoreError: the store cannot be read, or the copy cannot be written.
        """
        ...

    def vacuum(self) -> Vacuumed:
        """Give back the space of what was deleted.

        Raises:
            StoreError: it cannot be done; the store is as it was.
        """
        ...

    def candidates(self, scope: int) -> Found:
        """Return the versions that `scope` has now, and what it hides.

        Raises:
            StoreError: the store cannot be read.
        """
        ...

    def erasable(self, scope: int, hidden: Iterable[int]) -> Erasable:
        """Return what `erase` would erase from `scope`.

        Args:
            scope: the library.
            hidden: the rows of the versions that the newest generation hides.

        Raises:
            StoreError: the store cannot be read.
        """
        ...

    def erase_was_last(self, scope: int) -> bool:
        """Whether the last change of `scope` was an `erase`.

        Raises:
            StoreError: the store cannot be read.
        """
        ...

    def erase(self, expected: Erasable, actor: str) -> int:
        """Erase what `erasable` found, as a generation that cannot be undone; return its number.

        Raises:
            StoreError: the library has changed since, or the store cannot be written.
        """
        ...

    @property
    def shelf(self) -> Shelf | None:
        """Where layers are left for other machines, if anywhere."""
        ...

    def sweep_erased_pictures(self) -> None:
        """Delete the files of pictures that no dump has, those of loads that failed included.

        Raises:
            StoreError: the store cannot be read, or a file cannot be deleted.
        """
        ...

    def relations(self, other: Path) -> list[Relation]:
        """Return how each library in the SQLite file `other` is related to the one here.

        Raises:
            StoreError: a store cannot be read.
        """
        ...

    def take_over(self, other: Path, actor: str) -> list[Restored]:
        """Make what each library in the SQLite file `other` has the newest generation of ours.

        Raises:
            StoreError: a store cannot be read or written; nothing is changed.
        """
        ...
