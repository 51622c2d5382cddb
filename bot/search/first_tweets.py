"""Lets a thread's first tweet help the others: what it says holds for the whole thread. Pure.

A word of the question that a tweet lacks, but its thread's first tweet has, adds a part of what it
adds to the first tweet. It never makes a tweet match, and counts of matches leave it out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.search.query_terms import QueryTerm
from bot.search.searched import Searched
from bot.search.threads import AnyThreads

WEIGHT = 0.3
"""The part of a word's score in the first tweet that the other tweets of the thread get."""
SLACK = 1e-9
"""How much too high a sum may be from rounding, relative to it; far more than it ever is."""
Numbers = NDArray[np.int64]


def followers(docs: Numbers, of: NDArray[np.int32], threads: AnyThreads) -> tuple[Numbers, Numbers]:
    """Return which tweets may get help: those whose thread's first tweet matches as well.

    Args:
        docs: int64[n], all documents that match, ascending.
        of: int32[n], the thread of each.
        threads: the threads of all documents.

    Returns:
        int64[m], places in `docs`, ascending; and int64[m], the places of their first tweets.
    """
    later = (of[1:] == of[:-1]).nonzero()[0] + 1
    opens = np.diff(later, prepend=-1) > 1  # the tweet before is the first match of the thread
    heads = later[opens] - 1
    leads = docs[heads] == threads.first_of(of[heads])
    head_of = opens.cumsum() - 1
    helped = leads[head_of]
    return later[helped], heads[head_of[helped]]


def within_reach(
    scores: NDArray[np.float64], rows: Numbers, leads: Numbers, least: float
) -> NDArray[np.bool_]:
    """Return which of `rows` may have a score of `least` with the help of their first tweets."""
    most = scores[rows] + WEIGHT * scores[leads]
    return most >= least - SLACK * abs(least)


def add_help(
    index: Searched,
    terms: Sequence[QueryTerm],
    docs: Numbers,
    scores: NDArray[np.float64],
    pairs: tuple[Numbers, Numbers],
) -> NDArray[np.bool_]:
    """Add to the scores, in place, for words that only the first tweets have.

    Args:
        index: the index.
        terms: the words of the question.
        docs: int64[n], documents that match, ascending.
        scores: float64[n], their scores.
        pairs: some or all of `followers`.

    Returns:
        bool[m]: which of `pairs` got a word, apart from hashtags, whose parts are words.
    """
    rows, leads = pairs
    got = np.zeros(len(rows), np.bool_)
    if not len(rows):
        return got
    opens = np.diff(leads, prepend=-1) != 0
    firsts, first_of = docs[leads[opens]], opens.cumsum() - 1
    for each in terms:
        added = index.contributions_to(each.term, firsts)
        able = (added > 0)[first_of].nonzero()[0]
        chosen = able[~index.holds(each.term, docs[rows[able]])]
        scores[rows[chosen]] += WEIGHT * added[first_of[chosen]]
        if not each.parts:
            got[chosen] = True
    return got
