"""The threads of a library that is divided into parts, and what they are called. Pure."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import chain
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.library.snapshot.catalogue import Entry, number_of
from bot.library.snapshot.views import Mask, Tallies
from bot.library.spread.index import SpreadIndex
from bot.library.spread.part import Part, Request, Scoring, every, results, weight
from bot.library.spread.thread_requests import (
    Authors,
    ByAuthor,
    EveryRow,
    First,
    Holding,
    IdsBetween,
    KnownAs,
    LinksKnown,
    Longest,
    Place,
    Row,
    Rows,
    Tally,
    TitleFrequencies,
    TitlesWith,
    WithKey,
    WithTweets,
)
from bot.models import ThreadSummary
from bot.search.offsets import Offsets
from bot.search.query import Filters

KEPT = 4_096
"""Threads of which is kept what the catalogue says."""
Numbers = NDArray[np.int64]


class _Known(NamedTuple):
    """What the catalogue says of a thread, in the library's numbers."""

    order: int
    """What it is sorted by."""
    number: int
    """Its number."""
    entry: Entry
    """The thread."""
    start: int
    """The document of its first tweet."""
    end: int
    """The document after its last tweet."""


class SpreadCatalogue:
    """All threads of a library. It fetches what it is asked for, and keeps some of it."""

    def __init__(self, parts: Sequence[Part]) -> None:
        """Show the threads of `parts`."""
        self._parts = parts
        self._documents = Offsets.of(each.facts.size for each in parts)
        self._threads = Offsets.of(each.facts.numbers for each in parts)
        self.starts = self._threads.starts
        """int64[parts + 1]: the number of the first thread of each part, then of all."""
        self._kept: OrderedDict[int, _Known] = OrderedDict()

    def __len__(self) -> int:
        """How many threads there are; masked ones do not count."""
        return sum(each.facts.threads for each in self._parts)

    def __getitem__(self, number: int) -> Entry:
        """Return the thread with that number."""
        return self._known([number])[0].entry

    def __iter__(self) -> Iterator[Entry]:
        """Yield each thread, in order."""
        found = every(self._parts, EveryRow())
        return (each.entry for each in merge(*found, key=lambda each: each.order))

    @property
    def authors(self) -> list[str]:
        """The handles of all authors, in order of first appearance."""
        found = every(self._parts, Authors())
        return list(dict.fromkeys(name for _, name in sorted(chain.from_iterable(found))))

    def read_ahead(self, numbers: Iterable[int]) -> None:
        """Fetch in one round what the catalogue says of threads."""
        self._known(list(numbers))

    def summaries(self, numbers: Sequence[int]) -> list[ThreadSummary]:
        """Return what lists show of threads."""
        return [each.entry.summary for each in self._known(numbers)]

    def first(self, limit: int) -> list[int]:
        """Return the numbers of the first threads, in order."""
        return self._merged(First(limit))[:limit]

    def longest(self, limit: int) -> list[int]:
        """Return the numbers of the threads with the most tweets, complete ones before previews."""
        numbers = self._merged(Longest(limit))

        def longest_first(each: _Known) -> tuple[bool, int, int]:
            summary = each.entry.summary
            return not summary.complete, -summary.tweets, each.order

        found = sorted(self._known(numbers), key=longest_first)
        return [each.number for each in found][:limit]

    def with_tweets(self, filters: Filters, limit: int) -> list[int]:
        """Return the numbers of the first threads that have a tweet that passes `filters`."""
        return self._merged(WithTweets(filters, limit))[:limit]

    def ids_between(self, least: int, end: int) -> Numbers:
        """Return the ids of threads, as numbers, from `least` to below `end`, ascending."""
        return np.sort(np.concatenate(every(self._parts, IdsBetween(least, end))))

    def title(self, number: int) -> str:
        """Return the title of the thread with that number."""
        return self[number].summary.title

    def versions(self, number: int) -> list[int]:
        """Return the store's rows of the versions of the thread with that number."""
        return list(self[number].versions)

    def id_of(self, number: int) -> int:
        """Return the id of the thread with that number, as a number."""
        return number_of(self[number].summary.id)

    def digest(self, number: int) -> int:
        """Return a hash of the visible content of the thread with that number."""
        return self[number].digest

    def documents(self, number: int) -> tuple[int, int]:
        """Return the documents [start, end) of the thread with that number."""
        known = self._known([number])[0]
        return known.start, known.end

    def by_author(self, handle: str, limit: int | None = None) -> list[int]:
        """Return the numbers of the first threads by that author, whatever the case of letters."""
        return self._merged(ByAuthor(handle, limit))[:limit]

    def known_as(self, alias: str) -> list[int]:
        """Return the numbers of the threads with that id, in order."""
        return self.placed(every(self._parts, KnownAs(alias)))

    def placed(self, found: Sequence[Sequence[Place]]) -> list[int]:
        """Return the numbers of the threads that parts found, in order."""
        places = [
            (each.order, int(first) + each.number)
            for first, some in zip(self._threads.starts, found, strict=False)
            for each in some
        ]
        return [number for _, number in sorted(places)]

    def scored(self, found: Sequence[Sequence[tuple[float, Place]]]) -> list[int]:
        """Return the numbers of the threads that parts found, those with the best scores first."""
        ranked = [
            (-score, each.order, int(first) + each.number)
            for first, some in zip(self._threads.starts, found, strict=False)
            for score, each in some
        ]
        return [number for _, _, number in sorted(ranked)]

    def keep(self, part: int, rows: Sequence[Row]) -> list[_Known]:
        """Keep what a part says of threads, and return it in the library's numbers."""
        return [self._keep(part, each) for each in rows]

    def rows(self, found: Sequence[Sequence[Row]]) -> list[int]:
        """Keep what parts found, and return the numbers of the threads, in order."""
        kept = [known for part, some in enumerate(found) for known in self.keep(part, some)]
        return [each.number for each in sorted(kept, key=lambda each: each.order)]

    def _merged(self, request: Request[list[Row]]) -> list[int]:
        return self.rows(every(self._parts, request))

    def _known(self, numbers: Sequence[int]) -> list[_Known]:
        """Return what the catalogue says of threads, and fetch what is not known."""
        here = {each: self._kept[each] for each in numbers if each in self._kept}
        new = np.array([each for each in dict.fromkeys(numbers) if each not in here], np.int64)
        if len(new):
            groups = [(part, own) for part, _, own in self._threads.groups(new)]
            parts = [self._parts[part] for part, _ in groups]
            asked = [Rows(tuple(own.tolist())) for _, own in groups]
            for (part, _), rows in zip(groups, results(parts, asked), strict=True):
                for each in rows:
                    known = self._keep(part, each)
                    here[known.number] = known
        return [here[each] for each in numbers]

    def _keep(self, part: int, row: Row) -> _Known:
        thread, doc = int(self._threads.starts[part]), int(self._documents.starts[part])
        known = _Known(row.order, thread + row.number, row.entry, doc + row.start, doc + row.end)
        self._kept[known.number] = known
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return known


class SpreadNames:
    """What the threads of a library are called."""

    def __init__(self, parts: Sequence[Part], catalogue: SpreadCatalogue) -> None:
        """Show the names of `parts`, whose threads are in `catalogue`."""
        self._parts = parts
        self._catalogue = catalogue
        threads = len(catalogue)
        length = sum(each.facts.title_length for each in parts)
        self._average = length / threads if threads else 0.0

    def linked(self, key: int) -> list[int]:
        """Return the threads that have this hashed key of a link, or a tweet that has it."""
        return self._with_key("linked", key)

    def titled(self, key: int) -> list[int]:
        """Return the threads whose normalised title has this hash."""
        return self._with_key("titled", key)

    def may_know(self, keys: Numbers) -> Mask:
        """Return bool[len(keys)]: which of these keys of links are known."""
        found = every(self._parts, LinksKnown(keys))
        known: Mask = np.logical_or.reduce(found)
        return known

    def holding(self, typed: str, limit: int | None) -> list[int]:
        """Return threads whose titles have, for every word typed, a word that begins with it."""
        found = every(self._parts, Holding(typed, limit))
        return self._catalogue.rows(found)[:limit]

    def with_words(self, terms: Sequence[str]) -> list[int]:
        """Return the threads whose titles have all the terms, the best first."""
        counts = every(self._parts, TitleFrequencies(tuple(terms)))
        holding = sum(counts, np.zeros(len(terms), np.int64)).tolist()
        if not all(holding) and terms:
            return []
        threads = len(self._catalogue)
        weights = [(term, weight(threads, each)) for term, each in zip(terms, holding, strict=True)]
        asked = TitlesWith(tuple(terms), Scoring(self._average, tuple(weights)))
        return self._catalogue.scored(every(self._parts, asked))

    def _with_key(self, kind: Literal["linked", "titled"], key: int) -> list[int]:
        return self._catalogue.placed(every(self._parts, WithKey(kind, key)))


class SpreadColumns:
    """What filters look at, in all parts."""

    def __init__(self, parts: Sequence[Part], index: SpreadIndex) -> None:
        """Show the columns of `parts`, whose statistics `index` keeps."""
        self._parts = parts
        self._index = index

    @property
    def undated(self) -> int:
        """How many tweets have no known date."""
        return sum(each.facts.undated for each in self._parts)

    def has(self, key: str, value: str) -> bool:
        """Whether any tweet passes the filter `key`:`value`."""
        return self._index.has(key, value)

    def tally(self, kind: Literal["host", "from"]) -> list[tuple[str, int]]:
        """Count the tweets of each host they link to, or of each author."""
        counts = self.tallies([])
        return counts.hosts if kind == "host" else counts.authors

    def tallies(self, written: list[str]) -> Tallies:
        """Return counts over all tweets and threads; `written` has the handles of all authors."""
        found = every(self._parts, Tally())
        dates = np.concatenate([each.days for each in found])
        counts = np.concatenate([each.tweets_of_days for each in found])
        days, places = np.unique(dates, return_inverse=True)
        of_days = np.zeros(len(days), np.int64)
        np.add.at(of_days, places, counts)
        return Tallies(
            tweets=sum(each.tweets for each in found),
            days=days,
            tweets_of_days=of_days,
            threads=sum(each.threads for each in found),
            complete=sum(each.complete for each in found),
            hosts=_summed(each.hosts for each in found),
            authors=_summed(each.authors for each in found),
            written=written,
        )


def _summed(found: Iterable[Sequence[tuple[str, int]]]) -> list[tuple[str, int]]:
    """Return the sums of counts by name, the highest first."""
    counts: dict[str, int] = {}
    for name, count in chain.from_iterable(found):
        counts[name] = counts.get(name, 0) + count
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))
