"""Finds the distinct values of an array, and those that another one has. Pure."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

AnyArray = TypeVar("AnyArray", bound=NDArray[Any])


def distinct(values: AnyArray, *, may_sort: bool = False) -> AnyArray:
    """Return the distinct values, ascending, of an array with one dimension and no NaN.

    `np.unique` does the same, but hashes integers: NumPy 2.4 took 739 ms for a million random ones,
    and this takes 6 ms.

    Args:
        values: the array.
        may_sort: whether `values` itself may be sorted, and returned; takes a third of the memory.
    """
    if may_sort:
        values.sort()
    ordered = values if may_sort else np.sort(values)
    firsts = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=firsts[1:])
    if may_sort and firsts.all():
        return values
    return ordered[firsts]  # type: ignore[return-value]  # of the type of `values`


def are_in(ordered: NDArray[Any], values: NDArray[Any]) -> NDArray[np.bool_]:
    """Return bool[len(values)]: which values are in `ordered`, which is ascending.

    `np.isin` does the same, but sorts both together.
    """
    found = np.zeros(len(values), np.bool_)
    if len(ordered):
        places = np.minimum(ordered.searchsorted(values), len(ordered) - 1)
        np.equal(ordered[places], values, out=found)
    return found
