"""How one sequence becomes another: slices of the old one, and of fresh items between them. Pure.

A load changes few of a library's threads. What is kept in columns, one item a thread or a tweet, is
then put together from long slices of what was there, instead of being made anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Ragged = tuple[Numbers, Numbers]
"""Values, one item's after the other's, int64[]; where each item's begin, int64[items + 1]."""
FAR = 200
"""Items between two places, on average, from where on what is between is moved as a piece."""
AnyArray = TypeVar("AnyArray", bound=NDArray[Any])


@dataclass(frozen=True, slots=True)
class Splice:
    """The slices [start, end) that the new sequence is made of, in order."""

    runs: tuple[tuple[bool, int, int], ...]
    """Of the fresh items where it says so, else of the old ones; of both, in their order."""

    @classmethod
    def of(cls, picks: Numbers) -> Splice:
        """From what each new item is: its number among the old ones, ascending; else, -1, fresh."""
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
        """The slices of what the old and the fresh items have, in sequences or arrays."""
        return [(fresh if new else old)[start:end] for new, start, end in self.runs]

    def array(self, old: AnyArray, fresh: AnyArray) -> AnyArray:
        """What the new items have, of what the old and the fresh ones have in arrays."""
        made: AnyArray = np.concatenate(  # type: ignore[assignment]  # of the same type as both
            [old[:0], *((fresh if new else old)[start:end] for new, start, end in self.runs)]
        )
        return made

    def starts(self, old: Numbers, fresh: Numbers) -> Numbers:
        """int64[items + 1]: where each new item's values begin, from where all others' do."""
        lengths = self.array(np.diff(old), np.diff(fresh))
        return np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))

    def over(self, old: Numbers, fresh: Numbers) -> Splice:
        """The splice of the values, from where each old and each fresh item's begin."""
        pairs = ((new, fresh if new else old, start, end) for new, start, end in self.runs)
        return Splice(tuple((new, int(at[start]), int(at[end])) for new, at, start, end in pairs))

    def ragged(self, old: Ragged, fresh: Ragged) -> Ragged:
        """The new items' values, and where each one's begin."""
        values = self.over(old[1], fresh[1]).array(old[0], fresh[0])
        return values, self.starts(old[1], fresh[1])

    def moved(self, old: int, fresh: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """int32[old], int32[fresh]: each one's new number, of so many; -1 where it is gone."""
        moved = np.full(old, -1, np.int32), np.full(fresh, -1, np.int32)
        at = 0
        for new, start, end in self.runs:
            moved[new][start:end] = np.arange(at, at + end - start, dtype=np.int32)
            at += end - start
        return moved


def owners(starts: Numbers) -> Numbers:
    """int64[values]: which item each value is of, from where each item's begin: int64[items + 1].

    `np.repeat` says it too, but keeps all other threads from running meanwhile.
    """
    count = int(starts[-1])
    return np.bincount(starts[1:-1], minlength=count + 1)[:count].cumsum()


def places(
    old: NDArray[Any],
    groups: tuple[NDArray[np.intp], NDArray[np.intp]],
    fresh: NDArray[Any],
    starts: NDArray[np.intp],
) -> Numbers:
    """int64[len(fresh)]: where in `old` each of `fresh` goes; both ascend in each group.

    Args:
        old: what is there.
        groups: for each group where its part of `old` begins and ends.
        fresh: what is to be put there.
        starts: for each group where its part of `fresh` begins; none is empty.
    """
    lefts, rights = groups
    sizes = np.diff(starts, append=len(fresh))
    found: Numbers = rights.astype(np.int64).repeat(sizes)
    # Most often what is fresh goes behind what is there.
    among = (lefts < rights).nonzero()[0]
    among = among[old[rights[among] - 1] > fresh[starts[among]]]
    columns = (each[among].tolist() for each in (lefts, rights, starts, sizes))
    for left, right, start, size in zip(*columns, strict=True):
        part = fresh[start : start + size]
        found[start : start + size] = left + old[left:right].searchsorted(part)
    return found


def inserted(at: Numbers, old: AnyArray, fresh: AnyArray) -> AnyArray:
    """`old` with each of `fresh` before its place in it; the places `at` ascend."""
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
