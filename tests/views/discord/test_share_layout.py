"""Sharing a hit: the choice of one, and what everyone sees."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import discord
from discord import ui

from bot.i18n.messages import ENGLISH
from bot.models import ThreadSummary
from bot.views.discord.share_layout import share_layout, share_options, shared_layout
from tests.views.shown import an_answer, hit

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
        ("1. Ports grow quiet", "0123456789ab:2"),
        ("2. Rice", "ba9876543210:2"),
    ]


def test_a_question_that_fits_into_no_menu_has_none() -> None:
    long = an_answer(question="no ship " * 60)
    assert len(components(share_layout(long, ENGLISH))) == 1


def test_without_a_message_there_is_nothing_to_share() -> None:
    assert share_options(None) == []


def test_what_is_shared_names_the_person_and_the_question() -> None:
    answer = an_answer(hits=(hit(), SECOND))
    head, section = components(shared_layout(answer, SECOND, "*Ada*", ENGLISH))
    assert head["content"] == r"\*Ada\* shared this answer to: no ship"
    assert section["components"][0]["content"].startswith("**Rice**")
    assert "Ports" not in json.dumps(section["components"])
    assert section["accessory"]["style"] == discord.ButtonStyle.secondary.value
