"""Questions that mention the bot: answered as replies, without reading other messages.

Discord gives a bot the content of messages that mention it, and of direct messages to it:
https://docs.discord.com/developers/events/gateway#message-content-intent
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

import discord

from bot.app.about import EXAMPLES
from bot.app.respond import told
from bot.errors import ThreadbotError
from bot.language import ENGLISH
from bot.languages import language_of
from bot.views.answer_layout import answer_layout
from bot.views.layout import help_layout, note_layout

if TYPE_CHECKING:
    from bot.app.client import Threadbot

log = logging.getLogger(__name__)

MENTIONS = re.compile(r"<@[!&]?\d+>")
LONGEST = 2_000


async def answer_mention(client: Threadbot, message: discord.Message) -> None:
    """Answer `message` if a person asks the bot something in it; else leave it alone."""
    direct = message.guild is None
    asked = client.user is not None and f"<@{client.user.id}>" in message.content
    if message.author.bot or not (direct or asked):
        return
    if client.too_quick(message.author.id) is not None:
        return
    question = " ".join(MENTIONS.sub(" ", message.content).split())[:LONGEST]
    # Of who writes a direct message Discord does not tell the language.
    say = language_of(message.guild.preferred_locale.value) if message.guild else ENGLISH
    library = await client.libraries.of(message.guild.id if message.guild else None)
    try:
        if question:
            layout = answer_layout(await library.ask(question), say)
        else:
            layout = help_layout(await library.examples(EXAMPLES), say)
    except ThreadbotError as error:
        layout = note_layout(told(error, say))
    layout.stop()
    try:
        await message.reply(view=layout, mention_author=False)
    except discord.HTTPException as error:
        log.info("cannot answer a mention: %s", error)
