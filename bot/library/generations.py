"""Builds snapshots from the store, and keeps a copy of them in a file for the next start.

Also has dumps read again that an earlier version of the loader read.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias, TypeVar

import numpy as np

from bot.background.in_threads import in_daemon
from bot.background.progress import Stopped, stoppable
from bot.errors import DumpError, ReloadRunning
from bot.i18n.messages import sentence
from bot.library import layer_files
from bot.library.layer_building import Builder
from bot.library.snapshot.layer import Layer
from bot.library.snapshot.layered import Part
from bot.library.snapshot.snapshot import Snapshot
from bot.library.snapshot.stacking import Contents, stacked
from bot.loader import PARSER_VERSION
from bot.loader.raw.content import Content
from bot.loader.raw.pictures import Pictures
from bot.models import SHARED_SCOPE, Dump, Progress, Step
from bot.store.protocol import LibraryStore, Readers
from bot.store.rows import Forgotten, Member, NewDump
from bot.store.shelf import Shelf

MUCH = 20_000
"""Tweets: indexing more is left to a worker."""
WORTH_A_FILE = 100
"""Tweets; indexing fewer takes no longer than reading files."""

Tidier = Callable[[], Awaitable[None]]
"""Files a library's newest generation in layers, and merges them."""

T = TypeVar("T")

log = logging.getLogger(__name__)


async def snapshot_of(
    store: LibraryStore,
    scope: int,
    progress: Progress | None = None,
    before: Snapshot | None = None,
    below: Snapshot | None = None,
    tidier: Tidier | None = None,
) -> Snapshot:
    """Return the snapshot of the newest generation of `scope`.

    Args:
        store: the store.
        scope: whose dumps; a guild's snapshot includes the shared ones.
        progress: called with each step.
        before: the snapshot that is served now; its layers stay in use. Without it they are read
            from their files, if there are any.
        below: for a guild, what the shared library serves; without it, that is made first.
        tidier: files the layers if there is much to index; by default this process indexes it.

    What is much is indexed by one process. Others that need it wait, and read its files.
    """
    if before is not None and await _is_erased(store, scope, before):
        before = None  # its layers have words of what was erased
    await forget_erased(store, scope)
    if scope and below is None:
        below = await snapshot_of(store, SHARED_SCOPE, progress)
    source = await _source(store, scope, await store.generation(scope))
    filed = await _filed(store, scope, source, before)
    if _is_newest(filed, source) or not await _is_much(store, source, before):
        return await _made(source, filed, before, below, progress)
    if tidier:
        await tidier()
    async with store.alone(f"build-{scope}"):
        filed = await _filed(store, scope, source, before)
        if store.shelf and not _is_newest(filed, source):
            await _fetch(store.shelf, source, before)
            filed = await _filed(store, scope, source, before)
        snapshot = await _made(source, filed, before, below, progress)
        if not _is_newest(filed, source):
            await save_snapshot(store, scope, snapshot)
        return snapshot


def _is_newest(filed: _Filed | None, source: _Source) -> bool:
    """Whether the files have what a snapshot shall have."""
    return filed is not None and filed[0] is source.contents


async def _fetch(shelf: Shelf, source: _Source, before: Snapshot | None) -> None:
    """Have the layers that another machine left, if there are any."""
    lacks_all = before is None and await asyncio.to_thread(_named, source.path) is None

    def is_wanted(key: str) -> bool:
        return lacks_all or key == source.key

    try:
        await asyncio.to_thread(layer_files.fetch, source.path, shelf, is_wanted)
    except OSError as error:
        log.warning("cannot fetch shared layers: %s", error)


async def _made(
    source: _Source,
    filed: _Filed | None,
    before: Snapshot | None,
    below: Snapshot | None,
    progress: Progress | None,
) -> Snapshot:
    with stoppable(progress) as step:
        return await asyncio.to_thread(_snapshot, source, filed, before, below, step)


async def _is_erased(store: LibraryStore, scope: int, before: Snapshot) -> bool:
    """Whether anything was erased since that the layers of `before` may contain."""
    if await store.erased_since(scope, before.generation):
        return True
    return scope != SHARED_SCOPE and await store.erased_since(
        SHARED_SCOPE, before.shared_generation
    )


async def _is_much(store: LibraryStore, source: _Source, before: Snapshot | None) -> bool:
    """Whether indexing what `before` does not serve is a matter of seconds."""
    new = {*source.contents.dumps}.difference(before.dumps if before else ())
    sizes = [await store.size(each) for each in new]
    return sum(tweets for _, tweets in sizes) > MUCH


async def refiled(
    store: LibraryStore, scope: int, snapshot: Snapshot, anew: Collection[str] = ()
) -> Snapshot:
    """Return `snapshot` with the layers that its files have now; merged ones, for example.

    Args:
        store: the store.
        scope: whose snapshot it is.
        snapshot: what is served.
        anew: names of the layers to read from their files though they are in memory.
    """
    source = await _source(store, scope, snapshot.generation)
    found = await asyncio.to_thread(_named, source.path)
    if found is None or found.key != source.key:
        return snapshot
    known = {name: each for name, each in _layers(snapshot).items() if name not in anew}
    with stoppable(None) as step:
        return await asyncio.to_thread(
            _snapshot, source, (source.contents, found, known), None, snapshot.below, step
        )


async def save_snapshot(store: LibraryStore, scope: int, snapshot: Snapshot) -> list[str]:
    """Save the library's own layers to files for the next start, unless they are small.

    Returns:
        The names of the layers that had no file before.
    """
    if sum(len(each.layer.index) for each in snapshot.own) < WORTH_A_FILE:
        return []
    source = await _source(store, scope, snapshot.generation)
    save = partial(_save, source, snapshot, store.shelf)
    delete = partial(_delete, source.path, store.shelf)
    return await _unless_erased(store, scope, snapshot, save, delete) or []


async def _unless_erased(
    store: LibraryStore,
    scope: int,
    snapshot: Snapshot,
    write: Callable[[], T],
    delete: Callable[[T], object],
) -> T | None:
    """Write words of `snapshot` to files, unless some were erased since: before, or meanwhile.

    Args:
        store: the store.
        scope: whose snapshot it is.
        snapshot: what has the words.
        write: writes the files, in another thread.
        delete: deletes them; it is given what `write` returned.

    Returns:
        What `write` returned; None if something was erased.
    """
    if await store.erased_since(scope, snapshot.generation):
        return None
    made = await asyncio.to_thread(write)
    if await store.erased_since(scope, snapshot.generation):
        await asyncio.to_thread(delete, made)
        return None
    return made


async def leave_again(store: LibraryStore) -> None:
    """Leave layers of the newest generations for other machines, where that failed before.

    What is erased has a generation of its own, so its words are in no layers of the newest one.

    Raises:
        OSError: they cannot be left now, either.
        StoreError: the store cannot be read.
    """
    if store.shelf is None:
        return
    for scope, generation in (await store.newest()).items():
        path = _path(store.folder, scope)
        if layer_files.is_left(path):
            continue
        source = await _source(store, scope, generation)
        found = await asyncio.to_thread(_named, path)
        if found is not None and found.key == source.key:
            try:
                await in_daemon(partial(layer_files.leave, path, store.shelf))
            finally:
                if await store.erased_since(scope, generation):  # meanwhile
                    await in_daemon(partial(layer_files.take_back, path, store.shelf))


async def forget_erased(store: LibraryStore, scope: int, since: int | None = None) -> bool:
    """Delete the files of layers that may have words of what was erased, maybe on another machine.

    Args:
        store: the store.
        scope: whose layers.
        since: a generation that was served here.

    Returns:
        Whether anything was erased after the generation that files have, or after `since`.
    """
    path = _path(store.folder, scope)
    found = await asyncio.to_thread(_named, path)
    filed = json.loads(found.key)[1] if found else None
    known = [each for each in (filed, since) if each is not None]
    if not known or not await store.erased_since(scope, min(known)):
        return False
    if filed is not None and await store.erased_since(scope, filed):
        await asyncio.to_thread(layer_files.delete, path)
    return True


async def damaged_layers(store: LibraryStore, scope: int, snapshot: Snapshot) -> list[str]:
    """Delete damaged files of the library's own layers, and return the names of these layers."""
    path = _path(store.folder, scope)
    with _while_inside() as step:
        return await asyncio.to_thread(layer_files.damaged, path, snapshot.own, step)


async def merged_in_file(
    store: LibraryStore, scope: int, snapshot: Snapshot, start: int, end: int
) -> Part | None:
    """Return the layers [start, end) of `snapshot` as one, which was written to its file.

    Returns None if it cannot be written, or if they have words of what was erased.
    """
    path, parts = _path(store.folder, scope), snapshot.parts[start:end]

    def delete(layer: Layer) -> None:
        layer_files.delete_one(path, layer.name)

    try:
        with _while_inside() as step:
            write = partial(layer_files.write_merged, path, parts, snapshot.dumps, step)
            made = await _unless_erased(store, scope, snapshot, write, delete)
    except (OSError, layer_files.Unusable) as error:
        log.info("cannot merge the index: %s", error)
        return None
    return Part(made) if made is not None else None


@contextmanager
def _while_inside() -> Iterator[Callable[[], None]]:
    """Yield a function for work in another thread, which raises Stopped once the block is left."""
    left = threading.Event()

    def step() -> None:
        if left.is_set():
            raise Stopped

    try:
        yield step
    finally:
        left.set()


@dataclass(frozen=True, slots=True)
class _Source:
    """What a snapshot is built from."""

    readers: Readers
    """Opens readers of the store."""
    path: Path
    """The file that names the layers."""
    key: str
    """The key in that file: it names the generation, its dumps and when it was made."""
    contents: Contents
    """What the snapshot shall have."""


async def _source(store: LibraryStore, scope: int, generation: int) -> _Source:
    """Gather what a generation of `scope` is built from, without the shared library below it."""
    dumps = [member.id for member in await store.members(scope, generation)]
    forgotten = await store.forgotten(scope, generation)
    made_at = await store.made_at(scope, generation)
    hidden = sorted((each.kind, each.key) for each in forgotten)
    return _Source(
        readers=store.readers,
        path=_path(store.folder, scope),
        key=json.dumps([scope, generation, made_at, dumps, hidden]),
        contents=Contents(generation, dumps, forgotten),
    )


def _path(folder: Path, scope: int) -> Path:
    """Return the file that names the layers of a scope."""
    return folder / f"index-{scope}.bin"


_Filed: TypeAlias = tuple[Contents, layer_files.Named, Mapping[str, Layer]]
"""What layers in files have, what the naming file says, and those that need not be read."""


async def _filed(
    store: LibraryStore, scope: int, source: _Source, before: Snapshot | None
) -> _Filed | None:
    """Return what the naming file says, and of which generation, if that is of any use.

    If `before` is served, only the newest generation is. Else an earlier one will do, too.
    """
    found = await asyncio.to_thread(_named, source.path)
    if found is None:
        return None
    if found.key == source.key:
        return source.contents, found, _layers(before)
    if before is not None:
        return None
    generation = json.loads(found.key)[1]
    earlier = await _source(store, scope, generation)
    if earlier.key == found.key and not await store.erased_since(scope, generation):
        return earlier.contents, found, {}
    log.info("%s is not of this library; rebuilding the index", source.path.name)
    return None


def _named(path: Path) -> layer_files.Named | None:
    try:
        return layer_files.named(path)
    except FileNotFoundError:
        return None
    except (OSError, layer_files.Unusable) as error:
        log.info("cannot use %s: %s; rebuilding the index", path.name, error)
        return None


def _layers(snapshot: Snapshot | None) -> dict[str, Layer]:
    """Return the layers that are in memory, by name."""
    return {each.layer.name: each.layer for each in snapshot.parts} if snapshot else {}


def _snapshot(
    source: _Source,
    filed: _Filed | None,
    before: Snapshot | None,
    below: Snapshot | None,
    progress: Progress,
) -> Snapshot:
    if filed:
        contents, names, known = filed
        parts, is_torn = layer_files.read(source.path, names, known)
        before = Snapshot(
            contents.generation,
            parts,
            dumps=contents.dumps,
            forgotten=contents.forgotten,
            is_torn=is_torn,
        )
        if contents is source.contents and below is None and not is_torn:
            return before
    with source.readers() as reader:

        def step(done: int, of: int) -> None:
            progress(Step(sentence("indexing"), done, of))

        build = Builder(source.readers, source.path).build
        return stacked(source.contents, reader, before, below, step, build)


def _save(source: _Source, snapshot: Snapshot, shelf: Shelf | None) -> list[str]:
    try:
        return layer_files.write(source.path, source.key, snapshot.own, shelf)
    except OSError as error:
        log.info("cannot save the index: %s", error)
        return []


def _delete(path: Path, shelf: Shelf | None, _: object) -> None:
    """Delete layers with words of what was erased, here and where other machines find them."""
    layer_files.delete(path)
    if shelf:
        try:
            layer_files.take_back(path, shelf)
        except OSError as error:
            log.warning("layers with erased words cannot be deleted: %s", error)


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


async def read_again(store: LibraryStore, scope: int) -> None:
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
        content = await asyncio.to_thread(_content, store, member.sha256)
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


def _content(store: LibraryStore, sha256: str) -> Content:
    with store.readers() as reader:
        return reader.content(sha256)


def _read(content: Content, member: Member, pictures: Pictures) -> Dump:
    """Read a dump in a thread; see `loader.parser.read_dump`."""
    from bot.loader.parser import read_dump  # slow to import, and asking does without

    return read_dump(content, member.file, member.metadata, pictures=pictures)
