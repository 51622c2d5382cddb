"""Splices of sequences, and of columns with values of items."""

from __future__ import annotations

from itertools import accumulate, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arrays import splice
from bot.arrays.splice import Splice, inserted, owners, places

items = st.lists(
    st.tuples(st.sampled_from(["kept", "gone", "fresh"]), st.lists(st.integers(0, 9), max_size=3)),
    max_size=15,
)


@given(st.lists(st.integers(0, 4), max_size=20))
def test_each_value_knows_its_item(sizes: list[int]) -> None:
    starts = np.array([0, *accumulate(sizes)], np.int64)
    told = [item for item, size in enumerate(sizes) for _ in range(size)]
    assert owners(starts).tolist() == told


def ragged(values: list[list[int]]) -> splice.Ragged:
    """Values, one item's after the other's, and where each item's begin."""
    whole = [each for item in values for each in item]
    return np.array(whole, np.int64), np.cumsum([0, *map(len, values)])


@given(items)
def test_the_new_sequence_is_what_stayed_and_what_came(made: list[tuple[str, list[int]]]) -> None:
    old = [values for part, values in made if part != "fresh"]
    fresh = [values for part, values in made if part == "fresh"]
    new = [values for part, values in made if part != "gone"]
    was = np.cumsum([part != "fresh" for part, _ in made]) - 1
    picks = [
        at if part == "kept" else -1
        for at, (part, _) in zip(was.tolist(), made, strict=True)
        if part != "gone"
    ]
    found = Splice.of(np.array(picks, np.int64))
    assert [each for part in found.slices(old, fresh) for each in part] == new
    # A slice ends where the next item does not follow on it.
    breaks = sum(
        (one < 0) != (other < 0) or 0 <= one != other - 1 for one, other in pairwise(picks)
    )
    assert len(found.runs) == (breaks + 1 if picks else 0)

    values, starts = found.ragged(ragged(old), ragged(fresh))
    assert (values.tolist(), starts.tolist()) == tuple(each.tolist() for each in ragged(new))

    moved = found.moved(len(old), len(fresh))
    now = iter(range(len(new)))
    numbers = [(part, next(now) if part != "gone" else -1) for part, _ in made]
    assert moved[0].tolist() == [at for part, at in numbers if part != "fresh"]
    assert moved[1].tolist() == [at for part, at in numbers if part == "fresh"]


@pytest.mark.parametrize("far", [1, 200])
@given(
    old=st.lists(st.integers(-9, 9), max_size=30), fresh=st.lists(st.integers(10, 19), max_size=4)
)
def test_fresh_values_are_put_before_their_places(
    far: int, old: list[int], fresh: list[int]
) -> None:
    at = sorted(value * 7 % (len(old) + 1) for value in fresh)
    expected = old.copy()
    for place, value in reversed(list(zip(at, fresh, strict=True))):
        expected.insert(place, value)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(splice, "FAR", far)
        made = inserted(np.array(at, np.int64), np.array(old, np.int32), np.array(fresh, np.int32))
    assert made.tolist() == expected
    assert made.dtype == np.int32


def test_few_values_are_put_between_long_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splice, "FAR", 1)
    made = inserted(np.array([1, 4, 4]), np.arange(6), np.array([10, 11, 12]))
    assert made.tolist() == [0, 10, 1, 2, 3, 11, 12, 4, 5]


@given(
    st.lists(
        st.tuples(st.sets(st.integers(0, 20)), st.sets(st.integers(0, 20), min_size=1)), max_size=5
    )
)
def test_places_keep_each_group_in_order(groups: list[tuple[set[int], set[int]]]) -> None:
    old = [sorted(one) for one, _ in groups]
    fresh = [sorted(other - one) or [99] for one, other in groups]
    ends, starts = np.cumsum([0, *map(len, old)]), np.cumsum([0, *map(len, fresh)])[:-1]
    whole, came = ragged(old)[0], ragged(fresh)[0]
    at = places(whole, (ends[:-1], ends[1:]), came, starts)
    made = inserted(at, whole, came).tolist()
    assert made == [
        each for one, other in zip(old, fresh, strict=True) for each in sorted(one + other)
    ]
