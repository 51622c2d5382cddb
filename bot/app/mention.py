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
from bot.errors import ThreadbotError
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
    if message.author.bot or not (direct or asked) or client.is_too_quick(message.author.id):
        return
    question = " ".join(MENTIONS.sub(" ", message.content).split())[:LONGEST]
    library = await client.libraries.of(message.guild.id if message.guild else None)
    try:
        if question:
            layout = answer_layout(await library.ask(question))
        else:
            layout = help_layout(await library.examples(EXAMPLES))
    except ThreadbotError as error:
        layout = note_layout(str(error))
    layout.stop()
    try:
        await message.reply(view=layout, mention_author=False)
    except discord.HTTPException as error:
        log.info("a mention could not be answered: %s", error)
