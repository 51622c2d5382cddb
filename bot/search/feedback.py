"""Pseudo-relevance feedback: what the best documents of a first ranking share ranks them anew.

After RM3 (Lavrenko and Croft, 2001; Abdul-Jaleel et al., 2004): the terms of the first documents,
each document weighed by its score and each term by its share of the document's words. Here a term
counts by its idf too, which keeps the common ones out, and adds its own BM25. What feedback adds in
all has one weight however many words were asked for, so that a long question, which needs no help,
is changed little. It only adds to documents that match, and never a match.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25.document_terms import DocumentTerms
from bot.search.bm25.idf import lucene_idf
from bot.search.bm25.postings import Postings

if TYPE_CHECKING:
    from bot.search.bm25._kernels import Searcher


class Statistics(Protocol):
    """What feedback reads of an index."""

    forward: DocumentTerms
    """What each document says."""
    postings: Postings
    """Which documents hold a term."""
    doc_len: NDArray[np.int32]
    """int32[documents]: how many terms each has."""
    is_stop: NDArray[np.bool_]
    """bool[terms]: which terms are stop words."""
    searcher: Searcher | None
    """What does the same in C."""

    def __len__(self) -> int:
        """How many documents it holds."""

    def share(self, tf: NDArray[np.int64], lengths: NDArray[np.int32]) -> NDArray[np.float64]:
        """What a term's frequency in documents of such lengths comes to, before its idf."""


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

    term_ids: NDArray[np.int32]
    """int32[n]: the terms' numbers, those that count most first."""
    weights: NDArray[np.float64]
    """float64[n]: what each counts, 1 in all, times its idf."""


def learn(index: Statistics, docs: NDArray[np.int64], scores: NDArray[np.float64]) -> Learned:
    """What the documents `docs`, best first, share; `scores` are theirs, above 0."""
    if index.searcher is None:
        return _learned(index, docs, scores)
    numbers, weights = np.empty(TERMS, np.int32), np.empty(TERMS)
    count = index.searcher.learn(docs, scores, LEAST_HOLDING, numbers, weights)
    return Learned(numbers[:count], weights[:count])


def boosts(index: Statistics, learned: Learned, docs: NDArray[np.int64]) -> NDArray[np.float64]:
    """float64[len(docs)]: what `learned` adds to each of `docs`, before its weight."""
    if index.searcher is None:
        return _boosts(index, learned, docs)
    added = np.empty(len(docs))
    index.searcher.boosts(learned.term_ids, learned.weights, docs, added)
    return added


def _learned(index: Statistics, docs: NDArray[np.int64], scores: NDArray[np.float64]) -> Learned:
    """`learn` with NumPy. Sums go in the order in which the terms are said, one after the other."""
    tokens, owners = index.forward.of(docs)
    telling = (~index.is_stop[tokens]).nonzero()[0]
    tokens, owners = tokens[telling], owners[telling]
    shares = scores / _sum(scores)
    shares /= np.maximum(np.bincount(owners, minlength=len(shares)), 1)
    terms, firsts, places = np.unique(tokens, return_index=True, return_inverse=True)
    sums = np.bincount(places, shares[owners], minlength=len(terms))
    said = firsts.argsort()
    numbers, sums = terms[said], sums[said]
    holding = index.postings.document_frequencies(numbers)
    idf = np.array([lucene_idf(len(index), each) for each in holding.tolist()], np.float64)
    weights = sums * idf * (holding >= LEAST_HOLDING)
    best = (-weights).argsort(kind="stable")[:TERMS]
    best = best[weights[best] > 0]
    return Learned(numbers[best], weights[best] / _sum(weights[best]) * idf[best])


def _boosts(index: Statistics, learned: Learned, docs: NDArray[np.int64]) -> NDArray[np.float64]:
    """`boosts` with NumPy. A document's sum goes in the order in which the terms were learned."""
    tokens, owners = index.forward.of(docs)
    count = len(learned.term_ids)
    which = np.full(len(index.postings), -1, np.int64)
    which[learned.term_ids] = np.arange(count)
    places = which[tokens]
    told = places >= 0
    pairs, tf = np.unique(owners[told] * count + places[told], return_counts=True)
    by, term = np.divmod(pairs, max(count, 1))
    adds = learned.weights[term] * index.share(tf, index.doc_len[docs[by]])
    return np.bincount(by, adds, minlength=len(docs)).astype(np.float64)


def _sum(values: NDArray[np.float64]) -> float:
    """Added up one after the other, as the C has it; NumPy's sum goes in pairs."""
    return float(np.add.accumulate(values)[-1]) if len(values) else 1.0
