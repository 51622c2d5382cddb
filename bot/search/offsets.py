"""Numbers the items of several parts, part after part. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from bot.arrays.distinct import distinct

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Offsets:
    """An item's number is its part's offset and its number in the part."""

    starts: Numbers
    """int64[parts + 1]: the number of each part's first item, then the number of all items."""

    @classmethod
    def of(cls, sizes: Iterable[int]) -> Offsets:
        """Number the items of parts of these sizes."""
        return cls(np.array([*accumulate(sizes, initial=0)], np.int64))

    def at(self, number: int) -> tuple[int, int]:
        """Return the part of an item, and its own number."""
        part = bisect_right(self.starts, number) - 1
        return part, number - int(self.starts[part])

    def slices(
        self, numbers: Numbers | NDArray[np.int32]
    ) -> Iterator[tuple[int, slice, NDArray[np.int64]]]:
        """Yield each part that has any of the items, the slice of its items, and their own numbers.

        Args:
            numbers: integers[n], the items' numbers, ascending.
        """
        starts = self.starts.astype(numbers.dtype)  # else NumPy converts all numbers instead
        cuts = numbers.searchsorted(starts).tolist()
        for part, (cut, end) in enumerate(pairwise(cuts)):
            if cut < end:
                yield part, slice(cut, end), numbers[cut:end] - self.starts[part]

    def groups(self, numbers: Numbers) -> Iterator[tuple[int, Numbers, Numbers]]:
        """Yield each part that has any of the items, the items' places, and their own numbers.

        Args:
            numbers: int64[n], the items' numbers, in any order.
        """
        part_of = self._part_of(numbers)
        for part in distinct(part_of).tolist():
            places = (part_of == part).nonzero()[0]
            yield part, places, numbers[places] - self.starts[part]

    def parts(self, numbers: Numbers) -> tuple[list[int], list[int]]:
        """Return the parts of a few items, int64[n], in any order, and their own numbers."""
        part_of = self._part_of(numbers)
        return part_of.tolist(), (numbers - self.starts[part_of]).tolist()

    def _part_of(self, numbers: Numbers) -> NDArray[np.int64]:
        return self.starts[1:].searchsorted(numbers, side="right")
