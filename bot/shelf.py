"""How what is served is replaced: one load at a time, beside asking."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from bot.difference import count_brought, report
from bot.errors import (
    DumpError,
    NothingToUndo,
    NotTheLatest,
    ReloadRunning,
    SeedsMissing,
)
from bot.generations import snapshot_of
from bot.intake import Intake, Reading, take_in, take_in_seeds
from bot.models import Dump, Metadata, Progress
from bot.planning import after_load, after_reload, same
from bot.progress import watched
from bot.reports import DumpReport, LoadReport
from bot.rows import Action, Forgotten, Member, NewDump
from bot.scan import Scan
from bot.serving import Serving
from bot.snapshot import Snapshot

log = logging.getLogger(__name__)

ATTEMPTS = 5
"""How often a load is planned anew when other processes are quicker."""

Plan = Callable[[Sequence[Member]], tuple[Sequence[Member | NewDump], tuple[str, ...]]]
"""From the dumps of a generation to those of the next, and the files kept unread."""


class Shelf(Serving):
    """What is served, and what can be done to it."""

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
            intake = await _taken(partial(take_in, paths, metadata), progress)
            return await self._apply(intake, _added(intake), actor, "load", progress)

    async def load_folder(
        self,
        folder: Path,
        actor: str,
        metadata: Metadata | None = None,
        progress: Progress | None = None,
    ) -> LoadReport:
        """Add the dumps in `folder`, each named by its path from there.

        Raises:
            ReloadRunning: another load is under way.
        """
        async with self._alone(actor):
            intake = await _taken(partial(take_in, [folder], metadata, below=folder), progress)
            return await self._apply(intake, _added(intake), actor, "load", progress)

    async def preview_folder(
        self, folder: Path, metadata: Metadata | None = None, progress: Progress | None = None
    ) -> LoadReport:
        """What `load_folder` would do; stores nothing."""
        intake = await _taken(partial(take_in, [folder], metadata, below=folder), progress)
        return await self._previewed(intake, _added(intake), progress)

    async def preview_reload(self, progress: Progress | None = None) -> LoadReport:
        """What `reload` would do; stores nothing.

        Raises:
            SeedsMissing: there is no such folder, or nothing in it.
        """
        intake = await self._seeds_taken(progress)
        return await self._previewed(
            intake, lambda members: after_reload(members, intake), progress
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
            if before == 0 and not (self._scope and await self._has_some(now)):
                raise NothingToUndo
            wanted = await self._store.members(self._scope, before)
            parent = await self._store.parent(self._scope, before)
            await self._store.commit(
                self._scope,
                now,
                wanted,
                actor=actor,
                action="undo",
                parent=parent,
                forgotten=await self._store.forgotten(self._scope, before),
            )
            return await self._swap((), Intake((), ()), ())

    async def _has_some(self, generation: int) -> bool:
        """Whether a generation of this scope has dumps, or forgets anything."""
        scope = self._scope
        return bool(
            await self._store.members(scope, generation)
            or await self._store.forgotten(scope, generation)
        )

    async def check(
        self,
        paths: Sequence[Path],
        metadata: Metadata | None = None,
        progress: Progress | None = None,
    ) -> LoadReport:
        """What `load` would make of `paths`; stores nothing."""
        intake = await _taken(partial(take_in, paths, metadata, detailed=True), progress)
        reports = await self._reports(intake.readings, progress)
        return report(self._snapshot, self._snapshot, reports, intake.faults)

    async def _seeds_taken(self, progress: Progress | None) -> Intake:
        return await _taken(partial(take_in_seeds, self._seeds, self._said_of_seeds), progress)

    async def _previewed(self, intake: Intake, plan: Plan, progress: Progress | None) -> LoadReport:
        members = await self._store.members(self._scope, self._snapshot.generation)
        wanted, kept = plan(members)
        stays = {each.id for each in wanted if isinstance(each, Member)}
        would = report(
            self._snapshot,
            self._snapshot,
            await self._reports(intake.readings, progress),
            intake.faults,
            kept,
        )
        gone = tuple(each.file for each in members if each.id not in stays)
        return replace(would, changed=not same(wanted, members), gone=gone)

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
        intake = await self._seeds_taken(progress)
        return await self._apply(
            intake, lambda members: after_reload(members, intake), actor, action, progress
        )

    async def _apply(
        self,
        intake: Intake,
        plan: Plan,
        actor: str,
        action: Action,
        progress: Progress | None = None,
        forget: Sequence[Forgotten] = (),
    ) -> LoadReport:
        """Make the generation that `plan` makes of the current one; report the difference.

        Where another process was quicker, the plan is made anew. What to `forget` is added to what
        is forgotten.
        """
        for attempt in range(ATTEMPTS):
            members = await self._members()
            wanted, kept = plan(members)
            reports = await self._reports(intake.readings, progress)
            if same(wanted, members) and not forget:
                return report(self._snapshot, self._snapshot, reports, intake.faults, kept)
            try:
                await self._store.commit(
                    self._scope,
                    self._snapshot.generation,
                    wanted,
                    actor=actor,
                    action=action,
                    forgotten=await self._forgotten(forget),
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

    async def _forgotten(self, more: Sequence[Forgotten]) -> list[Forgotten]:
        """What is forgotten now, and `more`."""
        known = await self._store.forgotten(self._scope, self._snapshot.generation)
        return list({(each.kind, each.key): each for each in (*known, *more)}.values())

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


async def _taken(take: Callable[..., Intake], progress: Progress | None) -> Intake:
    """What `take` reads, in a thread that tells `progress` how far it is."""
    with watched(progress) as told:
        return await asyncio.to_thread(take, progress=told)


def _added(intake: Intake) -> Plan:
    """The plan that adds what was read."""
    return lambda members: (after_load(members, intake.readings), ())
