"""BM25 over postings; the only module that knows rank_bm25.

`BM25` is a `rank_bm25.BM25Okapi` and gives its scores to the last bit, with two repairs. Its idf
is Lucene's, which is above zero however many tweets hold a term; Okapi's is zero or less for a term
of half the library. And a tweet matches when it holds a term, whatever its score.

BM25Okapi looks at every document for every term. This one keeps, for each term, the documents that
hold it (`postings.py`), and looks at nothing else: in C (`native.py`), which passes over what
cannot be among the best, or in NumPy, which adds up all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from bot.search.bm25 import native
from bot.search.bm25.accumulator import Accumulator, Matches
from bot.search.bm25.idf import Weights, lucene_idf
from bot.search.bm25.inverter import ESCAPE
from bot.search.bm25.postings import IndexParts
from bot.search.bm25.top_k import top_k

Numbers = NDArray[np.int32] | NDArray[np.int64]


class BM25(BM25Okapi):  # type: ignore[misc]  # rank_bm25 ships no types
    """Documents as terms, numbered from 0 in the order they were given; immutable."""

    def __init__(self, parts: IndexParts, stops: NDArray[np.bool_], *, k1: float, b: float) -> None:
        """Be made of `parts`.

        Args:
            parts: documents, taken in.
            stops: bool[terms], which terms are stop words.
            k1: how much a term counts that is repeated.
            b: how much less one counts in a long document.
        """
        self._parts = parts
        self.postings, self.forward = parts.postings, parts.forward
        self.is_stop = stops
        self._spare: list[Accumulator] = []
        super().__init__((), k1=k1, b=b)
        del self._parts
        for each in (self.doc_len, self.is_stop, self._shares):
            each.flags.writeable = False
        self.searcher = native.searcher(
            *self.postings.lists,
            self.doc_len,
            self._shares,
            self.postings.pairs.lengths,
            self.forward.starts,
            self.forward.tokens,
            self.forward.later,
            self.is_stop,
            *self.postings.terms.arrays,
            k1,
            b,
            self.avgdl,
        )

    def __len__(self) -> int:
        """How many documents it holds."""
        return int(self.corpus_size)

    def best(self, terms: Sequence[str], k: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The `k` documents whose BM25 is highest, int64[n], and it, float64[n]; best first."""
        if self.searcher is None:
            matches = self.match(terms)
            order = top_k(matches.scores, k)
            return matches.docs[order], matches.scores[order]
        numbers, weights, _ = self._asked(terms)
        room = min(k, len(self))
        docs, scores = np.empty(room, np.int64), np.empty(room)
        found = self.searcher.best(numbers, weights, docs, scores)
        return docs[:found], scores[:found]

    def match(self, terms: Sequence[str]) -> Matches:
        """All documents that hold any of `terms`; a term given twice counts twice, as in BM25."""
        numbers, weights, total = self._asked(terms)
        if self.searcher is None:
            return self._added_up(numbers, weights)
        room = min(total, len(self))
        docs, scores, held = np.empty(room, np.int64), np.empty(room), np.empty(room, np.int64)
        found = self.searcher.match(numbers, weights, docs, scores, held)
        return Matches(docs[:found], scores[:found], held[:found])

    def contribution(self, term: str, doc: int) -> float:
        """What `term` adds to the score of `doc`; 0 where it does not hold it."""
        number = self.postings.term_id(term)
        if number is None:
            return 0.0
        docs, added = self._contributions(number, self.idf[term])
        at = int(np.searchsorted(docs, doc))
        return float(added[at]) if at < len(docs) and docs[at] == doc else 0.0

    def document_frequency(self, term: str) -> int:
        """How many documents hold `term`."""
        return self.postings.document_frequency(term)

    def get_scores(self, query: Sequence[str]) -> NDArray[np.float64]:
        """BM25Okapi's: every document's score, float64[len(self)], 0.0 where nothing matches."""
        scores = np.zeros(len(self))
        matches = self.match(query)
        scores[matches.docs] = matches.scores
        return scores

    def get_batch_scores(self, query: Sequence[str], doc_ids: Sequence[int]) -> list[float]:
        """BM25Okapi's: the scores of some documents, in the order asked for."""
        chosen: list[float] = self.get_scores(query)[np.asarray(doc_ids, dtype=np.int64)].tolist()
        return chosen

    def share(self, tf: Numbers, lengths: Numbers) -> NDArray[np.float64]:
        """What a term's frequency in documents of such lengths comes to, before its idf."""
        average = self.avgdl or 1.0  # with no terms at all nothing asks
        norm = self.k1 * (1 - self.b + self.b * lengths / average)
        shares: NDArray[np.float64] = tf * (self.k1 + 1) / (tf + norm)
        return shares

    def _asked(self, terms: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.float64], int]:
        """Numbers and weights of those of `terms` that are there: int32[n], float64[n]; and how
        many postings they have in all.
        """
        numbers = [each for each in map(self.postings.term_id, terms) if each is not None]
        holding = [self.postings.list_length(each) for each in numbers]
        weights = [lucene_idf(len(self), each) for each in holding]
        return np.array(numbers, np.int32), np.array(weights, np.float64), sum(holding)

    def _added_up(self, numbers: NDArray[np.int32], weights: NDArray[np.float64]) -> Matches:
        """All that matches; questions may be answered in several threads, each on its board."""
        try:
            board = self._spare.pop()
        except IndexError:
            board = Accumulator(len(self))
        # A term's documents are distinct, so this adds each once; term after term in the query's
        # order makes the very sums of rank_bm25.
        for number, weight in zip(numbers.tolist(), weights.tolist(), strict=True):
            board.add(*self._contributions(number, weight))
        matches = board.take()
        self._spare.append(board)
        return matches

    def _contributions(
        self, number: int, weight: float
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The documents that hold the term of that number, and what it adds to each."""
        docs, codes, escaped, tf = self.postings.of(number)
        added = (weight * self._shares).take(codes)
        if len(escaped):
            added[escaped] = weight * self.share(tf, self.doc_len[docs[escaped]])
        return docs, added

    def _initialize(self, corpus: Iterable[Sequence[str]]) -> dict[str, int]:
        """BM25Okapi's hook: what there is was taken in already."""
        del corpus
        self.doc_len = self._parts.lengths
        self.corpus_size = len(self.doc_len)
        self.avgdl = float(self.doc_len.sum()) / len(self) if len(self) else 0.0
        return {}

    def _calc_idf(self, nd: dict[str, int]) -> None:
        """BM25Okapi's hook: weights are reckoned when a term is asked for."""
        del nd
        self.idf = Weights(self.postings, len(self))
        self._shares = self.share(*self.postings.pairs)
        self._shares[ESCAPE] = 0
