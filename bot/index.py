"""The BM25 index over tweets; the only module that knows rank_bm25.

`Index` is a `rank_bm25.BM25Okapi` and gives its scores to the last bit, with two repairs. Its idf
is Lucene's, which is above zero however many tweets hold a term; Okapi's is zero or less for a term
of half the library. And a tweet matches when it holds a term, whatever its score.

BM25Okapi looks at every document for every term. This one keeps, for each term, the documents that
hold it, in flat arrays sorted by term, and looks at nothing else.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from bot.analyzer import Analyzer
from bot.query import parse

K1 = 0.9
B = 0.4
"""Better than 1.5 and 0.75 for tweets, which are short and much of a length."""


@dataclass(frozen=True, slots=True)
class Matches:
    """The documents that hold at least one of some terms, in document order."""

    docs: NDArray[np.int64]
    """Document numbers, shape (n,)."""
    scores: NDArray[np.float64]
    """Their BM25 scores, shape (n,)."""
    terms: NDArray[np.int64]
    """How many of the terms each holds, shape (n,)."""


def lucene_idf(documents: int, holding: int) -> float:
    """The weight of a term that `holding` of `documents` documents hold; above zero.

    Formula: Lucene's BM25Similarity,
    https://lucene.apache.org/core/9_11_0/core/org/apache/lucene/search/similarities/BM25Similarity.html
    """
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))


class Index(BM25Okapi):  # type: ignore[misc]  # rank_bm25 ships no types
    """An immutable BM25 index; documents are numbered from 0 in the order they were given."""

    def __init__(
        self,
        corpus: Iterable[Sequence[str]],
        *,
        analyzer: Analyzer | None = None,
        k1: float = K1,
        b: float = B,
    ) -> None:
        """Index `corpus`, one sequence of terms for each document."""
        self.analyzer = analyzer or Analyzer()
        self._numbers: dict[str, int] = {}
        super().__init__(corpus, k1=k1, b=b)

    @classmethod
    def build(
        cls,
        texts: Iterable[str],
        *,
        analyzer: Analyzer | None = None,
        k1: float = K1,
        b: float = B,
    ) -> Index:
        """Index `texts`, one for each document."""
        chosen = analyzer or Analyzer()
        return cls((chosen.terms(text) for text in texts), analyzer=chosen, k1=k1, b=b)

    def __len__(self) -> int:
        """How many documents it holds."""
        return int(self.corpus_size)

    def search(self, question: str, k: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The `k` documents that answer `question` best.

        Returns:
            Document numbers int64[n] and their scores float64[n], best first, n ≤ k; equal scores
            in document order.

        Raises:
            ValueError: `k` is negative.
        """
        if k < 0:
            raise ValueError(f"k is {k}: it must be 0 or more")
        matches = self.match([each.term for each in parse(question, self.analyzer).terms])
        order = np.lexsort((matches.docs, -matches.scores))[:k]
        return matches.docs[order], matches.scores[order]

    def match(self, terms: Sequence[str]) -> Matches:
        """All documents that hold any of `terms`; a term given twice counts twice, as in BM25."""
        scores = np.zeros(len(self))
        held = np.zeros(len(self), dtype=np.int64)
        for term in terms:
            docs, contributions = self._contributions(term)
            # A term's documents are distinct, so this adds each once; term after term in the
            # query's order makes the very sums of rank_bm25.
            scores[docs] += contributions
            held[docs] += 1
        matching = np.flatnonzero(held).astype(np.int64)
        return Matches(matching, scores[matching], held[matching])

    def document_frequency(self, term: str) -> int:
        """How many documents hold `term`."""
        number = self._numbers.get(term)
        if number is None:
            return 0
        return int(self._indptr[number + 1] - self._indptr[number])

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

    def _contributions(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        number = self._numbers.get(term)
        if number is None:
            return np.empty(0, np.int32), np.empty(0)
        postings = slice(self._indptr[number], self._indptr[number + 1])
        docs = self._docs[postings]
        tf = self._tf[postings]
        return docs, self.idf[term] * (tf * (self.k1 + 1) / (tf + self._norm[docs]))

    def _initialize(self, corpus: Iterable[Sequence[str]]) -> dict[str, int]:
        """BM25Okapi's hook: take `corpus` in; returns each term's document frequency."""
        numbers, lengths = self._numbers, array("i")
        terms, docs, frequencies = array("i"), array("i"), array("i")
        for doc, document in enumerate(corpus):
            lengths.append(len(document))
            for term, tf in Counter(document).items():
                terms.append(numbers.setdefault(term, len(numbers)))
                docs.append(doc)
                frequencies.append(tf)
        self.corpus_size = len(lengths)
        self.doc_len = np.frombuffer(lengths, np.int32) if lengths else np.empty(0, np.int32)
        self.avgdl = float(self.doc_len.sum()) / len(lengths) if lengths else 0.0
        by_term = np.argsort(np.asarray(terms, np.int32), kind="stable")
        counts = np.bincount(np.asarray(terms, np.int32), minlength=len(numbers))
        self._indptr = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
        self._docs = np.asarray(docs, np.int32)[by_term]
        self._tf = np.asarray(frequencies, np.int32)[by_term]
        # The denominator's part that a document alone decides; with no terms at all nothing asks.
        average = self.avgdl or 1.0
        self._norm = self.k1 * (1 - self.b + self.b * self.doc_len / average)
        for each in (self.doc_len, self._indptr, self._docs, self._tf, self._norm):
            each.flags.writeable = False
        return dict(zip(numbers, counts.tolist(), strict=True))

    def _calc_idf(self, nd: dict[str, int]) -> None:
        """BM25Okapi's hook: each term's weight, from its document frequency."""
        self.idf = {term: lucene_idf(len(self), holding) for term, holding in nd.items()}
