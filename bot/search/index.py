"""The index over tweets: from a question to the best of them.

Tweets are ranked by BM25 (`scoring.py`), and anew by what the best of them share (`feedback.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.arrays.array_file import Arrays, below, under
from bot.arrays.splice import Splice
from bot.search.analyzer import Analyzer
from bot.search.bm25.document_terms import DocumentTerms
from bot.search.bm25.postings import IndexParts, Postings, PostingsBuilder
from bot.search.bm25.scoring import BM25
from bot.search.bm25.top_k import top_k
from bot.search.feedback import DEPTH, FIRST, LEAST_HOLDING, TERMS, boosts, learn
from bot.search.phrase import side_by_side
from bot.search.query import Phrase, Query, parse, plain_terms

if TYPE_CHECKING:
    from bot.search.bm25._kernels import Searcher

K1 = 0.8
B = 0.35
"""Better than 1.5 and 0.75 for tweets, which are short and much of a length."""

FEEDBACK = 1.5
"""What the words that the best documents share count beside the question's: so many of these."""


class Index(BM25):
    """An immutable BM25 index; documents are numbered from 0 in the order they were given."""

    def __init__(
        self,
        corpus: Iterable[Sequence[str]] | IndexParts,
        *,
        analyzer: Analyzer | None = None,
        k1: float = K1,
        b: float = B,
        feedback: float = FEEDBACK,
    ) -> None:
        """Index `corpus`, one sequence of terms for each document.

        Args:
            corpus: the documents; or what a builder has made of them.
            analyzer: what made their terms.
            k1: BM25's: how much a term counts that is repeated.
            b: BM25's: how much less one counts in a long document.
            feedback: what the words that the best documents share count; 0 for bare BM25.
        """
        self.analyzer = analyzer or Analyzer()
        self.feedback = feedback
        parts = corpus if isinstance(corpus, IndexParts) else _taken_in(corpus, self.analyzer)
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
        """Index `texts`, one for each document; the rest is as for the index itself."""
        chosen = analyzer or Analyzer()
        builder = PostingsBuilder(chosen)
        for text in texts:
            builder.add(text)
        return cls(builder.done(), analyzer=chosen, k1=k1, b=b, feedback=feedback)

    def search(self, question: str, k: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The `k` documents that answer `question` best.

        Scores are BM25's, and what feedback adds to those of the first documents, as many as are
        asked for and DEPTH at least.

        Returns:
            Document numbers int64[n] and their scores float64[n], best first, n ≤ k; equal scores
            in document order.

        Raises:
            ValueError: `k` is negative.
        """
        if k < 0:
            raise ValueError(f"k is {k}: it must be 0 or more")
        plain = plain_terms(question, self.analyzer) if self.searcher else None
        if plain is not None and self.searcher:  # most often
            return self._ranked(self.searcher, plain, k)
        query = parse(question, self.analyzer)
        terms = [each.term for each in query.terms]
        allowed = self.allowed(query)
        if allowed is None and self.searcher:
            return self._ranked(self.searcher, terms, k)
        most = max(k, DEPTH) if self.feedback else k
        if allowed is None:
            docs, scores = self.best(terms, most)
        else:
            docs, scores, _ = self.match(terms).among(allowed)
            order = top_k(scores, most)
            docs, scores = docs[order], scores[order]
        if self.feedback:
            scores = scores + self.boosts(docs, scores)
            order = np.lexsort((docs, -scores))[:k]
            docs, scores = docs[order], scores[order]
        return docs[:k], scores[:k]

    def _ranked(
        self, searcher: Searcher, terms: list[str], k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """What `search` finds in some steps, in one: each of them is a walk through cold memory."""
        room = min(k, len(self))
        docs, scores = np.empty(room, np.int64), np.empty(room)
        how = self.feedback, FIRST, TERMS, LEAST_HOLDING, min(DEPTH, len(self))
        found = searcher.ranked(terms, *how, docs, scores)
        return (docs, scores) if found == room else (docs[:found], scores[:found])

    def allowed(self, query: Query) -> NDArray[np.bool_] | None:
        """bool[len(self)]: which documents hold the phrases of `query`, and not what is to be left
        out; none where it asks for neither. A phrase that no document holds is asked for no more.
        """
        wanted = [docs for each in query.phrases if len(docs := self.holding(each))]
        if not wanted and not query.without:
            return None
        mask: NDArray[np.bool_] = np.ones(len(self), np.bool_)
        for docs in wanted:
            holding = np.zeros(len(self), np.bool_)
            holding[docs] = True
            mask &= holding
        for each in query.without:
            mask[self.holding(each)] = False
        return mask

    def holding(self, phrase: Phrase) -> NDArray[np.int64]:
        """The documents that hold `phrase`, int64[n], in order."""
        return side_by_side(self.postings, self.forward, phrase.terms)

    def boosts(self, docs: NDArray[np.int64], scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """float64[len(docs)]: what feedback adds to the scores of `docs`, which are best first."""
        if not self.feedback or not len(docs):
            return np.zeros(len(docs))
        learned = learn(self, docs[:FIRST], scores[:FIRST])
        return self.feedback * boosts(self, learned, docs)

    def spliced(self, fresh: IndexParts, splice: Splice) -> tuple[Index, NDArray[np.bool_]]:
        """The index of documents of this one and of `fresh`, whose terms are numbered on from its.

        Returns:
            The index, which scores as one that is made of them; and bool[terms]: which of the
            terms of `fresh` are in it. Those that no document holds are not.
        """
        moved = splice.moved(len(self), len(fresh.lengths))
        postings, left = self.postings.spliced(fresh.postings, moved)
        numbers = None if left.all() else np.cumsum(left, dtype=np.int32) - np.int32(1)
        parts = IndexParts(
            postings,
            self.forward.spliced(fresh.forward, splice, numbers),
            splice.array(self.doc_len, fresh.lengths),
        )
        how = {"k1": self.k1, "b": self.b, "feedback": self.feedback}
        return Index(parts, analyzer=self.analyzer, **how), left

    def frozen(self) -> Arrays:
        """The arrays that it is made of."""
        return {
            **below("postings", self.postings.frozen()),
            **below("forward", self.forward.frozen()),
            "doc_len": self.doc_len,
        }

    @classmethod
    def thawed(cls, arrays: Arrays, analyzer: Analyzer, *, feedback: float = FEEDBACK) -> Index:
        """What was `frozen`, of documents that `analyzer` analyzed."""
        parts = IndexParts(
            Postings.thawed(under("postings", arrays)),
            DocumentTerms.thawed(under("forward", arrays)),
            arrays["doc_len"],
        )
        return cls(parts, analyzer=analyzer, feedback=feedback)


def _taken_in(corpus: Iterable[Sequence[str]], analyzer: Analyzer) -> IndexParts:
    builder = PostingsBuilder(analyzer)
    for document in corpus:
        builder.add_terms(document)
    return builder.done()
