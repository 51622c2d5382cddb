"""Answers messages that mention the bot, and direct messages, with a public reply.

Discord gives a bot the content of these messages without the privileged intent:
https://docs.discord.com/developers/events/gateway#message-content-intent
"""

from __future__ import annotations

import logging
import re

import discord

from bot.app.client import Feature, Threadbot
from bot.app.commands.about import EXAMPLES
from bot.app.reply import error_text
from bot.errors import ThreadbotError
from bot.i18n.catalogues import language_of
from bot.i18n.messages import ENGLISH
from bot.views.discord.answer_layout import answer_layout
from bot.views.discord.layout import help_layout, note_layout

log = logging.getLogger(__name__)

MENTIONS = re.compile(r"<@[!&]?\d+>")
LONGEST_QUESTION = 2_000
"""Characters of a message that are used as the question."""


async def answer_mention(client: Threadbot, message: discord.Message) -> None:
    """Answer `message` if a person addresses the bot in it, within the rate limit."""
    direct = message.guild is None
    mentioned = client.user is not None and f"<@{client.user.id}>" in message.content
    if message.author.bot or not (direct or mentioned):
        return
    if client.rate_limit.retry_after(message.author.id) is not None:
        return
    question = " ".join(MENTIONS.sub(" ", message.content).split())[:LONGEST_QUESTION]
    # A direct message does not come with its author's language.
    say = language_of(message.guild.preferred_locale.value) if message.guild else ENGLISH
    library = await client.libraries.of(message.guild.id if message.guild else None)
    try:
        if question:
            layout = answer_layout(await library.ask(question), say)
        else:
            layout = help_layout(await library.examples(EXAMPLES), say)
    except ThreadbotError as error:
        layout = note_layout(error_text(error, say))
    layout.stop()
    try:
        await message.reply(view=layout, mention_author=False)
    except discord.HTTPException as error:
        log.info("cannot answer a mention: %s", error)


FEATURE = Feature(on_message=answer_mention)
