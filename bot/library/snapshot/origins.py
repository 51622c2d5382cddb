"""The versions that dumps have of threads, and which of them may be of the same thread. Pure.

Two versions can only be of the same thread if they share a key: their first words, the beginning of
a first tweet that was cut, or a tweet's id. So what a load changes is found without looking at all
other versions: those that share a key with the new ones, those that share a key with these, and so
on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.arrays.array_file import Arrays, with_prefix, without_prefix
from bot.arrays.distinct import are_in, distinct
from bot.arrays.multimap import Multimap
from bot.store.rows import Forgotten, Roots

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Origins:
    """The versions of some dumps, dump after dump."""

    dumps: Numbers
    """int64[dumps]: the rows of the dumps. A dump may be there more than once."""
    counts: Numbers
    """int64[dumps]: how many versions each has."""
    roots: Roots
    """How the versions begin."""

    @classmethod
    def of(cls, dumps: Sequence[int], roots: Sequence[Roots]) -> Origins:
        """Return the versions of `dumps`, with the `roots` of each."""
        counts = np.array([len(each.rows) for each in roots], np.int64)
        return cls(np.array(dumps, np.int64), counts, Roots.together(roots))

    @classmethod
    def gathered(cls, parts: Sequence[Origins], dumps: Collection[int]) -> Origins:
        """Return the versions of all `parts` that are of any of `dumps`."""
        roots = Roots.together([each.roots for each in parts])
        kept = np.concatenate([each.are_of(dumps) for each in parts])
        if not kept.all():
            roots = roots.picked(kept.nonzero()[0])
        both = np.concatenate([each.dumps for each in parts])
        stay = np.isin(both, np.array([*dumps], np.int64))
        return cls(both[stay], np.concatenate([each.counts for each in parts])[stay], roots)

    def divided(self, number: int) -> Iterator[Origins]:
        """Yield `number` parts of about as many versions, without copying these."""
        ends = np.cumsum(self.counts)
        borders = [len(self) * each // number for each in range(number + 1)]
        for part, (start, end) in enumerate(pairwise(borders)):
            counts = np.maximum(np.minimum(ends, end) - np.maximum(ends - self.counts, start), 0)
            there = counts > 0
            if part == 0:
                there |= self.counts == 0  # dumps without versions
            yield Origins(self.dumps[there], counts[there], self.roots.between(start, end))

    def __len__(self) -> int:
        """Return the number of versions."""
        return len(self.roots.rows)

    def are_of(self, dumps: Collection[int]) -> Mask:
        """Return bool[versions]: which are of any of `dumps`."""
        return np.isin(self.dumps, np.array([*dumps], np.int64)).repeat(self.counts)

    @cached_property
    def _by_key(self) -> Multimap:
        """The places of the versions by their keys; made when it is needed, as it is large."""
        return self._places()

    def _places(self) -> Multimap:
        roots = self.roots
        with_stem = roots.stems.nonzero()[0]
        keys = np.concatenate((roots.roots, roots.ids, roots.stems[with_stem]))
        places = np.concatenate((np.arange(len(roots.rows)), roots.owners(), with_stem))
        return Multimap(keys, places)

    def with_keys(self, keys: Numbers) -> Numbers:
        """Return the places of the versions that have any of `keys`, some more than once."""
        return self._by_key.all(keys).astype(np.int64)

    def to_arrays(self) -> Arrays:
        """Return its arrays, for `from_arrays`."""
        by_key = self.__dict__.get("_by_key") or self._places()  # which is not kept
        return {
            "dumps": self.dumps,
            "counts": self.counts,
            **with_prefix("roots", self.roots.to_arrays()),
            **with_prefix("by_key", by_key.to_arrays()),
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Origins:
        """Rebuild them from the arrays of `to_arrays`."""
        roots = Roots.from_arrays(without_prefix("roots", arrays))
        made = cls(arrays["dumps"], arrays["counts"], roots)
        made.__dict__["_by_key"] = Multimap.from_arrays(without_prefix("by_key", arrays))
        return made


def keys_of(roots: Roots) -> Numbers:
    """Return the distinct keys of versions."""
    keys = np.concatenate((roots.roots, roots.stems[roots.stems != 0], roots.ids))
    return distinct(keys, may_sort=True)


def connected(origins: Sequence[Origins], touched: Sequence[Mask], added: Roots) -> list[Mask]:
    """Return the versions that may be of the same threads as others, directly or through others.

    Args:
        origins: all versions.
        touched: for each of `origins`, bool[versions]: those to begin with.
        added: more versions to begin with.

    Returns:
        For each of `origins`, bool[versions]; with those to begin with.
    """
    reached = [np.zeros(len(each), np.bool_) for each in origins]
    if not any(map(len, origins)):
        return reached
    fresh = [each.nonzero()[0] for each in touched]
    begun = keys_of(added)  # there may be millions, so they are sorted once
    known, sought = begun[:0], [begun]
    while True:
        keys = [begun[:0]]
        for mask, own, places in zip(reached, origins, fresh, strict=True):
            mask[places] = True
            if len(places):
                keys.append(keys_of(own.roots.picked(places)))
        more = distinct(np.concatenate(keys))
        more = more[~(are_in(begun, more) | are_in(known, more))]
        known = distinct(np.concatenate((known, more)))
        sought.append(more)
        found = [distinct(np.concatenate([*map(each.with_keys, sought)])) for each in origins]
        fresh = [places[~mask[places]] for mask, places in zip(reached, found, strict=True)]
        if not any(map(len, fresh)):
            return reached
        sought = []


def hidden(roots: Roots, forgotten: Collection[Forgotten]) -> Mask:
    """Return bool[versions]: which are forgotten."""
    gone = np.zeros(len(roots.rows), np.bool_)
    for each in forgotten:
        if each.kind == "author":
            gone |= roots.authors == int(each.key)
            continue
        root, author = map(int, each.key.split(":"))
        same = roots.roots == root
        gone |= same & (np.isin(roots.authors, (0, author)) if author else same)
    return gone
