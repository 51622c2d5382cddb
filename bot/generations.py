"""From the store's generations to what is searched, and to the next program's reading of them."""

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

from bot.analyzer import ANALYZER_VERSION
from bot.errors import DumpError, ReloadRunning
from bot.frozen import Unusable, below, freeze, is_for, thaw, under
from bot.language import sentence
from bot.loader import PARSER_VERSION, read_dump
from bot.merge import Beginning, kin
from bot.models import SHARED_SHELF, Progress, Step
from bot.precedence import politely
from bot.progress import watched
from bot.rows import Families, Forgotten, Member, NewDump, Roots
from bot.scan import Scan
from bot.scan import content as stored_content
from bot.snapshot import Snapshot
from bot.store import Store

FILE_VERSION = 6
"""Raised with every change to what a snapshot is made of."""
WORTH_A_FILE = 2_000
"""Tweets; fewer are indexed as quickly as a file is read."""

log = logging.getLogger(__name__)


async def snapshot_of(
    store: Store, scope: int, progress: Progress | None = None, before: Snapshot | None = None
) -> Snapshot:
    """The newest generation of `scope`, to be searched.

    Made of the snapshot `before` where there is one and most of it stays, else of its file, else
    anew from the store.
    """
    source = await _source(
        store, scope, await store.generation(scope), await store.generation(SHARED_SHELF)
    )
    with watched(progress) as told:
        return await asyncio.to_thread(_made, source, before, told)


async def file(store: Store, scope: int, snapshot: Snapshot) -> None:
    """File `snapshot`, for the next program to start from, unless it is filed or not worth it."""
    if len(snapshot.index) >= WORTH_A_FILE:
        source = await _source(store, scope, snapshot.generation, snapshot.below)
        await asyncio.to_thread(_file, source, snapshot)


@dataclass(frozen=True, slots=True)
class _Source:
    """What a generation is made from."""

    store: Path
    path: Path
    """Its file's."""
    key: str
    """What is said in its file."""
    scope: int
    generation: int
    below: int
    """The generation of the shared shelf that a guild's is on top of; 0 for that shelf itself."""
    dumps: Sequence[int]
    forgotten: Sequence[Forgotten]
    roots: dict[int, Roots]
    """Of the dumps that are searched; the store's, to be kept."""
    searched: dict[int, set[int]]
    """The dumps that are searched in each scope; the store's."""


async def _source(store: Store, scope: int, generation: int, shared: int) -> _Source:
    """A guild's dumps come after those of the shared shelf, of which it is `shared`."""
    layers = [(SHARED_SHELF, shared), (scope, generation)] if scope else [(scope, generation)]
    dumps: list[int] = []
    forgotten: list[Forgotten] = []
    made_at: list[str | None] = []
    for each in layers:
        dumps += [member.id for member in await store.members(*each)]
        forgotten += await store.forgotten(*each)
        made_at.append(await store.made_at(*each))
    said = [FILE_VERSION, ANALYZER_VERSION, made_at, layers, dumps]
    return _Source(
        store=store.path,
        path=store.path.with_name(f"index-{scope}.bin"),
        key=json.dumps([*said, sorted((each.kind, each.key) for each in forgotten)]),
        scope=scope,
        generation=generation,
        below=shared if scope else 0,
        dumps=dumps,
        forgotten=forgotten,
        roots=store.roots,
        searched=store.searched,
    )


def _made(source: _Source, before: Snapshot | None, told: Progress) -> Snapshot:
    if before is None:
        try:
            meta, arrays = thaw(source.path, source.key)
            for each, roots in zip(source.dumps, Roots.thawed(under("roots", arrays)), strict=True):
                source.roots[each] = roots
            return Snapshot.thawed(meta, arrays)
        except FileNotFoundError:
            pass
        except (OSError, Unusable) as error:
            log.info("cannot use %s: %s; rebuilding the index", source.path.name, error)
    with Scan(source.store) as scan:
        families = families_of(Roots.together(_roots(source, scan)), source.forgotten)
        _keep_needed(source)

        def tell(done: int) -> None:
            told(Step(sentence("indexing"), done, len(families)))

        if before is not None:
            revised = before.revised(source.generation, families, scan.families, tell)
            if revised is not None:
                return replace(revised, below=source.below)
        built = Snapshot.build(source.generation, scan.families(families), tell)
        return replace(built, below=source.below)


def _roots(source: _Source, scan: Scan) -> list[Roots]:
    """What the versions of each of its dumps begin with, read once, for dumps never change.

    Others may throw some of it away at the same time; then it is read again.
    """
    found = []
    for each in source.dumps:
        roots = source.roots.get(each)
        if roots is None:
            roots = source.roots[each] = scan.roots([each])
        found.append(roots)
    return found


def _keep_needed(source: _Source) -> None:
    """Throw away what is read of dumps that are searched in no scope any more."""
    source.searched[source.scope] = set(source.dumps)
    needed = set().union(*list(source.searched.values()))
    for gone in list(source.roots):
        if gone not in needed:
            source.roots.pop(gone, None)


def _file(source: _Source, snapshot: Snapshot) -> None:
    try:
        if not is_for(source.path, source.key):
            with Scan(source.store) as scan:
                roots = Roots.frozen(_roots(source, scan))
            meta, arrays = snapshot.frozen()
            freeze(source.path, source.key, meta, {**arrays, **below("roots", roots)})
    except OSError as error:
        log.info("cannot save the index: %s", error)


def families_of(roots: Roots, forgotten: Sequence[Forgotten] = ()) -> Families:
    """The versions of each thread together, threads in the order of first sight.

    A thread of which one version is `forgotten` is left out whole.
    """
    order = np.argsort(roots.roots, kind="stable")
    sorted_roots = roots.roots[order]
    borders = np.flatnonzero(np.diff(sorted_roots, prepend=sorted_roots[:1] - 1))
    ends = np.append(borders[1:], len(order))
    # Each thread goes by its first version; few have more than one.
    thread = np.arange(len(order))
    for border in politely(np.flatnonzero(ends - borders > 1).tolist()):
        same = order[borders[border] : ends[border]]
        beginnings = [
            Beginning(0, author or None, tweet or None)
            for author, tweet in zip(
                roots.authors[same].tolist(), roots.tweets[same].tolist(), strict=True
            )
        ]
        for family in kin(beginnings):
            thread[same[family]] = same[family[0]]
    if forgotten:
        wanted = ~np.isin(thread, thread[_forgotten(roots, forgotten)])
        rows, thread = roots.rows[wanted], thread[wanted]
    else:
        rows = roots.rows
    by_thread = np.argsort(thread, kind="stable")
    starts = np.flatnonzero(np.diff(thread[by_thread], prepend=-1))
    return Families(rows[by_thread], np.append(starts, len(rows)))


def _forgotten(roots: Roots, forgotten: Sequence[Forgotten]) -> NDArray[np.bool_]:
    """bool[versions]: which are of what is forgotten."""
    gone = np.zeros(len(roots.rows), np.bool_)
    for each in forgotten:
        if each.kind == "author":
            gone |= roots.authors == int(each.key)
            continue
        root, author = map(int, each.key.split(":"))
        same = roots.roots == root
        gone |= same & (np.isin(roots.authors, (0, author)) if author else same)
    return gone


async def remembered_as(
    store: Store, scope: int, snapshot: Snapshot, number: int
) -> list[Forgotten]:
    """What has the thread with that number in `snapshot`, of `scope`, forgotten."""
    source = await _source(store, scope, snapshot.generation, snapshot.below)
    return await asyncio.to_thread(_remembered, source, snapshot, number)


def _remembered(source: _Source, snapshot: Snapshot, number: int) -> list[Forgotten]:
    with Scan(source.store) as scan:
        roots = Roots.together(_roots(source, scan))
    found = np.isin(roots.rows, snapshot.entries.versions(number))
    author = next((each for each in roots.authors[found].tolist() if each), 0)
    keys = {f"{root}:{author}" for root in roots.roots[found].tolist()}
    return [Forgotten("thread", key, snapshot.entries.title(number)) for key in sorted(keys)]


async def read_anew(store: Store, scope: int) -> None:
    """Have this version's loader read what an earlier one read, as a generation of its own.

    What it can't read stays as it was read. Rows are only ever added: others may be reading them.
    """
    now = await store.generation(scope)
    dumps: list[Member | NewDump] = []
    for member in await store.members(scope, now):
        if member.parser_version >= PARSER_VERSION:
            dumps.append(member)
            continue
        content = await asyncio.to_thread(stored_content, store.path, member.sha256)
        try:
            dump = await asyncio.to_thread(read_dump, content, member.file, member.metadata)
            dumps.append(NewDump(dump, content, member.origin, PARSER_VERSION))
        except DumpError as error:
            log.warning("%s; keeping what an earlier version of Threadbot read from it", error)
            dumps.append(member)
    if any(isinstance(each, NewDump) for each in dumps):
        with suppress(ReloadRunning):  # another process did it meanwhile
            parent = await store.parent(scope, now)
            await store.commit(scope, now, dumps, actor="start", action="reread", parent=parent)
