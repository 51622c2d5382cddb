"""A thread on a terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Link, Thread
from bot.views.terminal.output import Row
from bot.views.terminal.thread_output import thread_pages, thread_rows
from tests.strategies import thread
from tests.views.terminal.tty import plain


@pytest.mark.parametrize("start", [1, 2, 3])
def test_a_thread_may_be_read_from_any_tweet(start: int) -> None:
    said = plain(thread_rows(thread("One.", "Two.", "Three."), start))
    numbers = re.findall(r"^(\d)\. ", said, re.MULTILINE)
    assert numbers == [str(at) for at in range(start, 4)]


def test_a_preview_is_called_one() -> None:
    made: Thread = thread("One.", complete=False, author="anna", source_url="https://a.example/1")
    said = plain(thread_rows(made))
    assert f"@anna · 1 tweet · id {made.id} · a.txt\n" in said
    assert "Preview only" in said
    assert "Source: https://a.example/1\n" in said


def test_a_title_is_not_printed_again_as_the_first_tweet() -> None:
    made = thread("Ports grow quiet\nNo ship.", "Rice.")
    assert plain(thread_rows(made)).count("Ports grow quiet") == 1
    later = plain(thread_rows(made, 2))
    assert later.startswith("Ports grow quiet\n")
    titled = replace(made, title="Harbours")
    assert plain(thread_rows(titled)).startswith("Harbours\n")


def test_a_cut_link_is_not_repeated_below_each_tweet() -> None:
    cut, whole = Link("news.example/port…"), Link("b.example", "https://b.example/1")
    made = thread("One.", "Two.", "Three.")
    tweets = tuple(replace(each, links=(cut, whole)) for each in made.tweets)
    said = plain(thread_rows(replace(made, tweets=tweets)))
    assert said.count("news.example/port…") == 1
    assert said.count("https://b.example/1") == 3


def test_the_tweet_that_was_asked_for_is_marked() -> None:
    said = plain(thread_rows(thread("One.", "Two.", "Three."), 2, marked=3))
    assert "\n2. Two.\n" in said
    assert "\n▶ 3. Three.\n" in said


def written_height(rows: Sequence[Row]) -> int:
    """The height of a tweet that says how high it is."""
    return int("".join(each.text for each in rows[1].spans))


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=30),
    st.integers(1, 30),
    st.integers(1, 20),
)
def test_each_tweet_is_on_one_page_and_a_page_begins_where_it_should(
    heights: list[int], start: int, room: int
) -> None:
    made = thread(*(str(each) for each in heights))
    start = min(start, len(heights))
    pages = thread_pages(made, start, written_height, room)
    assert [each for page in pages for each in page] == list(range(1, len(heights) + 1))
    assert start in [page[0] for page in pages]
    for page in pages:
        assert len(page) == 1 or sum(heights[each - 1] for each in page) <= room
