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
) -> Numbers:
    """Add to the scores, in place, for words that only the first tweets have.

    Args:
        index: the index.
        terms: the words of the question.
        docs: int64[n], documents, ascending.
        scores: float64[n], their scores.
        firsts: int64[n], the document of the first tweet in the thread of each.

    Returns:
        int64[n]: how many words each got from its first tweet; parts of others are not counted.
    """
    helped = np.zeros(len(docs), np.int64)
    rows = (docs != firsts).nonzero()[0]
    if not len(rows):
        return helped
    leads, lead_of = np.unique(firsts[rows], return_inverse=True)
    for each in terms:
        holding, added = index.contributions(each.term)
        places, held = _among(leads, holding)
        from_lead = held[lead_of]
        mine = rows[from_lead]
        lacking = ~_among(docs[mine], holding)[1]
        chosen = mine[lacking]
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
