"""Tests of the store's records."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.store.rows import Roots

rows = st.lists(st.tuples(*[st.integers(-(2**63), 2**63 - 1)] * 4), max_size=5)


@given(st.lists(rows, max_size=5))
def test_what_versions_begin_with_is_filed_and_comes_back_dump_by_dump(
    dumps: list[list[tuple[int, ...]]],
) -> None:
    parts = [
        Roots(*(np.array([row[column] for row in dump], np.int64) for column in range(4)))
        for dump in dumps
    ]
    again = list(Roots.from_arrays(Roots.to_arrays(parts)))
    assert len(again) == len(parts)
    for one, other in zip(again, parts, strict=True):
        for name in ("rows", "roots", "authors", "tweets"):
            assert getattr(one, name).tolist() == getattr(other, name).tolist()
