"""Tweets of parts rank as those of one library, to the last bit."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.search import candidates, ranking
from bot.search.bm25.idf import lucene_idf
from bot.search.candidates import (
    Feedback,
    Selection,
    Wanted,
    Whole,
    candidates_of,
    counts_of,
    only_counts,
    ranking_of,
    summed,
)
from bot.search.feedback import Learned
from bot.search.paging import Cut
from bot.search.part import Content, LearnedTerms, PartIndex, learn
from bot.search.query import Query, parse
from bot.search.ranking import UNDATED, Ranking, rank
from bot.search.searched import Docs, Scores
from bot.search.threads import LayeredThreads
from tests.search.stacks import (
    ANALYZER,
    Placed,
    Stack,
    asked,
    large_questions,
    large_stacks,
    small_stacks,
)


@dataclass(frozen=True, slots=True)
class Parts:
    """A stack that is divided into parts, each of neighbouring layers."""

    indexes: Sequence[PartIndex]
    threads: Sequence[LayeredThreads]
    starts: Sequence[tuple[int, int]]
    """The first document and thread of each part."""
    documents: int
    feedback: float

    def rank(
        self,
        query: Query,
        limit: int,
        allowed: NDArray[np.bool_] | None = None,
        days: NDArray[np.int32] | None = None,
        *,
        cut: Cut,
        set_apart: bool,
    ) -> Ranking:
        """Rank as `ranking.rank` does, part by part."""
        weights = {each.term: self._weight(each.term.encode()) for each in query.terms}
        every = tuple(part.weighed(weights) for part in self.indexes)
        pairs = zip(self.starts, every, strict=True)
        places = [slice(first, first + each.size) for (first, _), each in pairs]
        selections = [
            Selection(
                None if allowed is None else allowed[here], None if days is None else days[here]
            )
            for here in places
        ]
        parts = list(zip(every, self.threads, selections, strict=True))
        wanted = Wanted(query, cut.cap, set_apart)
        if days is not None:
            counts = summed([counts_of(*each[:2], wanted, each[2]) for each in parts])
            most = only_counts(counts).words_matched
            assert counts.dated is not None
            if counts.tweets and counts.dated[most if query.terms else 0]:
                wanted = replace(wanted, newest=True, words=most)
            else:
                parts = [(*each[:2], replace(each[2], days=None)) for each in parts]
        if not limit:
            return only_counts(summed([counts_of(*each[:2], wanted, each[2]) for each in parts]))
        for all_of_them in (False, True):
            wanted = replace(wanted, every=all_of_them)
            found = [candidates_of(*each[:2], wanted, each[2]) for each in parts]
            whole = Whole.of(found, self.starts)
            feedback = Feedback(self.feedback, self._learn, self._boosts)
            ranked = ranking_of(whole, wanted, cut, feedback)
            if ranked:
                return ranked
        raise AssertionError("all tweets have every page")

    def _weight(self, term: bytes) -> float:
        holding = int(self._frequencies([term])[0])
        return lucene_idf(self.documents, holding)

    def _frequencies(self, terms: Sequence[bytes]) -> NDArray[np.int64]:
        found = [each.frequencies_of(terms) for each in self.indexes]
        return sum(found, np.zeros(len(terms), np.int64))

    def _learn(self, content: Content, scores: Scores) -> Learned:
        return learn(content, scores, self._frequencies, self.documents)

    def _boosts(self, learned: Learned, docs: Docs, scores: Scores) -> Scores:
        assert len(scores) == len(docs)
        assert isinstance(learned, LearnedTerms)
        added = np.zeros(len(docs))
        for index, (first, _) in zip(self.indexes, self.starts, strict=True):
            here = ((docs >= first) & (docs < first + index.size)).nonzero()[0]
            added[here] = index.boosts_of_terms(learned.terms, learned.weights, docs[here] - first)
        return added


def divided(stack: Stack, borders: Sequence[int]) -> Parts:
    """Divide a stack before the layers `borders`."""
    edges = sorted({0, len(stack.layers), *(each for each in borders if each < len(stack.layers))})
    live = len(stack.stack)
    average = stack.stack.length / live if live else 0.0
    pieces = [(stack.layers[a:b], stack.placed_threads[a:b]) for a, b in pairwise(edges)]
    with stack.kernels():
        indexes = [PartIndex(layers, average) for layers, _ in pieces]
    threads = [LayeredThreads(own) for _, own in pieces]
    counts = [sum(len(each.starts) for each, _ in own) for _, own in pieces]
    starts = list(
        zip(
            np.cumsum([0, *(each.size for each in indexes)]).tolist()[:-1],
            np.cumsum([0, *counts]).tolist()[:-1],
            strict=True,
        )
    )
    return Parts(indexes, threads, starts, live, stack.stack.feedback)


def same(one: Ranking, other: Ranking) -> bool:
    """Whether two rankings are the same but for the ids of learned terms."""
    weights = [each.learned.weights.tolist() if each.learned else None for each in (one, other)]
    return weights[0] == weights[1] and replace(one, learned=None) == replace(other, learned=None)


borders = st.lists(st.integers(0, 5), max_size=5)
pages = st.integers(1, 6)
caps = st.sampled_from([None, 1, 2, 5])


@given(small_stacks(), borders, asked, st.integers(0, 4), pages, caps, st.booleans(), st.data())
def test_parts_rank_as_one_stack(
    stack: Stack,
    borders: list[int],
    words: list[str],
    limit: int,
    page: int,
    cap: int | None,
    set_apart: bool,  # noqa: FBT001  # drawn
    data: st.DataObject,
) -> None:
    query = parse(" ".join(words), ANALYZER)
    size = stack.stack.size
    masks = st.none() | st.lists(st.booleans(), min_size=size, max_size=size)
    mask = data.draw(masks)
    allowed = None if mask is None else np.array(mask, np.bool_)
    dates = st.none() | st.lists(st.sampled_from([UNDATED, 5, 6, 7]), min_size=size, max_size=size)
    dated = data.draw(dates)
    days = None if dated is None else np.array(dated, np.int32)
    options = {"page": page, "cap": cap, "set_apart": set_apart, "days": days}
    expected = rank(stack.stack, query, stack.stacked, limit, allowed, **options)  # type: ignore[arg-type]
    parts = divided(stack, borders)
    found = parts.rank(query, limit, allowed, days, cut=Cut(limit, cap, page), set_apart=set_apart)
    assert same(found, expected)


@settings(max_examples=60)
@given(large_stacks(), borders, large_questions, st.integers(1, 40), caps, st.booleans(), st.data())
def test_deep_pages_of_parts_are_those_of_one_stack(
    stack: Stack,
    borders: list[int],
    question: str,
    page: int,
    cap: int | None,
    newest: bool,  # noqa: FBT001  # drawn
    data: st.DataObject,
) -> None:
    query = parse(question, ANALYZER)
    days = None
    if newest:
        dice = np.random.default_rng(data.draw(st.integers(0, 99)))
        days = dice.integers(0, 5, stack.stack.size).astype(np.int32)
    with pytest.MonkeyPatch.context() as patched:
        most = data.draw(st.sampled_from([7, 30]))
        for module in (ranking, candidates):
            patched.setattr(module, "MAX_RERANKED", most)
        expected = rank(stack.stack, query, stack.stacked, 3, page=page, cap=cap, days=days)
        parts = divided(stack, borders)
        found = parts.rank(query, 3, days=days, cut=Cut(3, cap, page), set_apart=True)
    assert same(found, expected)


def test_pages_of_tweets_that_are_set_apart_are_those_of_one_stack() -> None:
    texts = (("port ship", "port"), ("port", "port crane", "ship"), ("ship rice", "port ship"))
    placed = [Placed(layer, layer, masked=False, texts=each) for layer, each in enumerate(texts)]
    stack = Stack(3, placed, contextlib.nullcontext)
    query = parse("port ship", ANALYZER)
    parts = divided(stack, [1, 2])
    apart = 0
    for cap in (None, 1, 2, 3):
        for page in range(1, 8):
            cut = Cut(1, cap, page)
            expected = rank(stack.stack, query, stack.stacked, 1, page=page, cap=cap)
            assert same(parts.rank(query, 1, cut=cut, set_apart=True), expected)
            apart += any(each.partial for each in expected.threads)
    assert apart >= 9  # of the pages are of tweets that are set apart
