"""Sequences gathered from slices of others."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.arrays.gather import Gather, Ragged, owners, slices

values = st.lists(st.integers(0, 9), max_size=3)
sequences = st.lists(st.lists(values, max_size=5), min_size=1, max_size=4)


def ragged(items: list[list[int]]) -> Ragged:
    """Values, one item's after the other's, and where each item's begin."""
    whole = [each for item in items for each in item]
    return np.array(whole, np.int64), np.cumsum([0, *map(len, items)])


@given(st.lists(st.integers(0, 4), max_size=20))
def test_each_value_knows_its_item(sizes: list[int]) -> None:
    starts = np.array([0, *accumulate(sizes)], np.int64)
    told = [item for item, size in enumerate(sizes) for _ in range(size)]
    assert owners(starts).tolist() == told


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), max_size=6))
def test_slices_follow_each_other(pairs: list[tuple[int, int]]) -> None:
    starts = np.array([start for start, _ in pairs], np.int64)
    ends = starts + np.array([size for _, size in pairs], np.int64)
    told = [each for start, size in pairs for each in range(start, start + size)]
    assert slices(starts, ends).tolist() == told


@given(sequences, st.data())
def test_items_are_gathered_in_any_order(parts: list[list[list[int]]], data: st.DataObject) -> None:
    every = [item for part in parts for item in part]
    sizes = [*map(len, parts)]
    numbers = st.permutations(range(len(every)))
    picks = data.draw(numbers)[: data.draw(st.integers(0, len(every)))]
    found = Gather.of(np.array(picks, np.int64), sizes)
    new = [every[each] for each in picks]

    made, starts = found.ragged([ragged(part) for part in parts])
    assert (made.tolist(), starts.tolist()) == tuple(each.tolist() for each in ragged(new))
    lengths = [np.array([*map(len, part)], np.int32) for part in parts]
    assert found.array(lengths).tolist() == [*map(len, new)]
    assert found.array(lengths).dtype == np.int32

    moved = np.concatenate(found.moved(sizes)).tolist()
    assert moved == [picks.index(each) if each in picks else -1 for each in range(len(every))]


def test_neighbours_are_one_slice_but_for_the_ends_of_sequences() -> None:
    found = Gather.of(np.array([0, 1, 2, 3, 5, 4]), [2, 4])
    assert found.runs == ((0, 0, 2), (1, 0, 2), (1, 3, 4), (1, 2, 3))
    assert Gather.of(np.empty(0, np.int64), [2]).runs == ()
