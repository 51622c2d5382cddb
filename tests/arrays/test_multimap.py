"""Multimaps."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.arrays.multimap import Multimap
from bot.arrays.splice import Splice

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
    assert made.holds(asked).tolist() == [bool(expected[key]) for key in asked.tolist()]


@given(pairs)
def test_a_lookup_comes_back_from_its_arrays(entries: list[tuple[int, int]]) -> None:
    made = lookup(entries)
    assert told(Multimap.from_arrays(made.to_arrays())) == told(made)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["kept", "gone", "fresh"]), st.lists(st.integers(-3, 3), max_size=3)
        ),
        max_size=12,
    )
)
def test_a_spliced_lookup_is_that_of_all_that_stayed_and_came(
    items: list[tuple[str, list[int]]],
) -> None:
    def of(*parts: str) -> Multimap:
        chosen = [keys for part, keys in items if part in parts]
        return lookup([(key, at) for at, keys in enumerate(chosen) for key in keys])

    was = np.cumsum([part != "fresh" for part, _ in items]) - 1
    picks = [
        at if part == "kept" else -1
        for at, (part, _) in zip(was.tolist(), items, strict=True)
        if part != "gone"
    ]
    old_count = sum(part != "fresh" for part, _ in items)
    splice = Splice.of(np.array(picks, np.int64))
    moved = splice.moved(old_count, len(items) - old_count)
    made = of("kept", "gone").spliced(of("fresh"), moved)
    assert told(made) == told(of("kept", "fresh"))
    assert made.counts(asked).tolist() == of("kept", "fresh").counts(asked).tolist()
