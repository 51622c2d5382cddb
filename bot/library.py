"""The library: the store, the snapshot that answers, and one reload at a time.

Asking reads one reference to a snapshot and what that snapshot names in the store, where rows are
never changed; so every answer is of one generation, whatever goes on beside it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bot.answering import answer
from bot.difference import report, tweets_brought
from bot.errors import (
    DumpError,
    NothingToUndo,
    NotTheLatest,
    ReloadRunning,
    SeedsMissing,
    ThreadbotError,
    ThreadNotFound,
)
from bot.generations import read_anew, snapshot_of
from bot.intake import Intake, Reading, take_in, take_in_seeds
from bot.merge import merge_family
from bot.models import (
    SHARED_SHELF,
    Answer,
    DumpReport,
    LoadReport,
    Metadata,
    Source,
    Thread,
    ThreadSummary,
)
from bot.planning import after_load, after_reload, same
from bot.query import parse
from bot.rows import Action, Member, NewDump
from bot.search import rank
from bot.snapshot import Snapshot
from bot.sources import sources
from bot.store import FILE, Store

log = logging.getLogger(__name__)

HITS = 5
"""Threads that an answer shows."""
SMALL = 50_000
"""Tweets that are ranked sooner than a thread could be asked to."""
ATTEMPTS = 5
"""How often a load is planned anew when other processes are quicker."""
LOOK_AGAIN = 1.0
"""Seconds between looks for what other processes have loaded."""

Plan = Callable[[Sequence[Member]], tuple[Sequence[Member | NewDump], tuple[str, ...]]]
"""From the dumps of a generation to those of the next, and the files kept unread."""


class Library:
    """All that is loaded, for one scope. Use `Library.open`."""

    def __init__(self, store: Store, seeds: Path, scope: int, snapshot: Snapshot) -> None:
        """Serve `snapshot` of what `store` holds for `scope`."""
        self._store = store
        self._seeds = seeds
        self._scope = scope
        self._snapshot = snapshot
        self._lock = asyncio.Lock()
        self._reloading: str | None = None
        self._catching_up: asyncio.Task[None] | None = None
        self._looked = float("-inf")
        self.first_load: LoadReport | None = None

    @classmethod
    @asynccontextmanager
    async def open(
        cls, data: Path, seeds: Path, *, scope: int = SHARED_SHELF, may_be_empty: bool = False
    ) -> AsyncIterator[Library]:
        """Open the library in the folder `data`; one that was never loaded loads `seeds` first.

        `first_load` tells what that found; if the library `may_be_empty`, it may find nothing.

        Raises:
            StoreError: the store cannot be opened.
            DumpError: there is nothing to load.
        """
        async with Store.open(data) as store:
            await read_anew(store, scope)
            library = cls(store, seeds, scope, await snapshot_of(store, scope))
            if library.generation == 0:
                library.first_load = await library._load_first_seeds(may_be_empty=may_be_empty)
            try:
                yield library
            finally:
                if library._catching_up:
                    library._catching_up.cancel()

    @property
    def generation(self) -> int:
        """The generation that answers now."""
        return self._snapshot.generation

    @property
    def tweets(self) -> int:
        """How many tweets it holds."""
        return len(self._snapshot.index)

    @property
    def busy(self) -> bool:
        """Whether a load or reload is under way."""
        return self._lock.locked()

    def threads(self) -> list[ThreadSummary]:
        """Every thread, in the order of the dumps."""
        return [entry.summary for entry in self._snapshot.entries]

    async def titles(self, typed: str, limit: int) -> list[ThreadSummary]:
        """Threads to choose from while somebody types a title."""
        return await asyncio.to_thread(self._snapshot.titles, typed, limit)

    async def ask(self, question: str, limit: int = HITS) -> Answer:
        """Answer `question` with the best `limit` threads."""
        started = time.perf_counter()
        await self._notice_other_processes()
        snapshot = self._snapshot
        query = parse(question, snapshot.index.analyzer)
        if len(snapshot.index) <= SMALL:
            ranking = rank(snapshot.index, query, snapshot.starts, limit)
        else:
            ranking = await asyncio.to_thread(rank, snapshot.index, query, snapshot.starts, limit)
        rows = [snapshot.entries[each.thread].versions for each in ranking.threads]
        versions = await self._store.versions([row for some in rows for row in some])
        found = await asyncio.to_thread(answer, snapshot, query, ranking, versions)
        return replace(found, took_ms=(time.perf_counter() - started) * 1000)

    async def thread(self, reference: str) -> Thread:
        """The thread that an id, a link, a title or words of it name.

        Raises:
            ThreadNotFound: none does.
        """
        await self._notice_other_processes()
        snapshot = self._snapshot
        number = await asyncio.to_thread(snapshot.find, reference)
        if number is None:
            raise ThreadNotFound(reference)
        return await self._read(snapshot, number)

    @staticmethod
    def sources(thread: Thread) -> dict[int, tuple[Source, ...]]:
        """For each position in `thread`, from 1, the sources of the tweet there."""
        return {place: sources(thread, each) for place, each in enumerate(thread.tweets, start=1)}

    async def reload(self, actor: str) -> LoadReport:
        """Read the folder of seeds again; what is no longer there goes, what was loaded stays.

        A file that cannot be read keeps its earlier contents.

        Raises:
            SeedsMissing: there is no such folder, or nothing in it.
            ReloadRunning: another one is under way.
        """
        async with self._alone(actor):
            return await self._apply_seeds(actor, "reload")

    async def load(
        self, paths: Sequence[Path], actor: str, metadata: Metadata | None = None
    ) -> LoadReport:
        """Add dumps: files, or folders of them. One that was loaded from that path is replaced.

        Raises:
            ReloadRunning: another one is under way.
        """
        async with self._alone(actor):
            intake = await asyncio.to_thread(take_in, paths, metadata)
            return await self._apply(
                intake, lambda members: (after_load(members, intake.readings), ()), actor, "load"
            )

    async def undo(self, actor: str, generation: int | None = None) -> LoadReport:
        """Serve what was served before the last load or reload, as a new generation.

        Args:
            actor: who does it.
            generation: what is to be taken back; none for whatever was the last.

        Raises:
            NothingToUndo: there was nothing before.
            NotTheLatest: there has been another load after `generation`.
            ReloadRunning: another one is under way.
        """
        async with self._alone(actor):
            await self._members()
            now = self.generation
            if generation not in (None, now):
                raise NotTheLatest
            before = await self._store.parent(self._scope, now)
            if before == 0:
                raise NothingToUndo
            wanted = await self._store.members(self._scope, before)
            parent = await self._store.parent(self._scope, before)
            await self._store.commit(
                self._scope, now, wanted, actor=actor, action="undo", parent=parent
            )
            return await self._swap((), Intake((), ()), ())

    async def check(self, paths: Sequence[Path], metadata: Metadata | None = None) -> LoadReport:
        """What `load` would make of `paths`; stores nothing."""
        intake = await asyncio.to_thread(take_in, paths, metadata, detailed=True)
        reports = await self._reports(intake.readings)
        return report(self._snapshot, self._snapshot, reports, intake.faults)

    async def setting(self, key: str) -> str | None:
        """What the app remembered under `key`."""
        return await self._store.setting(key)

    async def remember(self, key: str, value: str) -> None:
        """Keep `value` under `key` for the app, across starts."""
        await self._store.remember(key, value)

    @classmethod
    @asynccontextmanager
    async def to_check(cls, data: Path, *, scope: int = SHARED_SHELF) -> AsyncIterator[Library]:
        """Open the library in `data` to check dumps against; make none where there is none."""
        from tempfile import TemporaryDirectory  # slow to import, and asking does without

        with TemporaryDirectory() as nowhere:
            folder = data if (data / FILE).exists() else Path(nowhere)
            async with Store.open(folder) as store:
                yield cls(store, folder, scope, await snapshot_of(store, scope))

    async def _load_first_seeds(self, *, may_be_empty: bool) -> LoadReport | None:
        try:
            async with self._alone("start"):
                loaded = await self._apply_seeds("start", "seeds")
        except SeedsMissing:
            if may_be_empty:
                return None
            raise
        if not loaded.dumps and not may_be_empty:
            fault = loaded.errors[0]
            raise DumpError(fault.file, fault.message, line=fault.line)
        return loaded

    async def _apply_seeds(self, actor: str, action: Action) -> LoadReport:
        intake = await asyncio.to_thread(take_in_seeds, self._seeds)
        return await self._apply(
            intake, lambda members: after_reload(members, intake), actor, action
        )

    async def _apply(self, intake: Intake, plan: Plan, actor: str, action: Action) -> LoadReport:
        """Make the generation that `plan` makes of the current one; report the difference.

        Where another process was quicker, the plan is made anew.
        """
        for attempt in range(ATTEMPTS):
            members = await self._members()
            wanted, kept = plan(members)
            reports = await self._reports(intake.readings)
            if same(wanted, members):
                return report(self._snapshot, self._snapshot, reports, intake.faults, kept)
            try:
                await self._store.commit(
                    self._scope, self._snapshot.generation, wanted, actor=actor, action=action
                )
            except ReloadRunning:
                if attempt == ATTEMPTS - 1:
                    raise
            else:
                break
        return await self._swap(reports, intake, kept)

    async def _swap(
        self, reports: Sequence[DumpReport], intake: Intake, kept: tuple[str, ...]
    ) -> LoadReport:
        """Serve the store's newest generation; the one place where the snapshot changes hands."""
        before = self._snapshot
        after = await snapshot_of(self._store, self._scope)
        self._snapshot = after
        log.info("generation %d: %d tweets", after.generation, len(after.index))
        return report(before, after, reports, intake.faults, kept)

    async def _members(self) -> list[Member]:
        """The dumps of the current generation, after catching up with other processes."""
        if await self._store.generation(self._scope) != self._snapshot.generation:
            self._snapshot = await snapshot_of(self._store, self._scope)
        return await self._store.members(self._scope, self._snapshot.generation)

    async def _reports(self, readings: Sequence[Reading]) -> tuple[DumpReport, ...]:
        """What each dump brings, to the library and to the dumps before it."""
        snapshot = self._snapshot
        brought: dict[str, list[Thread]] = {}
        reports: list[DumpReport] = []
        for reading in readings:
            counts = [0, 0, 0]
            for thread in reading.dump.threads:
                known = [
                    version.thread
                    for number in snapshot.with_ids(thread.aliases)
                    for version in await self._store.versions(snapshot.entries[number].versions)
                ]
                known += [each for each in brought.get(thread.id, []) if each not in known]
                found = await asyncio.to_thread(tweets_brought, known, thread)
                counts = [a + b for a, b in zip(counts, found, strict=True)]
                for key in thread.aliases:
                    brought.setdefault(key, []).append(thread)
            reports.append(DumpReport(reading.dump, *counts))
        return tuple(reports)

    async def _read(self, snapshot: Snapshot, number: int) -> Thread:
        versions = await self._store.versions(snapshot.entries[number].versions)
        family = [version.thread for version in versions]
        return await asyncio.to_thread(merge_family, family)

    async def _notice_other_processes(self) -> None:
        """Have the newest generation built in the background, if another process made one."""
        now = time.monotonic()
        if self._lock.locked() or now < self._looked + LOOK_AGAIN:
            return
        self._looked = now
        if await self._store.generation(self._scope) != self._snapshot.generation:
            self._catching_up = asyncio.create_task(self._catch_up())

    async def _catch_up(self) -> None:
        try:
            async with self._lock:
                await self._members()
        except ThreadbotError as error:
            log.warning("what another process loaded is not served yet: %s", error)

    @asynccontextmanager
    async def _alone(self, actor: str) -> AsyncIterator[None]:
        if self._reloading is not None:
            raise ReloadRunning(self._reloading)
        self._reloading = actor
        try:
            async with self._lock:
                yield
        finally:
            self._reloading = None
