"""Hits, as many as a message has room for, and their buttons."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.i18n.messages import ENGLISH
from bot.models import Hit, Passage
from bot.views import markdown
from bot.views.discord.hits import question_line, read_button, read_on_button, shown_hits
from tests.strategies import tweet
from tests.views.discord.anything import hits
from tests.views.shown import PASSAGE, an_answer, hit

ROOM = 3_900


def shown(only: Hit, room: int = ROOM) -> str:
    """What a message shows of one hit."""
    ((_, text),) = shown_hits([only], room, ENGLISH)
    return text


@given(st.lists(hits, min_size=1, max_size=5), st.integers(2_000, ROOM))
def test_the_first_hits_are_shown_and_fit(some: list[Hit], room: int) -> None:
    found = shown_hits(some, room, ENGLISH)
    assert [each for each, _ in found] == some[: len(found)]
    assert found
    if len(found) > 1:
        assert sum(markdown.units(text) for _, text in found) <= room + 2 * len(found)


def test_fewer_hits_are_shown_where_each_would_have_no_room() -> None:
    assert len(shown_hits([hit()] * 5, ROOM, ENGLISH)) == 5
    assert len(shown_hits([hit()] * 5, 700, ENGLISH)) < 5
    assert len(shown_hits([hit()] * 5, 1, ENGLISH)) == 1


def test_a_hit_has_its_number_unless_it_stands_alone() -> None:
    assert shown(replace(hit(), rank=3)).startswith("**3. Ports grow quiet**\n")
    ((_, alone),) = shown_hits([hit()], ROOM, ENGLISH, numbered=False)
    assert alone.startswith("**Ports grow quiet**\n")


def test_the_adjacent_tweet_is_quoted_below_the_best_one() -> None:
    beside = Passage(3, 0.0, tweet("It came on Tuesday."), (), ())
    text = shown(hit(beside=beside))
    assert text.index("came to") < text.index("Adjacent tweet 3:") < text.index("on Tuesday")
    assert "Adjacent tweet" not in shown(hit())


def test_more_of_the_thread_is_counted_in_the_last_line() -> None:
    more = hit(more=(replace(PASSAGE, position=7),), more_in_thread=1)
    assert shown(more).splitlines()[-1] == "-# 1 more in this thread: tweet 7"


def test_the_buttons_open_the_thread_at_the_tweet() -> None:
    assert read_on_button(hit(), ENGLISH).custom_id == "tb1:read:0123456789ab:2"
    assert read_button("0123456789ab", 9, ENGLISH).custom_id == "tb1:read:0123456789ab:9"


def test_a_long_question_is_cut_and_its_markup_is_escaped() -> None:
    assert question_line(an_answer(question="*ports*")) == r"\*ports\*"
    assert len(question_line(an_answer(question="port " * 100))) <= 200
