"""Who may have the bot speak in a channel for everyone to see, and where the bot itself may."""

from __future__ import annotations

from collections.abc import Mapping

import discord

from bot.app.respond import Interaction
from bot.errors import NotAllowedHere
from bot.language import Sentence, sentence

NAMES: Mapping[str, Sentence] = {
    "view_channel": sentence("View Channel"),
    "send_messages": sentence("Send Messages"),
    "send_messages_in_threads": sentence("Send Messages in Threads"),
    "create_public_threads": sentence("Create Public Threads"),
    "attach_files": sentence("Attach Files"),
}
"""Permissions as Discord shows them."""


def may_speak(interaction: Interaction) -> None:
    """Let those pass who may write here themselves.

    Raises:
        NotAllowedHere: they may not.
    """
    if interaction.guild_id is None:
        return
    in_thread = isinstance(interaction.channel, discord.Thread)
    need(interaction.permissions, "send_messages_in_threads" if in_thread else "send_messages")


def need(granted: discord.Permissions, *wanted: str, of_the_bot: bool = False) -> None:
    """Let pass if all `wanted` permissions are `granted`, to a person or to the bot.

    Raises:
        NotAllowedHere: one is not.
    """
    missing = [NAMES[each] for each in wanted if not getattr(granted, each)]
    if missing and not granted.administrator:
        raise NotAllowedHere(missing, of_the_bot=of_the_bot)
