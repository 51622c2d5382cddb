"""A multimap from 64-bit keys to numbers, in two arrays sorted by key. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.arrays.array_file import Arrays
from bot.arrays.gather import slices

BLOCK = 1 << 18
"""Keys that are looked up at a time; for all keys of a large load it would take much memory."""
Numbers = NDArray[np.int64]


class Multimap:
    """Maps each 64-bit key to any number of numbers."""

    def __init__(self, keys: Numbers, numbers: NDArray[Any], *, in_order: bool = False) -> None:
        """Map each key to the number at its place.

        Args:
            keys: int64[n].
            numbers: integers[n], kept as int32.
            in_order: whether the keys are sorted.
        """
        numbers = numbers.astype(np.int32, copy=False)
        if not in_order:
            order = np.argsort(keys, kind="stable")
            keys, numbers = keys[order], numbers[order]
        self._keys = keys
        self._numbers: NDArray[np.int32] = numbers

    def to_arrays(self) -> Arrays:
        """Return its arrays, for `from_arrays`: `keys` int64[n], sorted, and `numbers` int32[n]."""
        return {"keys": self._keys, "numbers": self._numbers}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Multimap:
        """Return the multimap whose `to_arrays` returned `arrays`."""
        return cls(arrays["keys"], arrays["numbers"], in_order=True)

    @classmethod
    def gathered(cls, parts: Sequence[Multimap], moved: Sequence[NDArray[np.int32]]) -> Multimap:
        """Return all `parts` in one, with their numbers replaced.

        Args:
            parts: the multimaps.
            moved: for each, int32[its numbers]: the new number of each; -1 to drop it.
        """
        numbers = np.concatenate(
            [new[each._numbers] for each, new in zip(parts, moved, strict=True)]
        )
        keys = np.concatenate([each._keys for each in parts])
        stay = numbers >= 0
        keys, numbers = keys[stay], numbers[stay]
        order = np.lexsort((numbers, keys))
        return cls(keys[order], numbers[order], in_order=True)

    def __getitem__(self, key: int) -> list[int]:
        """Return the numbers of `key`, in the order they were given."""
        start = int(np.searchsorted(self._keys, key))
        end = int(np.searchsorted(self._keys, key, side="right"))
        found: list[int] = self._numbers[start:end].tolist()
        return found

    def all(self, keys: Numbers) -> NDArray[np.int32]:
        """Return int32[n]: the numbers of all of `keys`, key after key."""
        found = [self._numbers[:0]]
        for start in range(0, len(keys), BLOCK):
            some = keys[start : start + BLOCK]
            starts = self._keys.searchsorted(some)
            ends = self._keys.searchsorted(some, side="right")
            found.append(self._numbers[slices(starts, ends)])
        return np.concatenate(found)

    def counts(self, keys: Numbers, gone: NDArray[np.bool_] | None = None) -> Numbers:
        """Return int64[len(keys)]: how many numbers each of `keys` has.

        Args:
            keys: int64[n].
            gone: bool[numbers]: the numbers that do not count.
        """
        order = keys.argsort()  # searching sorted keys is faster: it visits neighbouring memory
        ends = self._keys.searchsorted(keys[order], side="right")
        starts = self._keys.searchsorted(keys[order])
        counts = np.empty(len(keys), np.int64)
        counts[order] = ends - starts
        if gone is not None:
            each = slices(starts, ends)
            owner = np.repeat(order, ends - starts)
            counts -= np.bincount(owner[gone[self._numbers[each]]], minlength=len(keys))
        return counts

    def holds(self, keys: Numbers) -> NDArray[np.bool_]:
        """Return bool[len(keys)]: which of `keys` have a number."""
        there = np.zeros(len(keys), np.bool_)
        for start in range(0, len(keys) if len(self._keys) else 0, BLOCK):
            some = slice(start, start + BLOCK)
            there[some] = self.counts(keys[some]) > 0
        return there
