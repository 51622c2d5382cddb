"""Reads dates, and measures text, as X and the pages that copy it do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
CLOCK = r"(?:\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?(?:\s*(?:utc|gmt))?)"
SEPARATOR = r"\s*[·•|,]?\s*"
DATE = (
    rf"(?:(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})"
    rf"|(?P<month>{MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<year>\d{{4}}))?"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month2>{MONTH})\.?(?:,?\s+(?P<year2>\d{{4}}))?)"
)
DATE_ALONE = re.compile(
    rf"(?:{CLOCK}{SEPARATOR})?{DATE}(?:{SEPARATOR}{CLOCK})?\s*[·•|]?", re.IGNORECASE
)
TWEET_LENGTH = 280
WIDE = re.compile("[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037\ufe0f]")
JOINERS = re.compile("[\u200d\ufe0f]")
WEB_LINK = re.compile(r"https?://\S+|(?<![\w.-])(?:[\w-]+\.)+[a-z]{2,24}/\S*", re.IGNORECASE)
LINK_LENGTH = 23


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as a page prints it, often without its year."""

    iso: str | None
    """The day in ISO 8601, or None if its year is unknown."""


def printed_date(text: str, seen: date | None = None) -> PrintedDate | None:
    """Return the date that `text` consists of, or None.

    Args:
        text: `Sep 17, 2024`, `17 Sep 2024`, `7:15 PM · Jan 13`, `2024-09-17`.
        seen: the day on which the page was saved, where known: pages leave out that day's year.
    """
    found = DATE_ALONE.fullmatch(text)
    if not found:
        return None
    if found["iso"]:
        try:
            return PrintedDate(date.fromisoformat(found["iso"]).isoformat())
        except ValueError:
            return None
    month = MONTHS.index((found["month"] or found["month2"])[:3].lower()) + 1
    day = int(found["day"] or found["day2"])
    year = found["year"] or found["year2"]
    try:
        if year:
            return PrintedDate(date(int(year), month, day).isoformat())
        if seen:
            latest = date(seen.year, month, day)
            return PrintedDate(latest.isoformat() if latest <= seen else None)
    except ValueError:
        return None
    return PrintedDate(None) if 1 <= day <= 31 else None


def iso_date(value: str) -> str | None:
    """Return `value` in ISO 8601 if it is a date or a date and time, in ISO or mail format."""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(value).isoformat()
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(value).isoformat()
    except (ValueError, IndexError, OverflowError):
        return None


def weighted_length(text: str) -> int:
    """Return how much of a tweet's 280 characters `text` takes.

    A link counts 23, characters beyond the first scripts 2, all others 1:
    https://docs.x.com/fundamentals/counting-characters
    """
    links = sum(LINK_LENGTH - len(found[0]) for found in WEB_LINK.finditer(text))
    bare = JOINERS.sub("", text)
    return len(bare) + len(WIDE.findall(bare)) + links


def fits(text: str) -> bool:
    """Whether `text` is no longer than one tweet may be."""
    return weighted_length(text) <= TWEET_LENGTH
