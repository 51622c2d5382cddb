"""`/ask`: excerpts that answer a question, each with its sources."""

from __future__ import annotations

import re

import discord
from discord import app_commands, ui

from bot.app.components import component
from bot.app.contexts import EVERYWHERE, INSTALLS
from bot.app.respond import Interaction, reply, turn
from bot.app.thread import titles
from bot.query import with_options
from bot.views import custom_id
from bot.views.layout import CHOICES, answer_layout, note_layout

LONGEST_QUESTION = 4_000
LONGEST_OPTION = 100
WORDS = re.compile(r"<[@#:a][^>]*>|https?://\S+|([\w’'.]*\w)")
"""Words of a message, in the group; mentions, emoji and addresses are none."""


@app_commands.command(name="ask", description="Find what the threads say, in the authors' words")
@app_commands.describe(
    question='Words to look for; also "an exact phrase", -without, site:wsj.com, has:link',
    author="Only tweets by this handle",
    since="Only of this day or later: 2025-06-13, 2025-06 or 2025",
    until="Only of this day or earlier: 2025-06-13, 2025-06 or 2025",
    thread="Only of this thread",
    public="Whether everyone here sees the answer; else you alone",
)
@EVERYWHERE
@INSTALLS
async def ask(  # the command's options are its parameters
    interaction: Interaction,
    question: app_commands.Range[str, 1, LONGEST_QUESTION],
    author: app_commands.Range[str, 1, LONGEST_OPTION] | None = None,
    since: app_commands.Range[str, 1, LONGEST_OPTION] | None = None,
    until: app_commands.Range[str, 1, LONGEST_OPTION] | None = None,
    thread: app_commands.Range[str, 1, LONGEST_OPTION] | None = None,
    public: bool = False,  # noqa: FBT001, FBT002  # how discord.py knows an option
) -> None:
    """Answer privately unless told otherwise, and remember the first hit for `/thread`."""
    asked = with_options(question, author=author, since=since, until=until, thread=thread)
    await reply(interaction, answered(interaction, asked), public=public)


@ask.autocomplete("author")
async def authors(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Handles that go with what is typed so far."""
    found = await interaction.client.library.authors(typed, CHOICES)
    return [app_commands.Choice(name=f"@{each}"[:100], value=each[:100]) for each in found]


ask.autocomplete("thread")(titles)


async def answered(interaction: Interaction, question: str) -> ui.LayoutView:
    """The answer to `question`, remembered as its asker's last."""
    answer = await interaction.client.library.ask(question)
    if answer.hits:
        first = answer.hits[0]
        interaction.client.last_hits.put(
            interaction.user.id, (first.thread.id, first.best.position)
        )
    return answer_layout(answer)


@app_commands.context_menu(name="Find threads about this")
@EVERYWHERE
@INSTALLS
async def about_this(interaction: Interaction, message: discord.Message) -> None:
    """Answer privately what the words of `message` ask for; none of them is an operator."""
    words = " ".join(found[1] for found in WORDS.finditer(message.content) if found[1])
    if words:
        await reply(interaction, answered(interaction, words[:LONGEST_QUESTION]))
    else:
        await reply(interaction, _no_words())


async def _no_words() -> ui.LayoutView:
    return note_layout("That message has no words to look for; use /ask with words of yours.")


async def _ask_instead(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """Turn the message into the other question's answer."""
    await turn(interaction, answered(interaction, match["question"]))


ASK_BUTTON = component(custom_id.ASK, _ask_instead)
"""“Did you mean …”: asks that instead."""
