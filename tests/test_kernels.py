"""The kernels that build the index: each makes what its twin in NumPy makes."""

from __future__ import annotations

from hypothesis import given, settings

from bot.inversion import Lists
from bot.joining import joined
from tests.corpora import Load, large_loads, loads
from tests.kernels import by_name, without_kernels


def assert_same(one: Lists, other: Lists) -> None:
    """Both are the same postings, array by array."""
    for name, mine, theirs in zip(Lists._fields, one, other, strict=True):
        assert mine.dtype == theirs.dtype
        assert mine.tolist() == theirs.tolist(), name


def assert_joined(load: Load) -> None:
    """Joined postings are those of all documents read at once."""
    with without_kernels():
        old, fresh, moved, expected = load.parts()
    for kernels in by_name.values():
        with kernels():
            assert_same(joined(old, fresh, moved), expected)


@given(loads())
def test_joined_postings_are_those_of_all_documents(load: Load) -> None:
    assert_joined(load)


@settings(max_examples=20, deadline=None)
@given(large_loads())
def test_joined_postings_are_right_with_more_than_255_pairs_in_both_parts(load: Load) -> None:
    assert_joined(load)
