"""A part of a library: some of its layers, here or in another process. Pure.

A part answers requests (`search_requests.py`, `thread_requests.py`), each a coarse piece of work.
Whoever asks begins a request on all parts, and then waits for the results: so parts work at the
same time. What a request does is written once, for a part in this process; a part that is elsewhere
sends it there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from bot.library.snapshot.layered import Part as LayerPart
from bot.library.snapshot.snapshot import Snapshot
from bot.search.bm25.idf import lucene_idf
from bot.search.layered import IndexLayer
from bot.search.part import PartIndex
from bot.store.rows import Forgotten

R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a part in advance."""

    size: int
    """How many numbers its documents have, with those that are masked."""
    documents: int
    """How many documents can be found."""
    length: int
    """The total length of these, in tokens."""
    numbers: int
    """How many numbers its threads have, with those that are masked."""
    threads: int
    """How many threads are not masked."""
    title_length: int
    """The total length of their titles, in tokens."""
    undated: int
    """How many documents have no known date."""


@dataclass(frozen=True, slots=True)
class Scoring:
    """The statistics of the whole library that a part scores with."""

    average: float
    """The average length of its documents, in tokens."""
    weights: tuple[tuple[str, float], ...]
    """The weights of terms."""


class Request(Protocol[R_co]):
    """A piece of work. It is sent to other processes, so it is made of plain values and arrays."""

    def on(self, part: LocalPart) -> R_co:
        """Do it."""


Pending = Callable[[], R]
"""Waits for a result, and returns it.

It raises PartUnreachable if the part cannot be reached.
"""


class Part(Protocol):
    """A part of a library, here or elsewhere."""

    @property
    def facts(self) -> Facts:
        """What is known of it in advance."""

    @property
    def is_here(self) -> bool:
        """Whether it is in this process."""

    @property
    def dumps(self) -> frozenset[int]:
        """The rows of the dumps that have versions of its threads; empty if it is here."""

    def begin(self, request: Request[R]) -> Pending[R]:
        """Begin a request."""


class LocalPart:
    """A part of a library that is in this process."""

    is_here = True
    dumps: frozenset[int] = frozenset()

    def __init__(
        self,
        layers: Sequence[LayerPart],
        places: Sequence[int],
        dumps: Sequence[int] = (),
        forgotten: Sequence[Forgotten] = (),
    ) -> None:
        """Serve some layers of a library.

        Args:
            layers: the layers, one or more.
            places: the place of each among all layers of the library.
            dumps: the rows of all dumps of the library.
            forgotten: what the library hides.
        """
        self.snapshot = Snapshot(0, layers, dumps=dumps, forgotten=forgotten)
        """Its threads."""
        self.places = tuple(places)
        """The place of each layer among all layers of the library."""
        self._layers = [IndexLayer(each.layer.index, each.tweets_gone()) for each in layers]
        self._titles = [IndexLayer(each.layer.names.titles, each.gone) for each in layers]
        self._average: float | None = None
        self._index = PartIndex(self._layers, 0.0)
        self._title_average: float | None = None
        self._title_index = PartIndex(self._titles, 0.0)
        catalogue = self.snapshot.catalogue
        self.facts = Facts(
            size=self._index.size,
            documents=len(self._index),
            length=self._index.length,
            numbers=self._title_index.size,
            threads=len(catalogue),
            title_length=self._title_index.length,
            undated=self.snapshot.filter_columns.undated,
        )

    def begin(self, request: Request[R]) -> Pending[R]:
        """Begin a request: it is done when its result is wanted."""
        return partial(request.on, self)

    @property
    def own(self) -> PartIndex:
        """The index, for what does not depend on scores."""
        return self._index

    @property
    def titles(self) -> PartIndex:
        """The index of titles, for what does not depend on scores."""
        return self._title_index

    def index(self, scoring: Scoring) -> PartIndex:
        """Return the index, with the statistics of the whole library."""
        if self._average != scoring.average:
            self._index = PartIndex(self._layers, scoring.average)
            self._average = scoring.average
        return self._index.weighed(dict(scoring.weights))

    def title_index(self, scoring: Scoring) -> PartIndex:
        """Return the index of titles, with the statistics of the whole library."""
        if self._title_average != scoring.average:
            self._title_index = PartIndex(self._titles, scoring.average)
            self._title_average = scoring.average
        return self._title_index.weighed(dict(scoring.weights))


def results(parts: Sequence[Part], requests: Sequence[Request[R]]) -> list[R]:
    """Ask each part its own request, at the same time.

    Raises:
        PartUnreachable: a part cannot be reached.
    """
    pending = [part.begin(each) for part, each in zip(parts, requests, strict=True)]
    found: dict[int, R] = {}
    for place in sorted(range(len(parts)), key=lambda each: not parts[each].is_here):
        found[place] = pending[place]()  # those elsewhere work meanwhile
    return [found[place] for place in range(len(parts))]


def every(parts: Sequence[Part], request: Request[R]) -> list[R]:
    """Ask all parts the same, at the same time.

    Raises:
        PartUnreachable: a part cannot be reached.
    """
    return results(parts, [request] * len(parts))


def weight(documents: int, holding: int) -> float:
    """Return the weight of a term in a library."""
    return lucene_idf(documents, holding) if holding else 0.0
