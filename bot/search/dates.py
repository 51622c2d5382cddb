"""Reads the dates of a question as people write them: `yesterday`, `2 weeks ago`, `March 2024`.

A question is rewritten with ISO dates before it is parsed, so that it means the same on every later
page. Relative dates count from a given day, which is in UTC. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import regex

from bot.errors import DateNotUnderstood, HandleNotUnderstood
from bot.search.query import DAY, OPERATOR, iso_day

LANGUAGES = ["en", "es", "fr", "de", "ja", "zh"]
"""The languages whose words for dates are known; in doubt the first one counts."""
ORDERS = ("DMY", "MDY")
"""The ways to read 6/7/2025."""
MOST_WORDS = 4
"""Words of a date without quotation marks, as in `since:2 weeks ago`."""
FOLLOWING = re.compile(r"(?:[ \t]+[^\s:\"“”]+(?!\S)){0,3}")
"""Words after an operator that may belong to its date."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a date names: one, or those of a week, a month or a year."""

    first: date
    """The first of them."""
    last: date
    """The last of them."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A question whose dates are in ISO form."""

    question: str
    """The question."""
    understood: tuple[tuple[str, str], ...]
    """The dates that were written otherwise, each with the operator that it became."""


def with_iso_dates(question: str, today: date) -> Dated:
    """Return `question` with the dates of `since:` and `until:` in ISO form.

    Args:
        question: a question, which may contain operators.
        today: the day that relative dates count from.

    Raises:
        DateNotUnderstood: one of them is no date, or can be two dates.
        HandleNotUnderstood: the value of `from:` or `mentions:` cannot be a handle.
    """
    parts: list[str] = []
    understood: list[tuple[str, str]] = []
    at = 0
    for found in OPERATOR.finditer(question):
        key = (found["key"] or "").lower()
        value = (found["value"] if found["quoted"] is None else found["quoted"] or "") or ""
        if found.start() < at or found["minus"] or not value.strip():
            continue
        if key in ("from", "mentions"):
            _check_handle(key, value)
        elif key in ("since", "until") and iso_day(value.strip(), last=False) is None:
            end = found.end()
            if found["quoted"] is None and not DAY.fullmatch(value):
                value, end = _with_following(question, value, end, today)
            operator = f"{key}:{_edge(key, value, today)}"
            understood.append((" ".join(value.split()), operator))
            parts += [question[at : found.start()], operator]
            at = end
    return Dated("".join([*parts, question[at:]]), tuple(understood))


def readings(text: str, today: date) -> list[Days]:
    """Return what `text` can mean as a date: nothing, one thing, or two as with 6/7/2025."""
    said = " ".join(text.split())
    if len(said) < 2 or (said.isdecimal() and len(said) != 4):
        return []
    found = (_read(said, order, today) for order in ORDERS)
    return list(dict.fromkeys(each for each in found if each))


def _read(said: str, order: str, today: date) -> Days | None:
    # Slow to import, and most questions have no date to read.
    from dateparser.date import DateDataParser

    settings = {
        "DATE_ORDER": order,
        "PREFER_DATES_FROM": "past",
        "PREFER_DAY_OF_MONTH": "first",
        "RELATIVE_BASE": datetime.combine(today, time()),
        "TIMEZONE": "UTC",
    }
    found = DateDataParser(languages=LANGUAGES, settings=settings).get_date_data(said)
    # A time of day is no date.
    if found.date_obj is None or found.date_obj.time() != time():
        return None
    return _days(found.date_obj.date(), found.period or "day", said)


def _days(day: date, period: str, said: str) -> Days:
    """Return the whole week, month or year of `day`; `2 weeks ago` is a day."""
    if period == "week" and not re.search(r"\d", said):
        first = day - timedelta(days=day.weekday())
        return Days(first, first + timedelta(days=6))
    if period == "month":
        first = day.replace(day=1)
        return Days(first, _month_after(first) - timedelta(days=1))
    if period == "year":
        return Days(date(day.year, 1, 1), date(day.year, 12, 31))
    return Days(day, day)


def _month_after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _edge(key: str, value: str, today: date) -> date:
    """Return the day where the filter `key` starts or ends.

    Raises:
        DateNotUnderstood: `value` is no date, or can be two dates.
    """
    found = [] if DAY.fullmatch(value.strip()) else readings(value, today)
    if len(found) != 1:
        raise DateNotUnderstood(key, value, [str(_end(key, each)) for each in found])
    return _end(key, found[0])


def _end(key: str, days: Days) -> date:
    return days.first if key == "since" else days.last


def _with_following(question: str, value: str, end: int, today: date) -> tuple[str, int]:
    """Return the date that starts with `value`, with words that follow it, and where it ends.

    Words are added as long as they make a date. If `value` is a date already, the whole must have
    a digit, as in `March 2024`: “since:March may …” is about March.
    """
    following = FOLLOWING.match(question, end)
    words = re.finditer(r"\S+", following[0]) if following else ()
    ends = [end, *(end + each.end() for each in words)]
    alone = readings(value, today)
    if len(alone) == 1 and alone[0].first == alone[0].last and not value.isdecimal():
        return value, end
    for _, last in reversed(list(pairwise(ends))):
        longer = value + question[end:last]
        if readings(longer, today) and (not alone or re.search(r"\d", longer)):
            return longer, last
    return value, end


def _check_handle(key: str, value: str) -> None:
    """Check that a handle has a character besides the @, and no space.

    Raises:
        HandleNotUnderstood: it has not.
    """
    handle = value.strip().lstrip("@")
    if not handle or regex.search(r"\s", handle):
        raise HandleNotUnderstood(key, value.strip())
