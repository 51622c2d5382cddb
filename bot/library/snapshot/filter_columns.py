"""Columns that filters look at: each tweet's date, author, mentions and links. Pure."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bot.arrays.array_file import Arrays, with_prefix, without_prefix
from bot.arrays.gather import Gather
from bot.arrays.multimap import Multimap
from bot.arrays.strings import Strings
from bot.models import Tweet
from bot.search.query import Filters, host_of
from bot.search.ranking import UNDATED
from bot.thread_ids import key64

Mask = NDArray[np.bool_]
CACHED = 65_536
"""Dates, authors and names whose keys are remembered while columns are built."""
LENGTH = len("2026-03-22")
DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


class FilterColumns:
    """Columns over the tweets of a layer, by document number. Made by `FilterColumnsBuilder`."""

    def __init__(
        self,
        days: NDArray[np.int32],
        linked: NDArray[np.bool_],
        named: Multimap,
        counted: tuple[Strings, NDArray[np.int64]],
    ) -> None:
        """Use `FilterColumnsBuilder.done`."""
        self._days = days
        self._linked = linked
        self._named = named
        self._counted = counted
        """The names that `tally` counts, and the hash of each: `host:wsj.com`, `from:anna`."""

    def to_arrays(self) -> Arrays:
        """Return its arrays, for `from_arrays`."""
        return {
            "days": self._days,
            "linked": self._linked,
            **with_prefix("named", self._named.to_arrays()),
            **with_prefix("counted", self._counted[0].to_arrays()),
            "counted_keys": self._counted[1],
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> FilterColumns:
        """Rebuild them from the arrays of `to_arrays`."""
        return cls(
            arrays["days"],
            arrays["linked"],
            Multimap.from_arrays(without_prefix("named", arrays)),
            (Strings.from_arrays(without_prefix("counted", arrays)), arrays["counted_keys"]),
        )

    @classmethod
    def gathered(cls, parts: Sequence[FilterColumns], gather: Gather) -> FilterColumns:
        """Return the columns of the tweets that `gather` picks from those of `parts`."""
        moved = gather.moved([len(each._days) for each in parts])
        named = Multimap.gathered([each._named for each in parts], moved)
        counted = {name: None for each in parts for name in each._counted[0]}
        keys = np.array([*map(key64, counted)], np.int64)
        stay = named.holds(keys)
        names = (name for name, stays in zip(counted, stay.tolist(), strict=True) if stays)
        return cls(
            gather.array([each._days for each in parts]),
            gather.array([each._linked for each in parts]),
            named,
            (Strings.of(names), keys[stay]),
        )

    @property
    def days(self) -> NDArray[np.int32]:
        """int32[tweets]: the day of each, as a proleptic Gregorian ordinal, or UNDATED."""
        return self._days

    def tally(self, kind: Literal["host", "from"], gone: Mask | None = None) -> dict[str, int]:
        """Count the tweets of each host they link to, or of each author, in lower case.

        Args:
            kind: what to count.
            gone: bool[tweets]: the tweets to leave out.
        """
        start = f"{kind}:"
        names = [*self._counted[0]]
        numbers = [number for number, name in enumerate(names) if name.startswith(start)]
        keys = self._counted[1][np.array(numbers, np.int64)]
        counts = self._named.counts(keys, gone).tolist()
        return {
            names[number].removeprefix(start): tweets
            for number, tweets in zip(numbers, counts, strict=True)
        }

    def allowed(
        self, filters: Filters, threads: Sequence[tuple[int, int]]
    ) -> NDArray[np.bool_] | None:
        """Return bool[tweets]: which pass `filters`; None if there are no filters.

        Args:
            filters: the filters.
            threads: the documents [start, end) of each thread they name.
        """
        if not filters:
            return None
        mask = np.ones(len(self._days), np.bool_)
        for key, values in (("from", filters.authors), ("site", filters.sites)):
            if values:
                mask &= self._any(f"{key}:{each}" for each in values)
        for each in filters.mentions:
            mask &= self._any([f"mentions:{each}"])
        if filters.threads:
            inside = np.zeros(len(mask), np.bool_)
            for start, end in threads:
                inside[start:end] = True
            mask &= inside
        if filters.since:
            mask &= self._days >= _number(filters.since)
        if filters.until:
            mask &= (self._days <= _number(filters.until)) & (self._days != UNDATED)
        if filters.has_link:
            mask &= self._linked
        return mask

    def has(self, key: str, value: str, gone: Mask | None = None) -> bool:
        """Whether any tweet passes the filter `key`:`value`; `from`, `mentions` or `site`.

        Args:
            key: the kind of filter.
            value: what it filters by.
            gone: bool[tweets]: the tweets that do not count.
        """
        return bool(self._named.counts(np.array([key64(f"{key}:{value}")]), gone)[0])

    def _any(self, names: Iterable[str]) -> NDArray[np.bool_]:
        mask = np.zeros(len(self._days), np.bool_)
        for name in names:
            mask[self._named[key64(name)]] = True
        return mask


class FilterColumnsBuilder:
    """Builds the columns, tweet by tweet."""

    def __init__(self) -> None:
        """Start with no tweets."""
        self._days = array("i")
        self._linked = bytearray()
        self._keys, self._docs = array("q"), array("i")
        self._counted: dict[str, None] = {}
        """The names that `tally` counts."""
        self._by_writer: dict[str, tuple[int, ...]] = {}
        """Keys by author."""

    def add(self, tweet: Tweet, author: str | None) -> None:
        """Add a tweet. `author` is its author if the tweet itself names none."""
        doc = len(self._days)
        self._days.append(_day_of(tweet.created_at))
        self._linked.append(bool(tweet.links))
        writer = tweet.author or author
        if not (tweet.mentions or tweet.links):  # most often
            for key in self._keys_of_writer(writer) if writer else ():
                self._keys.append(key)
                self._docs.append(doc)
            return
        keys = [_key_of(f"mentions:{each.lower()}") for each in tweet.mentions]
        keys += self._keys_of_writer(writer) if writer else ()
        for link in tweet.links:
            host = host_of(link.url or link.printed)
            labels = host.split(".") if host else []
            if host:
                keys.append(_key_of(f"host:{host}"))
                self._counted[f"host:{host}"] = None
            keys += [
                _key_of(f"site:{'.'.join(labels[at:])}") for at in range(max(len(labels) - 1, 1))
            ]
        for key in dict.fromkeys(keys):
            self._keys.append(key)
            self._docs.append(doc)

    def _keys_of_writer(self, writer: str) -> tuple[int, ...]:
        keys = self._by_writer.get(writer)
        if keys is None:
            handle = writer.lower()
            names = [f"from:{handle}"]
            self._counted[names[0]] = None
            local, at, _ = handle.partition("@")  # on Mastodon, the server follows
            if local and at:
                names.append(f"from:{local}")
            if len(self._by_writer) >= CACHED:
                self._by_writer.clear()
            keys = self._by_writer[writer] = tuple(map(key64, names))
        return keys

    def done(self) -> FilterColumns:
        """Return the columns."""
        return FilterColumns(
            np.array(self._days, np.int32),
            np.frombuffer(bytes(self._linked), np.uint8).astype(np.bool_),
            Multimap(np.array(self._keys, np.int64), np.array(self._docs, np.int64)),
            (Strings.of(self._counted), np.array([*map(key64, self._counted)], np.int64)),
        )


def needs_dates(filters: Filters) -> bool:
    """Whether tweets without a known date cannot pass."""
    return bool(filters.since or filters.until)


_key_of = lru_cache(CACHED)(key64)


@lru_cache(CACHED)
def _day_of_date(written: str) -> int:
    found = DATE.match(written)
    if not found:
        return UNDATED
    try:
        return _number(date(int(found[1]), int(found[2] or 1), int(found[3] or 1)))
    except ValueError:  # there is no such day
        return UNDATED


def _day_of(created_at: str | None) -> int:
    return _day_of_date(created_at[:LENGTH]) if created_at else UNDATED


def _number(day: date) -> int:
    return day.toordinal()
