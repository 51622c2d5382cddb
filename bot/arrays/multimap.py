"""A multimap from 64-bit keys to numbers, in two arrays sorted by key. Pure."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.arrays.array_file import Arrays
from bot.arrays.splice import inserted, places

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
        if not in_order:
            order = np.argsort(keys, kind="stable")
            keys, numbers = keys[order], numbers[order]
        self._keys = keys
        self._numbers = numbers.astype(np.int32, copy=False)

    def to_arrays(self) -> Arrays:
        """Return its arrays, for `from_arrays`: `keys` int64[n], sorted, and `numbers` int32[n]."""
        return {"keys": self._keys, "numbers": self._numbers}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Multimap:
        """Return the multimap whose `to_arrays` returned `arrays`."""
        return cls(arrays["keys"], arrays["numbers"], in_order=True)

    def spliced(
        self, fresh: Multimap, moved: tuple[NDArray[np.int32], NDArray[np.int32]]
    ) -> Multimap:
        """Return this multimap and `fresh` together, with their numbers replaced.

        Args:
            fresh: the multimap to add.
            moved: int32[old], int32[fresh]: the new number for each number in this multimap and in
                `fresh`, -1 to drop it.
        """
        numbers = moved[0][self._numbers]
        stay = numbers >= 0
        keys, numbers = self._keys[stay], numbers[stay]
        theirs = moved[1][fresh._numbers]
        firsts = np.flatnonzero(np.diff(fresh._keys, prepend=fresh._keys[:1] - 1))
        sought = fresh._keys[firsts]
        groups = keys.searchsorted(sought), keys.searchsorted(sought, side="right")
        at = places(numbers, groups, theirs, firsts)
        keys, numbers = inserted(at, keys, fresh._keys), inserted(at, numbers, theirs)
        return Multimap(keys, numbers, in_order=True)

    def __getitem__(self, key: int) -> list[int]:
        """Return the numbers of `key`, in the order they were given."""
        start = int(np.searchsorted(self._keys, key))
        end = int(np.searchsorted(self._keys, key, side="right"))
        found: list[int] = self._numbers[start:end].tolist()
        return found

    def counts(self, keys: Numbers) -> Numbers:
        """Return int64[len(keys)]: how many numbers each of `keys` has."""
        order = keys.argsort()  # searching sorted keys is faster: it visits neighbouring memory
        counts = np.empty(len(keys), np.int64)
        counts[order] = self._keys.searchsorted(keys[order], side="right")
        counts[order] -= self._keys.searchsorted(keys[order])
        return counts

    def holds(self, keys: Numbers) -> NDArray[np.bool_]:
        """Return bool[len(keys)]: which of `keys` have a number."""
        there: NDArray[np.bool_] = self.counts(keys) > 0
        return there
