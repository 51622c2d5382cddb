"""The moments in tweets' ids."""

from __future__ import annotations

import pytest

from bot.loader.tweet_ids import dated_by_id, moment_of

ID = "2035657989288886273"


def test_an_id_says_when_its_tweet_was_posted() -> None:
    moment = moment_of(ID)
    assert moment is not None
    assert moment.isoformat() == "2026-03-22T10:01:00+00:00"
    first = moment_of("29700859247")
    assert first is not None
    assert first.date().isoformat() == "2010-11-04"


@pytest.mark.parametrize(
    "tweet_id", [None, "", "20", "29700859246", "at://a/1", "²0", "9" * 19, "1" * 20, "-5"]
)
def test_other_ids_say_nothing(tweet_id: str | None) -> None:
    assert moment_of(tweet_id) is None
    assert dated_by_id(tweet_id, "2024-03-01T10:00:00Z") is None


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        (None, None),
        ("2026-03-22T10:01:00Z", None),
        ("2026-03-20T22:01:00Z", None),
        ("2026-03-23T22:01:00Z", None),
        ("2026-03-22", None),
        ("2026-03-20T22:00:59Z", "2026-03-22T10:01:00Z"),
        ("2026-03-23T22:01:01Z", "2026-03-22T10:01:00Z"),
        ("2025-03-22", "2026-03-22T10:01:00Z"),
    ],
)
def test_a_date_of_another_day_than_its_id_s_is_replaced(
    date: str | None, expected: str | None
) -> None:
    assert dated_by_id(ID, date) == expected
