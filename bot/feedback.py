"""Pseudo-relevance feedback: what the best documents of a first ranking share ranks them anew.

After RM3 (Lavrenko and Croft, 2001; Abdul-Jaleel et al., 2004): the terms of the first documents,
each document weighed by its score and each term by its share of the document's words. Here a term
counts by its idf too, which keeps the common ones out, and adds its own BM25. What feedback adds in
all has one weight however many words were asked for, so that a long question, which needs no help,
is changed little. It only adds to documents that match, and never a match.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.best import begins
from bot.forward import Forward
from bot.postings import Postings


class Statistics(Protocol):
    """What feedback reads of an index."""

    forward: Forward
    """What each document says."""
    postings: Postings
    """Which documents hold a term."""
    doc_len: NDArray[np.int32]
    """int32[documents]: how many terms each has."""
    is_stop: NDArray[np.bool_]
    """bool[terms]: which terms are stop words."""

    def weights(self, holding: NDArray[np.int64]) -> NDArray[np.float64]:
        """The idf of terms that so many documents hold."""

    def share(self, tf: NDArray[np.int64], lengths: NDArray[np.int32]) -> NDArray[np.float64]:
        """What a term's frequency in documents of such lengths comes to, before its idf."""

    def table_of(
        self, numbers: NDArray[np.int32], values: NDArray[np.float64]
    ) -> AbstractContextManager[NDArray[np.float64]]:
        """float64[terms]: `values` for the terms `numbers`, 0 for the others."""


FIRST = 10
"""Documents that are learned from."""
TERMS = 20
"""Terms that are learned."""
LEAST_HOLDING = 2
"""Documents that hold a term at least, for it to join any two."""
DEPTH = 100
"""Documents that are ranked anew, where no more are asked for."""


@dataclass(frozen=True, slots=True)
class Learned:
    """Terms that the first documents share."""

    numbers: NDArray[np.int32]
    """int32[n]: the terms' numbers, those that count most first."""
    weights: NDArray[np.float64]
    """float64[n]: what each counts, 1 in all, times its idf."""


def learn(index: Statistics, docs: NDArray[np.int64], scores: NDArray[np.float64]) -> Learned:
    """What the documents `docs`, best first, share; `scores` are theirs, above 0."""
    tokens, owners = index.forward.of(docs[:FIRST])
    telling = (~index.is_stop[tokens]).nonzero()[0]
    tokens, owners = tokens[telling], owners[telling]
    if not len(tokens):
        return Learned(tokens, np.empty(0))
    shares = scores[:FIRST] / scores[:FIRST].sum()
    shares /= np.maximum(np.bincount(owners, minlength=len(shares)), 1)
    order = tokens.argsort(kind="stable")
    firsts = begins(tokens[order])
    sums = np.add.reduceat(shares[owners[order]], firsts)
    # In the order in which they were said: the same is learned, whatever numbers terms have.
    said = order[firsts].argsort()
    numbers = tokens[order[firsts[said]]]
    holding = index.postings.frequencies(numbers)
    idf = index.weights(holding)
    weights = sums[said] * idf * (holding >= LEAST_HOLDING)
    best = (-weights).argsort(kind="stable")[:TERMS]
    best = best[weights[best] > 0]
    total = weights[best].sum()
    return Learned(numbers[best], weights[best] / (total or 1.0) * idf[best])


def boosts(index: Statistics, learned: Learned, docs: NDArray[np.int64]) -> NDArray[np.float64]:
    """float64[len(docs)]: what `learned` adds to each of `docs`, before its weight."""
    if not len(learned.numbers):
        return np.zeros(len(docs))
    tokens, owners = index.forward.of(docs)
    count = len(learned.numbers)
    with index.table_of(learned.numbers, np.arange(1.0, count + 1)) as table:
        told = table[tokens]
    at = told.nonzero()[0]
    which = told[at].astype(np.int64) - 1
    # A document's occurrences of a term stand together: so many are the term's frequency. Terms go
    # in the order in which they were learned: the same sums, whatever numbers they have.
    pairs = owners[at] * count + which
    order = pairs.argsort()
    pairs, at, which = pairs[order], at[order], which[order]
    firsts = begins(pairs)
    tf = np.empty(len(firsts), np.int64)
    tf[:-1] = firsts[1:] - firsts[:-1]
    tf[-1:] = len(pairs) - firsts[-1:]
    by = owners[at[firsts]]
    adds = learned.weights[which[firsts]] * index.share(tf, index.doc_len[docs[by]])
    return np.bincount(by, adds, minlength=len(docs)).astype(np.float64)
