"""A library: opens it, answers questions of it, and has what changes it do so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Literal

from bot import __version__
from bot.errors import AllHidden, ChangeStopped, NothingLoaded, StoppedLate
from bot.library.current import Current
from bot.library.generations import Tidier, forget_erased, leave_again, read_again, snapshot_of
from bot.library.loading import Loading
from bot.library.questions import Clock, Questions, called, utc_now
from bot.library.removal import Removal
from bot.library.snapshot.snapshot import Snapshot
from bot.library.spread.spreading import Spreader
from bot.library.stats import stats_of
from bot.library.workers import Change, Opened, Workers
from bot.models import SHARED_SCOPE, Metadata, Progress, ThreadSummary
from bot.reports import Event, LibraryFacts, LibraryStats, LoadReport
from bot.store.host_limits import HostLimits
from bot.store.places import place_of
from bot.store.protocol import Counters, LibraryStore, Place

HISTORY = 20
"""Events in a history."""


class Library(Questions):
    """All that is loaded for one scope. Use `Library.open`."""

    def __init__(
        self,
        store: LibraryStore,
        place: Place,
        seeds: Path,
        scope: int,
        snapshot: Snapshot,
        seeds_metadata: Metadata | None = None,
        clock: Clock = utc_now,
        shared: Current | None = None,
        workers: Workers | None = None,
        tidier: Tidier | None = None,
        spreader: Spreader | None = None,
    ) -> None:
        """Serve `snapshot`, which was built from what `store`, at `place`, has for `scope`."""
        self._opened: Opened = partial(Library.to_change, place, seeds, seeds_metadata, scope)
        if workers:
            tidier = partial(workers.tidy, partial(self._opened, tidies=True))
        super().__init__(
            store, scope, Current(store, scope, snapshot, shared, tidier, spreader), clock
        )
        self.loading = Loading(self.current, seeds, seeds_metadata)
        """Adds dumps, reloads the seeds, and undoes that."""
        self.removal = Removal(self.current)
        """Takes out dumps, and forgets threads and authors."""
        self.first_load: LoadReport | None = None
        """What the first load found, if this program made it."""
        self._place = place
        self._workers = workers
        self._verifies = False

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        data: Path | Place,
        seeds: Path,
        *,
        seeds_metadata: Metadata | None = None,
        scope: int = SHARED_SCOPE,
        may_be_empty: bool = False,
        progress: Progress | None = None,
        clock: Clock = utc_now,
        workers: Workers | None = None,
        verifies: bool = False,
        spreader: Spreader | None = None,
    ) -> AsyncIterator[Library]:
        """Open the library in the folder `data`. A new library loads `seeds` first.

        `first_load` reports that first load.

        Args:
            data: the store's folder, or its place.
            seeds: the folder of seeds.
            seeds_metadata: what is known of all seeds.
            scope: whose library it is.
            may_be_empty: whether the first load may find nothing.
            progress: called with each step of the first load.
            clock: returns the current time in UTC, which `yesterday` in a question counts from.
            workers: which changes are made in a process of their own; by default none.
            verifies: whether to compare large files of layers with their checksums in the
                background. That reads them whole, so it is for programs that run for long.
            spreader: divides what is served among hosts; by default this process serves all.

        Raises:
            PartUnreachable: a host cannot be reached.
            StoreError: the store cannot be opened.
            DumpError: there is nothing to load.
            SeedsMissing: there is no folder of seeds, or nothing in it.
        """
        place = place_of(data)
        async with place.open() as store:
            await read_again(store, scope)
            tidier = None
            if workers:
                opened = partial(
                    Library.to_change, place, seeds, seeds_metadata, scope, tidies=True
                )
                tidier = partial(workers.tidy, opened, progress)
            library = cls(
                store,
                place,
                seeds,
                scope,
                # No name keeps it here, as its layers can be gone long before this ends.
                await snapshot_of(store, scope, progress, tidier=tidier),
                seeds_metadata,
                clock,
                workers=workers,
                spreader=spreader,
            )
            library._verifies = verifies
            await library.current.spread()
            library._begin()
            if library.generation == 0:
                library.first_load = await library.loading.load_first_seeds(
                    may_be_empty=may_be_empty, progress=progress
                )
            try:
                yield library
            finally:
                await library.current.settled(is_patient=True)

    @classmethod
    @asynccontextmanager
    async def to_check(
        cls, data: Path | Place, *, scope: int = SHARED_SCOPE, workers: Workers | None = None
    ) -> AsyncIterator[Library]:
        """Open the library in `data` to check dumps against it; never creates a store there."""
        from tempfile import TemporaryDirectory  # slow to import, and asking does without

        with TemporaryDirectory() as nowhere:
            place = place_of(data)
            found = place if await asyncio.to_thread(place.exists) else place_of(Path(nowhere))
            async with found.open() as store:
                snapshot = await snapshot_of(store, scope)
                library = cls(store, found, found.folder, scope, snapshot, workers=workers)
                library._opened = partial(Library.to_check, place, scope=scope)
                yield library

    @classmethod
    @asynccontextmanager
    async def to_change(
        cls,
        data: Path | Place,
        seeds: Path,
        seeds_metadata: Metadata | None,
        scope: int,
        *,
        tidies: bool = False,
        progress: Progress | None = None,
    ) -> AsyncIterator[Library]:
        """Open a library that another process serves, to change it.

        Args:
            data: the store's folder, or its place.
            seeds: the folder of seeds.
            seeds_metadata: what is known of all seeds.
            scope: whose library it is.
            tidies: whether to merge its layers after a change.
            progress: called with each step, if it must be indexed.
        """
        place = place_of(data)
        async with place.open() as store:
            tidier = None if tidies else _nothing
            library = cls(
                store,
                place,
                seeds,
                SHARED_SCOPE,
                await snapshot_of(store, SHARED_SCOPE, progress),
                seeds_metadata,
                tidier=tidier,
            )
            yield await library.beside(scope) if scope else library

    async def beside(self, scope: int) -> Library:
        """Return the library of a guild: its own dumps on top of those of this shared library."""
        await read_again(self._store, scope)
        below = self.current.snapshot
        layers_below = await called(below, below.whole)
        snapshot = await snapshot_of(self._store, scope, below=layers_below)
        loading = self.loading
        library = Library(
            self._store,
            self._place,
            loading.seeds,
            scope,
            snapshot,
            loading.seeds_metadata,
            self._clock,
            self.current,
            self._workers,
            self.current.tidier,
            self.current.spreader,
        )
        await library.current.spread(below)
        library.slow_answers = self.slow_answers
        library._verifies = self._verifies
        library._begin()
        return library

    def _begin(self) -> None:
        """Start what is done in the background from the start."""
        self.current.save_in_background()
        if self._verifies:
            self.current.verify_in_background()

    async def newest(self) -> dict[int, int]:
        """Return the newest generation of each scope, whichever process made it."""
        return await self._store.newest()

    async def forget_erased(self, scope: int, since: int | None) -> bool:
        """Delete what this machine has of tweets that were erased; see `generations`."""
        return await forget_erased(self._store, scope, since)

    async def leave_again(self) -> None:
        """Leave layers for other machines where that failed, of any library; see `generations`."""
        await leave_again(self._store)

    async def announced(self, seconds: float) -> None:
        """Wait until another process announces a change, or for so many seconds."""
        await self._store.announced(seconds)

    async def has_own(self, scope: int) -> bool:
        """Whether anything was ever loaded for that guild alone."""
        return await self._store.generation(scope) > 0

    async def settled(self) -> None:
        """Wait until background work has finished or was cancelled."""
        await self.current.settled()

    # What is served

    @property
    def folder(self) -> Path:
        """The store's folder."""
        return self._store.folder

    @property
    def media(self) -> Path:
        """The folder of the pictures that were inside dumps."""
        return self._store.media

    @property
    def counters(self) -> Counters | None:
        """Where processes on several machines count together; None if all are on this one."""
        return self._store.counters

    def host_limits(self) -> HostLimits:
        """Return where the processes of this machine count together how often people ask."""
        return HostLimits(self.folder)

    @property
    def generation(self) -> int:
        """The generation that answers now."""
        return self.current.snapshot.generation

    @property
    def tweets(self) -> int:
        """How many tweets are served."""
        return len(self.current.snapshot.index)

    async def require_loaded(self) -> None:
        """Check that any dump is loaded.

        Raises:
            NothingLoaded: none is.
        """
        await self.current.notice_other_processes()
        if not self.tweets and not await self.dumps():
            raise NothingLoaded

    async def require_shown(self) -> None:
        """Check that any thread is shown.

        Raises:
            NothingLoaded: nothing is loaded.
            AllHidden: all that is loaded is hidden.
        """
        await self.require_loaded()
        if not self.tweets:
            raise AllHidden

    @property
    def busy(self) -> bool:
        """Whether a load or another change is under way."""
        return self.current.busy

    def threads(self) -> list[ThreadSummary]:
        """Return every thread, in the order in which they were first stored."""
        return [entry.summary for entry in self.current.snapshot.catalogue]

    def about(self) -> LibraryFacts:
        """Return what is served, in a few numbers."""
        snapshot = self.current.snapshot
        return LibraryFacts(
            __version__, snapshot.generation, len(snapshot.index), len(snapshot.catalogue)
        )

    async def stats(self) -> LibraryStats:
        """Return statistics of what is served."""
        await self.current.notice_other_processes()
        snapshot = self.current.snapshot
        dumps = await self.dumps()
        return await asyncio.to_thread(stats_of, snapshot, len(dumps))

    async def history(self, limit: int = HISTORY) -> list[Event]:
        """Return the last changes of this scope, the latest first."""
        return await self._store.history(self._scope, limit)

    async def undone_by(self, report: LoadReport) -> Event | None:
        """Return the event of an undo, by its report; None if it is not among the last changes."""
        events = await self.history()
        return next((each for each in events if each.generation == report.generation), None)

    async def next_undo(self) -> Event | None:
        """Return the change of this scope that `undo` would take back; None if there is none."""
        return await self._store.change_behind(self._scope, self.generation)

    # Changes, by `loading`, `removal` and `current`

    async def load(
        self,
        paths: Sequence[Path],
        actor: str,
        metadata: Metadata | None = None,
        progress: Progress | None = None,
        *,
        below: Path | None = None,
        is_confirmed: bool = True,
    ) -> LoadReport:
        """Add dumps; see `Loading.load`."""
        change = partial(
            Loading.load,
            paths=[*paths],
            actor=actor,
            metadata=metadata,
            below=below,
            is_confirmed=is_confirmed,
        )
        return await self._make("loading", change, progress, paths=paths, actor=actor)

    async def preview(
        self,
        paths: Sequence[Path],
        metadata: Metadata | None = None,
        progress: Progress | None = None,
        *,
        below: Path | None = None,
    ) -> LoadReport:
        """Report what `load` would do; see `Loading.preview`."""
        change = partial(Loading.preview, paths=[*paths], metadata=metadata, below=below)
        return await self._make("loading", change, progress, paths=paths)

    async def check(
        self,
        paths: Sequence[Path],
        metadata: Metadata | None = None,
        progress: Progress | None = None,
    ) -> LoadReport:
        """Report how files are read; see `Loading.check`."""
        change = partial(Loading.check, paths=[*paths], metadata=metadata)
        return await self._make("loading", change, progress, paths=paths)

    async def reload(self, actor: str, progress: Progress | None = None) -> LoadReport:
        """Read the folder of seeds again; see `Loading.reload`."""
        change = partial(Loading.reload, actor=actor)
        seeds = [self.loading.seeds]
        return await self._make("loading", change, progress, paths=seeds, actor=actor)

    async def preview_reload(self, progress: Progress | None = None) -> LoadReport:
        """Report what `reload` would do; see `Loading.preview_reload`."""
        change = partial(Loading.preview_reload)
        return await self._make("loading", change, progress, paths=[self.loading.seeds])

    async def undo(self, actor: str, generation: int | None = None) -> LoadReport:
        """Go back to what was served before the last change; see `Loading.undo`."""
        change = partial(Loading.undo, actor=actor, generation=generation)
        return await self._make("loading", change, actor=actor)

    async def remove(self, dump: str, actor: str, seal: str | None = None) -> LoadReport:
        """Take out a dump; see `Removal.remove`."""
        change = partial(Removal.remove, name=dump, actor=actor, seal=seal)
        return await self._make("removal", change, actor=actor)

    async def forget(
        self,
        actor: str,
        *,
        thread: str | None = None,
        author: str | None = None,
        seal: str | None = None,
    ) -> LoadReport:
        """Hide a thread or an author; see `Removal.forget`."""
        change = partial(Removal.forget, actor=actor, thread=thread, author=author, seal=seal)
        return await self._make("removal", change, actor=actor)

    async def unhide(self, actor: str, thing: str) -> LoadReport:
        """Show a thread or an author again; see `Removal.unhide`."""
        change = partial(Removal.unhide, actor=actor, thing=thing)
        return await self._make("removal", change, actor=actor)

    async def _make(
        self,
        part: Literal["loading", "removal"],
        change: Change,
        progress: Progress | None = None,
        *,
        paths: Sequence[Path] = (),
        actor: str | None = None,
    ) -> LoadReport:
        """Make a change here or in a worker, and serve what it makes.

        Args:
            part: what has the method of `change`.
            change: what to do.
            progress: called with each step.
            paths: what it reads.
            actor: who changes the library; nobody if `change` changes nothing.

        Raises:
            ChangeStopped: the worker was stopped. Nothing was changed.
            StoppedLate: it was stopped when the change was made already.
            ReloadRunning: another change is under way.
        """
        workers = self._workers
        if workers is None or not await workers.may_make(paths):
            return await change(getattr(self, part), progress=progress)
        if actor is None:
            return await workers.make(self._opened, part, change, progress)
        async with self.current.exclusively(actor):
            await self.current.saved()
            before = self.generation
            try:
                try:
                    return await workers.make(self._opened, part, change, progress)
                finally:
                    await self.current.members()
            except (ChangeStopped, asyncio.CancelledError) as error:
                if self.generation != before:
                    raise StoppedLate from error
                raise

    async def catch_up(self) -> None:
        """Serve the newest generation, whichever process made it."""
        await self.current.catch_up()

    # Settings

    async def setting(self, key: str) -> str | None:
        """Return what was remembered under `key`, if anything."""
        return await self._store.setting(key)

    async def remember(self, key: str, value: str) -> None:
        """Store `value` under `key`; it survives restarts."""
        await self._store.remember(key, value)

    # Uploads that wait to be loaded

    async def keep_upload(self, token: str, folder: Path, described: str) -> None:
        """Let other processes find the upload in `folder`; `described` says what it is."""
        await self._store.keep_upload(token, folder, described)

    async def fetch_upload(self, token: str, folder: Path) -> bool:
        """Have an upload in `folder`; whether there still is one."""
        return await self._store.fetch_upload(token, folder)

    async def drop_upload(self, token: str) -> None:
        """Delete what `keep_upload` kept."""
        await self._store.drop_upload(token)

    async def kept_uploads(self) -> dict[str, str]:
        """Return what is said of each upload that `keep_upload` kept."""
        return await self._store.kept_uploads()

    async def sweep_uploads(self, seconds: float) -> None:
        """Delete kept uploads that are older."""
        await self._store.sweep_uploads(seconds)


async def _nothing() -> None:
    """Tidy nothing."""
