"""The search index: from a question to the best tweets.

Ranks tweets by BM25 (`bm25/scoring.py`), then adds scores from feedback (`feedback.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.arrays.array_file import Arrays
from bot.search.analyzer import Analyzer
from bot.search.bm25.postings import IndexParts, PostingsBuilder
from bot.search.bm25.scoring import BM25
from bot.search.feedback import Learned, boosts, learn
from bot.search.phrase import with_phrase
from bot.search.query import Phrase, Query
from bot.search.searched import Beside, allowed, boosted, search, tables, terms_with

K1 = 0.8
"""How much repetitions of a term count. Better for tweets than rank_bm25's default, 1.5."""
B = 0.35
"""How much length counts. Better for tweets, whose lengths differ little, than 0.75."""
FEEDBACK = 1.5
"""The weight of feedback's score, relative to one term of the question."""


class Index(BM25):
    """An immutable index over documents, which have ids from 0 in the order they were given."""

    def __init__(
        self,
        corpus: Iterable[Sequence[str]] | IndexParts,
        *,
        analyzer: Analyzer | None = None,
        k1: float = K1,
        b: float = B,
        feedback: float = FEEDBACK,
    ) -> None:
        """Index documents that are already split into terms.

        Args:
            corpus: the terms of each document; or the result of a `PostingsBuilder`.
            analyzer: the analyzer that made the terms; by default an English one.
            k1: how much repetitions of a term count.
            b: how much the document's length counts.
            feedback: the weight of feedback; 0 gives plain BM25.
        """
        self.analyzer = analyzer or Analyzer()
        self.feedback = feedback
        parts = corpus if isinstance(corpus, IndexParts) else _parts_of(corpus, self.analyzer)
        stops = np.zeros(len(parts.postings), np.bool_)
        known = map(parts.postings.term_id, self.analyzer.stop_terms)
        stops[[each for each in known if each is not None]] = True
        super().__init__(parts, stops, k1=k1, b=b)

    @classmethod
    def build(
        cls,
        texts: Iterable[str],
        *,
        analyzer: Analyzer | None = None,
        k1: float = K1,
        b: float = B,
        feedback: float = FEEDBACK,
    ) -> Index:
        """Index texts, one for each document. See `__init__` for the other arguments."""
        chosen = analyzer or Analyzer()
        builder = PostingsBuilder(chosen)
        for text in texts:
            builder.add(text)
        return cls(builder.done(), analyzer=chosen, k1=k1, b=b, feedback=feedback)

    def search(self, question: str, k: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the best `k` documents for `question`, which may contain phrases and exclusions.

        Scores are BM25's. Feedback adds to those of the first max(k, DEPTH) documents.

        Returns:
            int64[n], document ids, and float64[n], their scores; best first, equal scores by id.
            n is less than `k` if fewer documents match.

        Raises:
            ValueError: `k` is negative.
        """
        return search(self, question, k)

    def allowed(self, query: Query) -> NDArray[np.bool_] | None:
        """Return which documents satisfy the phrases and exclusions of `query`.

        A phrase that no document contains is ignored.

        Returns:
            bool[documents]; None if the query restricts nothing.
        """
        return allowed(self, query)

    @property
    def size(self) -> int:
        """The number of documents."""
        return len(self)

    def terms(self) -> Iterator[str]:
        """Iterate over the terms."""
        return iter(self.postings)

    def live(self, docs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those of `docs` that can be found: all."""
        return docs

    def holding(self, phrase: Phrase) -> NDArray[np.int64]:
        """Return the documents that contain `phrase`: int64[n], ascending."""
        return with_phrase(self.postings, self.forward, phrase.terms)

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """Return how many documents contain each of `terms`."""
        return [*map(self.document_frequency, terms)]

    def terms_with(self, text: str) -> list[str]:
        """Return the terms that have `text` in them, sorted."""
        return terms_with(self, text)

    def count(self, phrase: Phrase) -> int:
        """Return how many documents contain `phrase`."""
        return len(self.holding(phrase))

    def beside(self, others: Sequence[str], own: str, phrases: Sequence[Phrase]) -> Beside:
        """Return how many documents have phrases beside other terms; see `Beside`."""
        return tables(self, others, own, phrases).beside

    def boosts(self, docs: NDArray[np.int64], scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what feedback adds to the scores.

        Args:
            docs: int64[n], documents, best first.
            scores: float64[n], their BM25 scores.

        Returns:
            float64[n].
        """
        return boosted(self, docs, scores)

    def learn(self, docs: NDArray[np.int64], scores: NDArray[np.float64]) -> Learned:
        """Learn terms from the best documents; see `feedback.learn`."""
        return learn(self, docs, scores)

    def boosts_of(self, learned: Learned, docs: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what learned terms add to the scores of documents; see `feedback.boosts`."""
        return boosts(self, learned, docs)

    def learned_terms(self, learned: Learned) -> list[str]:
        """Return the terms that feedback learned, highest share first."""
        return self.postings.terms.names(learned.term_ids)

    def to_arrays(self) -> Arrays:
        """Return the arrays to write to a file."""
        return IndexParts(self.postings, self.forward, self.doc_len).to_arrays()

    @classmethod
    def from_arrays(
        cls, arrays: Arrays, analyzer: Analyzer, *, feedback: float = FEEDBACK
    ) -> Index:
        """Build an index from the arrays that `to_arrays` returned.

        Args:
            arrays: the arrays by name.
            analyzer: the analyzer that made their terms.
            feedback: the weight of feedback.
        """
        return cls(IndexParts.from_arrays(arrays), analyzer=analyzer, feedback=feedback)


def _parts_of(corpus: Iterable[Sequence[str]], analyzer: Analyzer) -> IndexParts:
    builder = PostingsBuilder(analyzer)
    for document in corpus:
        builder.add_terms(document)
    return builder.done()
