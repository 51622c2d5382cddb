"""What parts answer about threads, with what these are sorted by."""

from __future__ import annotations

import numpy as np

from bot.library.spread.part import Scoring
from bot.library.spread.thread_requests import (
    Authors,
    ByAuthor,
    EveryRow,
    First,
    HiddenVersions,
    Holding,
    IdsBetween,
    KnownAs,
    LinksKnown,
    Longest,
    Place,
    Rows,
    Tally,
    TitleFrequencies,
    TitlesWith,
    WithKey,
    WithTweets,
)
from bot.search.query import NO_FILTERS
from bot.thread_ids import key64, normalised
from tests.library.snapshot.shelf import PORTS, RICE
from tests.library.spread.test_part import part


def test_threads_come_with_their_order() -> None:
    (row,) = Rows((1,)).on(part())
    assert (row.order, row.number, row.start, row.end) == (11, 1, 2, 4)
    assert row.entry.summary.title == RICE.title
    assert [each.order for each in EveryRow().on(part())] == [10, 11]
    assert [each.number for each in EveryRow().on(part([True, False]))] == [1]
    assert [each.number for each in First(1).on(part())] == [0]
    assert [each.number for each in Longest(5).on(part([True, False]))] == [1]
    assert [each.number for each in ByAuthor("ANNA", 1).on(part())] == [0]
    assert [each.number for each in Holding("ri", None).on(part())] == [1]
    assert WithTweets(NO_FILTERS, 5).on(part()) == []


def test_threads_are_found_by_id_link_and_title() -> None:
    one = part()
    assert KnownAs(PORTS.id).on(one) == [Place(10, 0)]
    assert WithKey("linked", key64("x:1900")).on(one) == [Place(10, 0)]
    assert WithKey("titled", key64(normalised(RICE.title))).on(one) == [Place(11, 1)]
    assert LinksKnown(np.array([key64("x:1900"), 3])).on(one).tolist() == [True, False]
    assert IdsBetween(0, 1 << 48).on(one).tolist() == sorted(int(x.id, 16) for x in (PORTS, RICE))
    assert TitleFrequencies(("port", "rice")).on(one).tolist() == [1, 1]
    ((score, place),) = TitlesWith(("port",), Scoring(5.0, (("port", 1.0),))).on(one)
    assert score > 0
    assert place == Place(10, 0)


def test_counts_and_authors_are_of_what_is_shown() -> None:
    assert Authors().on(part()) == [(10, "anna")]
    assert Authors().on(part([True, False])) == []
    assert (Tally().on(part()).tweets, Tally().on(part([True, False])).tweets) == (4, 2)
    assert HiddenVersions(np.array([1])).on(part()) == ([], [])
