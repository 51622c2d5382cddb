"""What a tweet must be, whatever its words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from bot.arrays.gather import Gather
from bot.library.snapshot.filter_columns import FilterColumns, FilterColumnsBuilder, needs_dates
from bot.models import Link, Tweet
from bot.search.analyzer import Analyzer
from bot.search.query import parse
from bot.search.ranking import UNDATED

ANALYZER = Analyzer()
PLAIN = Tweet("ports", (), (), None, None, None, None, "a.txt", 1)
TWEETS = [
    replace(PLAIN, author="Anna", created_at="2025-06-13T10:00:00Z"),
    replace(PLAIN, mentions=("anna", "Bob"), created_at="2025-07-01"),
    replace(PLAIN, links=(Link("wsj.com/tech/china-ai-…", None),), created_at="2024"),
    replace(PLAIN, links=(Link("t.co/x", "https://www.money.bbc.co.uk/a?b"),), mentions=("bob",)),
]


def fields(*tweets: Tweet, author: str | None = None) -> FilterColumns:
    """The fields of tweets in a thread by `author`."""
    builder = FilterColumnsBuilder()
    for tweet in tweets:
        builder.add(tweet, author)
    return builder.done()


def passing(question: str, author: str | None = None) -> list[int] | None:
    """Which of TWEETS, in a thread by `author`, pass the filters of `question`."""
    mask = fields(*TWEETS, author=author).allowed(parse(question, ANALYZER).filters, [(1, 3)])
    return None if mask is None else mask.nonzero()[0].tolist()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("ports", None),
        ("from:anna", [0]),
        ("from:@ANNA ports", [0]),
        ("from:anna from:zoe", [0]),
        ("from:zoe", []),
        ("mentions:bob", [1, 3]),
        ("mentions:bob mentions:anna", [1]),
        ("site:wsj.com", [2]),
        ("site:https://www.wsj.com/tech", [2]),
        ("site:bbc.co.uk", [3]),
        ("site:money.bbc.co.uk", [3]),
        ("site:bc.co.uk", []),
        ("site:t.co", []),
        ("site:com", []),
        ("site:uk", []),
        ("site:co.uk", [3]),
        ("from:anna site:wsj.com", []),
        ("site:wsj.com site:bbc.co.uk", [2, 3]),
        ("since:2025", [0, 1]),
        ("since:2025-06-13", [0, 1]),
        ("since:2025-06-14", [1]),
        ("until:2025-06", [0, 2]),
        ("until:2025-06-12", [2]),
        ("since:2025-06 until:2025-06", [0]),
        ("has:link", [2, 3]),
        ("has:links mentions:bob", [3]),
        ("thread:x", [1, 2]),
    ],
)
def test_filters_pass_what_they_say(question: str, expected: list[int] | None) -> None:
    assert passing(question) == expected


def test_a_tweet_that_names_no_author_is_by_its_threads() -> None:
    assert passing("from:zoe", author="Zoe") == [1, 2, 3]


def test_tweets_without_a_known_day_are_counted() -> None:
    days = ["2025", "2025-06", "2025-06-13T10:00:00Z", "2025-02-30", "yesterday", None]
    made = fields(*(replace(PLAIN, created_at=each) for each in days))
    assert (made.days == UNDATED).sum() == 3
    assert [day == UNDATED for day in made.days.tolist()] == [False] * 3 + [True] * 3
    assert date.fromordinal(made.days[0]) == date(2025, 1, 1)
    assert date.fromordinal(made.days[1]) == date(2025, 6, 1)
    assert date.fromordinal(made.days[2]) == date(2025, 6, 13)


def test_a_value_is_there_if_a_tweet_has_it() -> None:
    made = fields(*TWEETS)
    there = [("from", "anna"), ("mentions", "bob"), ("site", "wsj.com"), ("site", "bbc.co.uk")]
    assert all(made.has(key, value) for key, value in there)
    assert not any(made.has(key, value) for key, value in [("from", "bob"), ("site", "com")])


def test_hosts_and_authors_are_counted_with_the_most_first() -> None:
    link, other = Link("wsj.com/a", None), Link("zoe.example", None)
    nowhere = Link("/", None)
    made = fields(
        replace(PLAIN, links=(link, link, nowhere)),
        replace(PLAIN, links=(other,), author="Zoe"),
        replace(PLAIN, links=(other, Link("ada.example", None)), author="anna"),
        replace(PLAIN, links=(nowhere,), author="ANNA"),
    )
    assert made.tally("host") == {"wsj.com": 1, "zoe.example": 2, "ada.example": 1}
    assert made.tally("from") == {"zoe": 1, "anna": 2}
    gone = np.array([False, False, True, False])
    assert made.tally("host", gone) == {"wsj.com": 1, "zoe.example": 1, "ada.example": 0}
    assert made.has("from", "zoe", gone)
    assert not made.has("from", "anna", np.array([False, False, True, True]))


def test_a_host_of_one_label_is_a_site() -> None:
    made = fields(replace(PLAIN, links=(Link("http://localhost/a", None),)))
    assert made.has("site", "localhost")


@pytest.mark.parametrize(
    ("question", "needs"),
    [("since:2025", True), ("until:2025", True), ("from:anna", False), ("ports", False)],
)
def test_only_days_need_dates(question: str, needs: bool) -> None:  # noqa: FBT001  # of the case
    assert needs_dates(parse(question, ANALYZER).filters) is needs


@pytest.mark.parametrize(
    ("kept", "fresh"), [([0, 1, 2, 3], [0]), ([0, 2], [3, 1]), ([], [0, 1]), ([1, 3], [])]
)
def test_gathered_fields_are_those_of_all_that_were_picked(
    kept: list[int], fresh: list[int]
) -> None:
    others = [replace(each, author="Zoe", created_at="2020") for each in TWEETS]
    parts = [fields(*TWEETS), fields(*(others[at] for at in fresh))]
    picks = np.array([*kept, *range(4, 4 + len(fresh))], np.int64)
    made = FilterColumns.gathered(parts, Gather.of(picks, [4, len(fresh)]))
    anew = fields(*(TWEETS[at] for at in kept), *(others[at] for at in fresh))
    for each in (made, FilterColumns.from_arrays(made.to_arrays())):
        assert each.days.tolist() == anew.days.tolist()
        assert each.tally("host") == anew.tally("host")
        assert each.tally("from") == anew.tally("from")
        for question in ("has:link", "from:zoe", "mentions:bob", "site:wsj.com", "until:2020"):
            filters = parse(question, ANALYZER).filters
            one, other = each.allowed(filters, []), anew.allowed(filters, [])
            assert one is not None
            assert other is not None
            assert one.tolist() == other.tolist()


def test_an_author_on_mastodon_is_known_without_the_server_too_but_counted_once() -> None:
    made = fields(replace(PLAIN, author="Anna@mastodon.example"), replace(PLAIN, author="ben"))
    for name in ("anna", "anna@mastodon.example"):
        assert made.has("from", name)
    assert not made.has("from", "mastodon.example")
    assert made.tally("from") == {"anna@mastodon.example": 1, "ben": 1}
