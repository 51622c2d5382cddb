"""Hits, as many tweets as a message has room for, and their buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import discord
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n.messages import ENGLISH
from bot.models import Hit, Media
from bot.views import markdown
from bot.views.discord.hits import (
    ShownHit,
    all_label,
    question_line,
    read_buttons,
    shown_hits,
    tweet_option,
)
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
    if sum(len(each.tweets) for each in found) > 1:
        assert units_of(found) <= room + 10


def units_of(found: Sequence[ShownHit]) -> int:
    """How much of a message's room some hits take, in UTF-16 units."""
    texts = [
        part
        for each in found
        for part in (each.head, *(text for one in each.tweets for text in (one.text, one.beneath)))
    ]
    return sum(markdown.units(text) + 1 for text in texts if text)


def test_what_is_said_of_short_titles_has_room() -> None:
    plain = replace(PASSAGE, tweet=tweet("0 " + "and so on " * 40), highlights=(), sources=())
    titled = [hit(best=plain, thread=replace(hit().thread, title="0")) for _ in range(9)]
    most = 0
    for room in range(1_200, 2_400, 10):
        found = shown_hits(titled, room, ENGLISH)
        assert units_of(found) <= room
        most = max(most, len(found))
    assert most == len(titled)


def test_every_tweet_of_a_hit_has_its_place_source_and_excerpt() -> None:
    text = shown(hit(more=(replace(PASSAGE, position=7),), tweets=9))
    assert text.startswith("**Ports grow quiet**\n")
    assert text.count("[Source](<https://x.com/anna/status/1901>)") == 2
    assert text.count("news.example/port…") == 1
    assert "a.txt:2" not in text
    assert text.index("tweet 2 of 9") < text.index("> On") < text.index("tweet 7 of 9")


def test_file_and_line_are_shown_where_nothing_can_be_clicked() -> None:
    dump = replace(PASSAGE, sources=PASSAGE.sources[-1:])
    assert "a.txt:2" in shown(hit(best=dump))


def test_a_tweet_that_begins_with_the_title_is_the_heading() -> None:
    said = "Ports grow quiet, says Anna.\nShips wait."
    first = replace(PASSAGE, position=1, tweet=tweet(said, author="anna"), highlights=((0, 5),))
    text = shown(hit(best=PASSAGE, more=(first,)))
    assert text.startswith("**__Ports__ grow quiet, says Anna.**\n-# tweet 2 of 3")
    assert text.count("grow quiet") == 1
    assert text.index("came to") < text.index("tweet 1 of 3") < text.index("> Ships wait.")
    alone = replace(first, tweet=tweet("Ports grow quiet, says Anna.", author="anna"))
    bare = shown(hit(best=alone))
    assert bare.startswith("**__Ports__ grow quiet, says Anna.**\n-# \\@anna\n")
    assert "-# tweet 1 of 3: the title above" in bare
    assert ">" not in bare.replace(">)", "")


def test_a_title_is_above_every_card_even_where_the_thread_has_none() -> None:
    nameless = replace(hit(), thread=replace(hit().thread, title=""))
    assert shown(nameless).startswith("**0123456789ab**\n")


def test_the_tweets_of_a_card_are_best_first() -> None:
    title = replace(PASSAGE, position=1, tweet=tweet("Ports grow quiet, says Anna."))
    several = hit(best=replace(PASSAGE, position=3), more=(title, PASSAGE))
    (made,) = shown_hits([several], ROOM, ENGLISH)
    assert [each.passage.position for each in made.tweets] == [3, 1, 2]
    first, *others = (each for each in read_buttons(made, ENGLISH, main=True) if each)
    assert (first.label, first.style) == ("Tweet 3", discord.ButtonStyle.primary)
    assert all(each.style is discord.ButtonStyle.secondary for each in others)


def test_a_preview_says_that_it_has_only_the_beginning() -> None:
    text = shown(hit(complete=False))
    assert "-# Preview: only its first 3 tweets are saved\n-# tweet 2 · " in text
    assert "of 3" not in text


def test_an_option_has_the_words_then_the_place_and_the_title_once() -> None:
    option = tweet_option(hit(), PASSAGE, "a", ENGLISH, titled=True)
    assert option.label == "On **Monday** no ship came to @here."
    assert option.description == "tweet 2 of 3 · Ports grow quiet"
    first = replace(PASSAGE, position=1, tweet=tweet("Ports grow quiet, says Anna."))
    assert tweet_option(hit(), first, "a", ENGLISH, titled=True).description == "tweet 1 of 3"
    assert tweet_option(hit(), PASSAGE, "a", ENGLISH, titled=False).description == "tweet 2 of 3"
    silent = replace(PASSAGE, tweet=tweet("", media=(Media("photo", alt="A crane"),)))
    assert tweet_option(hit(), silent, "a", ENGLISH, titled=False).label == "A crane"
    nothing = replace(PASSAGE, tweet=tweet("", media=(Media("photo"),)))
    assert tweet_option(hit(), nothing, "a", ENGLISH, titled=False).label == "tweet 2 of 3"


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


def test_a_long_question_is_cut_and_its_markup_is_escaped() -> None:
    assert question_line(an_answer(question="*ports*")) == r"\*ports\*"
    assert len(question_line(an_answer(question="port " * 100))) <= 200


def test_tweets_that_have_no_room_are_left_out_from_the_end() -> None:
    several = [hit(more=(replace(PASSAGE, position=7),)), replace(hit(), rank=2)]
    places = [
        [
            [each.passage.position for each in some.tweets]
            for some in shown_hits(several, n, ENGLISH)
        ]
        for n in (ROOM, 470, 330, 10)
    ]
    assert places[0] == [[2, 7], [2]]
    assert places[-1] == [[2]]
    assert [sum(map(len, each)) for each in places] == sorted(
        (sum(map(len, each)) for each in places), reverse=True
    )
