"""BM25 over an inverted index. The only module that imports rank_bm25.

`BM25` derives from `rank_bm25.BM25Okapi` and gives the same scores to the last bit, with two
changes. The idf is Lucene's, which is always above zero; Okapi's is zero or less for terms in half
of the documents or more. And a document matches if it contains a term, whatever its score.

BM25Okapi scores every document for every term. This class reads only the terms' posting lists
(`postings.py`): in C (`native.py`), skipping documents that cannot be among the best, or in NumPy,
scoring all that match.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from bot.search.bm25 import native
from bot.search.bm25.accumulator import Accumulator, Matches
from bot.search.bm25.idf import Weights
from bot.search.bm25.inverter import ESCAPE
from bot.search.bm25.postings import IndexParts
from bot.search.bm25.top_k import top_k

if TYPE_CHECKING:
    from bot.search.bm25._kernels import Layer, Searcher

Scores = NDArray[np.float64]
UNMASKED: native.Masks = np.empty(0, np.bool_), np.empty(0, np.int32), np.empty(0, np.int64)
"""Nothing is masked."""
Numbers = NDArray[np.int32] | NDArray[np.int64]


class BM25(BM25Okapi):  # type: ignore[misc]  # rank_bm25 ships no types
    """An immutable BM25 index over documents with ids from 0."""

    def __init__(self, parts: IndexParts, stops: NDArray[np.bool_], *, k1: float, b: float) -> None:
        """Create an index from its parts.

        Args:
            parts: the arrays from a `PostingsBuilder` or a file.
            stops: bool[terms], which terms are stop words.
            k1: how much repetitions of a term count; 0 ignores them.
            b: how much the document's length counts, from 0 to 1.
        """
        self._parts = parts
        self.postings, self.forward = parts.postings, parts.forward
        self.is_stop = stops
        self._spare: list[Accumulator] = []
        super().__init__((), k1=k1, b=b)
        del self._parts
        for each in (self.doc_len, self.is_stop):
            each.flags.writeable = False
        self.layer = self._prepared()
        self.searcher: Searcher | None = native.searcher([(self.layer, *UNMASKED)], len(self))

    def _prepared(self) -> Layer | None:
        """Compute what depends on the average length."""
        self._shares = self.share(*self.postings.pairs)
        self._shares[ESCAPE] = 0
        self._shares.flags.writeable = False
        return native.layer(
            *self.postings.lists,
            self.doc_len,
            self._shares,
            self.postings.pairs.lengths,
            self.forward.starts,
            self.forward.tokens,
            self.is_stop,
            *self.postings.terms.arrays,
            self.k1,
            self.b,
            self.avgdl,
        )

    def viewed(self, avgdl: float) -> Self:
        """Return this index as a layer of a stack, whose documents have another average length.

        It shares all arrays. Its weights are still those of this index alone, and so are answers of
        its searcher.
        """
        view: Self = copy(self)
        view.avgdl = avgdl
        view.layer = view._prepared()
        return view

    def __len__(self) -> int:
        """Return the number of documents."""
        return int(self.corpus_size)

    def best(self, terms: Sequence[str], k: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the best `k` documents.

        Returns:
            int64[n], document ids, and float64[n], their scores; best first, equal scores by id.
            n is less than `k` if fewer documents match.
        """
        if self.searcher is None:
            matches = self.match(terms)
            order = top_k(matches.scores, k)
            return matches.docs[order], matches.scores[order]
        return best_of(self.searcher, 1, terms, min(k, len(self)))

    def match(self, terms: Sequence[str]) -> Matches:
        """Return all documents that contain any of `terms`. A repeated term counts repeatedly."""
        if self.searcher is not None:
            return matches_of(self.searcher, 1, terms, len(self))
        weighed = [(each, self.idf[each]) for each in terms if each in self.postings.terms]
        return self.summed([(self.postings.terms[each], weight) for each, weight in weighed])

    def contribution(self, term: str, doc: int) -> float:
        """Return what `term` adds to the score of `doc`; 0 if the document does not contain it."""
        docs, added = self.contributions(term)
        at = int(np.searchsorted(docs, doc))
        return float(added[at]) if at < len(docs) and docs[at] == doc else 0.0

    def contributions(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Return int32[n], the documents that contain `term`, and float64[n], what it adds."""
        term_id = self.postings.term_id(term)
        if term_id is None:
            return np.empty(0, np.int32), np.empty(0)
        return self.added_by(term_id, self.idf[term])

    def contributions_to(self, term: str, docs: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what `term` adds to the scores of `docs`, which ascend; 0 where it is not."""
        if self.searcher is not None:
            return added_by(self.searcher, 1, term, docs)
        term_id = self.postings.term_id(term)
        if term_id is None:
            return np.zeros(len(docs))
        return self.added_to(docs, term_id, self.idf[term])

    def added_to(self, docs: NDArray[np.int64], term_id: int, weight: float) -> NDArray[np.float64]:
        """Return what a term with this weight adds; see `contributions_to`."""
        added = np.zeros(len(docs))
        holding, codes, escaped, tf = self.postings.of(term_id)
        sought = docs.astype(np.int32)  # else NumPy converts the whole list instead
        places = np.minimum(holding.searchsorted(sought), len(holding) - 1)
        held = (holding[places] == sought).nonzero()[0]
        places = places[held]
        codes = codes[places]
        added[held] = (weight * self._shares).take(codes)
        apart = (codes == ESCAPE).nonzero()[0]
        if len(apart):
            mine = held[apart]
            times = tf[escaped.searchsorted(places[apart])]
            added[mine] = weight * self.share(times, self.doc_len[docs[mine]])
        return added

    def holds(self, term: str, docs: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return bool[docs]: which of `docs`, which ascend, contain `term`."""
        return self.contributions_to(term, docs) > 0

    def document_frequency(self, term: str) -> int:
        """Return how many documents contain `term`."""
        return self.postings.document_frequency(term)

    def get_scores(self, query: Sequence[str]) -> NDArray[np.float64]:
        """Return the scores of all documents, float64[documents]; overrides BM25Okapi's method."""
        scores = np.zeros(len(self))
        matches = self.match(query)
        scores[matches.docs] = matches.scores
        return scores

    def get_batch_scores(self, query: Sequence[str], doc_ids: Sequence[int]) -> list[float]:
        """Return the scores of the given documents; overrides BM25Okapi's method."""
        chosen: list[float] = self.get_scores(query)[np.asarray(doc_ids, dtype=np.int64)].tolist()
        return chosen

    def share(self, tf: Numbers, lengths: Numbers) -> NDArray[np.float64]:
        """Return the part of BM25 that depends on the document: a score is the idf times this.

        Formula: tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / average length)), Robertson and
        Zaragoza, 2009, https://doi.org/10.1561/1500000019

        Args:
            tf: int64[n], term frequencies.
            lengths: integers[n], the lengths of their documents, in tokens.

        Returns:
            float64[n].
        """
        average = self.avgdl or 1.0  # no document has any term, so the value does not matter
        norm = self.k1 * (1 - self.b + self.b * lengths / average)
        shares: NDArray[np.float64] = tf * (self.k1 + 1) / (tf + norm)
        return shares

    def summed(self, terms: Iterable[tuple[int, float]]) -> Matches:
        """Return all documents that contain any of the terms, each an id and a weight.

        Each thread uses an accumulator of its own.
        """
        try:
            accumulator = self._spare.pop()
        except IndexError:
            accumulator = Accumulator(len(self))
        # Terms are added in the query's order, because rank_bm25 does: floating-point sums depend
        # on the order.
        for term_id, weight in terms:
            accumulator.add(*self.added_by(term_id, weight))
        matches = accumulator.take()
        self._spare.append(accumulator)
        return matches

    def added_by(
        self, term_id: int, weight: float
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Return what a term with this weight adds; see `contributions`."""
        docs, codes, escaped, tf = self.postings.of(term_id)
        added = (weight * self._shares).take(codes)
        if len(escaped):
            added[escaped] = weight * self.share(tf, self.doc_len[docs[escaped]])
        return docs, added

    def _initialize(self, corpus: Iterable[Sequence[str]]) -> dict[str, int]:
        """Override BM25Okapi's hook: take the statistics from the parts instead of a corpus."""
        del corpus
        self.doc_len = self._parts.lengths
        self.corpus_size = len(self.doc_len)
        self.avgdl = float(self.doc_len.sum()) / len(self) if len(self) else 0.0
        return {}

    def _calc_idf(self, nd: dict[str, int]) -> None:
        """Override BM25Okapi's hook: compute weights on access."""
        del nd
        self.idf = Weights(self.postings, len(self))


def best_of(
    searcher: Searcher, layers: int, terms: Sequence[str], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the best `k` documents of a stack of so many layers; see `BM25.best`."""
    term_ids, weights, _ = _resolved(searcher, layers, terms)
    docs, scores = np.empty(k, np.int64), np.empty(k)
    found = searcher.best(term_ids, weights, docs, scores)
    return docs[:found], scores[:found]


def matches_of(searcher: Searcher, layers: int, terms: Sequence[str], documents: int) -> Matches:
    """Return all documents of a stack that contain any of `terms`; see `BM25.match`.

    Args:
        searcher: searches the stack.
        layers: how many layers it has.
        terms: the terms.
        documents: how many documents the layers have.
    """
    term_ids, weights, total = _resolved(searcher, layers, terms)
    room = Matches.room(min(total, documents))
    return room.first(searcher.match(term_ids, weights, room.docs, room.scores, room.terms))


def added_by(searcher: Searcher, layers: int, term: str, docs: NDArray[np.int64]) -> Scores:
    """Return what `term` adds to documents of a stack; see `BM25.contributions_to`."""
    term_ids, weights, _ = _resolved(searcher, layers, [term])
    added = np.zeros(len(docs))
    if len(weights):
        searcher.added(term_ids, weights[0], docs, added)
    return added


def _resolved(
    searcher: Searcher, layers: int, terms: Sequence[str]
) -> tuple[NDArray[np.int32], Scores, int]:
    """Look up the terms that documents contain.

    Returns:
        int32[layers, n], their ids in each layer; float64[n], their weights; and the total length
        of their lists.
    """
    term_ids, weights = np.empty((layers, len(terms)), np.int32), np.empty(len(terms))
    count, total = searcher.resolve(tuple(terms), term_ids, weights)
    if count < len(terms):
        return np.ascontiguousarray(term_ids[:, :count]), weights[:count], total
    return term_ids, weights, total
