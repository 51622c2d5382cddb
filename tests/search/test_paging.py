"""Pages of a ranking; see also `test_ranking.py`."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.search.paging import page_of


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=40),
    st.integers(1, 5),
    st.none() | st.integers(1, 3),
)
def test_pages_together_are_the_ranking_within_the_cap(
    pairs: list[tuple[int, int]], limit: int, cap: int | None
) -> None:
    threads = np.array(sorted(thread for thread, _ in pairs), np.int64)
    keys = np.array([key for _, key in pairs], np.float64)
    listed: list[int] = []
    for row in sorted(range(len(pairs)), key=lambda each: (-keys[each], each)):
        if cap is None or sum(threads[each] == threads[row] for each in listed) < cap:
            listed.append(row)
    pages = page_of(keys, threads, limit, cap, 1).pages
    assert pages == -(-len(listed) // limit)
    groups, rows = 0, []
    for number in range(1, pages + 1):
        page = page_of(keys, threads, limit, cap, number)
        assert (page.number, page.groups_before) == (number, groups)
        groups += len(set(threads[page.rows].tolist()))
        rows += page.rows.tolist()
    assert rows == listed
