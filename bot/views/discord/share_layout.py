"""Sharing a hit of an answer as Discord messages: the choice of one, and what everyone sees."""

from __future__ import annotations

import re

import discord
from discord import ui

from bot.i18n.messages import Language
from bot.models import Answer, Hit
from bot.views import markdown, wording
from bot.views.discord import custom_id, long_questions
from bot.views.discord.hits import question_line, read_on_button, shown_hits
from bot.views.discord.parts import CHOICE, TEXT_UNITS, lines, menu


def share_layout(answer: Answer, say: Language) -> ui.LayoutView:
    """A menu of the hits on a page, to choose one to share with everyone."""
    layout = lines(
        say("Which tweet? The bot posts it here for everyone, with your name and your question.")
    )
    asking = custom_id.Asking(answer.question, answer.page, answer.newest, answer.generation)
    carried = asking.carried("shared") or ""
    options = [
        discord.SelectOption(
            label=wording.short(f"{hit.rank}. {hit.thread.title}", CHOICE),
            value=f"{hit.thread.id}:{hit.best.position}",
            description=wording.short(hit.best.tweet.text, CHOICE) or None,
        )
        for hit in answer.hits
    ]
    if not carried.endswith(long_questions.MARK):
        layout.add_item(menu(carried, say("Choose a tweet"), options))
    return layout


def share_options(message: discord.Message | None) -> list[discord.SelectOption]:
    """The hits that a message shows, as options to share."""
    return [
        discord.SelectOption(
            label=wording.short(markdown.unescaped(title[2:-2]), CHOICE) or f"{rank}.",
            value=f"{found['thread']}:{found['position']}",
        )
        for rank, part in enumerate(message.components if message else (), start=1)
        if isinstance(part, discord.SectionComponent)
        and isinstance(part.accessory, discord.Button)
        and (found := re.fullmatch(custom_id.READ, part.accessory.custom_id or ""))
        and (title := part.children[0].content.partition("\n")[0])
    ]


def shared_layout(answer: Answer, hit: Hit, by: str, say: Language) -> ui.LayoutView:
    """A shared hit, with who shared it and the question."""
    head = say(
        "{who} shared this answer to: {question}",
        who=markdown.escape(wording.short(by, 80)),
        question=question_line(answer),
    )
    layout = lines(head)
    ((_, shown),) = shown_hits([hit], TEXT_UNITS - markdown.units(head), say, numbered=False)
    layout.add_item(ui.Section(ui.TextDisplay(shown), accessory=read_on_button(hit, say)))
    return layout
