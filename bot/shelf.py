"""What is served, and how it is replaced: one load at a time, beside asking.

Asking reads one reference to a snapshot and what that snapshot names in the store, where rows are
never changed; so every answer is of one generation, whatever goes on beside it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bot.difference import count_brought, report
from bot.errors import (
    DumpError,
    NothingToUndo,
    NotTheLatest,
    ReloadRunning,
    SeedsMissing,
    ThreadbotError,
)
from bot.generations import file, snapshot_of
from bot.intake import Intake, Reading, take_in, take_in_seeds
from bot.models import Dump, DumpReport, LoadReport, Metadata, Progress
from bot.planning import after_load, after_reload, same
from bot.progress import watched
from bot.rows import Action, Member, NewDump
from bot.scan import Scan
from bot.snapshot import Snapshot
from bot.store import Store

log = logging.getLogger(__name__)

ATTEMPTS = 5
"""How often a load is planned anew when other processes are quicker."""
LOOK_AGAIN = 1.0
"""Seconds between looks for what other processes have loaded."""

Plan = Callable[[Sequence[Member]], tuple[Sequence[Member | NewDump], tuple[str, ...]]]
"""From the dumps of a generation to those of the next, and the files kept unread."""


class Shelf:
    """The snapshot that answers, and the store that it is made from, for one scope."""

    def __init__(
        self,
        store: Store,
        seeds: Path,
        scope: int,
        snapshot: Snapshot,
        said_of_seeds: Metadata | None = None,
    ) -> None:
        """Serve `snapshot` of what `store` holds for `scope`."""
        self._store = store
        self._seeds = seeds
        self._said_of_seeds = said_of_seeds
        self._scope = scope
        self._snapshot = snapshot
        self._lock = asyncio.Lock()
        self._reloading: str | None = None
        self._catching_up: asyncio.Task[None] | None = None
        self._filing: asyncio.Task[None] | None = None
        self._looked = float("-inf")
        self.first_load: LoadReport | None = None

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

    async def reload(self, actor: str, progress: Progress | None = None) -> LoadReport:
        """Read the folder of seeds again; what is no longer there goes, what was loaded stays.

        A file that cannot be read keeps its earlier contents.

        Raises:
            SeedsMissing: there is no such folder, or nothing in it.
            ReloadRunning: another one is under way.
        """
        async with self._alone(actor):
            return await self._apply_seeds(actor, "reload", progress)

    async def load(
        self,
        paths: Sequence[Path],
        actor: str,
        metadata: Metadata | None = None,
        progress: Progress | None = None,
    ) -> LoadReport:
        """Add dumps: files, or folders of them. One that was loaded from that path is replaced.

        Raises:
            ReloadRunning: another one is under way.
        """
        async with self._alone(actor):
            with watched(progress) as told:
                intake = await asyncio.to_thread(take_in, paths, metadata, progress=told)
            return await self._apply(
                intake,
                lambda members: (after_load(members, intake.readings), ()),
                actor,
                "load",
                progress,
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

    async def check(
        self,
        paths: Sequence[Path],
        metadata: Metadata | None = None,
        progress: Progress | None = None,
    ) -> LoadReport:
        """What `load` would make of `paths`; stores nothing."""
        with watched(progress) as told:
            intake = await asyncio.to_thread(take_in, paths, metadata, detailed=True, progress=told)
        reports = await self._reports(intake.readings, progress)
        return report(self._snapshot, self._snapshot, reports, intake.faults)

    async def _load_first_seeds(
        self, *, may_be_empty: bool, progress: Progress | None
    ) -> LoadReport | None:
        try:
            async with self._alone("start"):
                loaded = await self._apply_seeds("start", "seeds", progress)
        except SeedsMissing:
            if may_be_empty:
                return None
            raise
        if not loaded.dumps and not may_be_empty:
            fault = loaded.errors[0]
            raise DumpError(fault.file, fault.message, line=fault.line)
        return loaded

    async def _apply_seeds(
        self, actor: str, action: Action, progress: Progress | None
    ) -> LoadReport:
        with watched(progress) as told:
            intake = await asyncio.to_thread(take_in_seeds, self._seeds, self._said_of_seeds, told)
        return await self._apply(
            intake, lambda members: after_reload(members, intake), actor, action, progress
        )

    async def _apply(
        self, intake: Intake, plan: Plan, actor: str, action: Action, progress: Progress | None
    ) -> LoadReport:
        """Make the generation that `plan` makes of the current one; report the difference.

        Where another process was quicker, the plan is made anew.
        """
        for attempt in range(ATTEMPTS):
            members = await self._members()
            wanted, kept = plan(members)
            reports = await self._reports(intake.readings, progress)
            if same(wanted, members):
                return report(self._snapshot, self._snapshot, reports, intake.faults, kept)
            try:
                await self._store.commit(
                    self._scope,
                    self._snapshot.generation,
                    wanted,
                    actor=actor,
                    action=action,
                    progress=progress,
                )
            except ReloadRunning:
                if attempt == ATTEMPTS - 1:
                    raise
            else:
                break
        return await self._swap(reports, intake, kept, progress)

    async def _swap(
        self,
        reports: Sequence[DumpReport],
        intake: Intake,
        kept: tuple[str, ...],
        progress: Progress | None = None,
    ) -> LoadReport:
        """Serve the store's newest generation; the one place where the snapshot changes hands."""
        before = self._snapshot
        after = await snapshot_of(self._store, self._scope, progress, before)
        self._snapshot = after
        self._file()
        log.info("generation %d: %d tweets", after.generation, len(after.index))
        return await asyncio.to_thread(report, before, after, reports, intake.faults, kept)

    async def _members(self) -> list[Member]:
        """The dumps of the current generation, after catching up with other processes."""
        if await self._store.generation(self._scope) != self._snapshot.generation:
            self._snapshot = await snapshot_of(self._store, self._scope, before=self._snapshot)
            self._file()
        return await self._store.members(self._scope, self._snapshot.generation)

    def _file(self) -> None:
        """Have what is served filed in the background, after what is being filed."""
        self._filing = asyncio.create_task(self._filed(self._snapshot, self._filing))

    async def _filed(self, snapshot: Snapshot, earlier: asyncio.Task[None] | None) -> None:
        if earlier is not None:
            await earlier
        if snapshot is self._snapshot:  # else a later one is filed soon
            try:
                await file(self._store, self._scope, snapshot)
            except ThreadbotError as error:
                log.info("the index is not filed: %s", error)

    async def _reports(
        self, readings: Sequence[Reading], progress: Progress | None
    ) -> tuple[DumpReport, ...]:
        """What each dump brings, to the library and to the dumps before it."""
        dumps = [each.dump for each in readings]
        with watched(progress) as told:
            return await asyncio.to_thread(self._compare, self._snapshot, dumps, told)

    def _compare(
        self, snapshot: Snapshot, dumps: Sequence[Dump], told: Progress
    ) -> tuple[DumpReport, ...]:
        with Scan(self._store.path) as scan:
            return count_brought(snapshot, dumps, scan.versions, told)

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
