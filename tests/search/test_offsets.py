"""Tests of numbering the items of several parts."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.search.offsets import Offsets

sizes = st.lists(st.integers(0, 4), max_size=5)


@given(sizes, st.data())
def test_an_item_is_found_in_its_part_by_its_number(sizes: list[int], data: st.DataObject) -> None:
    items = [(part, own) for part, size in enumerate(sizes) for own in range(size)]
    offsets = Offsets.of(sizes)
    assert offsets.starts.tolist() == [sum(sizes[:part]) for part in range(len(sizes) + 1)]
    chosen = data.draw(st.lists(st.sampled_from(range(len(items))))) if items else []
    found: list[tuple[int, int] | None] = [None] * len(chosen)
    for part, places, own in offsets.groups(np.array(chosen, np.int64)):
        for place, number in zip(places.tolist(), own.tolist(), strict=True):
            found[place] = (part, number)
    assert found == [items[each] for each in chosen]
    assert [*zip(*offsets.parts(np.array(chosen, np.int64)), strict=True)] == found
    ascending = sorted(chosen)
    every = np.array(ascending, np.int64)
    for numbers in (every, every.astype(np.int32)):
        listed: list[tuple[int, int]] = []
        for part, here, own in offsets.slices(numbers):
            assert here == slice(len(listed), len(listed) + len(own))
            assert len(own)
            listed += [(part, each) for each in own.tolist()]
        assert listed == [items[each] for each in ascending]


def test_an_item_is_in_one_part() -> None:
    numbered = Offsets.of([2, 0, 3])
    assert [numbered.at(number) for number in range(5)] == [(0, 0), (0, 1), (2, 0), (2, 1), (2, 2)]
