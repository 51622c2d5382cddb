"""Numbers by keys: many, in a few pieces of memory. Pure."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.frozen import Arrays
from bot.splice import inserted, places

Numbers = NDArray[np.int64]


class Lookup:
    """Numbers by keys of 64 bits; a key may have many."""

    def __init__(self, keys: Numbers, numbers: NDArray[Any], *, in_order: bool = False) -> None:
        """Look `numbers` up by `keys`, one for each; `in_order` if the keys are sorted."""
        if not in_order:
            order = np.argsort(keys, kind="stable")
            keys, numbers = keys[order], numbers[order]
        self._keys = keys
        self._numbers = numbers.astype(np.int32, copy=False)

    def frozen(self) -> Arrays:
        """The arrays that it is made of."""
        return {"keys": self._keys, "numbers": self._numbers}

    @classmethod
    def thawed(cls, arrays: Arrays) -> Lookup:
        """What was `frozen`."""
        return cls(arrays["keys"], arrays["numbers"], in_order=True)

    def spliced(self, fresh: Lookup, moved: tuple[NDArray[np.int32], NDArray[np.int32]]) -> Lookup:
        """Both, with the new numbers of what they name: int32[old], int32[fresh], -1 for none."""
        numbers = moved[0][self._numbers]
        stay = numbers >= 0
        keys, numbers = self._keys[stay], numbers[stay]
        theirs = moved[1][fresh._numbers]
        firsts = np.flatnonzero(np.diff(fresh._keys, prepend=fresh._keys[:1] - 1))
        sought = fresh._keys[firsts]
        groups = keys.searchsorted(sought), keys.searchsorted(sought, side="right")
        at = places(numbers, groups, theirs, firsts)
        return Lookup(inserted(at, keys, fresh._keys), inserted(at, numbers, theirs), in_order=True)

    def __getitem__(self, key: int) -> list[int]:
        """The numbers of `key`, in the order in which they were given."""
        start = int(np.searchsorted(self._keys, key))
        end = int(np.searchsorted(self._keys, key, side="right"))
        found: list[int] = self._numbers[start:end].tolist()
        return found

    def counts(self, keys: Numbers) -> Numbers:
        """int64[len(keys)]: how many numbers each of `keys` has."""
        order = keys.argsort()  # neighbours are found sooner one after the other
        counts = np.empty(len(keys), np.int64)
        counts[order] = self._keys.searchsorted(keys[order], side="right")
        counts[order] -= self._keys.searchsorted(keys[order])
        return counts

    def holds(self, keys: Numbers) -> NDArray[np.bool_]:
        """bool[len(keys)]: which of `keys` are there."""
        there: NDArray[np.bool_] = self.counts(keys) > 0
        return there
