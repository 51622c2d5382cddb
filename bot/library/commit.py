"""Commits a change: makes a library's next generation, serves it and reports the difference."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.background.progress import stoppable
from bot.errors import Overtaken, ReloadRunning
from bot.library.changes import Watched, count_brought, report
from bot.library.current import Current
from bot.library.hidden import hidden_threads
from bot.library.next_generation import lost_authors, unchanged
from bot.library.snapshot.snapshot import Snapshot
from bot.loader.intake import Intake, Loaded, Reading
from bot.models import SHARED_SCOPE, Dump, Progress
from bot.reports import DumpReport, LoadReport
from bot.store.rows import Action, Forgotten, Member, NewDump

ATTEMPTS = 5
"""How often a change is tried when other processes commit theirs first."""
NOTHING_READ = Intake((), ())

Plan = Callable[[Sequence[Member]], tuple[Sequence[Member | NewDump], tuple[str, ...]]]
"""From a generation's dumps to those of the next one, and the files that could not be read anew."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change to the dumps of a library."""

    actor: str
    """Who makes it."""
    action: Action
    """What is done."""
    plan: Plan
    """Which dumps the next generation has."""
    intake: Intake = NOTHING_READ
    """The files that were read for it."""
    forget: Sequence[Forgotten] = ()
    """The threads and authors to be hidden from now on."""
    show: frozenset[tuple[str, str]] = frozenset()
    """The kinds and keys of what is no longer to be hidden."""


async def commit(current: Current, change: Change, progress: Progress | None = None) -> LoadReport:
    """Make the generation that `change` plans, serve it, and report the difference.

    If another process commits first, the change is planned again on top of that. For use inside
    `Current.exclusively`.

    Raises:
        NoLongerLoaded: the plan raises it.
        Overtaken: other processes committed first, ATTEMPTS times.
        ContentChanged: a file changed while it was being stored.
        StoreError: the store cannot be written.
    """
    intake = change.intake
    for attempt in range(ATTEMPTS):
        members = await current.members()
        wanted, kept = change.plan(members)
        stored = [each.dump for each in wanted if isinstance(each, NewDump)]
        comparison = _Comparison(current, intake, Watched(stored), progress)
        if not comparison.watched:
            await comparison.make()
        snapshot = current.whole
        if unchanged(wanted, members) and not change.forget and not change.show:
            done = report(snapshot, snapshot, comparison.reports, intake.faults, kept)
            return await with_hidden(current, done)
        try:
            await current.store.commit(
                current.scope,
                snapshot.generation,
                wanted,
                actor=change.actor,
                action=change.action,
                forgotten=await _forgotten(current, change),
                progress=progress,
                at_last=comparison.make if comparison.watched else None,
            )
        except ReloadRunning as error:
            if attempt == ATTEMPTS - 1:
                raise Overtaken(ATTEMPTS) from error
        else:
            await current.store.sweep_pictures()
            break
    done = await serve_newest(current, comparison.reports, intake, kept, progress)
    lost = lost_authors(members, intake.readings)
    return replace(await with_hidden(current, done), action=change.action, lost_authors=lost)


class _Comparison:
    """Counts what a change brings: before it is stored, or while a large one is."""

    def __init__(
        self, current: Current, intake: Intake, watched: Watched, progress: Progress | None
    ) -> None:
        self._current = current
        self._intake = intake
        self._progress = progress
        self.watched = watched
        """The dumps that are surveyed while they are stored."""
        self.reports: tuple[DumpReport, ...] = ()

    async def make(self) -> None:
        """Compare with the library."""
        self.reports = await dump_reports(
            self._current, self._intake.readings, self._progress, self.watched
        )


async def with_hidden(current: Current, done: LoadReport) -> LoadReport:
    """Return `done` with the threads of its files that the library hides.

    What is hidden is read from the store, as what is served may still name what was just erased.
    """
    dumps = [each.dump for each in done.dumps]
    if not dumps:
        return done
    store = current.store
    forgotten: list[Forgotten] = []
    for scope in dict.fromkeys((current.scope, SHARED_SCOPE)):
        forgotten += await store.forgotten(scope, await store.generation(scope))
    hidden = await asyncio.to_thread(hidden_threads, dumps, forgotten)
    return replace(done, hidden=hidden)


async def serve_newest(
    current: Current,
    reports: Sequence[DumpReport] = (),
    intake: Intake = NOTHING_READ,
    kept: tuple[str, ...] = (),
    progress: Progress | None = None,
) -> LoadReport:
    """Serve the store's newest generation, and report the difference.

    Args:
        current: what is served.
        reports: what each dump brought.
        intake: the files that were read.
        kept: files that could not be read anew.
        progress: called with each step.
    """
    before = current.whole
    after = await current.advance(progress)
    return await asyncio.to_thread(report, before, after, reports, intake.faults, kept)


async def dump_reports(
    current: Current,
    readings: Sequence[Reading],
    progress: Progress | None,
    watched: Watched | None = None,
) -> tuple[DumpReport, ...]:
    """Count what each dump adds to the library and to the dumps before it."""
    new = [each.dump for each in readings if not each.loaded]
    with stoppable(progress) as step:
        compared = await asyncio.to_thread(_compare, current, current.whole, new, step, watched)
    counted = iter(compared)
    return tuple(_nothing_new(each.loaded) if each.loaded else next(counted) for each in readings)


def _nothing_new(loaded: Loaded) -> DumpReport:
    return DumpReport(loaded.dump, 0, 0, loaded.tweets, loaded.threads, loaded.tweets)


def _compare(
    current: Current,
    snapshot: Snapshot,
    dumps: Sequence[Dump],
    progress: Progress,
    watched: Watched | None,
) -> tuple[DumpReport, ...]:
    with current.store.readers() as reader:
        return count_brought(snapshot, dumps, reader.versions, progress, watched)


async def _forgotten(current: Current, change: Change) -> list[Forgotten]:
    """Return what is forgotten after `change`."""
    known = await current.store.forgotten(current.scope, current.snapshot.generation)
    every = {(each.kind, each.key): each for each in (*known, *change.forget)}
    return [each for key, each in every.items() if key not in change.show]
