"""Divides a snapshot's layers among hosts, which hold them in other processes.

A large layer that has a file is held by a host; small ones stay in this process. So what a guild
loads, and what was loaded just now, is served from here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, Protocol

import numpy as np

from bot.arrays.distinct import distinct
from bot.library.layer_files import layer_file, mapped
from bot.library.snapshot.layer import Layer
from bot.library.snapshot.layered import Mask
from bot.library.snapshot.layered import Part as LayerPart
from bot.library.snapshot.served import Served
from bot.library.snapshot.snapshot import Snapshot
from bot.library.spread.part import LocalPart, Part
from bot.library.spread.snapshot import SpreadSnapshot
from bot.store.rows import Forgotten

FAR = 20_000
"""Tweets of the smallest layer that a host holds; searching a smaller one takes less time than
asking for it."""


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A layer that a host holds."""

    file: Path
    """Its file, which hosts read too."""
    name: str
    """Its name."""
    tweets: int
    """How many tweets it has, masked or not."""
    gone: Mask | None
    """bool[threads]: which of its threads are masked; None if none is."""
    place: int
    """Its place among all layers of the library."""
    dumps: frozenset[int]
    """The rows of the dumps that have versions of its threads."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What a library shows of some layers."""

    layers: tuple[Held, ...]
    """The layers."""
    dumps: tuple[int, ...]
    """The rows of all dumps of the library."""
    forgotten: tuple[Forgotten, ...]
    """What it hides."""

    def part(self, layers: Sequence[LayerPart]) -> LocalPart:
        """Return these layers as a part, for a host that has read them."""
        places = [each.place for each in self.layers]
        return LocalPart(layers, places, self.dumps, self.forgotten)

    def opened(self, known: Mapping[str, Layer] = MappingProxyType({})) -> LocalPart:
        """Read the layers, and return them as a part.

        Args:
            known: layers by name that need not be read.

        Raises:
            OSError: a layer's file cannot be read here.
        """
        return self.part(
            [
                LayerPart(known.get(each.name) or mapped(each.file, each.name), each.gone)
                for each in self.layers
            ]
        )


class Hosts(Protocol):
    """Processes that hold layers."""

    @property
    def count(self) -> int:
        """How many there are."""

    def open(self, views: Sequence[View]) -> Sequence[Part]:
        """Have each host hold what one of `views` shows; return the parts.

        Raises:
            PartUnreachable: a host cannot be reached.
        """


class _Kept(NamedTuple):
    """A layer that stays in this process."""

    part: LayerPart
    place: int


@dataclass(frozen=True)
class Spreader:
    """Divides snapshots among hosts."""

    hosts: Hosts
    """The hosts."""
    least: int = FAR
    """Tweets of the smallest layer that a host holds."""
    _dumps: dict[str, frozenset[int]] = field(default_factory=dict)

    def spread(self, snapshot: Snapshot, folder: Path, below: Served | None) -> Served:
        """Return `snapshot`, with its large layers held by the hosts. Takes a while: use a thread.

        Args:
            snapshot: what to serve.
            folder: where the layers' files are.
            below: for a guild: what the shared library serves.

        Raises:
            PartUnreachable: a host cannot be reached.
        """
        far: list[Held] = []
        kept: list[_Kept] = []
        for place, each in enumerate(snapshot.parts):
            tweets = len(each.layer.index)
            file = layer_file(folder, each.layer.name) if tweets >= self.least else None
            if file:
                name = each.layer.name
                if name not in self._dumps:
                    self._dumps[name] = dumps_of(snapshot, each)
                far.append(Held(file, name, tweets, each.gone, place, self._dumps[name]))
            else:
                kept.append(_Kept(each, place))
        if not far:
            return snapshot
        views = [
            View(tuple(each), snapshot.dumps, snapshot.forgotten)
            for each in divided(far, self.hosts.count)
        ]
        parts: list[Part] = [*self.hosts.open(views)]
        if kept:
            parts.append(
                LocalPart(
                    [each.part for each in kept],
                    [each.place for each in kept],
                    snapshot.dumps,
                    snapshot.forgotten,
                )
            )
        return SpreadSnapshot(
            parts,
            snapshot.index.analyzer,
            of=snapshot,
            below=below,
            whole=_mapped(snapshot, far, kept, below),
        )


def _mapped(
    snapshot: Snapshot, far: Sequence[Held], kept: Sequence[_Kept], below: Served | None
) -> Callable[[], Snapshot]:
    """Return a function that returns `snapshot` again, which need not be kept for that."""
    return partial(
        _whole, snapshot.generation, far, kept, snapshot.dumps, snapshot.forgotten, below
    )


def _whole(
    generation: int,
    far: Sequence[Held],
    kept: Sequence[_Kept],
    dumps: tuple[int, ...],
    forgotten: tuple[Forgotten, ...],
    below: Served | None,
) -> Snapshot:
    shared = below.whole() if below else None
    known = {each.layer.name: each.layer for each in shared.parts} if shared else {}
    every = [*kept]
    for each in far:
        layer = known.get(each.name) or mapped(each.file, each.name)
        every.append(_Kept(LayerPart(layer, each.gone), each.place))
    parts = [each.part for each in sorted(every, key=lambda each: each.place)]
    return Snapshot(generation, parts, dumps=dumps, forgotten=forgotten, below=shared)


def dumps_of(snapshot: Snapshot, part: LayerPart) -> frozenset[int]:
    """Return the rows of the dumps that have versions of the threads of one of the layers."""
    origins = [each.layer.origins for each in snapshot.parts]
    rows = np.concatenate([each.roots.rows for each in origins])
    dumps = np.concatenate([each.dumps.repeat(each.counts) for each in origins])
    if not len(rows):
        return frozenset()
    order = rows.argsort()
    theirs = part.layer.catalogue.rows(None)
    places = np.minimum(rows[order].searchsorted(theirs), len(rows) - 1)
    known = rows[order][places] == theirs
    return frozenset(distinct(dumps[order][places[known]]).tolist())


def divided(layers: Sequence[Held], hosts: int) -> list[list[Held]]:
    """Divide layers among at most `hosts` hosts, so that each has about as many tweets.

    It depends on the layers alone, so that other processes divide them in the same way.
    """
    shares: list[list[Held]] = [[] for _ in range(max(min(hosts, len(layers)), 1))]
    tweets = [0] * len(shares)
    for each in sorted(layers, key=lambda each: (-each.tweets, each.name)):
        least = tweets.index(min(tweets))
        shares[least].append(each)
        tweets[least] += each.tweets
    return [sorted(each, key=lambda held: held.place) for each in shares]
