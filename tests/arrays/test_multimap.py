"""Multimaps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arrays import multimap
from bot.arrays.gather import Gather
from bot.arrays.multimap import Multimap

pairs = st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 9)), max_size=20)
asked = np.arange(-5, 6, dtype=np.int64)


def lookup(entries: list[tuple[int, int]]) -> Multimap:
    """Return a multimap from pairs of key and number."""
    keys, numbers = zip(*entries, strict=True) if entries else ((), ())
    return Multimap(np.array(keys, np.int64), np.array(numbers, np.int64))


def told(found: Multimap) -> dict[int, list[int]]:
    """Return all numbers of every key."""
    return {key: found[key] for key in asked.tolist()}


@given(pairs)
def test_a_key_has_all_its_numbers_in_the_order_given(entries: list[tuple[int, int]]) -> None:
    made = lookup(entries)
    expected = {key: [number for own, number in entries if own == key] for key in asked.tolist()}
    assert told(made) == expected
    assert made.counts(asked).tolist() == [len(expected[key]) for key in asked.tolist()]
    assert made.counts(asked[::-1]).tolist() == made.counts(asked).tolist()[::-1]
    there = [bool(expected[key]) for key in asked.tolist()]
    assert made.holds(asked).tolist() == there
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(multimap, "BLOCK", 3)
        assert made.holds(asked).tolist() == there
        assert made.all(asked).tolist() == [each for key in asked for each in expected[int(key)]]


@given(pairs)
def test_a_lookup_comes_back_from_its_arrays(entries: list[tuple[int, int]]) -> None:
    made = lookup(entries)
    assert told(Multimap.from_arrays(made.to_arrays())) == told(made)


@given(st.lists(pairs, min_size=1, max_size=3), st.data())
def test_multimaps_are_gathered_with_new_numbers(
    parts: list[list[tuple[int, int]]], data: st.DataObject
) -> None:
    sizes = [10] * len(parts)
    kept = data.draw(st.permutations(range(sum(sizes))))[: data.draw(st.integers(0, 25))]
    moved = Gather.of(np.array(kept, np.int64), sizes).moved(sizes)
    made = Multimap.gathered([*map(lookup, parts)], moved)
    expected = sorted(
        (key, kept.index(10 * part + number))
        for part, entries in enumerate(parts)
        for key, number in entries
        if 10 * part + number in kept
    )
    assert told(made) == told(lookup(expected))
    assert made.counts(asked).tolist() == lookup(expected).counts(asked).tolist()


@given(pairs, st.sets(st.integers(0, 9)))
def test_numbers_that_are_gone_do_not_count(entries: list[tuple[int, int]], gone: set[int]) -> None:
    mask = np.isin(np.arange(10), [*gone])
    left = lookup([each for each in entries if each[1] not in gone])
    assert lookup(entries).counts(asked, mask).tolist() == left.counts(asked).tolist()


@given(pairs)
def test_all_numbers_of_several_keys_are_told(entries: list[tuple[int, int]]) -> None:
    made = lookup(entries)
    every = [number for key in asked.tolist() for number in made[key]]
    assert made.all(asked).tolist() == every
