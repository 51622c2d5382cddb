"""BM25 over postings; the only module that knows rank_bm25.

`BM25` is a `rank_bm25.BM25Okapi` and gives its scores to the last bit, with two repairs. Its idf
is Lucene's, which is above zero however many tweets hold a term; Okapi's is zero or less for a term
of half the library. And a tweet matches when it holds a term, whatever its score.

BM25Okapi looks at every document for every term. This one keeps, for each term, the documents that
hold it (`postings.py`), and looks at nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from bot.best import ABSENT, TermList, best_of, contenders, exact, summed
from bot.board import Board, Matches
from bot.postings import ESCAPE, Parts, Postings, PostingsBuilder
from bot.similarity import Weights, lucene_idf

ADDED_AT_ONCE = 20_000
"""Postings that are sooner added up than chosen from."""
SPREAD, SPREADS = 10, 12
"""A term of more than one document in ten is spread out when it is asked for; so many are kept."""
SHORT = 1_000
"""Postings whose highest share is sooner found than kept."""
Numbers = NDArray[np.int32] | NDArray[np.int64]


class BM25(BM25Okapi):  # type: ignore[misc]  # rank_bm25 ships no types
    """Documents as terms, numbered from 0 in the order they were given; immutable."""

    def __init__(self, corpus: Iterable[Sequence[str]], *, k1: float, b: float) -> None:
        """Take `corpus` in, one sequence of terms for each document.

        Args:
            corpus: the documents.
            k1: how much a term counts that is repeated.
            b: how much less one counts in a long document.
        """
        self._spare: list[Board] = []
        self._tables: list[NDArray[np.float64]] = []
        self._highest: dict[int, float] = {}
        self._spreads: dict[int, NDArray[np.uint16]] = {}
        super().__init__(corpus, k1=k1, b=b)

    def __len__(self) -> int:
        """How many documents it holds."""
        return int(self.corpus_size)

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

    def _board(self) -> Board:
        """One that nobody uses; questions may be answered in several threads."""
        try:
            return self._spare.pop()
        except IndexError:
            return Board(len(self))

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
        most = self._highest.get(number)
        if most is None:
            most = self._highest_share(self.postings, number, self.doc_len)
        most *= weight
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
        self._take(builder.done())
        return {}

    def _take(self, parts: Parts) -> None:
        """Be made of these."""
        self.postings, self.forward, self.doc_len = parts
        self.corpus_size = len(self.doc_len)
        self.avgdl = float(self.doc_len.sum()) / len(self) if len(self) else 0.0
        self._shares = self.share(*self.postings.pairs)
        self._shares[ESCAPE] = 0
        self.doc_len.flags.writeable = self._shares.flags.writeable = False

    def _calc_idf(self, nd: dict[str, int]) -> None:
        """BM25Okapi's hook: weights are reckoned when a term is asked for."""
        del nd
        self._weigh({})

    def _weigh(self, known: dict[int, float]) -> None:
        """Ready the weights, and the highest shares of long lists where they are not known."""
        self.idf = Weights(self.postings, len(self))
        for each in self.postings.long(SHORT):
            if each not in known:
                known[each] = self._highest_share(self.postings, each, self.doc_len)
        self._highest = known

    def _highest_share(self, postings: Postings, number: int, lengths: NDArray[np.int32]) -> float:
        """No document of those lengths gets a higher share of the term of that number."""
        docs, codes, escaped, tf = postings.of(number)
        if not len(docs):
            return 0.0
        highest = float(self._shares[codes].max())
        if len(escaped):
            highest = max(highest, float(self.share(tf, lengths[docs[escaped]]).max()))
        return highest
