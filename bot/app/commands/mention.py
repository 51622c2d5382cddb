"""Answers messages that mention the bot, and direct messages, with a public reply.

Discord gives a bot the content of these messages without the privileged intent:
https://docs.discord.com/developers/events/gateway#message-content-intent
It keeps back the content of a message that these reply to, unless that mentions the bot as well.

Nothing in a channel can be shown to one member alone. So what failed or was not found is a reaction
for everyone, and the reason is a direct message. Who takes none gets a reply that soon disappears.
"""

from __future__ import annotations

import logging
import re
from contextlib import AsyncExitStack, suppress
from typing import Any

import discord
from discord import ui

from bot.app.client import Feature, Threadbot
from bot.app.commands.about import EXAMPLES
from bot.app.commands.ask import answer_to
from bot.app.delivery import UNDELIVERED, send_once
from bot.app.media import attached
from bot.app.message_text import text_of, words_of
from bot.app.reply import Private, Result, error_text
from bot.errors import Restarting, ThreadbotError
from bot.i18n.catalogues import language_of
from bot.i18n.messages import ENGLISH, Language, sentence
from bot.library.library import Library
from bot.views.discord.deletion import add_delete_button
from bot.views.discord.layout import help_layout, note_layout, text_only

log = logging.getLogger(__name__)

MENTIONS = re.compile(r"<@[!&]?\d+>")
LONGEST_QUESTION = 2_000
"""Characters of a message that are used as the question."""
TOO_FAST, FAILED = "⏳", "🤷"
"""Reactions to a message over the rate limit, and to one without an answer."""
SECONDS_SHOWN = 20.0
"""How long a member who takes no direct messages sees in the channel why there is no answer."""
HIDDEN = sentence(
    "Discord does not show the bot the message that you replied to. Open the menu of that message, "
    "and choose Apps > {command}.",
    command=sentence("Find threads about this"),
)


async def answer_mention(client: Threadbot, message: discord.Message) -> None:
    """Answer `message` if a person addresses the bot in it, within the rate limit."""
    direct = message.guild is None
    mentioned = client.user is not None and f"<@{client.user.id}>" in message.content
    if message.author.bot or not (direct or mentioned):
        return
    limits = client.limits
    if await limits.retry_after(limits.questions, message.author.id) is not None:
        await _react(message, TOO_FAST)
        return
    # A direct message does not come with its author's language.
    say = language_of(message.guild.preferred_locale.value) if message.guild else ENGLISH
    library = await client.libraries.of(message.guild.id if message.guild else None)
    with client.stopping.answering():
        async with AsyncExitStack() as stack:
            with suppress(*UNDELIVERED):
                await stack.enter_async_context(message.channel.typing())
            try:
                if client.stopping.begun:
                    raise Restarting
                result = await client.stopping.run(_result(client, library, message, say))
            except ThreadbotError as error:
                result = Private(note_layout(error_text(error, say)))
        try:
            await _send(client, message, result, say)
        except UNDELIVERED as error:
            log.info("cannot answer a mention: %s", error)
            client.health_record.answered(well=False)
        else:
            client.health_record.answered(well=True)


async def _result(
    client: Threadbot, library: Library, message: discord.Message, say: Language
) -> Result:
    """Answer the words of `message`, else those of what it shows, else those it replies to."""
    own = " ".join(MENTIONS.sub(" ", message.content).split())[:LONGEST_QUESTION]
    if own:
        return await answer_to(library, own, say, say)
    replied_to = message.reference.resolved if message.reference else None
    readable = [message]
    if isinstance(replied_to, discord.Message) and replied_to.author != client.user:
        readable.append(replied_to)
    for each in readable:
        text = MENTIONS.sub(" ", text_of(each))[:LONGEST_QUESTION]
        if text.strip():
            return await answer_to(library, text, say, say, reading=words_of)
    if len(readable) > 1:
        return Private(note_layout(say.say(HIDDEN)))
    return help_layout(await library.examples(EXAMPLES), say)


async def _send(client: Threadbot, message: discord.Message, result: Result, say: Language) -> None:
    """Reply with `result`, or tell the author alone that there is none."""
    if not isinstance(result, Private):
        add_delete_button(result, message.author.id, say)
        result.stop()
        files = await attached(result, client.library.media)
        await send_once(client, message.reply, files, view=result, mention_author=False)
    elif message.guild is None:
        result.layout.stop()
        await send_once(client, message.reply, (), view=result.layout, mention_author=False)
    else:
        await _react(message, FAILED)
        await _tell_author(client, message, result.layout, say)


async def _tell_author(
    client: Threadbot, message: discord.Message, layout: ui.LayoutView, say: Language
) -> None:
    """Send a direct message; in it buttons would ask the shared library, so it has none."""
    about = say("About your message {link}:", link=message.jump_url)
    direct = text_only(layout, above=about)
    direct.stop()
    try:
        await send_once(client, message.author.send, (), view=direct)
    except discord.Forbidden:
        layout.stop()
        shown: dict[str, Any] = {"mention_author": False, "delete_after": SECONDS_SHOWN}
        await send_once(client, message.reply, (), view=layout, **shown)


async def _react(message: discord.Message, emoji: str) -> None:
    with suppress(*UNDELIVERED):  # the bot may lack the permission
        await message.add_reaction(emoji)


FEATURE = Feature(on_message=answer_mention)
