"""What can be searched: an index, or a stack of layers that answers as one. Pure.

The functions here answer with the other methods, for both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.search.analyzer import Analyzer
from bot.search.bm25.accumulator import Matches
from bot.search.bm25.top_k import top_k
from bot.search.feedback import DEPTH, FIRST, LEAST_HOLDING, TERMS, Learned
from bot.search.query import Phrase, Query, parse, plain_terms

if TYPE_CHECKING:
    from bot.search.bm25._kernels import Searcher

Docs = NDArray[np.int64]
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Beside:
    """How often phrases are beside other terms, of which a document may have some or all."""

    most: int
    """The most of the other terms that any document has."""
    own: int
    """How many documents have a certain term."""
    own_fits: bool
    """Whether any of these has one of the other terms."""
    holding: tuple[int, ...]
    """How many documents contain each phrase."""
    together: tuple[int, ...]
    """How many of them have `most` of the other terms."""


class Asked(Protocol):
    """Documents that can be asked for what a question says, wherever they are."""

    analyzer: Analyzer
    """Splits questions into terms."""

    def __len__(self) -> int:
        """Return how many documents can be found."""

    def document_frequency(self, term: str) -> int:
        """Return how many documents contain `term`."""

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """Return how many documents contain each of `terms`."""

    def terms_with(self, text: str) -> list[str]:
        """Return the terms that have `text` in them, sorted."""

    def count(self, phrase: Phrase) -> int:
        """Return how many documents contain `phrase`."""

    def beside(self, others: Sequence[str], own: str, phrases: Sequence[Phrase]) -> Beside:
        """Return how many documents have phrases beside other terms; see `Beside`."""

    def contribution(self, term: str, doc: int) -> float:
        """Return what `term` adds to the score of `doc`; 0 if the document does not contain it."""

    def learned_terms(self, learned: Learned) -> list[str]:
        """Return the terms that feedback learned, highest share first."""


class Searched(Asked, Protocol):
    """Documents that can be searched, numbered from 0. Some numbers may be masked."""

    feedback: float
    """The weight of feedback; 0 gives plain BM25."""
    searcher: Searcher | None
    """The kernels' searcher; None without kernels."""

    @property
    def size(self) -> int:
        """How many numbers documents have, with those that are masked."""

    @property
    def idf(self) -> Mapping[str, float]:
        """The weight of each term that a document contains."""

    def terms(self) -> Iterator[str]:
        """Iterate over the terms that documents contain, each once."""

    def live(self, docs: Docs) -> Docs:
        """Return those of `docs`, which ascend, that are not masked."""

    def match(self, terms: Sequence[str]) -> Matches:
        """Return all documents that contain any of `terms`; see `BM25.match`."""

    def best(self, terms: Sequence[str], k: int) -> tuple[Docs, Scores]:
        """Return the best `k` documents; see `BM25.best`."""

    def search(self, question: str, k: int) -> tuple[Docs, Scores]:
        """Return the best `k` documents for `question`; see `Index.search`."""

    def allowed(self, query: Query) -> NDArray[np.bool_] | None:
        """Return which documents satisfy phrases and exclusions; see `Index.allowed`."""

    def holding(self, phrase: Phrase) -> Docs:
        """Return the documents that contain `phrase`: int64[n], ascending."""

    def contributions(self, term: str) -> tuple[NDArray[np.int32], Scores]:
        """Return int32[n], the documents that contain `term`, and float64[n], what it adds."""

    def contributions_to(self, term: str, docs: Docs) -> Scores:
        """Return what `term` adds to the scores of `docs`, which ascend; 0 where it is not."""

    def holds(self, term: str, docs: Docs) -> NDArray[np.bool_]:
        """Return bool[docs]: which of `docs`, which ascend, contain `term`."""

    def learn(self, docs: Docs, scores: Scores) -> Learned:
        """Learn terms from the best documents; see `feedback.learn`."""

    def boosts_of(self, learned: Learned, docs: Docs) -> Scores:
        """Return what learned terms add to the scores of documents; see `feedback.boosts`."""


def search(index: Searched, question: str, k: int) -> tuple[Docs, Scores]:
    """Return the best `k` documents for `question`; see `Index.search`.

    Raises:
        ValueError: `k` is negative.
    """
    if k < 0:
        raise ValueError(f"k is {k}: it must be 0 or more")
    plain = plain_terms(question, index.analyzer) if index.searcher else None
    if plain is not None and index.searcher:  # most often
        return _ranked(index, index.searcher, plain, k)
    query = parse(question, index.analyzer)
    terms = [each.term for each in query.terms]
    may_be_found = index.allowed(query)
    if may_be_found is None and index.searcher:
        return _ranked(index, index.searcher, terms, k)
    return searched(index, terms, may_be_found, k)


def _ranked(index: Searched, searcher: Searcher, terms: list[str], k: int) -> tuple[Docs, Scores]:
    """Search in one call to the kernels, which is faster than one call for each step."""
    room = min(k, len(index))
    docs, scores = np.empty(room, np.int64), np.empty(room)
    settings = index.feedback, FIRST, TERMS, LEAST_HOLDING, min(DEPTH, len(index))
    found = searcher.ranked(terms, *settings, docs, scores)
    return (docs, scores) if found == room else (docs[:found], scores[:found])


def searched(
    index: Searched, terms: Sequence[str], may_be_found: NDArray[np.bool_] | None, k: int
) -> tuple[Docs, Scores]:
    """Return the best `k` documents, with feedback; see `Index.search`.

    Args:
        index: where to search.
        terms: the terms of the question.
        may_be_found: bool[size], which documents may be found; by default all.
        k: how many to return.
    """
    most = max(k, DEPTH) if index.feedback else k
    if may_be_found is None:
        docs, scores = index.best(terms, most)
    else:
        docs, scores, _ = index.match(terms).among(may_be_found)
        order = top_k(scores, most)
        docs, scores = docs[order], scores[order]
    if index.feedback:
        scores = scores + boosted(index, docs, scores)
        order = np.lexsort((docs, -scores))[:k]
        docs, scores = docs[order], scores[order]
    return docs[:k], scores[:k]


@dataclass(frozen=True, slots=True)
class Tables:
    """What a part of a library knows for `Beside`."""

    words: NDArray[np.int64]
    """int64[terms + 1]: how many documents have each number of the other terms, from one on."""
    own: int
    """See `Beside`."""
    own_fits: bool
    """See `Beside`."""
    phrases: NDArray[np.int64]
    """int64[phrases, terms + 1]: how many of the documents that contain a phrase have each number
    of the other terms."""

    @property
    def beside(self) -> Beside:
        """What they say."""
        most = int(self.words.nonzero()[0].max(initial=0))
        holding, together = self.phrases.sum(axis=1), self.phrases[:, most]
        return Beside(
            most, self.own, self.own_fits, tuple(holding.tolist()), tuple(together.tolist())
        )


def tables(index: Searched, others: Sequence[str], own: str, phrases: Sequence[Phrase]) -> Tables:
    """Count the documents that contain phrases, by how many of the other terms they have.

    Args:
        index: where to count.
        others: the other terms.
        own: a term of which is counted how many documents have it.
        phrases: the phrases.
    """
    matches = index.match(others)
    size = len(others) + 1
    holding = index.contributions(own)[0]
    counted = np.zeros((len(phrases), size), np.int64)
    for row, each in zip(counted, phrases, strict=True):
        docs = index.holding(each)
        words = np.zeros(len(docs), np.int64)
        if len(matches.docs):
            places = np.minimum(matches.docs.searchsorted(docs), len(matches.docs) - 1)
            words = np.where(matches.docs[places] == docs, matches.terms[places], 0)
        row += np.bincount(words, minlength=size)
    fits = bool(np.isin(holding, matches.docs).any())
    words = np.bincount(matches.terms, minlength=size)
    return Tables(words, len(holding), fits, counted)


def boosted(index: Searched, docs: Docs, scores: Scores) -> Scores:
    """Return what feedback adds to the scores; see `Index.boosts`."""
    if not index.feedback or not len(docs):
        return np.zeros(len(docs))
    learned = index.learn(docs[:FIRST], scores[:FIRST])
    return index.feedback * index.boosts_of(learned, docs)


def allowed(index: Searched, query: Query) -> NDArray[np.bool_] | None:
    """Return which documents satisfy phrases and exclusions, masked or not; see `Index.allowed`."""
    wanted = [docs for each in query.phrases if len(docs := index.holding(each))]
    if not wanted and not query.without:
        return None
    mask: NDArray[np.bool_] = np.ones(index.size, np.bool_)
    for docs in wanted:
        holding = np.zeros(index.size, np.bool_)
        holding[docs] = True
        mask &= holding
    for each in query.without:
        mask[index.holding(each)] = False
    return mask
