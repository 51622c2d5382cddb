"""Words and slices that every surface shares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n.messages import ENGLISH
from bot.models import Passage
from bot.views import wording
from tests.directions import loose
from tests.strategies import any_text, thread, tweet
from tests.views.shown import hit

long_text = st.text("ab 🔥\n", max_size=200) | any_text


@given(long_text, st.integers(1, 60))
def test_a_short_text_is_the_beginning_and_no_longer_than_asked_for(said: str, limit: int) -> None:
    line = " ".join(said.split())
    short = wording.short(said, limit)
    assert len(short) <= limit
    if len(line) <= limit:
        assert short == line
    else:
        assert short.endswith("…")
        assert line.startswith(short[:-1])


def test_a_text_is_cut_between_words() -> None:
    assert wording.short("Ports grow quiet — as tariffs bite", 20) == "Ports grow quiet…"


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 tweets"), (1, "1 tweet"), (2, "2 tweets"), (1000, "1,000 tweets")],
)
def test_things_are_counted_as_people_count_them(number: int, said: str) -> None:
    assert wording.tweets(number, ENGLISH) == said


def test_small_numbers_are_words() -> None:
    assert [str(wording.number_word(number)) for number in (1, 3, 10, 11)] == [
        "one",
        "three",
        "ten",
        "11",
    ]


def test_a_passage_is_placed_signed_and_dated_as_far_as_is_known() -> None:
    known = tweet("Ports.", author="anna", created_at="2025-06-13T08:30:00")
    signed = Passage(5, 1.0, known, (), ())
    assert wording.about(hit(tweets=19), signed, ENGLISH) == "tweet 5 of 19 · @anna · 2025-06-13"
    bare = Passage(1, 1.0, tweet("Ports."), (), ())
    assert wording.about(hit(tweets=3, complete=False), bare, ENGLISH) == "tweet 1 of 3 · preview"


def test_more_of_a_thread_is_offered_by_number() -> None:
    more = tuple(Passage(place, 1.0, tweet("Ports."), (), ()) for place in (2, 7))
    assert (
        wording.more(hit(more=more, more_in_thread=5), ENGLISH)
        == "5 more in this thread: tweets 2, 7 …"
    )
    assert (
        wording.more(hit(more=more, more_in_thread=2), ENGLISH)
        == "2 more in this thread: tweets 2, 7"
    )
    assert (
        wording.more(hit(more=more[:1], more_in_thread=1), ENGLISH)
        == "1 more in this thread: tweet 2"
    )
    assert wording.more(hit(), ENGLISH) is None


def test_a_preview_is_called_one() -> None:
    assert wording.preview_banner(thread("Ports.", "Ships."), ENGLISH) is None
    banner = wording.preview_banner(thread("Ports.", "Ships.", complete=False), ENGLISH)
    assert banner == "Preview only: the file contains 2 tweets of this thread."


@given(st.text(st.sampled_from("ab \u202e\u2066\u2069\u202c\u200f")), st.integers(4, 30))
def test_a_short_text_keeps_its_direction_to_itself(text: str, limit: int) -> None:
    cut = wording.short(text, limit)
    assert len(cut) <= limit
    assert loose(cut) == []
