"""Sharing a tweet of an answer as Discord messages: the choice of one, and what everyone sees."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import discord
from discord import ui

from bot.i18n.messages import Language
from bot.models import Answer, Hit
from bot.views import markdown, wording
from bot.views.discord import custom_id, long_questions
from bot.views.discord.answer_layout import asking_for
from bot.views.discord.hit_cards import add_hits
from bot.views.discord.hits import passages_of, question_line, shown_hits, tweet_option
from bot.views.discord.parts import CHOICE, TEXT_UNITS, lines, menu


def share_layout(answer: Answer, say: Language) -> ui.LayoutView:
    """A menu of the tweets on a page, to choose one to share with everyone."""
    layout = lines(
        say("Which tweet? The bot posts it here for everyone, with your name and your question.")
    )
    carried = asking_for(answer).carried("shared") or ""
    titled = len(answer.hits) > 1
    options = [
        tweet_option(hit, each, f"{hit.thread.id}:{each.position}", say, titled=titled)
        for hit in answer.hits
        for each in passages_of(hit)
    ]
    if not carried.endswith(long_questions.MARK):
        layout.add_item(menu(carried, say("Choose a tweet"), options))
    return layout


def share_options(message: discord.Message | None) -> list[discord.SelectOption]:
    """The tweets that a message shows, as options to share."""
    components = message.components if message else ()
    options = [each for one in components for each in _in_menu(one)]
    for rank, part in enumerate(_with_read_buttons(components), start=1):
        title = _name_of(_first_text(part))
        for each in _walk(part):
            found = re.fullmatch(custom_id.READ, getattr(each, "custom_id", None) or "")
            if found:
                label = wording.short(markdown.plain(title), CHOICE - 12) or f"{rank}."
                value = f"{found['thread']}:{found['position']}"
                place = f"{label} · {found['position']}"
                options.append(discord.SelectOption(label=place, value=value))
    return options


def _in_menu(component: Any) -> list[discord.SelectOption]:
    """The tweets in the menu into threads, which a message has instead of buttons."""
    options = []
    for menu_there in _walk(component):
        for each in menu_there.options if isinstance(menu_there, discord.SelectMenu) else ():
            found = re.fullmatch(custom_id.GO_VALUE, each.value)
            if found and found["what"] == "read":
                value = f"{found['thread']}:{found['position']}"
                options.append(
                    discord.SelectOption(
                        label=each.label, value=value, description=each.description
                    )
                )
    return options


def _with_read_buttons(components: Any) -> list[Any]:
    """The components that show a hit: containers, or sections in messages of earlier versions."""
    return [
        each
        for each in components
        if isinstance(each, (discord.Container, discord.SectionComponent))
    ]


def _walk(component: Any) -> list[Any]:
    """A component and all that it holds."""
    accessory = getattr(component, "accessory", None)
    inner = [*getattr(component, "children", ()), *([accessory] if accessory else [])]
    return [component, *(each for one in inner for each in _walk(one))]


def _name_of(text: str) -> str:
    """The title in a hit's Markdown; without one, its number and the start of its first excerpt."""
    first, *others = text.split("\n")
    quoted = next((each[2:] for each in others if each.startswith("> ")), "")
    number = re.match(r"-# \*\*(\d+\.)", first)
    return f"{number[1]} {quoted}" if number else quoted if first.startswith("-# ") else first


def _first_text(component: Any) -> str:
    return next((each.content for each in _walk(component) if hasattr(each, "content")), "")


def shared_layout(
    answer: Answer, hit: Hit, by: str, say: Language, *, position: int | None = None
) -> ui.LayoutView:
    """A shared tweet of `hit`, the best or that at `position`, with who shared it, and why."""
    head = say(
        "{who} shared this answer to: {question}",
        who=markdown.escape(wording.short(by, 80)),
        question=question_line(answer),
    )
    layout = lines(head)
    chosen = next((each for each in passages_of(hit) if each.position == position), hit.best)
    alone = replace(hit, best=chosen, more=(), more_in_thread=0, partial=False)
    shown = shown_hits([alone], TEXT_UNITS - markdown.units(head), say)
    add_hits(layout, shown, say, 0, lambda _: None)
    return layout
