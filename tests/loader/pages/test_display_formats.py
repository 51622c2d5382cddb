"""Dates and lengths as pages print them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.loader.pages.display_formats import (
    PrintedDate,
    fits,
    iso_date,
    printed_date,
    weighted_length,
)

SAVED = date(2025, 6, 14)


@pytest.mark.parametrize(
    "said",
    [
        "2024-09-07",
        "Sep 7, 2024",
        "sept. 7 2024",
        "September 7th, 2024",
        "7 Sep 2024",
        "7th September, 2024",
        "7:15 PM · Sep 7, 2024",
        "19:15 | Sep 7, 2024",
        "Sep 7, 2024 · 7:15:09 p.m. UTC",
        "Sep 7, 2024 •",
    ],
)
def test_a_date_is_read_in_each_form_that_pages_print(said: str) -> None:
    assert printed_date(said) == PrintedDate("2024-09-07")
    assert printed_date(said, SAVED) == PrintedDate("2024-09-07")


@pytest.mark.parametrize(
    "said",
    [
        "7 de septiembre de 2024",
        "7 septembre 2024",
        "7. September 2024",
        "7 de setembro de 2024",
        "7 settembre 2024",
        "7 сентября 2024",
        "2024年9月7日",
        "2024년 9월 7일",
        "September 7, 2024 at 7:15 PM",
        "2024-09-07 19:15",
    ],
)
def test_a_date_is_read_in_other_languages(said: str) -> None:
    assert printed_date(said) == PrintedDate("2024-09-07")


@pytest.mark.parametrize(
    "said",
    [
        "8 hours ago",
        "an hour ago",
        "3h",
        "2 days ago",
        "hace 8 horas",
        "il y a 2 jours",
        "vor 3 Stunden",
        "há 2 dias",
        "8時間前",
        "3小时前",
        "2시간 전",
    ],
)
def test_a_time_ago_is_a_date_whose_day_is_not_known(said: str) -> None:
    assert printed_date(said) == PrintedDate(None)


def test_the_time_of_x_s_api_is_kept() -> None:
    found = printed_date("Sun Mar 22 10:01:00 +0000 2026")
    assert found == PrintedDate("2026-03-22T10:01:00+00:00")
    assert found is not None
    assert found.timed
    assert printed_date("Sun Mar 32 10:01:00 +0000 2026") is None


NAMES = (
    "January February March April May June July August September October November December"
).split()


@pytest.mark.parametrize(("month", "name"), list(enumerate(NAMES, start=1)))
def test_a_month_is_known_by_its_name_and_by_three_letters(month: int, name: str) -> None:
    for said in (name, name[:3], name.upper()):
        for whole in (f"{said} 7, 2024", f"7 {said} 2024", f"{said}. 7th 2024"):
            assert printed_date(whole) == PrintedDate(f"2024-{month:02}-07")


@pytest.mark.parametrize("said", ["January 31", "31 Jan", "Jan 31st", "Feb 1", "1st May", "Jun 1"])
def test_a_date_without_a_year_is_of_the_year_in_which_the_page_was_saved(said: str) -> None:
    found = printed_date(said, SAVED)
    assert found is not None
    assert (found.iso or "").startswith("2025-0")
    assert printed_date(said) == PrintedDate(None)


def test_a_date_without_a_year_is_never_after_the_day_on_which_the_page_was_saved() -> None:
    assert printed_date("Jun 14", SAVED) == PrintedDate("2025-06-14")
    assert printed_date("Jun 15", SAVED) == PrintedDate(None)
    assert printed_date("Jun 15, 2026", SAVED) == PrintedDate("2026-06-15")


@pytest.mark.parametrize(
    "said",
    [
        "2024-02-30",
        "Feb 30, 2024",
        "Jun 0",
        "Jun 32",
        "Jun 7 was the day",
        "On Jun 7",
        "Junember 7",
        "7:15 PM",
        "",
    ],
)
def test_what_is_no_day_or_more_than_a_day_is_no_date(said: str) -> None:
    assert printed_date(said) is None
    assert printed_date(said, SAVED) is None


def test_without_a_year_any_day_that_some_month_has_is_a_date() -> None:
    assert printed_date("Feb 1") == PrintedDate(None)
    assert printed_date("Feb 31") == PrintedDate(None)
    assert printed_date("Feb 29", SAVED) is None
    assert printed_date("Feb 29", date(2024, 6, 14)) == PrintedDate("2024-02-29")
    assert printed_date("Feb 29, 2024") == PrintedDate("2024-02-29")


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2025-06-13", "2025-06-13"),
        ("2025-06-13T08:30:00Z", "2025-06-13T08:30:00+00:00"),
        ("Fri, 13 Jun 2025 08:30:00 +0200", "2025-06-13T08:30:00+02:00"),
        ("Fri, 13 Jun 2025 08:30:00 -0000", "2025-06-13T08:30:00"),
        ("Fri, 31 Jun 2025 08:30:00 +0000", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_date_in_iso_8601_or_as_mail_writes_it_comes_out_in_iso_8601(
    value: str, iso: str | None
) -> None:
    assert iso_date(value) == iso


@pytest.mark.parametrize(
    ("said", "length"),
    [
        ("", 0),
        ("port", 4),
        ("Порт", 4),
        ("مرفأ", 4),
        ("港口", 4),
        ("—“”…", 5),
        ("🚢", 2),
        ("👨‍👩‍👧", 6),
        ("1️⃣", 3),
        ("a https://news.example/a/very/long/address/of/a/page b", 27),
        ("news.example/a", 23),
        ("news.example", 12),
        ("news.example/a news.example/b", 47),
    ],
)
def test_a_length_is_counted_as_x_counts_it(said: str, length: int) -> None:
    assert weighted_length(said) == length


def test_a_tweet_may_have_280_characters() -> None:
    assert fits("a" * 280)
    assert not fits("a" * 281)
    assert fits("港" * 140)
    assert not fits("港" * 140 + "a")
    assert fits("a" * 256 + " https://news.example/" + "a" * 100)
    assert not fits("a" * 257 + " https://news.example/a")


def test_a_text_fits_by_its_links_and_wide_signs() -> None:
    link = "https://news.example/" + "a" * 100
    assert fits("a" * 280)
    assert not fits("a" * 281)
    assert fits(f"{'a' * 256} {link}")
    assert not fits(f"{'a' * 257} {link}")
    assert fits("a/" * 140)
    assert not fits("a.io/b " * 12 + "a")
    assert fits("港" * 140)
    assert not fits("港" * 141)


def test_a_relative_date_may_be_without_a_number() -> None:
    assert printed_date("an hour ago") == PrintedDate(None)
    assert printed_date("an hour late") is None


def test_a_time_of_a_program_is_a_date_with_a_time() -> None:
    found = printed_date("2025-06-13T10:01:02.5+02:00")
    assert found == PrintedDate("2025-06-13")
    assert found is not None
    assert found.timed
    assert printed_date("2025-13-13T10:01:02Z") is None
