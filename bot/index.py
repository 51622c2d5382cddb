"""The BM25 index over tweets; the only module that knows rank_bm25.

`Index` is a `rank_bm25.BM25Okapi` and gives its scores to the last bit, with two repairs. Its idf
is Lucene's, which is above zero however many tweets hold a term; Okapi's is zero or less for a term
of half the library. And a tweet matches when it holds a term, whatever its score.

BM25Okapi looks at every document for every term. This one keeps, for each term, the documents that
hold it (`postings.py`), and looks at nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from bot.analyzer import Analyzer
from bot.best import ABSENT, TermList, best_of, contenders, exact, summed
from bot.board import Board, Matches
from bot.feedback import DEPTH, boosts, learn
from bot.forward import Forward
from bot.frozen import Arrays, below, under
from bot.phrase import side_by_side
from bot.postings import ESCAPE, Postings, PostingsBuilder
from bot.query import Phrase, Query, parse

K1 = 0.8
B = 0.35
"""Better than 1.5 and 0.75 for tweets, which are short and much of a length."""

FEEDBACK = 1.5
"""What the words that the best documents share count beside the question's: so many of these."""
ADDED_AT_ONCE = 20_000
"""Postings that are sooner added up than chosen from."""
SPREAD, SPREADS = 10, 12
"""A term of more than one document in ten is spread out when it is asked for; so many are kept."""
SHORT = 1_000
"""Postings whose highest share is sooner found than kept."""
Numbers = NDArray[np.int32] | NDArray[np.int64]


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
        self._spare: list[Board] = []
        self._tables: list[NDArray[np.float64]] = []
        self._most: dict[int, float] = {}
        self._spreads: dict[int, NDArray[np.uint16]] = {}
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

    def __len__(self) -> int:
        """How many documents it holds."""
        return int(self.corpus_size)

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

    def best(self, terms: Sequence[str], k: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The `k` documents whose BM25 is highest, int64[n], and it, float64[n]; best first."""
        numbers = [each for each in map(self.postings.number, terms) if each is not None]
        if k <= 0 or not numbers:
            return np.empty(0, np.int64), np.empty(0)
        total = sum(map(self.postings.length, numbers))
        board = self._board()
        if total <= ADDED_AT_ONCE or len(set(numbers)) < len(numbers):
            docs, scores = summed([self._list(each) for each in numbers], k, board.scores)
        else:
            lists = [self._list(each, bounded=True) for each in numbers]
            docs = contenders(lists, k, board.scores)
            scores = exact(lists, docs)
        self._spare.append(board)
        order = best_of(scores, k)
        return docs[order], scores[order]

    def boosts(self, docs: NDArray[np.int64], scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """float64[len(docs)]: what feedback adds to the scores of `docs`, which are best first."""
        if not self.feedback or not len(docs):
            return np.zeros(len(docs))
        return self.feedback * boosts(self, learn(self, docs, scores), docs)

    def match(self, terms: Sequence[str]) -> Matches:
        """All documents that hold any of `terms`; a term given twice counts twice, as in BM25."""
        board = self._board()
        # A term's documents are distinct, so this adds each once; term after term in the query's
        # order makes the very sums of rank_bm25.
        for docs, contributions in map(self._contributions, terms):
            board.add(docs, contributions)
        matches = board.taken()
        self._spare.append(board)
        return matches

    def contribution(self, term: str, doc: int) -> float:
        """What `term` adds to the score of `doc`; 0 where it does not hold it."""
        number = self.postings.number(term)
        return 0.0 if number is None else float(exact([self._list(number)], np.array([doc]))[0])

    def _board(self) -> Board:
        """One that nobody uses; questions may be answered in several threads."""
        try:
            return self._spare.pop()
        except IndexError:
            return Board(len(self))

    def document_frequency(self, term: str) -> int:
        """How many documents hold `term`."""
        return self.postings.frequency(term)

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

    def weights(self, holding: NDArray[np.int64]) -> NDArray[np.float64]:
        """`lucene_idf` of terms that so many documents hold, float64[n]."""
        weights: NDArray[np.float64] = np.log(1 + (len(self) - holding + 0.5) / (holding + 0.5))
        return weights

    def share(self, tf: Numbers, lengths: Numbers) -> NDArray[np.float64]:
        """What a term's frequency in documents of such lengths comes to, before its idf."""
        average = self.avgdl or 1.0  # with no terms at all nothing asks
        norm = self.k1 * (1 - self.b + self.b * lengths / average)
        shares: NDArray[np.float64] = tf * (self.k1 + 1) / (tf + norm)
        return shares

    @contextmanager
    def table_of(
        self, numbers: NDArray[np.int32], values: NDArray[np.float64]
    ) -> Iterator[NDArray[np.float64]]:
        """float64[terms]: `values` for the terms `numbers`, 0 for the others.

        To be read within the `with` alone.
        """
        try:
            table = self._tables.pop()
        except IndexError:
            table = np.zeros(len(self.postings))
        table[numbers] = values
        yield table
        table[numbers] = 0
        self._tables.append(table)

    def _contributions(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        number = self.postings.number(term)
        if number is None:
            return np.empty(0, np.int32), np.empty(0)
        found = self._list(number)
        return found.docs, found.of(slice(None))

    def _list(self, number: int, *, bounded: bool = False) -> TermList:
        """What the term of that number adds; `bounded` if it matters how much that is at most."""
        docs, codes, escaped, tf = self.postings.of(number)
        weight = lucene_idf(len(self), len(docs))
        table = weight * self._shares

        def of(places: NDArray[np.int64] | slice) -> NDArray[np.float64]:
            added = table.take(codes[places])
            if len(escaped):
                every = np.arange(len(docs))[places]
                at = np.searchsorted(escaped, every)
                at[at == len(escaped)] = 0
                here = np.flatnonzero(escaped[at] == every)
                lengths = self.doc_len[docs[every[here]]]
                added[here] = weight * self.share(tf[at[here]], lengths)
            return added

        if len(escaped):
            table[ESCAPE] = weight * (self.k1 + 1)
        if not bounded:
            return TermList(docs, codes, table, math.inf, of)
        most = self._most.get(number)
        if most is None:
            most = float(table[codes].max()) if len(codes) <= SHORT else weight * (self.k1 + 1)
        spread = None
        if len(docs) * SPREAD > len(self) > ADDED_AT_ONCE:
            spread = partial(self._spread, number, docs, codes)
        return TermList(docs, codes, table, most, of, spread)

    def _spread(
        self, number: int, docs: NDArray[np.int32], codes: NDArray[np.uint8]
    ) -> NDArray[np.uint16]:
        spread = self._spreads.get(number)
        if spread is None:
            spread = np.full(len(self), ABSENT, np.uint16)
            spread[docs] = codes
            if len(self._spreads) >= SPREADS:
                self._spreads.pop(next(iter(tuple(self._spreads))), None)
            self._spreads[number] = spread
        return spread

    def _initialize(self, corpus: Iterable[Sequence[str]]) -> dict[str, int]:
        """BM25Okapi's hook: take `corpus` in."""
        builder = PostingsBuilder()
        for document in corpus:
            builder.add(document)
        self._take(*builder.done())
        return {}

    def _take(self, postings: Postings, forward: Forward, lengths: NDArray[np.int32]) -> None:
        """Be made of these."""
        self.postings, self.forward, self.doc_len = postings, forward, lengths
        self.corpus_size = len(lengths)
        self.avgdl = float(lengths.sum()) / len(self) if len(self) else 0.0
        self._shares = self.share(*postings.pairs)
        stops = map(postings.number, self.analyzer.stop_terms)
        self.is_stop = np.zeros(len(postings), np.bool_)
        self.is_stop[[each for each in stops if each is not None]] = True
        for each in (self.doc_len, self._shares, self.is_stop):
            each.flags.writeable = False

    def _calc_idf(self, nd: dict[str, int]) -> None:
        """BM25Okapi's hook: weights are reckoned when a term is asked for."""
        del nd
        self.idf = _Weights(self)
        long = self.postings.long(SHORT)
        self._most = {each: float(self._list(each).of(slice(None)).max()) for each in long}

    def frozen(self) -> Arrays:
        """The arrays that it is made of."""
        return {
            **below("postings", self.postings.frozen()),
            **below("forward", self.forward.frozen()),
            "doc_len": self.doc_len,
            "long": np.array(list(self._most), np.int64),
            "most": np.array(list(self._most.values())),
        }

    @classmethod
    def thawed(cls, arrays: Arrays, analyzer: Analyzer, *, feedback: float = FEEDBACK) -> Index:
        """What was `frozen`, of documents that `analyzer` analyzed."""
        made = cls((), analyzer=analyzer, feedback=feedback)
        made._take(
            Postings.thawed(under("postings", arrays)),
            Forward.thawed(under("forward", arrays)),
            arrays["doc_len"],
        )
        made._most = dict(zip(arrays["long"].tolist(), arrays["most"].tolist(), strict=True))
        return made


class _Weights(Mapping[str, float]):
    """Each term's weight, from its document frequency."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def __getitem__(self, term: str) -> float:
        holding = self._index.document_frequency(term)
        if not holding:
            raise KeyError(term)
        return lucene_idf(len(self._index), holding)

    def __iter__(self) -> Iterator[str]:
        return iter(self._index.postings)

    def __len__(self) -> int:
        return len(self._index.postings)
