"""Pseudo-relevance feedback: adds scores for terms that the best documents share. Pure.

After RM3 (Lavrenko and Croft, 2001, https://doi.org/10.1145/383952.383972; Abdul-Jaleel et al.,
2004): it learns the terms of the best documents, weighted by the documents' scores and by each
term's share of a document's words. Unlike in RM3, a term's weight includes its idf, which leaves
out common terms, and each learned term adds its BM25 score. The total weight of feedback does not
depend on the question's length, so long questions, which need no help, are changed little. It adds
to the scores of documents that match, and never adds a match.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25.document_terms import DocumentTerms
from bot.search.bm25.idf import lucene_idf
from bot.search.bm25.postings import Postings

if TYPE_CHECKING:
    from bot.search.bm25._kernels import Searcher


AnyInt = TypeVar("AnyInt", np.int32, np.int64)


class Statistics(Protocol):
    """The parts of an index that feedback reads."""

    forward: DocumentTerms
    """The terms of each document."""
    postings: Postings
    """The documents of each term."""
    doc_len: NDArray[np.int32]
    """int32[documents]: how many tokens each has."""
    is_stop: NDArray[np.bool_]
    """bool[terms]: which terms are stop words."""
    searcher: Searcher | None
    """The kernels' searcher; None without kernels."""

    def __len__(self) -> int:
        """Return the number of documents."""

    def share(self, tf: NDArray[np.int64], lengths: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return the part of BM25 that depends on the document; see `BM25.share`."""


FIRST = 10
"""The best documents, from which feedback learns."""
TERMS = 20
"""How many terms it learns at most."""
LEAST_HOLDING = 2
"""How many documents must contain a learned term; a term in one document connects nothing."""
DEPTH = 100
"""How many documents get feedback's scores, if the caller wants fewer."""


@dataclass(frozen=True, slots=True)
class Learned:
    """The terms that feedback learned."""

    term_ids: NDArray[np.int32]
    """int32[n]: the terms' ids, highest share first; of a stack of layers int32[layers, n], their
    ids in each layer, -1 for a term that it lacks."""
    weights: NDArray[np.float64]
    """float64[n]: each term's share, of 1 in total, times its idf."""


def learn(index: Statistics, docs: NDArray[np.int64], scores: NDArray[np.float64]) -> Learned:
    """Learn terms from the best documents.

    Args:
        index: the index.
        docs: int64[n], documents, best first.
        scores: float64[n], their scores, above 0.
    """
    if index.searcher is None:
        return _learned(index, docs, scores)
    learned = learned_by(index.searcher, 1, docs, scores)
    return Learned(learned.term_ids[0], learned.weights)


def learned_by(
    searcher: Searcher, layers: int, docs: NDArray[np.int64], scores: NDArray[np.float64]
) -> Learned:
    """Learn terms from the best documents of a stack of so many layers; see `learn`."""
    term_ids, weights = np.empty((layers, TERMS), np.int32), np.empty(TERMS)
    count = searcher.learn(docs, scores, LEAST_HOLDING, term_ids, weights)
    return Learned(np.ascontiguousarray(term_ids[:, :count]), weights[:count])


def boosts(index: Statistics, learned: Learned, docs: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what learned terms add to the scores of documents, before FEEDBACK's factor.

    Args:
        index: the index.
        learned: the learned terms.
        docs: int64[n], document ids.

    Returns:
        float64[n].
    """
    if index.searcher is None:
        return _boosts(index, learned, docs)
    return boosts_by(index.searcher, learned, docs)


def boosts_by(searcher: Searcher, learned: Learned, docs: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what learned terms add to the scores of documents of a stack; see `boosts`."""
    added = np.empty(len(docs))
    searcher.boosts(learned.term_ids, learned.weights, docs, added)
    return added


def _learned(index: Statistics, docs: NDArray[np.int64], scores: NDArray[np.float64]) -> Learned:
    """Learn with NumPy. Sums follow the order of the tokens, as in the kernel."""
    tokens, owners = index.forward.of(docs)
    content = (~index.is_stop[tokens]).nonzero()[0]
    term_ids, sums = shared(tokens[content], owners[content], scores)
    holding = index.postings.document_frequencies(term_ids)
    best, weights = most_telling(sums, holding, len(index))
    return Learned(term_ids[best], weights)


def shared(
    tokens: NDArray[AnyInt], owners: NDArray[np.int64], scores: NDArray[np.float64]
) -> tuple[NDArray[AnyInt], NDArray[np.float64]]:
    """Sum up the shares of terms in documents.

    Args:
        tokens: integers[n], the documents' terms, without stop words, document after document.
        owners: int64[n], the document of each.
        scores: float64[documents], the documents' scores.

    Returns:
        integers[m], the terms, in the order of their first appearance; and float64[m], their sums.
    """
    shares = scores / _sum(scores)
    shares /= np.maximum(np.bincount(owners, minlength=len(shares)), 1)
    terms, firsts, places = np.unique(tokens, return_index=True, return_inverse=True)
    sums = np.bincount(places, shares[owners], minlength=len(terms))
    order = firsts.argsort()
    return terms[order], sums[order].astype(np.float64)


def most_telling(
    sums: NDArray[np.float64], holding: NDArray[np.int64], documents: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Choose the terms to learn.

    Args:
        sums: float64[n], from `shared`.
        holding: int64[n], how many documents contain each term.
        documents: how many there are.

    Returns:
        int64[m], which terms, highest share first; and float64[m], their weights.
    """
    idf = np.array([lucene_idf(documents, each) for each in holding.tolist()], np.float64)
    weights = sums * idf * (holding >= LEAST_HOLDING)
    best = (-weights).argsort(kind="stable")[:TERMS]
    best = best[weights[best] > 0]
    return best, weights[best] / _sum(weights[best]) * idf[best]


def _boosts(index: Statistics, learned: Learned, docs: NDArray[np.int64]) -> NDArray[np.float64]:
    """Compute boosts with NumPy. Sums follow the order of the learned terms, as in the kernel."""
    tokens, owners = index.forward.of(docs)
    count = len(learned.term_ids)
    which = np.full(len(index.postings), -1, np.int64)
    which[learned.term_ids] = np.arange(count)
    places = which[tokens]
    found = places >= 0
    pairs, tf = np.unique(owners[found] * count + places[found], return_counts=True)
    by, term = np.divmod(pairs, max(count, 1))
    adds = learned.weights[term] * index.share(tf, index.doc_len[docs[by]])
    return np.bincount(by, adds, minlength=len(docs)).astype(np.float64)


def _sum(values: NDArray[np.float64]) -> float:
    """Return the sum, added in order as in C; `np.sum` adds in pairs, which rounds differently."""
    return float(np.add.accumulate(values)[-1]) if len(values) else 1.0
