"""Loads dumps into a library: load, reload, undo, and previews that store nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence, Set
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from bot.background.progress import stoppable
from bot.errors import (
    DumpError,
    FilesDoubted,
    NothingToUndo,
    NotTheLatest,
    Overtaken,
    SeedsMissing,
)
from bot.library.changes import report
from bot.library.commit import (
    ATTEMPTS,
    Change,
    Plan,
    commit,
    dump_reports,
    serve_newest,
    with_hidden,
)
from bot.library.current import Current
from bot.library.hidden import dumps_with_hidden, hidden_threads
from bot.library.next_generation import (
    NoLongerLoaded,
    after_load,
    after_reload,
    lost_authors,
    unchanged,
)
from bot.library.snapshot.snapshot import Snapshot
from bot.library.snapshot.thread_merge import with_few_versions
from bot.loader import PARSER_VERSION
from bot.loader.intake import Intake, Loaded, Reading
from bot.models import Metadata, Progress
from bot.reports import LoadReport
from bot.store.protocol import Readers
from bot.store.rows import NO_UNDO, Action, Member


class Loading:
    """Loads dumps into what is served; one load at a time, while questions are answered."""

    def __init__(self, current: Current, seeds: Path, seeds_metadata: Metadata | None) -> None:
        """Load into `current`.

        Args:
            current: what is served.
            seeds: the folder of seeds, for `reload`.
            seeds_metadata: what is known of all seeds.
        """
        self.seeds = seeds
        self.seeds_metadata = seeds_metadata
        self._current = current

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
        """Add dumps. A dump that was loaded under the same name before is replaced.

        Args:
            paths: files and folders.
            actor: who loads them.
            metadata: what is known of all of them.
            progress: called with each step.
            below: the folder that dumps are named relative to; by default their names are absolute
                paths.
            is_confirmed: whether files that do not look like threads are loaded too.

        Raises:
            FilesDoubted: files do not look like threads, and nobody has confirmed them.
            ReloadRunning: another change is under way.
        """
        async with self._current.exclusively(actor):
            intake = await _read(paths, metadata, progress, below=below)
            dumps = [each.dump for each in intake.readings]
            doubts = [(each.file, each.doubt) for each in dumps if each.doubt]
            if doubts and not is_confirmed:
                raise FilesDoubted(doubts)
            plan = _load_plan(intake, await self._lacking(intake))
            change = Change(actor, "load", plan, intake)
            return await commit(self._current, change, progress)

    async def reload(self, actor: str, progress: Progress | None = None) -> LoadReport:
        """Read the folder of seeds again, and drop what is no longer there.

        What was loaded by hand stays. A file that cannot be read keeps its earlier contents.

        Raises:
            SeedsMissing: the folder does not exist or is empty.
            ReloadRunning: another change is under way.
            Overtaken: other processes kept changing the library.
        """
        async with self._current.exclusively(actor):
            return await self._load_seeds(actor, "reload", progress)

    async def load_first_seeds(
        self, *, may_be_empty: bool, progress: Progress | None
    ) -> LoadReport | None:
        """Load the seeds into a library that never loaded anything.

        Args:
            may_be_empty: whether to go on without any seeds; the report is then None.
            progress: called with each step.

        Raises:
            SeedsMissing: the folder does not exist or is empty.
            DumpError: none of its files can be read.
        """
        try:
            async with self._current.exclusively("start"):
                loaded = await self._load_seeds("start", "seeds", progress)
        except SeedsMissing:
            if may_be_empty:
                return None
            raise
        if not loaded.dumps and not may_be_empty:
            fault = loaded.errors[0]
            raise DumpError(fault.file, fault.message, line=fault.line)
        return loaded

    async def undo(
        self, actor: str, generation: int | None = None, progress: Progress | None = None
    ) -> LoadReport:
        """Serve the dumps from before the last change again, as a new generation.

        Args:
            actor: who does it.
            generation: the generation to undo, which must be the last one; by default it is.
            progress: called with each step.

        Raises:
            NothingToUndo: nothing was served before, it was erased, the library was repaired, or
                only the first load of the seeds is left.
            NotTheLatest: there has been another change after `generation`.
            ReloadRunning: another change is under way.
        """
        current, store, scope = self._current, self._current.store, self._current.scope
        async with current.exclusively(actor):
            await current.members()
            now = current.snapshot.generation
            before = await store.parent(scope, now)
            if before == NO_UNDO:
                is_repaired = await store.was_repaired(scope)
                raise NothingToUndo(is_erased=not is_repaired, is_repaired=is_repaired)
            if generation not in (None, now):
                raise NotTheLatest
            if before == 0:
                await self._require_own_content(now)
            await store.commit(
                scope,
                now,
                await store.members(scope, before),
                actor=actor,
                action="undo",
                parent=await store.parent(scope, before),
                forgotten=await store.forgotten(scope, before),
            )
            return replace(await serve_newest(current, progress=progress), action="undo")

    async def preview(
        self,
        paths: Sequence[Path],
        metadata: Metadata | None = None,
        progress: Progress | None = None,
        *,
        below: Path | None = None,
    ) -> LoadReport:
        """Report what `load` would do; stores nothing."""
        intake = await _read(paths, metadata, progress, below=below)
        current = self._current
        members = await current.store.members(current.scope, current.snapshot.generation)
        plan = _load_plan(intake, await self._lacking(intake))
        return await self._preview(intake, plan, members, progress)

    async def preview_reload(self, progress: Progress | None = None) -> LoadReport:
        """Report what `reload` would do; stores nothing.

        Raises:
            SeedsMissing: the folder does not exist or is empty.
        """
        current = self._current
        members = await current.store.members(current.scope, current.snapshot.generation)
        intake = await self._read_seeds(members, progress)
        plan = _reload_plan(intake, await self._lacking(intake))
        return await self._preview(intake, plan, members, progress)

    async def check(
        self,
        paths: Sequence[Path],
        metadata: Metadata | None = None,
        progress: Progress | None = None,
    ) -> LoadReport:
        """Report how `paths` are read, line by line; stores nothing."""
        intake = await _read(paths, metadata, progress, detailed=True)
        reports = await dump_reports(self._current, intake.readings, progress)
        snapshot = self._current.whole
        return await with_hidden(self._current, report(snapshot, snapshot, reports, intake.faults))

    async def _load_seeds(
        self, actor: str, action: Action, progress: Progress | None
    ) -> LoadReport:
        for _ in range(ATTEMPTS):
            intake = await self._read_seeds(await self._current.members(), progress)
            plan = _reload_plan(intake, await self._lacking(intake))
            change = Change(actor, action, plan, intake)
            with suppress(NoLongerLoaded):  # another process took out a seed that was not parsed
                return await commit(self._current, change, progress)
        raise Overtaken(ATTEMPTS)

    async def _lacking(self, intake: Intake) -> set[int]:
        """Return the rows of the dumps that lack threads which are in their files.

        They were hidden and erased. As long as one of them is hidden, none comes back.
        """
        current, lacking = self._current, set()
        snapshot = current.snapshot
        members = await current.store.members(current.scope, snapshot.generation)
        by_bytes = {(each.sha256, each.metadata): each for each in members}
        for each in intake.readings:
            member = by_bytes.get((each.dump.sha256, each.dump.metadata))
            if each.loaded or member is None or member.parser_version != PARSER_VERSION:
                continue
            threads, _ = await current.store.size(member.id)
            if threads < len(each.dump.threads):
                hidden = await asyncio.to_thread(hidden_threads, [each.dump], snapshot.forgotten)
                if not hidden:
                    lacking.add(member.id)
        return lacking

    async def _read_seeds(self, members: Sequence[Member], progress: Progress | None) -> Intake:
        """Read the seeds; those that have not changed since they were loaded are not parsed."""
        current = self._current
        partial = await current.store.erased_from([each.id for each in members])
        whole = [each for each in members if each.id not in partial]

        def read(progress: Progress) -> Intake:
            from bot.loader.files import take_in_seeds  # slow to import, and asking does without

            loaded = _loaded_seeds(current.store.readers, current.whole, whole)
            return take_in_seeds(self.seeds, self.seeds_metadata, progress, loaded)

        return await _in_thread(read, progress)

    async def _preview(
        self,
        intake: Intake,
        plan: Plan,
        members: Sequence[Member],
        progress: Progress | None,
    ) -> LoadReport:
        current = self._current
        wanted, kept = plan(members)
        snapshot = current.whole
        reports = await dump_reports(current, intake.readings, progress)
        would = report(snapshot, snapshot, reports, intake.faults, kept)
        stays = {each.id for each in wanted if isinstance(each, Member)}
        gone = tuple(each.file for each in members if each.id not in stays)
        would = await with_hidden(current, would)
        lost = lost_authors(members, intake.readings)
        changed = not unchanged(wanted, members)
        return replace(would, changed=changed, gone=gone, lost_authors=lost)

    async def _require_own_content(self, generation: int) -> None:
        """Check that a first generation has anything that people loaded or hid.

        Raises:
            NothingToUndo: it is empty, or the seeds were loaded into it.
        """
        store, scope = self._current.store, self._current.scope
        members = await store.members(scope, generation)
        if any(each.origin == "seeds" for each in members):
            raise NothingToUndo(seeds=True)
        if not members and not await store.forgotten(scope, generation):
            raise NothingToUndo


async def _read(
    paths: Sequence[Path],
    metadata: Metadata | None,
    progress: Progress | None,
    *,
    below: Path | None = None,
    detailed: bool = False,
) -> Intake:
    """Read files and folders in a thread; see `loader.files.take_in`."""

    def read(progress: Progress) -> Intake:
        from bot.loader.files import take_in  # slow to import, and asking does without

        return take_in(paths, metadata, below=below, detailed=detailed, progress=progress)

    return await _in_thread(read, progress)


async def _in_thread(read: Callable[[Progress], Intake], progress: Progress | None) -> Intake:
    """Call `read` in a thread that reports its progress, and stops when nobody waits for it."""

    def read_whole(progress: Progress) -> Intake:
        intake = read(progress)
        return replace(intake, readings=tuple(map(_with_few_versions, intake.readings)))

    with stoppable(progress) as step:
        return await asyncio.to_thread(read_whole, step)


def _with_few_versions(reading: Reading) -> Reading:
    """Return what was read with the many versions that a file has of a thread merged.

    Else each of them would be compared with all others, stored, and merged for each answer.
    """
    threads = reading.dump.threads
    if not isinstance(threads, tuple):  # threads of posts: each post is in one of them
        return reading
    few = with_few_versions(threads)
    return reading if few is threads else replace(reading, dump=replace(reading.dump, threads=few))


def _loaded_seeds(
    readers: Readers, snapshot: Snapshot, members: Sequence[Member]
) -> dict[str, Loaded]:
    """Return the seeds among `members`, by name, that need not be parsed again if unchanged.

    A report names hidden threads, so the files with these are parsed.
    """
    with_hidden = dumps_with_hidden(snapshot)
    with readers() as reader:
        return {
            each.dump.file: each
            for each in reader.loaded(
                each
                for each in members
                if each.origin == "seeds"
                and each.parser_version == PARSER_VERSION
                and each.id not in with_hidden
            )
        }


def _load_plan(intake: Intake, lacking: Set[int]) -> Plan:
    return lambda members: (after_load(_without(members, lacking), intake.readings), ())


def _reload_plan(intake: Intake, lacking: Set[int]) -> Plan:
    return lambda members: after_reload(_without(members, lacking), intake)


def _without(members: Sequence[Member], rows: Set[int]) -> list[Member]:
    return [each for each in members if each.id not in rows]
