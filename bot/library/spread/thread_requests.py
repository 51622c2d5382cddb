"""What a part of a library is asked for threads. Pure.

Threads are returned with what they are sorted by, so that those of all parts can be merged.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.library.snapshot.catalogue import Entry
from bot.library.snapshot.layered_names import LayeredNames
from bot.library.snapshot.views import Tallies
from bot.library.spread.part import LocalPart, Scoring
from bot.models import ThreadSummary
from bot.search.query import Filters

Numbers = NDArray[np.int64]


class Place(NamedTuple):
    """A thread."""

    order: int
    """What it is sorted by."""
    number: int
    """Its number in the part."""


class Row(NamedTuple):
    """What a catalogue says of a thread."""

    order: int
    """What it is sorted by."""
    number: int
    """Its number in the part."""
    entry: Entry
    """The thread."""
    start: int
    """The document of its first tweet."""
    end: int
    """The document after its last tweet."""


def _placed(part: LocalPart, numbers: Iterable[int]) -> list[Place]:
    catalogue = part.snapshot.catalogue
    return [Place(catalogue.order_of(each), each) for each in numbers]


def row_of(part: LocalPart, number: int) -> Row:
    """Return what the catalogue says of a thread."""
    catalogue = part.snapshot.catalogue
    start, end = catalogue.documents(number)
    return Row(catalogue.order_of(number), number, catalogue[number], start, end)


@dataclass(frozen=True, slots=True)
class Rows:
    """Asks what the catalogue says of threads."""

    numbers: tuple[int, ...]
    """Their numbers."""

    def on(self, part: LocalPart) -> list[Row]:
        """Return it."""
        return [row_of(part, each) for each in self.numbers]


@dataclass(frozen=True, slots=True)
class EveryRow:
    """Asks what the catalogue says of all threads."""

    def on(self, part: LocalPart) -> list[Row]:
        """Return it."""
        return [row_of(part, each) for each in part.snapshot.catalogue.numbers().tolist()]


@dataclass(frozen=True, slots=True)
class WithKey:
    """Asks for the threads with the hash of a link or a title."""

    kind: Literal["linked", "titled"]
    """What the hash is of."""
    key: int
    """The hash."""

    def on(self, part: LocalPart) -> list[Place]:
        """Find them."""
        names = _names(part)
        found = names.linked(self.key) if self.kind == "linked" else names.titled(self.key)
        return _placed(part, found)


@dataclass(frozen=True, slots=True)
class KnownAs:
    """Asks for the threads with an id."""

    alias: str
    """The id."""

    def on(self, part: LocalPart) -> list[Place]:
        """Find them."""
        return _placed(part, part.snapshot.catalogue.known_as(self.alias))


@dataclass(frozen=True, slots=True)
class LinksKnown:
    """Asks which keys of links are known."""

    keys: Numbers
    """The keys."""

    def on(self, part: LocalPart) -> NDArray[np.bool_]:
        """Find them."""
        return _names(part).may_know(self.keys)


@dataclass(frozen=True, slots=True)
class Holding:
    """Asks for threads whose titles have words that begin with each word typed."""

    typed: str
    """What was typed."""
    limit: int | None
    """How many are enough."""

    def on(self, part: LocalPart) -> list[Row]:
        """Find them."""
        return [row_of(part, each) for each in _names(part).holding(self.typed, self.limit)]


@dataclass(frozen=True, slots=True)
class TitleFrequencies:
    """Asks how many titles contain each of some terms."""

    terms: tuple[str, ...]
    """The terms."""

    def on(self, part: LocalPart) -> Numbers:
        """Count."""
        return part.titles.frequencies(self.terms)


@dataclass(frozen=True, slots=True)
class TitlesWith:
    """Asks for the threads whose titles have all of some terms, with their scores."""

    terms: tuple[str, ...]
    """The terms."""
    scoring: Scoring
    """What they are scored with."""

    def on(self, part: LocalPart) -> list[tuple[float, Place]]:
        """Find them."""
        matches = part.title_index(self.scoring).match(self.terms)
        whole = matches.terms == len(self.terms)
        placed = _placed(part, matches.docs[whole].tolist())
        return list(zip(matches.scores[whole].tolist(), placed, strict=True))


@dataclass(frozen=True, slots=True)
class First:
    """Asks for the first threads."""

    limit: int
    """How many."""

    def on(self, part: LocalPart) -> list[Row]:
        """Find them."""
        return [row_of(part, each) for each in part.snapshot.catalogue.first(self.limit)]


@dataclass(frozen=True, slots=True)
class Longest:
    """Asks for the threads with the most tweets, complete ones before previews."""

    limit: int
    """How many."""

    def on(self, part: LocalPart) -> list[Row]:
        """Find them."""
        return [row_of(part, each) for each in part.snapshot.catalogue.longest(self.limit)]


@dataclass(frozen=True, slots=True)
class WithTweets:
    """Asks for the first threads that have a tweet that passes filters."""

    filters: Filters
    """The filters."""
    limit: int
    """How many."""

    def on(self, part: LocalPart) -> list[Row]:
        """Find them."""
        found = part.snapshot.threads_with(self.filters, self.limit)
        return [row_of(part, each) for each in found]


@dataclass(frozen=True, slots=True)
class ByAuthor:
    """Asks for the first threads by an author."""

    handle: str
    """The author."""
    limit: int | None
    """How many are enough."""

    def on(self, part: LocalPart) -> list[Row]:
        """Find them."""
        found = part.snapshot.catalogue.by_author(self.handle, self.limit)
        return [row_of(part, each) for each in found]


@dataclass(frozen=True, slots=True)
class IdsBetween:
    """Asks for the ids of threads in a range, as numbers."""

    least: int
    """The first of the range."""
    end: int
    """The first after it."""

    def on(self, part: LocalPart) -> Numbers:
        """Find them."""
        return part.snapshot.catalogue.ids_between(self.least, self.end)


@dataclass(frozen=True, slots=True)
class Authors:
    """Asks for all authors, each with what their first thread is sorted by."""

    def on(self, part: LocalPart) -> list[tuple[int, str]]:
        """Return them."""
        return [
            named
            for each in part.snapshot.parts
            for named in each.layer.catalogue.first_by_author(each.gone)
        ]


@dataclass(frozen=True, slots=True)
class Tally:
    """Asks for counts over all tweets and threads."""

    def on(self, part: LocalPart) -> Tallies:
        """Count."""
        return part.snapshot.tallies()


@dataclass(frozen=True, slots=True)
class HiddenVersions:
    """Asks for hidden versions that may have a tweet; see `Snapshot.hidden_versions`."""

    keys: Numbers
    """The hashed ids of the tweet."""

    def on(self, part: LocalPart) -> tuple[list[int], list[int]]:
        """Find them."""
        return part.snapshot.hidden_versions(self.keys)


def _names(part: LocalPart) -> LayeredNames:
    names = part.snapshot.lookup.names
    assert isinstance(names, LayeredNames)  # noqa: S101  # a snapshot has no other
    return names


def summaries(rows: Iterable[Row]) -> list[ThreadSummary]:
    """Return what lists show of threads."""
    return [each.entry.summary for each in rows]
