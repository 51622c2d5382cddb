"""The moments in tweets' ids."""

from __future__ import annotations

from datetime import date

import pytest

from bot.loader.tweet_ids import (
    EPOCH_MILLISECONDS,
    SEQUENCE_BITS,
    dated_by_id,
    day_of_id,
    moment_of,
)

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
        ("2026-03-24T00:01:00+02:00", None),
        ("2026-03-24T00:01:01+02:00", "2026-03-22T10:01:00Z"),
    ],
)
def test_a_date_of_another_day_than_its_id_s_is_replaced(
    date: str | None, expected: str | None
) -> None:
    assert dated_by_id(ID, date) == expected


def test_an_id_says_the_day_of_its_tweet() -> None:
    found = moment_of("2041173514355372356")
    assert found is not None
    assert found.date() == date(2026, 4, 6)
    assert [moment_of(each) for each in ("1901", "x", "29700859246", "9" * 20)] == [None] * 4


@pytest.mark.parametrize(
    ("day", "right"),
    [
        ("2026-04-04", "2026-04-06"),
        ("2026-04-05", None),
        ("2026-04-06", None),
        ("2026-04-07", None),
        ("2026-04-08", "2026-04-06"),
        ("2026-04-04T10:00:00+00:00", None),
        (None, None),
    ],
)
def test_a_day_is_wrong_if_the_id_says_another_beyond_time_zones(
    day: str | None, right: str | None
) -> None:
    assert day_of_id("2041173514355372356", day) == right
    assert day_of_id(None, day) is None


def test_an_id_with_more_digits_than_a_tweet_s_or_a_later_moment_says_nothing() -> None:
    last = str((2524607999999 - EPOCH_MILLISECONDS) << SEQUENCE_BITS)
    moment = moment_of(last)
    assert moment is not None
    assert moment.isoformat() == "2049-12-31T23:59:59+00:00"
    assert moment_of(str((2524608000000 - EPOCH_MILLISECONDS) << SEQUENCE_BITS)) is None
    assert moment_of(f"0{last}") is None
