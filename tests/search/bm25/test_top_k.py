"""Tests of selecting the highest scores."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from bot.search.bm25 import top_k as top_k_module
from bot.search.bm25.top_k import kth_or_less, top_k

many_scores = arrays_of.arrays(
    np.float64, st.integers(0, 400), elements=st.sampled_from([0.0, 0.5, 1.0, 2.5, 7.0])
)


@given(many_scores, st.integers(-1, 60), st.sampled_from([0, 10, 4_000]))
def test_the_best_come_first_and_ties_in_order(
    scores: top_k_module.Scores, k: int, sorted_at_once: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(top_k_module, "SORTED_AT_ONCE", sorted_at_once)
        found = top_k(scores, k)
    expected = sorted(range(len(scores)), key=lambda at: (-scores[at], at))[: max(k, 0)]
    assert found.tolist() == expected


def test_the_single_best_is_the_first_of_equals() -> None:
    assert top_k(np.array([1.0, 3.0, 3.0]), 1).tolist() == [1]
    assert top_k(np.array([1.0, 3.0, 3.0]), 0).tolist() == []


@pytest.mark.parametrize("k", [1, 10, 200])
@pytest.mark.parametrize("count", [5, 9, 40, 1_000])
def test_a_bound_lets_at_least_the_best_pass_and_few_more(count: int, k: int) -> None:
    scores = np.random.default_rng(count).permutation(count * k).astype(np.float64)
    passing = int((scores >= kth_or_less(scores, k)).sum())
    assert k <= passing <= 2 * k
