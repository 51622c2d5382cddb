"""Lets a thread's first tweet help the others: what it says holds for the whole thread. Pure.

A word of the question that a tweet lacks, but its thread's first tweet has, adds a part of what it
adds to the first tweet. It never makes a tweet match, and counts of matches leave it out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.search.index import Index
from bot.search.query_terms import QueryTerm

WEIGHT = 0.3
"""The part of a word's score in the first tweet that the other tweets of the thread get."""
Numbers = NDArray[np.int64]


def add_help(
    index: Index,
    terms: Sequence[QueryTerm],
    docs: Numbers,
    scores: NDArray[np.float64],
    firsts: Numbers,
    *,
    all_matches: bool = False,
) -> Numbers:
    """Add to the scores, in place, for words that only the first tweets have.

    Args:
        index: the index.
        terms: the words of the question.
        docs: int64[n], documents, ascending.
        scores: float64[n], their scores.
        firsts: int64[n], the document of the first tweet in the thread of each.
        all_matches: whether `docs` has every document with any of the words, which is faster.

    Returns:
        int64[n]: how many words each got from its first tweet; parts of others are not counted.
    """
    helped = np.zeros(len(docs), np.int64)
    mine = docs != firsts
    if all_matches:  # a first tweet with any of the words is among them
        new = np.diff(firsts, prepend=-1) != 0
        mine &= (docs[new] == firsts[new])[new.cumsum() - 1]
    rows = mine.nonzero()[0]
    if not len(rows):
        return helped
    new = np.diff(firsts[rows], prepend=-1) != 0
    leads, lead_of = firsts[rows[new]], new.cumsum() - 1
    for each in terms:
        holding, added = index.contributions(each.term)
        places, held = _among(leads, holding)
        from_lead = held[lead_of]
        able = rows[from_lead]
        lacking = ~_among(docs[able], holding)[1]
        chosen = able[lacking]
        scores[chosen] += WEIGHT * added[places[lead_of[from_lead][lacking]]]
        if not each.parts:
            helped[chosen] += 1
    return helped


def _among(docs: Numbers, holding: NDArray[np.int32]) -> tuple[Numbers, NDArray[np.bool_]]:
    """Return the place in `holding` of each of `docs`, and whether it is there."""
    if not len(holding):
        return np.zeros(len(docs), np.int64), np.zeros(len(docs), np.bool_)
    places = np.minimum(holding.searchsorted(docs), len(holding) - 1)
    return places, holding[places] == docs
