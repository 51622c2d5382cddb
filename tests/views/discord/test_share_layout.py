"""Sharing a hit: the choice of one, and what everyone sees."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import discord
from discord import ui

from bot.i18n.messages import ENGLISH
from bot.models import ThreadSummary
from bot.views.discord.answer_layout import answer_layout
from bot.views.discord.share_layout import share_layout, share_options, shared_layout
from tests.strategies import tweet
from tests.views.shown import PASSAGE, an_answer, hit

SECOND = replace(
    hit(), rank=2, thread=ThreadSummary("ba9876543210", "Rice", None, 2, complete=True)
)


def components(layout: ui.LayoutView) -> list[dict[str, Any]]:
    """The components of a message."""
    made: list[dict[str, Any]] = layout.to_components()  # type: ignore[no-untyped-call]  # discord.py leaves it so
    return made


def test_every_hit_of_the_page_can_be_chosen() -> None:
    text, row = components(share_layout(an_answer(hits=(hit(), SECOND)), ENGLISH))
    assert text["content"].startswith("Which tweet? The bot posts it here for everyone")
    (menu,) = row["components"]
    assert [(each["label"], each["value"]) for each in menu["options"]] == [
        ("On **Monday** no ship came to @here.", "0123456789ab:2"),
        ("On **Monday** no ship came to @here.", "ba9876543210:2"),
    ]
    assert [each["description"] for each in menu["options"]] == [
        "tweet 2 of 3 · Ports grow quiet",
        "tweet 2 of 2 · Rice",
    ]


def test_a_question_that_fits_into_no_menu_has_none() -> None:
    long = an_answer(question="no ship " * 60)
    assert len(components(share_layout(long, ENGLISH))) == 1


def test_without_a_message_there_is_nothing_to_share() -> None:
    assert share_options(None) == []


def test_what_is_shared_names_the_person_and_the_question() -> None:
    answer = an_answer(hits=(hit(), SECOND))
    head, card = components(shared_layout(answer, SECOND, "*Ada*", ENGLISH))
    assert head["content"] == r"\*Ada\* shared this answer to: no ship"
    text, row = card["components"]
    assert text["content"].startswith("**Rice**")
    assert "Ports" not in json.dumps(card)
    (read,) = row["components"]
    assert (read["label"], read["custom_id"]) == ("Read from here", "tb1:read:ba9876543210:2")
    assert read["style"] == discord.ButtonStyle.primary.value


def test_the_tweet_that_was_chosen_is_the_one_that_is_shared() -> None:
    other = replace(PASSAGE, position=3, tweet=tweet("Cranes rest."))
    several = replace(SECOND, more=(other,))
    made = json.dumps(components(shared_layout(an_answer(), several, "Ada", ENGLISH, position=3)))
    assert "Cranes rest" in made
    assert "came to" not in made
    gone = json.dumps(components(shared_layout(an_answer(), several, "Ada", ENGLISH, position=9)))
    assert "came to" in gone


def message_of(layout: ui.LayoutView) -> discord.Message:
    """A message with these components, as Discord sends it with a press."""
    data: Any = {
        "id": "1",
        "channel_id": "2",
        "type": 0,
        "content": "",
        "author": {"id": "3", "username": "bot", "discriminator": "0", "avatar": None},
        "attachments": [],
        "embeds": [],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "pinned": False,
        "tts": False,
        "edited_timestamp": None,
        "timestamp": "2025-06-13T10:00:00+00:00",
        "components": components(layout),
    }
    client = discord.Client(intents=discord.Intents.none())
    channel: Any = client.get_partial_messageable(2)
    return discord.Message(state=channel._state, channel=channel, data=data)  # noqa: SLF001  # no other way to make a message


def test_tweets_can_be_chosen_from_a_message_with_buttons_or_with_a_menu() -> None:
    few = answer_layout(an_answer(hits=(hit(), SECOND)), ENGLISH)
    chosen = [(each.label, each.value) for each in share_options(message_of(few))]
    assert chosen == [
        ("Ports grow quiet · 2", "0123456789ab:2"),
        ("Rice · 2", "ba9876543210:2"),
    ]
    many = tuple(
        replace(
            hit(more_in_thread=11),
            rank=rank,
            thread=replace(hit().thread, id=f"{rank:012x}"),
            partial=True,
        )
        for rank in range(1, 8)
    )
    crowded = answer_layout(an_answer(hits=many, pages=2), ENGLISH)
    made = share_options(message_of(crowded))
    assert [each.value for each in made] == [f"{rank:012x}:2" for rank in range(1, 8)]
    assert made[6].label == "On **Monday** no ship came to @here."
    assert made[6].description == "tweet 2 of 3 · Ports grow quiet"


def test_a_tweet_with_its_words_as_the_title_is_named_by_them() -> None:
    said = "Ports_grow quiet, says Anna."
    first = replace(PASSAGE, position=1, tweet=tweet(said), highlights=((0, 10),))
    headed = hit(best=first, thread=replace(hit().thread, title="Ports_grow quiet"))
    (only,) = share_options(message_of(answer_layout(an_answer(hits=(headed,)), ENGLISH)))
    assert only.label == "Ports_grow quiet, says Anna. · 1"


def test_a_message_of_an_earlier_version_is_named_by_its_first_words() -> None:
    text = "-# **1.** tweet 1 of 3 · Source\n> Ports **grow** quiet"
    button: ui.Button[ui.LayoutView] = ui.Button(
        label="Tweet 1", custom_id="tb1:read:0123456789ab:1"
    )
    old = ui.LayoutView(timeout=None)
    old.add_item(ui.Container(ui.TextDisplay(text), ui.ActionRow(button)))
    (only,) = share_options(message_of(old))
    assert only.label == "1. Ports grow quiet · 1"
