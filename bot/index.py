"""The index over tweets: from a question to the best of them.

Tweets are ranked by BM25 (`bm25.py`), and anew by what the best of them share (`feedback.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.analyzer import Analyzer
from bot.best import best_of
from bot.bm25 import BM25, SHORT
from bot.feedback import DEPTH, boosts, learn
from bot.forward import Forward
from bot.frozen import Arrays, below, under
from bot.phrase import side_by_side
from bot.postings import Parts, Postings, PostingsBuilder
from bot.query import Phrase, Query, parse
from bot.splice import Splice

K1 = 0.8
B = 0.35
"""Better than 1.5 and 0.75 for tweets, which are short and much of a length."""

FEEDBACK = 1.5
"""What the words that the best documents share count beside the question's: so many of these."""


class Index(BM25):
    """An immutable BM25 index; documents are numbered from 0 in the order they were given."""

    def __init__(
        self,
        corpus: Iterable[Sequence[str]],
        *,
        analyzer: Analyzer | None = None,
        k1: float = K1,
        b: float = B,
        feedback: float = FEEDBACK,
    ) -> None:
        """Index `corpus`, one sequence of terms for each document.

        Args:
            corpus: the documents.
            analyzer: what made their terms.
            k1: BM25's: how much a term counts that is repeated.
            b: BM25's: how much less one counts in a long document.
            feedback: what the words that the best documents share count; 0 for bare BM25.
        """
        self.analyzer = analyzer or Analyzer()
        self.feedback = feedback
        super().__init__(corpus, k1=k1, b=b)

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
        corpus = (chosen.terms(text) for text in texts)
        made = cls(corpus, analyzer=chosen, k1=k1, b=b, feedback=feedback)
        chosen.forget()
        return made

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
        query = parse(question, self.analyzer)
        terms = [each.term for each in query.terms]
        allowed = self.allowed(query)
        most = max(k, DEPTH) if self.feedback else k
        if allowed is None:
            docs, scores = self.best(terms, most)
        else:
            docs, scores, _ = self.match(terms).among(allowed)
            order = best_of(scores, most)
            docs, scores = docs[order], scores[order]
        if self.feedback:
            scores = scores + self.boosts(docs, scores)
            order = np.lexsort((docs, -scores))[:k]
            docs, scores = docs[order], scores[order]
        return docs[:k], scores[:k]

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
        return self.feedback * boosts(self, learn(self, docs, scores), docs)

    def extension(self, corpus: Iterable[Sequence[str]]) -> Parts:
        """More documents, their terms numbered on from those of this index: for `spliced`."""
        builder = PostingsBuilder(self.postings)
        for document in corpus:
            builder.add(document)
        return builder.done()

    def spliced(self, fresh: Parts, splice: Splice) -> tuple[Index, NDArray[np.bool_]]:
        """The index of documents of this one and of `fresh`, which is an extension of it.

        Returns:
            The index, which scores as one that is made of them; and bool[terms]: which of the
            terms of `fresh` are in it. Those that no document holds are not.
        """
        moved = splice.moved(len(self), len(fresh.lengths))
        postings, left = self.postings.spliced(fresh.postings, moved)
        numbers = None if left.all() else np.cumsum(left, dtype=np.int32) - np.int32(1)
        made = Index((), analyzer=self.analyzer, k1=self.k1, b=self.b, feedback=self.feedback)
        made._take(
            Parts(
                postings,
                self.forward.spliced(fresh.forward, splice, numbers),
                splice.array(self.doc_len, fresh.lengths),
            )
        )
        # A share rises with the mean length, and no faster.
        rise = max(1.0, made.avgdl / self.avgdl) if self.avgdl else 1.0
        known = {}
        before = left.nonzero()[0]
        for number in postings.long(SHORT):
            was = int(before[number])
            highest = self._highest.get(was)
            if highest is not None:
                theirs = made._highest_share(fresh.postings, was, fresh.lengths)
                known[number] = max(highest * rise, theirs)
        made._weigh(known)
        return made, left

    def frozen(self) -> Arrays:
        """The arrays that it is made of."""
        return {
            **below("postings", self.postings.frozen()),
            **below("forward", self.forward.frozen()),
            "doc_len": self.doc_len,
            "long": np.array(list(self._highest), np.int64),
            "highest": np.array(list(self._highest.values())),
        }

    @classmethod
    def thawed(cls, arrays: Arrays, analyzer: Analyzer, *, feedback: float = FEEDBACK) -> Index:
        """What was `frozen`, of documents that `analyzer` analyzed."""
        made = cls((), analyzer=analyzer, feedback=feedback)
        made._take(
            Parts(
                Postings.thawed(under("postings", arrays)),
                Forward.thawed(under("forward", arrays)),
                arrays["doc_len"],
            )
        )
        made._weigh(dict(zip(arrays["long"].tolist(), arrays["highest"].tolist(), strict=True)))
        return made

    def _take(self, parts: Parts) -> None:
        super()._take(parts)
        stops = map(self.postings.number, self.analyzer.stop_terms)
        self.is_stop = np.zeros(len(self.postings), np.bool_)
        self.is_stop[[each for each in stops if each is not None]] = True
        self.is_stop.flags.writeable = False
