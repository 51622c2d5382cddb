"""Cuts a ranking of tweets into pages, with a limit on the tweets of each thread. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25.top_k import top_k

DEEPER = 4
"""How many times as many tweets are looked at, where threads have more than may be shown."""
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a ranking."""

    rows: Numbers
    """int64[n]: which tweets are on it, best first."""
    number: int
    """Its number, from 1."""
    pages: int
    """The number of pages."""
    groups_before: int
    """How many groups, tweets of a thread on a page, are on the pages before it."""


def page_of(
    keys: NDArray[np.float64], threads: Numbers, limit: int, cap: int | None, number: int
) -> Page:
    """Return a page of the tweets by `keys`, highest first; equal keys in order.

    Args:
        keys: float64[n], what to rank by.
        threads: int64[n], the thread of each tweet, ascending.
        limit: tweets on a page, at least 1.
        cap: tweets of a thread on all pages together; None for all.
        number: the page, from 1; a number too high gives the last page.
    """
    total = _listed(threads, cap)
    pages = -(-total // limit)
    number = max(min(number, pages), 1)
    rows = _first(keys, threads, cap, min(number * limit, total))
    before = rows[: (number - 1) * limit]
    groups = np.arange(len(before)) // limit * (int(threads.max(initial=0)) + 1) + threads[before]
    return Page(rows[len(before) :], number, pages, len(np.unique(groups)))


def _listed(threads: Numbers, cap: int | None) -> int:
    """Return how many tweets are on all pages together."""
    if cap is None:
        return len(threads)
    sizes = np.diff(np.flatnonzero(np.diff(threads, prepend=-1, append=-1)))
    return int(np.minimum(sizes, cap).sum())


def _first(keys: NDArray[np.float64], threads: Numbers, cap: int | None, count: int) -> Numbers:
    """Return the first `count` rows by `keys` that are within the cap."""
    depth = count
    while True:
        rows = top_k(keys, depth)
        if cap is not None:
            rows = rows[_earlier(threads[rows]) < cap]
        if len(rows) >= count:
            return rows[:count]
        depth *= DEEPER


def _earlier(values: Numbers) -> Numbers:
    """Return how many equal values come before each of `values`."""
    order = values.argsort(kind="stable")
    starts = np.flatnonzero(np.diff(values[order], prepend=-1))
    sizes = np.diff(starts, append=len(values))
    earlier = np.empty(len(values), np.int64)
    earlier[order] = np.arange(len(values)) - starts.repeat(sizes)
    return earlier
