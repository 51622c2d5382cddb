"""What a tweet must be, whatever its words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.analyzer import Analyzer
from bot.fields import FilterColumnsBuilder
from bot.models import Link, Tweet
from bot.query import parse

ANALYZER = Analyzer()
PLAIN = Tweet("ports", (), (), None, None, None, None, "a.txt", 1)
TWEETS = [
    replace(PLAIN, author="Anna", created_at="2025-06-13T10:00:00Z"),
    replace(PLAIN, mentions=("anna", "Bob"), created_at="2025-07-01"),
    replace(PLAIN, links=(Link("wsj.com/tech/china-ai-…", None),), created_at="2024"),
    replace(PLAIN, links=(Link("t.co/x", "https://www.money.bbc.co.uk/a?b"),), mentions=("bob",)),
]


def passing(question: str, author: str | None = None) -> list[int] | None:
    """Which of TWEETS, in a thread by `author`, pass the filters of `question`."""
    builder = FilterColumnsBuilder()
    for tweet in TWEETS:
        builder.add(tweet, author)
    mask = builder.done().allowed(parse(question, ANALYZER).filters, [(1, 3)])
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
