"""The threads of a stack of layers, seen as one. Pure.

Threads and tweets have numbers that go through all layers: the numbers of a layer follow those of
the layer below it. A thread that another layer has anew, or that is hidden, is masked: its number
stays, and nothing finds it.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from heapq import merge
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bot.arrays.distinct import distinct
from bot.library.snapshot.catalogue import Catalogue, Entry
from bot.library.snapshot.filter_columns import FilterColumns
from bot.library.snapshot.layer import Layer
from bot.models import ThreadSummary
from bot.search.offsets import Offsets
from bot.search.query import Filters
from bot.search.ranking import UNDATED
from bot.search.threads import LayeredThreads

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A layer of a library, and what is masked in it."""

    layer: Layer
    """The layer; other libraries may share it."""
    gone: Mask | None = None
    """bool[threads]: which of its threads are masked; None if none is."""

    @property
    def mask(self) -> Mask:
        """bool[threads]: which of its threads are masked."""
        if self.gone is not None:
            return self.gone
        return np.zeros(len(self.layer.catalogue), np.bool_)

    @property
    def live(self) -> int:
        """How many of its threads are not masked."""
        total = len(self.layer.catalogue)
        return total if self.gone is None else total - int(np.count_nonzero(self.gone))

    def tweets_gone(self) -> Mask | None:
        """Return bool[tweets]: which tweets are masked; None if none is."""
        return None if self.gone is None else self.gone[self.layer.catalogue.threads.of]


class LayeredCatalogue:
    """The threads of a library."""

    def __init__(self, parts: Sequence[Part]) -> None:
        """Show the threads of `parts`, of which there is at least one."""
        self._parts = [each.layer.catalogue for each in parts]
        self._gone = [each.gone for each in parts]
        self._live = sum(each.live for each in parts)
        self._threads = Offsets.of(map(len, self._parts))
        self._tweets = Offsets.of(len(each.threads.of) for each in self._parts)
        self.threads = LayeredThreads([(each.threads, each.order) for each in self._parts])
        """Which tweets are of which thread."""

    def __len__(self) -> int:
        """How many threads there are; masked ones do not count."""
        return self._live

    def __getitem__(self, number: int) -> Entry:
        """Return the thread with that number."""
        catalogue, at = self._at(number)
        return catalogue[at]

    def __iter__(self) -> Iterator[Entry]:
        """Yield each thread, in order."""
        return (self[number] for number in self.numbers().tolist())

    def numbers(self) -> Numbers:
        """Return int64[threads]: the numbers of all threads that are not masked, in order."""
        live = [self._numbers(part) for part in range(len(self._parts))]
        if len(live) == 1:
            return live[0]
        numbers = np.concatenate(live)
        orders = self.threads.order_of(numbers.astype(np.int32))
        found: Numbers = numbers[orders.argsort(kind="stable")]
        return found

    def summaries(self, numbers: Sequence[int]) -> list[ThreadSummary]:
        """Return what lists show of threads."""
        return [self[each].summary for each in numbers]

    def first(self, limit: int) -> list[int]:
        """Return the numbers of the first threads, in order."""
        firsts = [self._numbers(part)[:limit] for part in range(len(self._parts))]
        return self.in_order(np.concatenate(firsts))[:limit]

    def longest(self, limit: int) -> list[int]:
        """Return the numbers of the threads with the most tweets, complete ones before previews."""
        found = [
            number
            for part, each in enumerate(self._parts)
            for number in self.by_part(part, each.longest(limit, self._gone[part]))
        ]
        shown = {number: self[number].summary for number in found}
        return sorted(
            found,
            key=lambda each: (
                not shown[each].complete,
                -shown[each].tweets,
                self.order_of(each),
            ),
        )[:limit]

    def threads_of(self, docs: Numbers, limit: int) -> list[int]:
        """Return the numbers of the first threads that have any of `docs`, int64[n], ascending."""
        threads = distinct(self.threads.thread_of(docs))
        found: list[int] = threads[self.threads.order_of(threads).argsort()][:limit].tolist()
        return found

    def ids_between(self, least: int, end: int) -> Numbers:
        """Return the ids of threads, as numbers, from `least` to below `end`, ascending."""
        found = [np.empty(0, np.int64)]
        for each, gone in zip(self._parts, self._gone, strict=True):
            inside = (each.ids >= least) & (each.ids < end)
            if gone is not None:
                inside &= ~gone
            found.append(each.ids[inside])
        return np.sort(np.concatenate(found))

    def in_order(self, numbers: Iterable[int]) -> list[int]:
        """Return those of `numbers` that are not masked, each once, in the threads' order."""
        live = [each for each in set(numbers) if not self.is_gone(each)]
        return sorted(live, key=self.order_of)

    def order_of(self, number: int) -> int:
        """Return what the thread with that number is sorted by."""
        catalogue, at = self._at(number)
        return int(catalogue.order[at])

    def is_gone(self, number: int) -> bool:
        """Whether the thread with that number is masked."""
        part, at = self._threads.at(number)
        gone = self._gone[part]
        return gone is not None and bool(gone[at])

    def by_part(self, part: int, numbers: Iterable[int]) -> Iterator[int]:
        """Yield the numbers here of threads of the layer with the number `part`."""
        first = int(self._threads.starts[part])
        return (first + each for each in numbers)

    def first_of(self, part: int) -> int:
        """Return the number here of the first thread of the layer with the number `part`."""
        return int(self._threads.starts[part])

    def at(self, number: int) -> tuple[int, int]:
        """Return the layer of a thread, and its number there."""
        return self._threads.at(number)

    @property
    def authors(self) -> list[str]:
        """The handles of all authors, in order of first appearance."""
        if len(self._parts) == 1 and self._gone[0] is None:
            return self._parts[0].authors
        named = merge(
            *(
                each.first_by_author(gone)
                for each, gone in zip(self._parts, self._gone, strict=True)
            )
        )
        return list(dict.fromkeys(name for _, name in named))

    @property
    def complete(self) -> int:
        """How many threads are complete, not previews."""
        pairs = zip(self._parts, self._gone, strict=True)
        return sum(each.count_complete(gone) for each, gone in pairs)

    def title(self, number: int) -> str:
        """Return the title of the thread with that number."""
        catalogue, at = self._at(number)
        return catalogue.title(at)

    def versions(self, number: int) -> list[int]:
        """Return the store's rows of the versions of the thread with that number."""
        catalogue, at = self._at(number)
        return catalogue.versions(at)

    def id_of(self, number: int) -> int:
        """Return the id of the thread with that number, as a number."""
        catalogue, at = self._at(number)
        return int(catalogue.ids[at])

    def digest(self, number: int) -> int:
        """Return a hash of the visible content of the thread with that number."""
        catalogue, at = self._at(number)
        return int(catalogue.digests[at])

    def documents(self, number: int) -> tuple[int, int]:
        """Return the documents [start, end) of the thread with that number."""
        part, at = self._threads.at(number)
        start, end = self._parts[part].documents(at)
        first = int(self._tweets.starts[part])
        return first + start, first + end

    def by_author(self, handle: str, limit: int | None = None) -> list[int]:
        """Return the numbers of the first threads by that author, whatever the case of letters."""
        found = (
            number
            for part, each in enumerate(self._parts)
            for number in self.by_part(part, each.by_author(handle, limit, self._gone[part]))
        )
        return self.in_order(found)[:limit]

    def known_as(self, alias: str) -> list[int]:
        """Return the numbers of the threads with that id, in order."""
        found = (
            number
            for part, each in enumerate(self._parts)
            for number in self.by_part(part, each.known_as(alias))
        )
        return self.in_order(found)

    def may_know(self, aliases: Numbers) -> Mask:
        """Return bool[len(aliases)]: which of these ids a thread has; masked ones count as well."""
        return reduce(operator.or_, (each.knows(aliases) for each in self._parts))

    def _at(self, number: int) -> tuple[Catalogue, int]:
        part, at = self._threads.at(number)
        return self._parts[part], at

    def _numbers(self, part: int) -> Numbers:
        """Return the numbers of a layer's threads that are not masked."""
        first, end = self._threads.starts[part : part + 2].tolist()
        gone = self._gone[part]
        return np.arange(first, end) if gone is None else (~gone).nonzero()[0] + first


class LayeredFilterColumns:
    """Columns over all tweets of a library, by document number."""

    def __init__(self, parts: Sequence[tuple[FilterColumns, Mask | None]]) -> None:
        """Show columns of layers, with bool[tweets] each: which are masked; None if none is.

        There is at least one layer.
        """
        self._parts = parts
        self._offsets = Offsets.of(len(each.days) for each, _ in parts)

    @property
    def days(self) -> NDArray[np.int32]:
        """int32[documents]: the day of each tweet, masked or not; see `FilterColumns.days`."""
        if len(self._parts) == 1:
            return self._parts[0][0].days
        return np.concatenate([each.days for each, _ in self._parts])

    def live_days(self) -> NDArray[np.int32]:
        """Return int32[tweets]: the day of each tweet that is not masked."""
        days = [each.days if gone is None else each.days[~gone] for each, gone in self._parts]
        return np.concatenate(days)

    @property
    def undated(self) -> int:
        """How many tweets have no known date."""
        return int(np.count_nonzero(self.live_days() == UNDATED))

    def tally(self, kind: Literal["host", "from"]) -> list[tuple[str, int]]:
        """Count the tweets of each host they link to, or of each author, in lower case.

        The highest counts come first; equal ones in alphabetical order.
        """
        counts: dict[str, int] = {}
        for each, gone in self._parts:
            for name, count in each.tally(kind, gone).items():
                counts[name] = counts.get(name, 0) + count
        found = [(name, count) for name, count in counts.items() if count]
        return sorted(found, key=lambda each: (-each[1], each[0]))

    def allowed(self, filters: Filters, threads: Sequence[tuple[int, int]]) -> Mask | None:
        """Return bool[documents]: which pass `filters`; None if there are no filters.

        Args:
            filters: the filters.
            threads: the documents [start, end) of each thread they name.
        """
        masks = []
        starts = self._offsets.starts[:-1].tolist()
        for (each, gone), first in zip(self._parts, starts, strict=True):
            last = first + len(each.days)
            inside = [
                (start - first, end - first) for start, end in threads if first <= start < last
            ]
            mask = each.allowed(filters, inside)
            if mask is None:
                return None
            if gone is not None:
                mask &= ~gone
            masks.append(mask)
        return masks[0] if len(masks) == 1 else np.concatenate(masks)

    def has(self, key: str, value: str) -> bool:
        """Whether any tweet passes the filter `key`:`value`; `from`, `mentions` or `site`."""
        return any(each.has(key, value, gone) for each, gone in self._parts)
