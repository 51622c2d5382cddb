"""Reads the moment of posting from a tweet's id. Pure.

https://docs.x.com/resources/fundamentals/x-ids
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

FIRST_TIMED = 29_700_859_247
"""The first id with a time. Older ids are consecutive numbers."""
LAST_TIMED = int(datetime(2050, 1, 1, tzinfo=UTC).timestamp())
"""Seconds since 1970; an id with a later time is made up."""
EPOCH_MILLISECONDS = 1_288_834_974_657
SEQUENCE_BITS = 22
MOST_DIGITS = 19
SECONDS = len("2026-03-22T10:00:00")
TOLERANCE = 36 * 60 * 60
"""Seconds: a date without a time may be that of any time zone."""
PAGE_TOLERANCE = timedelta(days=1)
"""A page may show its reader's day, not the day in UTC."""
CONTRADICTION = "the date contradicts the tweet’s id; the id’s date is used"


def moment_of(tweet_id: str | None) -> datetime | None:
    """Return when the tweet with this id was posted, or None if the id does not say it."""
    seconds = _seconds_of(tweet_id)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _seconds_of(tweet_id: str | None) -> int | None:
    """Return the moment in an id in seconds since 1970."""
    if tweet_id is None or not (tweet_id.isascii() and tweet_id.isdecimal()):
        return None
    if len(tweet_id) > MOST_DIGITS or (number := int(tweet_id)) < FIRST_TIMED:
        return None
    seconds = ((number >> SEQUENCE_BITS) + EPOCH_MILLISECONDS) // 1000
    return seconds if seconds < LAST_TIMED else None


def dated_by_id(tweet_id: str | None, created_at: str | None) -> str | None:
    """Return the moment in a tweet's id, ISO 8601, if its date contradicts it; else None."""
    if not created_at or (seconds := _seconds_of(tweet_id)) is None:
        return None
    written = datetime.fromisoformat(created_at)
    if written.tzinfo is None:
        written = written.replace(tzinfo=UTC)
    if abs(written.timestamp() - seconds) <= TOLERANCE:
        return None
    return f"{datetime.fromtimestamp(seconds, UTC).isoformat()[:SECONDS]}Z"


def contradicted(day: str, right: str) -> str:
    """Return the notice that a tweet's id says the day `right`, not the `day` that is printed."""
    return f"the date {day} contradicts the tweet's id, which says {right}; used {right}"


def day_of_id(tweet_id: str | None, day: str | None) -> str | None:
    """Return the day that a tweet's id says, if the `day` that a page prints contradicts it."""
    if day is None or len(day) > len("2026-03-22"):
        return None
    moment = moment_of(tweet_id)
    if moment is None:
        return None
    written = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    noon = moment.replace(hour=12, minute=0, second=0)
    return moment.date().isoformat() if abs(noon - written) > PAGE_TOLERANCE else None
