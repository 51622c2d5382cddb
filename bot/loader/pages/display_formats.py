"""Reads dates, and measures text, as X and the pages that copy it do."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from email.utils import parsedate_to_datetime

MONTHS = tuple(
    tuple(names.split())
    for names in (
        "jan january enero ene janvier janv januar januari janeiro gennaio gen января",
        "feb february febrero février févr februar februari fevereiro fev febbraio февраля",
        "mar march marzo mars märz maart março марта",
        "apr april abril abr avril avr aprile апреля",
        "may mayo mai mei maio maggio mag мая",
        "jun june junio juin juni junho giugno giu июня",
        "jul july julio juillet juil juli julho luglio lug июля",
        "aug august agosto ago août augustus августа",
        "sep sept september septiembre septembre setembro settembre сентября",
        "oct october octubre octobre oktober okt outubro ottobre ott октября",
        "nov november noviembre novembre novembro ноября",
        "dec december diciembre dic décembre déc dezember dez dezembro dicembre декабря",
    )
)
"""The months' names: English, Spanish, French, German, Dutch, Portuguese, Italian, Russian."""
NUMBER_OF_MONTH = {name: number for number, names in enumerate(MONTHS, 1) for name in names}
MONTH = "|".join(sorted(NUMBER_OF_MONTH, key=len, reverse=True))
CLOCK = r"(?:\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]\.?\s?m\.?)?(?:\s*(?:utc|gmt))?)"
SEPARATOR = r"(?:\s*[·•|,]?\s*|\s+(?:at|um|à|a las|às)\s+)"
WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[.,]?\s+)?"
OF = r"(?:\.|er)?\s+(?:de\s+)?"
DATE = (
    rf"(?:(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})"
    rf"|{WEEKDAY}(?:(?P<month>{MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?"
    rf"(?:,?\s+(?P<year>\d{{4}}))?"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?{OF}(?P<month2>{MONTH})\.?(?:(?:,|\s+de)?\s+(?P<year2>\d{{4}}))?)"
    r"|(?:(?P<year3>\d{4})\s?[年년]\s?)?(?P<month3>\d{1,2})\s?[月월]\s?(?P<day3>\d{1,2})\s?[日일])"
)
DATE_ALONE = re.compile(
    rf"(?:{CLOCK}{SEPARATOR})?{DATE}(?:{SEPARATOR}{CLOCK})?\s*[·•|]?", re.IGNORECASE
)
UNITS = (
    r"(?:s|sec(?:ond)?s?|m|min(?:ute)?s?|h|hrs?|hours?|d|days?|w|weeks?|mo|months?|y|years?"
    r"|segundos?|minutos?|horas?|d[ií]as?|semanas?|mes(?:es)?|años?|anos?"
    r"|secondes?|heures?|jours?|semaines?|mois|ans?"
    r"|sekunden?|minuten?|stunden?|tag(?:en?)?|wochen?|monat(?:en?)?|jahr(?:en?)?"
    r"|ore|ora|minuti|giorn[oi]|settiman[ae]|mes[ei]|ann[oi]|uur|dag(?:en)?|weken)(?!\w)"
)
RELATIVE = (
    rf"(?:(?:about\s+|over\s+)?(?:\d{{1,3}}|an?)\s?{UNITS}\s+(?:ago|fa|atrás|geleden)"
    rf"|(?:hace|há|il y a|vor)\s+(?:\d{{1,3}}|un[ae]?|einer|einem)\s?{UNITS}|\d{{1,2}}[smhdw](?!\w)"
    r"|\d{1,3}\s?(?:秒|分|時間|小时|小時|天|日|週間|周|か月|个月|年|초|분|시간|일|주|개월|년)\s?[前전])"
)
"""A date seen from the day on which a page was saved."""
RELATIVE_ALONE = re.compile(rf"{RELATIVE}\s*[·•|]?", re.IGNORECASE)
API_TIME = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun) [a-z]{3} \d{2} \d{2}:\d{2}:\d{2} \+0000 \d{4}", re.IGNORECASE
)
"""How X's API writes a time."""
ISO_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2}| UTC)?"
)
LONGEST_DATE = 120
"""Characters of the longest date; the patterns try spaces in longer texts in too many ways."""
DIGIT = re.compile(r"\d")
TWEET_LENGTH = 280
WIDE = re.compile("[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037\ufe0f]")
JOINERS = re.compile("[\u200d\ufe0f]")
WEB_LINK = re.compile(r"https?://\S+|(?<![\w.-])(?:[\w-]+\.)+[a-z]{2,24}/\S*", re.IGNORECASE)
LINK_LENGTH = 23


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as a page prints it, often without its year."""

    iso: str | None
    """The day or the time in ISO 8601, or None if it is not known."""
    timed: bool = field(default=False, compare=False)
    """Whether a time of day is printed too."""


def printed_date(text: str, seen: date | None = None) -> PrintedDate | None:
    """Return the date that `text` consists of, or None.

    Args:
        text: `Sep 17, 2024`, `17 Sep 2024`, `7:15 PM · Jan 13`, `2024-09-17`, `8 hours ago`.
        seen: the day on which the page was saved, where known: pages leave out that day's year.
    """
    if len(text) > LONGEST_DATE:
        return None
    if not DIGIT.search(text):
        return PrintedDate(None) if RELATIVE_ALONE.fullmatch(text) else None
    if API_TIME.fullmatch(text):
        return _api_time(text)
    if found := ISO_TIME.fullmatch(text):
        return PrintedDate(_iso_day(found[1]), timed=True) if _iso_day(found[1]) else None
    found = DATE_ALONE.fullmatch(text)
    if not found:
        return PrintedDate(None) if RELATIVE_ALONE.fullmatch(text) else None
    timed = ":" in text
    if found["iso"]:
        return PrintedDate(_iso_day(found["iso"]), timed) if _iso_day(found["iso"]) else None
    name = found["month"] or found["month2"]
    month = NUMBER_OF_MONTH[name.lower()] if name else int(found["month3"])
    day = int(found["day"] or found["day2"] or found["day3"])
    year = found["year"] or found["year2"] or found["year3"]
    try:
        if year:
            return PrintedDate(date(int(year), month, day).isoformat(), timed)
        if seen:
            latest = date(seen.year, month, day)
            return PrintedDate(latest.isoformat() if latest <= seen else None, timed)
    except ValueError:
        return None
    return PrintedDate(None, timed) if 1 <= day <= 31 and 1 <= month <= 12 else None


def _iso_day(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _api_time(text: str) -> PrintedDate | None:
    try:
        posted = datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y")
    except ValueError:
        return None
    return PrintedDate(posted.isoformat(), timed=True)


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
        day = printed_date(value)
        return day.iso if day else None


def weighted_length(text: str) -> int:
    """Return how much of a tweet's 280 characters `text` takes.

    A link counts 23, characters beyond the first scripts 2, all others 1:
    https://docs.x.com/fundamentals/counting-characters
    """
    return _weight(text) + _of_links(text)


def fits(text: str) -> bool:
    """Whether `text` is no longer than one tweet may be."""
    left = TWEET_LENGTH - _weight(text)
    return LINK_LENGTH * text.count("/") <= left or _of_links(text) <= left


def _weight(text: str) -> int:
    """Return the weight of the characters."""
    if text.isascii():
        return len(text)
    bare = JOINERS.sub("", text)
    return len(bare) + len(WIDE.findall(bare))


def _of_links(text: str) -> int:
    """Return how much links add to the weight of their characters; every link has a slash."""
    if "/" not in text:
        return 0
    return sum(LINK_LENGTH - len(found[0]) for found in WEB_LINK.finditer(text))
