"""Tests of the accumulator that sums up scores."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.search.bm25.accumulator import Accumulator

SIZE = 100
terms = st.dictionaries(st.integers(0, SIZE - 1), st.sampled_from([0.5, 1.0, 2.0]), max_size=12)
questions = st.lists(st.lists(terms, max_size=5), max_size=4)


@given(questions)
def test_each_question_has_the_sums_of_its_own_terms(asked: list[list[dict[int, float]]]) -> None:
    board = Accumulator(SIZE)
    for question in asked:
        sums: dict[int, float] = defaultdict(float)
        held: Counter[int] = Counter()
        for term in question:
            docs = sorted(term)
            board.add(np.array(docs, np.int32), np.array([term[doc] for doc in docs], np.float64))
            for doc in docs:
                sums[doc] += term[doc]
                held[doc] += 1
        matches = board.take()
        assert matches.docs.tolist() == sorted(sums)
        assert matches.scores.tolist() == [sums[doc] for doc in sorted(sums)]
        assert matches.terms.tolist() == [held[doc] for doc in sorted(sums)]


def test_a_question_of_most_documents_is_summed_up_as_one_of_few() -> None:
    board = Accumulator(SIZE)
    for number in (1, 2, 2):
        for _ in range(number):
            board.add(np.arange(SIZE, dtype=np.int32), np.ones(SIZE))
        matches = board.take()
        assert matches.docs.tolist() == list(range(SIZE))
        assert set(matches.scores.tolist()) == {float(number)}
        assert set(matches.terms.tolist()) == {number}
    assert board.take().docs.tolist() == []


def test_matches_can_be_held_to_the_documents_allowed() -> None:
    board = Accumulator(4)
    board.add(np.array([0, 2, 3], np.int32), np.array([1.0, 2.0, 3.0]))
    docs, scores, held = board.take().among(np.array([True, True, False, True]))
    assert (docs.tolist(), scores.tolist(), held.tolist()) == ([0, 3], [1.0, 3.0], [1, 1])
