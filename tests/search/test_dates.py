"""Dates as people write them."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given

from bot.errors import DateNotUnderstood, HandleNotUnderstood
from bot.search.dates import Dated, readings, with_iso_dates
from tests.strategies import any_text

FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("today", "2026-11-27", "2026-11-27"),
        ("Yesterday", "2026-11-26", "2026-11-26"),
        ("3 days ago", "2026-11-24", "2026-11-24"),
        ("2 weeks ago", "2026-11-13", "2026-11-13"),
        ("2 weeks", "2026-11-13", "2026-11-13"),
        ("2 months ago", "2026-09-01", "2026-09-30"),
        ("2 years ago", "2024-01-01", "2024-12-31"),
        ("last week", "2026-11-16", "2026-11-22"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("March", "2026-03-01", "2026-03-31"),
        ("December", "2025-12-01", "2025-12-31"),
        ("March 2024", "2024-03-01", "2024-03-31"),
        ("February 2024", "2024-02-01", "2024-02-29"),
        ("13 June 2025", "2025-06-13", "2025-06-13"),
        ("June 13, 2025", "2025-06-13", "2025-06-13"),
        ("6/13/2025", "2025-06-13", "2025-06-13"),
        ("13.6.2025", "2025-06-13", "2025-06-13"),
        ("2025/06/07", "2025-06-07", "2025-06-07"),
        ("6/6/2025", "2025-06-06", "2025-06-06"),
        ("gestern", "2026-11-26", "2026-11-26"),
        ("vor 2 Wochen", "2026-11-13", "2026-11-13"),
        ("ayer", "2026-11-26", "2026-11-26"),
        ("hace 3 días", "2026-11-24", "2026-11-24"),
        ("il y a 2 jours", "2026-11-25", "2026-11-25"),
        ("le mois dernier", "2026-10-01", "2026-10-31"),
        ("昨日", "2026-11-26", "2026-11-26"),
        ("昨天", "2026-11-26", "2026-11-26"),
    ],
)
def test_a_date_is_read_as_its_days(text: str, since: str, until: str) -> None:
    assert with_iso_dates(f'chips since:"{text}"', FRIDAY).question == f"chips since:{since}"
    assert with_iso_dates(f'until:"{text}" chips', FRIDAY).question == f"until:{until} chips"


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "yesterdayy",
        "a",
        "12",
        "2025-13-01",
        "2025-02-30",
        "30 Feb 2025",
        "12:30",
        "5pm",
        "!",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(DateNotUnderstood, match=r"is not a date\. Write it like since:"):
        with_iso_dates(f'chips from:anna since:"{text}"', FRIDAY)


def test_a_date_that_can_be_two_is_refused_with_both() -> None:
    with pytest.raises(DateNotUnderstood, match="until:2025-07-06 or until:2025-06-07") as refused:
        with_iso_dates("until:6/7/2025", FRIDAY)
    assert refused.value.exit_status == 2


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("since:2 weeks ago robots", "since:2026-11-13 robots"),
        ("since:2 weeks robots", "since:2026-11-13 robots"),
        ("since:last month until:yesterday x", "since:2026-10-01 until:2026-11-26 x"),
        ("since:March 2024 elections", "since:2024-03-01 elections"),
        ("since:March may", "since:2026-03-01 may"),
        ("since:yesterday 13 ships", "since:2026-11-26 13 ships"),
        ("SINCE:today", "since:2026-11-27"),
        ("since:2024 12 chips", "since:2024 12 chips"),
        ("since:2024-03 until:2025-06-13", "since:2024-03 until:2025-06-13"),
        ('"he said since:yesterday"', '"he said since:yesterday"'),
        ("-since:soon", "-since:soon"),
        ("since: soon", "since: soon"),
        ("from:anna mentions:@ben", "from:anna mentions:@ben"),
    ],
)
def test_a_question_keeps_its_other_words(question: str, read: str) -> None:
    assert with_iso_dates(question, FRIDAY).question == read


@pytest.mark.parametrize("operator", ['from:"a b"', "from:@", 'mentions:"anna ben"'])
def test_what_cannot_be_a_handle_is_refused(operator: str) -> None:
    with pytest.raises(HandleNotUnderstood, match=r"is not a handle\. Write it like"):
        with_iso_dates(f"chips {operator}", FRIDAY)


@given(any_text)
def test_any_text_is_a_date_or_is_not(text: str) -> None:
    assert all(each.first <= each.last for each in readings(text, FRIDAY))


@given(any_text)
def test_a_question_without_operators_stays_as_it_is(question: str) -> None:
    bare = re.sub(r"(?i)(since|until|from|mentions):", "", question)
    assert with_iso_dates(bare, FRIDAY) == Dated(bare, ())
