"""Builds snapshots from the store, and keeps a copy of them in a file for the next start.

Also has dumps read again that an earlier version of the loader read.
"""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.background.progress import stoppable
from bot.errors import DumpError, ReloadRunning
from bot.i18n.messages import sentence
from bot.library import layer_files
from bot.library.layer_building import Builder
from bot.library.snapshot.snapshot import Snapshot
from bot.library.snapshot.stacking import Contents, stacked
from bot.loader import PARSER_VERSION
from bot.loader.raw.content import Content
from bot.loader.raw.pictures import Pictures
from bot.models import SHARED_SCOPE, Dump, Progress, Step
from bot.store.bulk_reader import BulkReader
from bot.store.bulk_reader import content as stored_content
from bot.store.rows import Forgotten, Member, NewDump
from bot.store.store import Store

WORTH_A_FILE = 100
"""Tweets; indexing fewer takes no longer than reading files."""

log = logging.getLogger(__name__)


async def snapshot_of(
    store: Store,
    scope: int,
    progress: Progress | None = None,
    before: Snapshot | None = None,
    below: Snapshot | None = None,
) -> Snapshot:
    """Return the snapshot of the newest generation of `scope`.

    Args:
        store: the store.
        scope: whose dumps; a guild's snapshot includes the shared ones.
        progress: called with each step.
        before: the snapshot that is served now; its layers stay in use. Without it they are read
            from their files, if there are any.
        below: for a guild, what the shared library serves; without it, that is made first.
    """
    if scope and below is None:
        below = await snapshot_of(store, SHARED_SCOPE, progress)
    source = await _source(store, scope, await store.generation(scope))
    with stoppable(progress) as step:
        return await asyncio.to_thread(_snapshot, source, before, below, step)


async def save_snapshot(store: Store, scope: int, snapshot: Snapshot) -> None:
    """Save the library's own layers to files for the next start, unless they are small."""
    if sum(len(each.layer.index) for each in snapshot.own) >= WORTH_A_FILE:
        source = await _source(store, scope, snapshot.generation)
        await asyncio.to_thread(_save, source, snapshot)


@dataclass(frozen=True, slots=True)
class _Source:
    """What a snapshot is built from."""

    store: Path
    """The store's file."""
    path: Path
    """The file that names the layers."""
    key: str
    """The key in that file: it names the generation, its dumps and when it was made."""
    contents: Contents
    """What the snapshot shall have."""


async def _source(store: Store, scope: int, generation: int) -> _Source:
    """Gather what a generation of `scope` is built from, without the shared library below it."""
    dumps = [member.id for member in await store.members(scope, generation)]
    forgotten = await store.forgotten(scope, generation)
    made_at = await store.made_at(scope, generation)
    hidden = sorted((each.kind, each.key) for each in forgotten)
    return _Source(
        store=store.path,
        path=store.path.with_name(f"index-{scope}.bin"),
        key=json.dumps([scope, generation, made_at, dumps, hidden]),
        contents=Contents(generation, dumps, forgotten),
    )


def _snapshot(
    source: _Source, before: Snapshot | None, below: Snapshot | None, progress: Progress
) -> Snapshot:
    if before is None:
        before = _saved(source)
        if before is not None and below is None and not before.is_torn:
            return before
    with BulkReader(source.store) as reader:

        def step(done: int, of: int) -> None:
            progress(Step(sentence("indexing"), done, of))

        build = Builder(source.store, source.path).build
        return stacked(source.contents, reader, before, below, step, build)


def _saved(source: _Source) -> Snapshot | None:
    """Return the snapshot in its files; None if they are missing, damaged or of something else.

    If a layer's file is damaged, the snapshot has the other layers and is torn.
    """
    contents = source.contents
    try:
        parts, is_torn = layer_files.read(source.path, source.key)
    except FileNotFoundError:
        return None
    except (OSError, layer_files.Unusable) as error:
        log.info("cannot use %s: %s; rebuilding the index", source.path.name, error)
        return None
    return Snapshot(
        contents.generation,
        parts,
        dumps=contents.dumps,
        forgotten=contents.forgotten,
        is_torn=is_torn,
    )


def _save(source: _Source, snapshot: Snapshot) -> None:
    try:
        layer_files.write(source.path, source.key, snapshot.own)
    except OSError as error:
        log.info("cannot save the index: %s", error)


def forgotten_keys(snapshot: Snapshot, number: int) -> list[Forgotten]:
    """Return the records that make the thread with that number in `snapshot` forgotten."""
    rows = np.array(snapshot.catalogue.versions(number), np.int64)
    known: list[tuple[int, int]] = []
    for each in snapshot.parts:
        roots = each.layer.origins.roots
        places = np.flatnonzero(np.isin(roots.rows, rows))
        known += zip(roots.roots[places].tolist(), roots.authors[places].tolist(), strict=True)
    author = next((author for _, author in known if author), 0)
    keys = {f"{root}:{author}" for root, _ in known}
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
