"""Finds the distinct values of an array. Pure."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

AnyArray = TypeVar("AnyArray", bound=NDArray[Any])


def distinct(values: AnyArray) -> AnyArray:
    """Return the distinct values, ascending, of an array with one dimension and no NaN.

    `np.unique` does the same. But NumPy 2.3 and later hash integers in it, which takes ten times as
    long as sorting a million of them.
    """
    ordered = np.sort(values)
    firsts = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=firsts[1:])
    return ordered[firsts]  # type: ignore[return-value]  # of the type of `values`
