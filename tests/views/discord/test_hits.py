"""Hits, as many tweets as a message has room for, and their buttons."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.i18n.messages import ENGLISH
from bot.models import Hit
from bot.views import markdown
from bot.views.discord.hits import all_label, question_line, read_button, read_buttons, shown_hits
from tests.strategies import tweet
from tests.views.discord.anything import pages_of_hits
from tests.views.shown import PASSAGE, an_answer, hit

ROOM = 3_900


def shown(only: Hit, room: int = ROOM) -> str:
    """What a message shows of one hit."""
    (made,) = shown_hits([only], room, ENGLISH)
    return "\n".join([made.head, *(each.text for each in made.tweets)])


@given(pages_of_hits().filter(bool), st.integers(2_000, ROOM))
def test_the_first_hits_are_shown_and_fit(some: list[Hit], room: int) -> None:
    found = shown_hits(some, room, ENGLISH)
    assert [each.hit for each in found] == some[: len(found)]
    texts = [part for each in found for part in (each.head, *(one.text for one in each.tweets))]
    if sum(len(each.tweets) for each in found) > 1:
        assert sum(markdown.units(text) + 1 for text in texts) <= room + 10


def test_every_tweet_of_a_hit_has_its_place_source_and_excerpt() -> None:
    text = shown(hit(more=(replace(PASSAGE, position=7),), tweets=9))
    assert text.startswith("**1. Ports grow quiet**\n")
    assert text.count("[Source](<https://x.com/anna/status/1901>)") == 2
    assert text.count("news.example/port…") == 1
    assert "a.txt:2" not in text
    assert text.index("tweet 2 of 9") < text.index("> On") < text.index("tweet 7 of 9")


def test_file_and_line_are_shown_where_nothing_can_be_clicked() -> None:
    dump = replace(PASSAGE, sources=PASSAGE.sources[-1:])
    assert "a.txt:2" in shown(hit(best=dump))


def test_a_title_is_not_repeated_above_the_same_words() -> None:
    first = replace(PASSAGE, position=1, tweet=tweet("Ports grow quiet, says Anna.", author="anna"))
    both = shown(hit(best=PASSAGE, more=(first,)))
    assert both.count("Ports grow quiet") == 1
    assert both.startswith("-# **1. **\\@anna") is False
    assert both.index("Ports grow quiet") < both.index("came to")


def test_all_matches_have_a_label_where_some_are_not_shown() -> None:
    (some,) = shown_hits([hit(more_in_thread=11)], ROOM, ENGLISH)
    assert all_label(some, ENGLISH) == "All 12 in this thread"
    (every,) = shown_hits([hit()], ROOM, ENGLISH)
    assert all_label(every, ENGLISH) is None


def test_the_buttons_open_the_thread_at_the_tweets() -> None:
    (one,) = shown_hits([hit()], ROOM, ENGLISH)
    assert [each.label for each in read_buttons(one, ENGLISH) if each] == ["Read from here"]
    (two,) = shown_hits([hit(more=(replace(PASSAGE, position=7),))], ROOM, ENGLISH)
    assert [each.label for each in read_buttons(two, ENGLISH) if each] == [
        "Tweet 2",
        "Tweet 7",
    ]
    assert read_button("0123456789ab", 9, ENGLISH).custom_id == "tb1:read:0123456789ab:9"


def test_a_long_question_is_cut_and_its_markup_is_escaped() -> None:
    assert question_line(an_answer(question="*ports*")) == r"\*ports\*"
    assert len(question_line(an_answer(question="port " * 100))) <= 200
