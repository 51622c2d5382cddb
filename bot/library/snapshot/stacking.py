"""Makes the next snapshot from the layers of the last one, and merges layers. Pure.

A change masks the threads that are different now, and puts them into one new layer. Which these
are is found through the versions that share a key with what was added, removed or hidden; see
`origins.py`. So a change costs what it brings, however large the library is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.arrays.distinct import distinct
from bot.library.snapshot.layer import Layer
from bot.library.snapshot.layered import Part
from bot.library.snapshot.origins import Origins, connected, hidden
from bot.library.snapshot.snapshot import Snapshot
from bot.library.snapshot.thread_merge import Beginning, group_beginnings
from bot.store.rows import Forgotten, Roots, ThreadVersions, Version

SMALL = 2_000
"""Tweets: layers up to this size are merged at once, as it takes a few milliseconds."""
RATIO = 4
"""A layer is merged with those above it unless it is so many times as large as they are together.
So there are few layers, and a tweet is merged a few times only."""
LARGEST = 1_000_000
"""Tweets of the largest layer that merging makes. That takes 140 to 190 bytes a tweet."""
MOST_GONE = 0.25
"""The share of a layer's threads that may be masked before it is merged."""
Mask = NDArray[np.bool_]
Progress = Callable[[int, int], None]
"""Called with the number of threads that are indexed, and of all that will be."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a library shall have."""

    generation: int
    """The generation of its own dumps."""
    dumps: Sequence[int]
    """The rows of its own dumps."""
    forgotten: Collection[Forgotten]
    """What is hidden in it."""


class Reader(Protocol):
    """Reads from the store what is not in memory."""

    def roots(self, dumps: Sequence[int]) -> Roots:
        """Return how the versions of `dumps` begin, dump after dump."""

    def threads(self, threads: ThreadVersions) -> Iterator[list[Version]]:
        """Yield the versions of each thread, in order."""


class Build(Protocol):
    """Builds layers; see `layer_building.Builder.build`."""

    def __call__(
        self,
        threads: ThreadVersions,
        sizes: NDArray[np.int64],
        origins: Origins,
        progress: Callable[[int], None] | None = None,
    ) -> Sequence[Layer]:
        """Return layers that have `threads`, of about `sizes` tweets each, and `origins`."""


def stacked(
    contents: Contents,
    reader: Reader,
    before: Snapshot | None = None,
    below: Snapshot | None = None,
    progress: Progress | None = None,
    build: Build | None = None,
) -> Snapshot:
    """Return the snapshot with `contents`.

    Args:
        contents: what it shall have.
        reader: reads from the store.
        before: the snapshot whose layers to build on, if there is one.
        below: for a guild: what the shared library serves.
        progress: called now and then; may raise to stop.
        build: builds layers; by default it is one, in this process.
    """
    own_parts = [each for each in (before.own if before else ()) if not each.layer.is_empty]
    parts = [*(below.parts if below else ()), *own_parts]
    dumps = list(dict.fromkeys((*(below.dumps if below else ()), *contents.dumps)))
    forgotten = [*contents.forgotten, *(below.forgotten if below else ())]
    origins = [each.layer.origins for each in parts]
    is_torn = before is not None and before.is_torn
    fresh = _unknown(reader, dumps, below.dumps if below else (), origins, is_torn=is_torn)
    alive = [each.are_of(dumps) for each in origins]
    if below is None:
        touched = _changed(parts, alive, forgotten, before)
    else:
        # The layers below are masked for this guild alone, so that begins with none of it.
        own = [each.are_of(contents.dumps) for each in origins]
        for mask in own[len(below.parts) :]:
            mask[:] = True
        touched = [
            mask | hidden(each.roots, contents.forgotten)
            for mask, each in zip(own, origins, strict=True)
        ]
    reached = connected(origins, touched, fresh.roots)
    some = [
        each.roots.picked((mask & lives).nonzero()[0])
        for each, mask, lives in zip(origins, reached, alive, strict=True)
    ]
    roots = _by_row(Roots.together([*some, fresh.roots]))
    threads = group_versions(roots, forgotten)
    rows = [each.roots.rows[mask] for each, mask in zip(origins, reached, strict=True)]
    if is_torn:  # a layer may have threads of versions that came with the one that was lost
        rows.append(fresh.roots.rows)
    parts, missing = _masked(parts, np.concatenate([np.empty(0, np.int64), *rows]), threads)
    if len(missing) or len(fresh):
        told = partial(_told, progress, len(missing)) if progress else None
        sizes = _sizes(missing, roots)
        added = [fresh]  # whoever builds is given the only reference
        del some, roots, rows, threads, fresh  # there may be millions of versions
        if build:
            layers = build(missing, sizes, added.pop(), told)
        else:
            layers = [Layer.build(reader.threads(missing), added.pop(), told)]
        parts += map(Part, layers)
    return Snapshot(contents.generation, parts, dumps=dumps, forgotten=forgotten, below=below)


def _unknown(
    reader: Reader,
    dumps: Sequence[int],
    below: Collection[int],
    origins: Sequence[Origins],
    *,
    is_torn: bool,
) -> Origins:
    """Return the versions of `dumps` that no layer came with.

    Args:
        reader: reads how they begin.
        dumps: all dumps.
        below: the dumps of the shared library below, whose layers are whole.
        origins: the versions that came with each layer.
        is_torn: whether a layer was lost, so that a dump may be known in part.
    """
    known = {*below} if is_torn else {dump for each in origins for dump in each.dumps.tolist()}
    read = [each for each in dumps if each not in known]
    roots = [reader.roots([each]) for each in read]
    if is_torn:
        held = np.concatenate([np.empty(0, np.int64), *(each.roots.rows for each in origins)])
        roots = [each.picked((~np.isin(each.rows, held)).nonzero()[0]) for each in roots]
    return Origins.of(read, roots)


def _sizes(threads: ThreadVersions, roots: Roots) -> NDArray[np.int64]:
    """Return int64[threads]: about how many tweets each has; those without an id may be more."""
    counts = np.maximum(roots.counts[np.searchsorted(roots.rows, threads.rows)], 1)
    sizes: NDArray[np.int64] = np.add.reduceat(counts, threads.starts[:-1], dtype=np.int64)
    return sizes


def _told(progress: Progress, total: int, done: int) -> None:
    progress(done, total)


def _changed(
    parts: Sequence[Part],
    alive: Sequence[Mask],
    forgotten: Collection[Forgotten],
    before: Snapshot | None,
) -> list[Mask]:
    """Return, for each part, bool[versions]: which came, went, were hidden or shown again.

    If a layer was lost, also those that no thread has, though one should.
    """
    if before is None:
        return []
    held = [each.layer.catalogue.rows(each.gone) for each in parts] if before.is_torn else []
    changed = []
    other = frozenset(before.forgotten) ^ frozenset(forgotten)
    for each, lives in zip(parts, alive, strict=True):
        origins = each.layer.origins
        lived = origins.are_of(before.dumps)
        mask = (lives ^ lived) | hidden(origins.roots, other)
        if before.is_torn:
            mask |= lives & ~np.isin(origins.roots.rows, np.concatenate(held))
        changed.append(mask)
    return changed


def _by_row(roots: Roots) -> Roots:
    """Return the versions by their rows, each once."""
    rows, firsts = np.unique(roots.rows, return_index=True)
    if len(rows) == len(roots.rows) and (np.diff(firsts) > 0).all():
        return roots
    return roots.picked(firsts)


def _masked(
    parts: Sequence[Part], rows: NDArray[np.int64], threads: ThreadVersions
) -> tuple[list[Part], ThreadVersions]:
    """Mask the threads that changed.

    Args:
        parts: the layers.
        rows: int64[n]: the versions whose threads may have changed.
        threads: the threads that these versions now make.

    Returns:
        The layers; and those of `threads` that none of them has.
    """
    wanted = _Wanted(threads)
    masked = []
    for each in parts:
        catalogue = each.layer.catalogue
        numbers = catalogue.with_rows(rows)
        if not len(numbers):
            masked.append(each)
            continue
        gone = each.mask.copy()
        gone[numbers] = [not wanted.take(catalogue.versions(number)) for number in numbers.tolist()]
        masked.append(Part(each.layer, gone if gone.any() else None))
    return masked, threads.only(wanted.left)


class _Wanted:
    """The threads that a library shall have; each is taken from the first layer that has it."""

    def __init__(self, threads: ThreadVersions) -> None:
        self._threads = threads
        self._firsts = threads.rows[threads.starts[:-1]]
        """int64[threads]: the first version of each, ascending. A dict takes ten times as much."""
        self.left = np.ones(len(threads), np.bool_)
        """bool[threads]: which no layer has."""

    def take(self, versions: Sequence[int]) -> bool:
        """Whether a thread with just these versions is wanted, and not yet taken."""
        number = int(self._firsts.searchsorted(min(versions)))
        if number == len(self._firsts) or not self.left[number]:
            return False
        start, end = self._threads.starts[number : number + 2].tolist()
        if self._threads.rows[start:end].tolist() != sorted(versions):
            return False
        self.left[number] = False
        return True


def group_versions(roots: Roots, forgotten: Collection[Forgotten] = ()) -> ThreadVersions:
    """Group versions by thread, in order of first appearance.

    A thread is left out if any of its versions is `forgotten`.
    """
    # A thread's number is that of its first version. Few threads have more than one version.
    thread = np.arange(len(roots.rows))
    alike = np.flatnonzero(_may_be_alike(roots))
    ends = np.cumsum(roots.counts)
    starts = ends - roots.counts
    columns = (roots.roots, roots.authors, roots.tweets, roots.stems, roots.cut, starts, ends)
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
            *(column[alike].tolist() for column in columns), strict=True
        )
    ]
    for numbers in group_beginnings(beginnings):
        thread[alike[numbers]] = alike[numbers[0]]
    rows = roots.rows
    if forgotten:
        wanted = ~np.isin(thread, thread[hidden(roots, forgotten)])
        rows, thread = rows[wanted], thread[wanted]
    by_thread = np.argsort(thread, kind="stable")
    firsts = np.flatnonzero(np.diff(thread[by_thread], prepend=-1))
    return ThreadVersions(rows[by_thread], np.append(firsts, len(rows)))


def _may_be_alike(roots: Roots) -> Mask:
    """Return bool[versions]: which may be of a thread that has several versions."""
    alike = _repeated(roots.roots)
    if (twice := _repeated(roots.ids)).any():
        alike[roots.owners()[twice]] = True
    stems = distinct(roots.stems[roots.cut & (roots.stems != 0)])
    return alike | np.isin(roots.stems, stems)


def _repeated(values: NDArray[np.int64]) -> Mask:
    """Return bool[len(values)]: which values occur more than once."""
    ordered = np.sort(values)
    if not (ordered[1:] == ordered[:-1]).any():  # most often, and it takes less memory
        return np.zeros(len(values), np.bool_)
    del ordered
    order = np.argsort(values, kind="stable")
    same = values[order][1:] == values[order][:-1]
    repeated = np.zeros(len(values), np.bool_)
    repeated[order[1:][same]] = True
    repeated[order[:-1][same]] = True
    return repeated


def merges(snapshot: Snapshot) -> tuple[int, int] | None:
    """Return which of its own layers to merge next, [start, end) among all; None if none.

    Layers are merged by size, as in Lucene's TieredMergePolicy, and as many at a time as go
    together.
    """
    first = len(snapshot.parts) - len(snapshot.own)
    sizes = [len(each.layer.index) for each in snapshot.parts]
    for end in range(len(sizes), first + 1, -1):
        start, total = end - 1, sizes[end - 1]
        while start > first and _go_together(sizes[start - 1], total):
            start -= 1
            total += sizes[start]
        if start < end - 1:
            return start, end
    for at in range(first, len(sizes)):
        part = snapshot.parts[at]
        if sizes[at] <= LARGEST and len(part.mask) - part.live > MOST_GONE * len(part.mask):
            return at, at + 1
    return None


def _go_together(below: int, above: int) -> bool:
    """Whether a layer is merged with those above it, by their tweets."""
    return below < RATIO * max(above, SMALL) and below + above <= LARGEST


def merged(snapshot: Snapshot, start: int, end: int) -> Part:
    """Return the layers [start, end) of `snapshot` as one."""
    parts = snapshot.parts[start:end]
    layers = [each.layer for each in parts]
    return Part(Layer.merged(layers, [each.mask for each in parts], snapshot.dumps))
