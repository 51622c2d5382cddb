"""What questions ask of a snapshot: what may be found, pages, and how its parts look. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.library.snapshot.catalogue import Entry
from bot.models import ThreadSummary
from bot.search.query import NO_FILTERS, Filters

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which tweets may be found, beside the phrases and exclusions of the question."""

    filters: Filters = NO_FILTERS
    """What they must pass."""
    threads: tuple[tuple[int, int], ...] = ()
    """The documents [start, end) of each thread that the filters name."""
    only: tuple[int, ...] | None = None
    """The documents to search; all by default."""
    undated: bool = False
    """Whether only tweets without a known date may be found."""


@dataclass(frozen=True, slots=True)
class Paging:
    """How a ranking is cut into pages; see `ranking.rank`."""

    page: int = 1
    """The page, from 1."""
    cap: int | None = None
    """How many tweets of a thread may be on all pages together; by default all."""
    set_apart: bool = True
    """Whether tweets with a single word follow on pages of their own."""
    newest: bool = False
    """Whether the newest of the tweets with the most words come first."""


@dataclass(frozen=True, slots=True, eq=False)
class Tallies:
    """Counts over all tweets and threads."""

    tweets: int
    """How many tweets there are."""
    days: NDArray[np.int32]
    """int32[n]: the days of tweets, ascending, each once."""
    tweets_of_days: Numbers
    """int64[n]: how many tweets are of each day."""
    threads: int
    """How many threads there are."""
    complete: int
    """How many threads are complete."""
    hosts: list[tuple[str, int]]
    """How many tweets link to each host; the highest counts first."""
    authors: list[tuple[str, int]]
    """How many tweets are by each author, in lower case; the highest counts first."""
    written: list[str]
    """The handles of all authors, in order of first appearance."""


class AnyCatalogue(Protocol):
    """The threads of a library; see `LayeredCatalogue`."""

    def __len__(self) -> int:
        """How many threads there are."""

    def __getitem__(self, number: int) -> Entry:
        """Return the thread with that number."""

    def __iter__(self) -> Iterator[Entry]:
        """Yield each thread, in order."""

    @property
    def authors(self) -> list[str]:
        """The handles of all authors, in order of first appearance."""

    def summaries(self, numbers: Sequence[int]) -> list[ThreadSummary]:
        """Return what lists show of threads."""

    def first(self, limit: int) -> list[int]:
        """Return the numbers of the first threads, in order."""

    def longest(self, limit: int) -> list[int]:
        """Return the numbers of the threads with the most tweets, complete ones first."""

    def ids_between(self, least: int, end: int) -> Numbers:
        """Return the ids of threads, as numbers, from `least` to below `end`, ascending."""

    def title(self, number: int) -> str:
        """Return the title of a thread."""

    def versions(self, number: int) -> list[int]:
        """Return the store's rows of the versions of a thread."""

    def id_of(self, number: int) -> int:
        """Return the id of a thread, as a number."""

    def digest(self, number: int) -> int:
        """Return a hash of the visible content of a thread."""

    def documents(self, number: int) -> tuple[int, int]:
        """Return the documents [start, end) of a thread."""

    def by_author(self, handle: str, limit: int | None = None) -> list[int]:
        """Return the numbers of the first threads by that author."""

    def known_as(self, alias: str) -> list[int]:
        """Return the numbers of the threads with that id, in order."""


class AnyColumns(Protocol):
    """What filters look at; see `LayeredFilterColumns`."""

    @property
    def undated(self) -> int:
        """How many tweets have no known date."""

    def has(self, key: str, value: str) -> bool:
        """Whether any tweet passes the filter `key`:`value`."""

    def tally(self, kind: Literal["host", "from"]) -> list[tuple[str, int]]:
        """Count the tweets of each host they link to, or of each author."""


class AnyNames(Protocol):
    """What threads are called; see `LayeredNames`."""

    def linked(self, key: int) -> list[int]:
        """Return the threads that have this hashed key of a link, or a tweet that has it."""

    def titled(self, key: int) -> list[int]:
        """Return the threads whose normalised title has this hash."""

    def may_know(self, keys: Numbers) -> Mask:
        """Return bool[len(keys)]: which of these keys of links are known."""

    def holding(self, typed: str, limit: int | None) -> list[int]:
        """Return threads whose titles have, for every word typed, a word that begins with it."""

    def with_words(self, terms: Sequence[str]) -> list[int]:
        """Return the threads whose titles have all the terms, the best first."""
