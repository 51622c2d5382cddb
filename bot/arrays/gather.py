"""Builds a sequence from slices of several others. Pure.

Layers that are merged keep most of their threads, next to each other. So the columns of the merged
layer are built from long slices of the old columns, instead of item by item.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Ragged = tuple[Numbers, Numbers]
"""The items' values in one array, int64[values]; where each item's begin, int64[items + 1]."""
AnyArray = TypeVar("AnyArray", bound=NDArray[Any])


@dataclass(frozen=True, slots=True)
class Gather:
    """The slices of several sequences that make up a new one, in order."""

    runs: tuple[tuple[int, int, int], ...]
    """For each slice: which sequence it is of, its start and its end."""

    @classmethod
    def of(cls, picks: Numbers, sizes: Sequence[int]) -> Gather:
        """Build from the items to pick.

        Args:
            picks: int64[new], the number of each new item, counted over all sequences in a row.
            sizes: how many items each sequence has.
        """
        firsts = np.array([0, *accumulate(sizes)], np.int64)
        parts = firsts.searchsorted(picks, side="right") - 1
        begins = (parts[1:] != parts[:-1]) | (picks[1:] != picks[:-1] + 1)
        starts = np.append(0, begins.nonzero()[0] + 1) if len(picks) else np.empty(0, np.int64)
        lengths = np.diff(starts, append=len(picks))
        places = picks[starts] - firsts[parts[starts]]
        columns = (parts[starts], places, places + lengths)
        return cls(tuple(zip(*(each.tolist() for each in columns), strict=True)))

    def array(self, parts: Sequence[AnyArray]) -> AnyArray:
        """Return the new items' values from arrays with a row for each item of each sequence."""
        made: AnyArray = np.concatenate(  # type: ignore[assignment]  # of the same type as each
            [parts[0][:0], *(parts[part][start:end] for part, start, end in self.runs)]
        )
        return made

    def starts(self, parts: Sequence[Numbers]) -> Numbers:
        """Return where each new item's values begin: int64[items + 1], like each of `parts`."""
        lengths = self.array([np.diff(each) for each in parts])
        return np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))

    def over(self, parts: Sequence[Numbers]) -> Gather:
        """Return how the values are gathered, from where each item's begin: int64[items + 1]."""
        return Gather(
            tuple(
                (part, int(parts[part][start]), int(parts[part][end]))
                for part, start, end in self.runs
            )
        )

    def ragged(self, parts: Sequence[Ragged]) -> Ragged:
        """Return the new items' values, and where each item's values begin."""
        starts = [each[1] for each in parts]
        return self.over(starts).array([each[0] for each in parts]), self.starts(starts)

    def moved(self, sizes: Sequence[int]) -> list[NDArray[np.int32]]:
        """Return, for each sequence, int32[size]: its items' new numbers, -1 where it is gone."""
        moved = [np.full(each, -1, np.int32) for each in sizes]
        at = 0
        for part, start, end in self.runs:
            moved[part][start:end] = np.arange(at, at + end - start, dtype=np.int32)
            at += end - start
        return moved


def owners(starts: Numbers) -> Numbers:
    """Return int64[values]: the number of the item that each value belongs to.

    `np.repeat` does the same, but blocks all threads meanwhile.

    Args:
        starts: int64[items + 1], where each item's values begin.
    """
    count = int(starts[-1])
    return np.bincount(starts[1:-1], minlength=count + 1)[:count].cumsum()


def slices(starts: Numbers, ends: Numbers) -> Numbers:
    """Return int64[n]: the numbers from each start up to its end, one slice after the other."""
    sizes = ends - starts
    stops = sizes.cumsum()
    numbers: Numbers = np.repeat(starts - stops + sizes, sizes)
    numbers += np.arange(len(numbers))
    return numbers
