"""The distinct values of an array."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arrays.distinct import are_in, distinct

values = st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3))


@given(values)
def test_each_value_is_there_once_in_order(given: list[int]) -> None:
    before = np.array(given, np.int64)
    found = distinct(before)
    assert found.tolist() == sorted(set(given))
    assert before.tolist() == given
    assert distinct(before, may_sort=True).tolist() == found.tolist()


@pytest.mark.parametrize("kind", [np.uint8, np.int32, np.int64])
def test_values_keep_their_type(kind: type[np.integer]) -> None:
    assert distinct(np.array([3, 1, 3], kind)).dtype == kind
    assert distinct(np.empty(0, kind)).dtype == kind


@given(values, values)
def test_values_are_found_in_an_ordered_array(ordered: list[int], sought: list[int]) -> None:
    found = are_in(np.array(sorted(ordered), np.int64), np.array(sought, np.int64))
    assert found.tolist() == [each in ordered for each in sought]
