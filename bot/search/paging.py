"""Cuts a ranking of tweets into pages, with a limit on the tweets of each thread. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.arrays.distinct import distinct

Numbers = NDArray[np.int64]
Threads = NDArray[np.int32] | NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cut:
    """Which page is wanted."""

    limit: int
    """Tweets on a page, at least 1."""
    cap: int | None
    """Tweets of a thread on all pages together; None for all."""
    number: int
    """The page, from 1; a number too high gives the last page."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a ranking."""

    rows: Numbers
    """int64[n]: which tweets are on it, best first."""
    number: int
    """Its number, from 1."""
    pages: int
    """The number of pages."""
    total: int
    """How many tweets all pages have together."""
    groups_before: int
    """How many groups, tweets of a thread on a page, are on the pages before it."""


def page_of(
    threads: NDArray[np.int32],
    best: Numbers,
    cut: Cut,
    among: NDArray[np.bool_] | None = None,
    before: NDArray[np.int32] | None = None,
) -> Page | None:
    """Return a page of a ranking.

    Args:
        threads: int32[n], the thread of each tweet, ascending.
        best: int64[m], the first tweets of the ranking, best first: some, or all.
        cut: which page.
        among: bool[n], which tweets to page through; by default all.
        before: int32[k], the thread of each tweet on earlier pages than these, ascending. They
            count towards the cap.

    Returns:
        The page; None if `best` ends before the page does.
    """
    paged = threads if among is None else threads[among]
    if before is None:
        before = paged[:0]
    total = listed(paged, cut.cap)
    if len(before):
        every = np.sort(np.concatenate((before, paged)), kind="stable")
        total = listed(every, cut.cap) - listed(before, cut.cap)
    rows = best if among is None else best[among[best]]
    theirs = threads[rows]
    used = None
    if cut.cap is not None:
        used = before.searchsorted(theirs, side="right") - before.searchsorted(theirs)
    return cut_page(rows, theirs, used, total, cut)


def cut_page(
    rows: Numbers, theirs: Threads, used: Numbers | None, total: int, cut: Cut
) -> Page | None:
    """Return a page of tweets that are sorted already.

    Args:
        rows: int64[m], the first tweets of the ranking, best first: some, or all.
        theirs: integers[m], the thread of each.
        used: int64[m], how many tweets of its thread are on earlier pages than these; None if
            there is no cap.
        total: how many tweets all these pages have together.
        cut: which page.

    Returns:
        The page; None if `rows` end before the page does.
    """
    pages = -(-total // cut.limit)
    number = max(min(cut.number, pages), 1)
    start, end = (number - 1) * cut.limit, min(number * cut.limit, total)
    if cut.cap is not None and used is not None:
        kept = _earlier(theirs) + used < cut.cap
        rows, theirs = rows[kept], theirs[kept]
    if len(rows) < end:
        return None
    skipped = theirs[:start]
    groups = np.arange(start) // cut.limit * (int(theirs.max(initial=0)) + 1) + skipped
    return Page(rows[start:end], number, pages, total, len(distinct(groups)))


def with_rest(
    main: Page, total: int, cut: Cut, rest: Callable[[Cut], Page | None], groups: int
) -> tuple[Page, bool] | None:
    """Return a page of a ranking whose last pages have the tweets that are set apart.

    Args:
        main: the page, or the last one, of the other tweets.
        total: how many tweets all pages have together.
        cut: which page.
        rest: cuts a page of the tweets that are set apart.
        groups: how many threads are on `main`.

    Returns:
        The page, and whether its tweets are set apart; None if `rest` returns None.
    """
    others = -(-(total - main.total) // cut.limit)
    if cut.number <= main.pages or not others:
        return replace(main, pages=main.pages + others, total=total), False
    last = rest(replace(cut, number=cut.number - main.pages))
    if last is None:
        return None
    before = main.groups_before + groups + last.groups_before
    return Page(last.rows, main.pages + last.number, main.pages + others, total, before), True


def listed(threads: NDArray[np.int32], cap: int | None) -> int:
    """Return how many tweets are on all pages together; `threads` is as in `page_of`."""
    if cap is None or len(threads) <= cap:
        return len(threads)
    return cap + int(np.count_nonzero(threads[cap:] != threads[:-cap]))


def _earlier(values: Threads) -> Numbers:
    """Return how many equal values come before each of `values`."""
    order = values.argsort(kind="stable")
    starts = np.flatnonzero(np.diff(values[order], prepend=-1))
    sizes = np.diff(starts, append=len(values))
    earlier = np.empty(len(values), np.int64)
    earlier[order] = np.arange(len(values)) - starts.repeat(sizes)
    return earlier
