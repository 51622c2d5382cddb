"""Builds snapshots from the store, and keeps a copy of them in a file for the next start.

Also has dumps read again that an earlier version of the loader read.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.arrays.array_file import (
    Unusable,
    is_for,
    read_arrays,
    with_prefix,
    without_prefix,
    write_arrays,
)
from bot.background.priority import yielding
from bot.background.progress import stoppable
from bot.errors import DumpError, ReloadRunning
from bot.i18n.messages import sentence
from bot.library.snapshot.snapshot import Snapshot
from bot.library.snapshot.thread_merge import Beginning, group_beginnings
from bot.loader import PARSER_VERSION
from bot.loader.raw.content import Content
from bot.loader.raw.pictures import Pictures
from bot.models import SHARED_SCOPE, Dump, Progress, Step
from bot.search.analyzer import ANALYZER_VERSION
from bot.store.bulk_reader import BulkReader
from bot.store.bulk_reader import content as stored_content
from bot.store.rows import Forgotten, Member, NewDump, Roots, ThreadVersions
from bot.store.store import Store

FILE_VERSION = 8
"""Raised with every change to what a snapshot is made of, and if stored ones may be wrong."""
WORTH_A_FILE = 2_000
"""Tweets; indexing fewer takes no longer than reading a file."""

log = logging.getLogger(__name__)


async def snapshot_of(
    store: Store, scope: int, progress: Progress | None = None, before: Snapshot | None = None
) -> Snapshot:
    """Return the snapshot of the newest generation of `scope`.

    It is built incrementally from the snapshot `before` if most threads are unchanged. Without
    `before` it is read from its file, if there is one. Otherwise it is built from the store.

    Args:
        store: the store.
        scope: whose dumps; a guild's snapshot includes the shared ones.
        progress: called with each step.
        before: the snapshot that is served now.
    """
    source = await _source(
        store, scope, await store.generation(scope), await store.generation(SHARED_SCOPE)
    )
    with stoppable(progress) as step:
        return await asyncio.to_thread(_snapshot, source, before, step)


async def save_snapshot(store: Store, scope: int, snapshot: Snapshot) -> None:
    """Save `snapshot` to a file for the next start, unless it is saved already or small."""
    if len(snapshot.index) >= WORTH_A_FILE:
        source = await _source(store, scope, snapshot.generation, snapshot.shared_generation)
        await asyncio.to_thread(_save, source, snapshot)


@dataclass(frozen=True, slots=True)
class _Source:
    """What a snapshot is built from."""

    store: Path
    """The store's file."""
    path: Path
    """The snapshot's file."""
    key: str
    """The key in that file: it names the generation, its dumps and the program's versions."""
    scope: int
    """Whose dumps."""
    generation: int
    """The generation of that scope."""
    shared_generation: int
    """For a guild: the generation of the shared library that it includes. Else 0."""
    dumps: Sequence[int]
    """The rows of the dumps, in order."""
    forgotten: Sequence[Forgotten]
    """The threads and authors to leave out."""
    roots: dict[int, Roots]
    """`Store.roots`, to be added to."""
    served: dict[int, set[int]]
    """`Store.served`, to be updated."""


async def _source(store: Store, scope: int, generation: int, shared: int) -> _Source:
    """Gather what a snapshot is built from: for a guild, the shared dumps and then its own.

    Args:
        store: the store.
        scope: whose dumps.
        generation: the generation of that scope.
        shared: the generation of the shared library.
    """
    layers = [(SHARED_SCOPE, shared), (scope, generation)] if scope else [(scope, generation)]
    dumps: list[int] = []
    forgotten: list[Forgotten] = []
    made_at: list[str | None] = []
    for each in layers:
        dumps += [member.id for member in await store.members(*each)]
        forgotten += await store.forgotten(*each)
        made_at.append(await store.made_at(*each))
    key = [FILE_VERSION, ANALYZER_VERSION, made_at, layers, dumps]
    return _Source(
        store=store.path,
        path=store.path.with_name(f"index-{scope}.bin"),
        key=json.dumps([*key, sorted((each.kind, each.key) for each in forgotten)]),
        scope=scope,
        generation=generation,
        shared_generation=shared if scope else 0,
        dumps=dumps,
        forgotten=forgotten,
        roots=store.roots,
        served=store.served,
    )


def _snapshot(source: _Source, before: Snapshot | None, progress: Progress) -> Snapshot:
    saved = _saved(source) if before is None else None
    if saved is not None:
        return saved
    with BulkReader(source.store) as reader:
        threads = group_versions(Roots.together(_roots(source, reader)), source.forgotten)
        _drop_unneeded(source)

        def step(done: int) -> None:
            progress(Step(sentence("indexing"), done, len(threads)))

        snapshot = None
        if before is not None:
            snapshot = before.revised(source.generation, threads, reader.threads, step)
        if snapshot is None:
            snapshot = Snapshot.build(source.generation, reader.threads(threads), step)
        return replace(snapshot, shared_generation=source.shared_generation)


def _saved(source: _Source) -> Snapshot | None:
    """Return the snapshot in its file, unless that is missing, damaged or of something else."""
    try:
        meta, arrays = read_arrays(source.path, source.key)
        for each, roots in zip(
            source.dumps, Roots.from_arrays(without_prefix("roots", arrays)), strict=True
        ):
            source.roots[each] = roots
        return Snapshot.from_arrays(meta, arrays)
    except FileNotFoundError:
        pass
    except (OSError, Unusable) as error:
        log.info("cannot use %s: %s; rebuilding the index", source.path.name, error)
    return None


def _roots(source: _Source, reader: BulkReader) -> list[Roots]:
    """Return the roots of each dump. They are read once and kept, as dumps never change.

    Another thread may drop some of them at the same time; then they are read again.
    """
    found = []
    for each in source.dumps:
        roots = source.roots.get(each)
        if roots is None:
            roots = source.roots[each] = reader.roots([each])
        found.append(roots)
    return found


def _drop_unneeded(source: _Source) -> None:
    """Drop the roots of dumps that no scope serves any more."""
    source.served[source.scope] = set(source.dumps)
    needed = set().union(*list(source.served.values()))
    for dump in list(source.roots):
        if dump not in needed:
            source.roots.pop(dump, None)


def _save(source: _Source, snapshot: Snapshot) -> None:
    try:
        if not is_for(source.path, source.key):
            with BulkReader(source.store) as reader:
                roots = Roots.to_arrays(_roots(source, reader))
            meta, arrays = snapshot.to_arrays()
            write_arrays(source.path, source.key, meta, {**arrays, **with_prefix("roots", roots)})
    except OSError as error:
        log.info("cannot save the index: %s", error)


def group_versions(roots: Roots, forgotten: Sequence[Forgotten] = ()) -> ThreadVersions:
    """Group versions by thread, in order of first appearance.

    A thread is left out if any of its versions is `forgotten`.
    """
    # A thread's number is that of its first version. Few threads have more than one version.
    thread = np.arange(len(roots.rows))
    alike = np.flatnonzero(_may_be_alike(roots))
    ends = np.cumsum(roots.counts)
    starts = ends - roots.counts
    beginnings = [
        Beginning(
            root,
            author or None,
            tweet or None,
            stem or None,
            cut,
            roots.ids[start:end].tolist(),
        )
        for root, author, tweet, stem, cut, start, end in zip(
            *(
                column[alike].tolist()
                for column in (
                    roots.roots,
                    roots.authors,
                    roots.tweets,
                    roots.stems,
                    roots.cut,
                    starts,
                    ends,
                )
            ),
            strict=True,
        )
    ]
    for numbers in yielding(group_beginnings(beginnings)):
        thread[alike[numbers]] = alike[numbers[0]]
    if forgotten:
        wanted = ~np.isin(thread, thread[_forgotten(roots, forgotten)])
        rows, thread = roots.rows[wanted], thread[wanted]
    else:
        rows = roots.rows
    by_thread = np.argsort(thread, kind="stable")
    starts = np.flatnonzero(np.diff(thread[by_thread], prepend=-1))
    return ThreadVersions(rows[by_thread], np.append(starts, len(rows)))


def _may_be_alike(roots: Roots) -> NDArray[np.bool_]:
    """Return bool[versions]: which may be of a thread that has several versions."""
    alike = _repeated(roots.roots)
    alike[roots.owners()[_repeated(roots.ids)]] = True
    stems = np.unique(roots.stems[roots.cut & (roots.stems != 0)])
    return alike | np.isin(roots.stems, stems)


def _repeated(values: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return bool[len(values)]: which values occur more than once."""
    order = np.argsort(values, kind="stable")
    same = values[order][1:] == values[order][:-1]
    repeated = np.zeros(len(values), np.bool_)
    repeated[order[1:][same]] = True
    repeated[order[:-1][same]] = True
    return repeated


def _forgotten(roots: Roots, forgotten: Sequence[Forgotten]) -> NDArray[np.bool_]:
    """Return bool[versions]: which are forgotten."""
    gone = np.zeros(len(roots.rows), np.bool_)
    for each in forgotten:
        if each.kind == "author":
            gone |= roots.authors == int(each.key)
            continue
        root, author = map(int, each.key.split(":"))
        same = roots.roots == root
        gone |= same & (np.isin(roots.authors, (0, author)) if author else same)
    return gone


async def forgotten_keys(
    store: Store, scope: int, snapshot: Snapshot, number: int
) -> list[Forgotten]:
    """Return the records that make the thread with that number in `snapshot` forgotten."""
    source = await _source(store, scope, snapshot.generation, snapshot.shared_generation)
    return await asyncio.to_thread(_forgotten_keys, source, snapshot, number)


def _forgotten_keys(source: _Source, snapshot: Snapshot, number: int) -> list[Forgotten]:
    with BulkReader(source.store) as reader:
        roots = Roots.together(_roots(source, reader))
    found = np.isin(roots.rows, snapshot.catalogue.versions(number))
    author = next((each for each in roots.authors[found].tolist() if each), 0)
    keys = {f"{root}:{author}" for root in roots.roots[found].tolist()}
    return [Forgotten("thread", key, snapshot.catalogue.title(number)) for key in sorted(keys)]


async def read_again(store: Store, scope: int) -> None:
    """Read dumps again that an earlier version of the loader read; makes a generation of its own.

    A dump that cannot be read any more keeps its earlier contents. Rows are only added, as other
    processes may be reading the old ones.
    """
    now = await store.generation(scope)
    dumps: list[Member | NewDump] = []
    for member in await store.members(scope, now):
        if member.parser_version >= PARSER_VERSION:
            dumps.append(member)
            continue
        content = await asyncio.to_thread(stored_content, store.path, member.sha256)
        pictures = Pictures(known=await store.pictures(member.sha256))
        try:
            dump = await asyncio.to_thread(_read, content, member, pictures)
            dumps.append(NewDump(dump, content, member.origin, PARSER_VERSION, pictures))
        except DumpError as error:
            log.warning("%s; keeping what an earlier version of Threadbot read from it", error)
            dumps.append(member)
    if any(isinstance(each, NewDump) for each in dumps):
        with suppress(ReloadRunning):  # another process did it meanwhile
            parent = await store.parent(scope, now)
            await store.commit(scope, now, dumps, actor="start", action="reread", parent=parent)


def _read(content: Content, member: Member, pictures: Pictures) -> Dump:
    """Read a dump in a thread; see `loader.parser.read_dump`."""
    from bot.loader.parser import read_dump  # slow to import, and asking does without

    return read_dump(content, member.file, member.metadata, pictures=pictures)
