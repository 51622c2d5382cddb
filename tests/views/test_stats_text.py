"""Statistics in words: every figure, and what there is none of."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given

from bot.i18n.messages import ENGLISH
from bot.reports import LibraryStats, Tally
from bot.views import stats_text
from bot.views.discord import picture
from tests.views.figures import (
    EMPTY,
    SEED,
    TWELVE_YEARS,
    figures,
    image_of,
    shown,
)


@given(figures())
def test_periods_are_few_leave_none_out_and_lose_no_tweet(stats: LibraryStats) -> None:
    line = stats_text.timeline(stats.months)
    if line is None:
        assert not stats.months
        return
    assert 1 <= len(line.bars) <= stats_text.MOST_BARS
    assert sum(each.tweets for each in line.bars) == stats.dated
    assert len({stats_text.period(line, each, ENGLISH) for each in line.bars}) == len(line.bars)
    assert line.bars[0].tweets
    assert line.bars[-1].tweets


def test_every_figure_of_twelve_years_is_in_the_text() -> None:
    text, described = shown(TWELVE_YEARS)
    plain = text.replace("\\", "")
    for each in TWELVE_YEARS.months:
        assert f"{each.tweets:,}" in plain
    assert "**2013** (" in plain
    assert "): Jun 124,161, Jul 124,162" in plain
    assert str(stats_text.REST_EMPTY) not in plain
    assert described is not None
    for number, host in enumerate(TWELVE_YEARS.hosts, start=1):
        assert re.search(rf"^{number}\. very-long-name\.\S*: {host.tweets}$", plain, re.MULTILINE)
    assert "@anna 1,000,000" in described
    assert "@anna" not in plain  # the picture has it
    assert "2. @Анна: 5" in plain
    assert "299,994 more tweets do not name their author." in plain
    assert "more line" not in plain
    assert (
        "Tweets per month, Jun 2013 through May 2025. The peak is 124,304, in May 2025."
        in described
    )


def test_months_without_a_tweet_are_told_to_have_none() -> None:
    text, _ = shown(replace(SEED, months=(Tally("2025-04", 3), Tally("2025-06", 7)), dated=10))
    assert text.endswith("**2025** (10): Apr 3, Jun 7\nPeriods that are not listed have no tweets.")


def test_without_dates_there_is_no_chart_of_months_and_the_text_says_why() -> None:
    text, described = shown(SEED)
    assert "37 tweets in 7 threads (1 complete, 6 previews) from 1 file" in text
    assert "No tweet here has a date, so there are no monthly figures." in text
    assert "None of these tweets names its author." in text
    assert described == "Bar charts. Tweets by linked site: wsj.com 7."
    dated = replace(SEED, dated=37, first="2025-06-01", last="2025-06-09")
    with_months = replace(dated, months=(Tally("2025-06", 37),))
    assert image_of(with_months).height > image_of(SEED).height


def test_an_empty_library_is_told_kindly_and_nothing_is_drawn() -> None:
    assert picture.drawn(EMPTY, ENGLISH) is None
    text, described = shown(EMPTY)
    assert text.startswith("**Nothing is loaded yet.")
    assert "Load files of threads with /reload." in text
    assert "All loaded threads are hidden." in shown(replace(EMPTY, dumps=1))[0]
    assert described is None


def test_a_few_months_far_apart_are_shown_as_years() -> None:
    line = stats_text.timeline((Tally("2021-04", 3), Tally("2025-03", 7)))
    assert line is not None
    assert [(each.name, each.tweets) for each in line.bars] == [
        ("2021", 3),
        ("2022", 0),
        ("2023", 0),
        ("2024", 0),
        ("2025", 7),
    ]
    near = stats_text.timeline((Tally("2023-04", 3), Tally("2025-03", 7)))
    assert near is not None
    assert len(near.bars) == 24
