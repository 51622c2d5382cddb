"""Where the values of items are, in columns of them."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.splice import owners


@given(st.lists(st.integers(0, 4), max_size=20))
def test_each_value_knows_its_item(sizes: list[int]) -> None:
    starts = np.array([0, *accumulate(sizes)], np.int64)
    told = [item for item, size in enumerate(sizes) for _ in range(size)]
    assert owners(starts).tolist() == told
