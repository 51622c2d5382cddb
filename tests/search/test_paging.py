"""Pages of a ranking; see also `test_ranking.py`."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.search.paging import Cut, listed, page_of


@given(
    tweets=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.booleans()), max_size=40),
    limit=st.integers(1, 5),
    cap=st.none() | st.integers(1, 3),
    known=st.integers(0, 40),
    some=st.booleans(),
)
def test_pages_together_are_the_ranking_within_the_cap(
    tweets: list[tuple[int, int, bool]], limit: int, cap: int | None, known: int, *, some: bool
) -> None:
    tweets = sorted(tweets, key=lambda each: each[0])
    threads = np.array([each[0] for each in tweets], np.int32)
    among = np.array([each[2] for each in tweets], np.bool_) if some else None
    best = sorted(range(len(tweets)), key=lambda each: (-tweets[each][1], each))
    shown: list[int] = []
    for row in best:
        used = sum(tweets[each][0] == tweets[row][0] for each in shown)
        if (cap is None or used < cap) and (among is None or among[row]):
            shown.append(row)
    assert listed(threads if among is None else threads[among], cap) == len(shown)
    groups, pages = 0, -(-len(shown) // limit)
    for number in range(1, pages + 2):
        cut = Cut(limit, cap, number)
        page = page_of(threads, np.array(best, np.int64), cut, among)
        assert page is not None
        assert (page.number, page.pages) == (max(min(number, pages), 1), pages)
        assert page.total == len(shown)
        if number <= pages:
            assert page.groups_before == groups
            assert page.rows.tolist() == shown[(number - 1) * limit : number * limit]
            groups += len(set(threads[page.rows].tolist()))
        first = page_of(threads, np.array(best[:known], np.int64), cut, among)
        enough = sum(each in shown for each in best[:known]) >= min(number * limit, len(shown))
        assert (first is not None) == enough
        if first is not None:
            assert first.rows.tolist() == page.rows.tolist()
