"""Builds a sequence from slices of an old one and of fresh items. Pure.

A load changes few of a library's threads. So columns with one item per thread or tweet are built
from long slices of the old columns, instead of anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Ragged = tuple[Numbers, Numbers]
"""The items' values in one array, int64[values]; where each item's begin, int64[items + 1]."""
FAR = 200
"""Items between two insertions, on average, from which on they are copied as a slice."""
AnyArray = TypeVar("AnyArray", bound=NDArray[Any])


@dataclass(frozen=True, slots=True)
class Splice:
    """The slices of two sequences that make up the new one, in order."""

    runs: tuple[tuple[bool, int, int], ...]
    """For each slice: whether it is of the fresh items (else of the old ones), start and end."""

    @classmethod
    def of(cls, picks: Numbers) -> Splice:
        """Build from each new item's number among the old ones, int64[new]; -1 if fresh."""
        fresh = picks < 0
        numbers = np.where(fresh, np.cumsum(fresh) - 1, picks)
        begins = (fresh[1:] != fresh[:-1]) | (numbers[1:] != numbers[:-1] + 1)
        starts = np.append(0, begins.nonzero()[0] + 1) if len(picks) else np.empty(0, np.int64)
        lengths = np.diff(starts, append=len(picks))
        firsts = numbers[starts]
        return cls(
            tuple(
                zip(
                    fresh[starts].tolist(),
                    firsts.tolist(),
                    (firsts + lengths).tolist(),
                    strict=True,
                )
            )
        )

    def slices(self, old: Any, fresh: Any) -> list[Any]:
        """Return the slices of `old` and `fresh`, sequences or arrays, that the new items are."""
        return [(fresh if new else old)[start:end] for new, start, end in self.runs]

    def array(self, old: AnyArray, fresh: AnyArray) -> AnyArray:
        """Return the new items' values from arrays with one row per old item and per fresh item."""
        made: AnyArray = np.concatenate(  # type: ignore[assignment]  # of the same type as both
            [old[:0], *((fresh if new else old)[start:end] for new, start, end in self.runs)]
        )
        return made

    def starts(self, old: Numbers, fresh: Numbers) -> Numbers:
        """Return where each new item's values begin: int64[items + 1], like both arguments."""
        lengths = self.array(np.diff(old), np.diff(fresh))
        return np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))

    def over(self, old: Numbers, fresh: Numbers) -> Splice:
        """Return the splice of the values, from where each item's begin: int64[items + 1] each."""
        pairs = ((new, fresh if new else old, start, end) for new, start, end in self.runs)
        return Splice(tuple((new, int(at[start]), int(at[end])) for new, at, start, end in pairs))

    def ragged(self, old: Ragged, fresh: Ragged) -> Ragged:
        """Return the new items' values, and where each item's values begin."""
        values = self.over(old[1], fresh[1]).array(old[0], fresh[0])
        return values, self.starts(old[1], fresh[1])

    def moved(self, old: int, fresh: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return each item's new number, -1 if it is gone: int32[old], int32[fresh]."""
        moved = np.full(old, -1, np.int32), np.full(fresh, -1, np.int32)
        at = 0
        for new, start, end in self.runs:
            moved[new][start:end] = np.arange(at, at + end - start, dtype=np.int32)
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


def places(
    old: NDArray[Any],
    groups: tuple[NDArray[np.intp], NDArray[np.intp]],
    fresh: NDArray[Any],
    starts: NDArray[np.intp],
) -> Numbers:
    """Return int64[len(fresh)]: where in `old` each of `fresh` is inserted.

    Args:
        old: any[old], ascending within each group.
        groups: int[groups] each: where each group's part of `old` begins, and where it ends.
        fresh: any[fresh], ascending within each group.
        starts: int[groups], where each group's part of `fresh` begins; none is empty.
    """
    lefts, rights = groups
    sizes = np.diff(starts, append=len(fresh))
    found: Numbers = rights.astype(np.int64).repeat(sizes)
    # Fresh items mostly go behind the old ones.
    among = (lefts < rights).nonzero()[0]
    among = among[old[rights[among] - 1] > fresh[starts[among]]]
    columns = (each[among].tolist() for each in (lefts, rights, starts, sizes))
    for left, right, start, size in zip(*columns, strict=True):
        part = fresh[start : start + size]
        found[start : start + size] = left + old[left:right].searchsorted(part)
    return found


def inserted(at: Numbers, old: AnyArray, fresh: AnyArray) -> AnyArray:
    """Return any[old + fresh]: `old` with `fresh` inserted at `at`, int64[fresh], ascending."""
    made = np.empty(len(old) + len(fresh), old.dtype)
    ends = at + np.arange(len(at))
    made[ends] = fresh
    if len(at) * FAR < len(old):
        firsts = np.flatnonzero(np.diff(at, prepend=-1))
        borders = np.append(at[firsts], len(old)).tolist()
        start = 0
        for end, before in zip(borders, [*firsts.tolist(), len(at)], strict=True):
            made[start + before : end + before] = old[start:end]
            start = end
    else:
        kept = np.ones(len(made), np.bool_)
        kept[ends] = False
        made[kept] = old
    return made  # type: ignore[return-value]  # of the type of `old`
