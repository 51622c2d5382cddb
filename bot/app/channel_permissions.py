"""Checks the permissions in a channel, of members and of the bot, before the bot posts there."""

from __future__ import annotations

from collections.abc import Mapping

import discord

from bot.app.client import Interaction
from bot.errors import NotAllowedHere
from bot.i18n.messages import Sentence, sentence

NAMES: Mapping[str, Sentence] = {
    "view_channel": sentence("View Channel"),
    "send_messages": sentence("Send Messages"),
    "send_messages_in_threads": sentence("Send Messages in Threads"),
    "create_public_threads": sentence("Create Public Threads"),
    "attach_files": sentence("Attach Files"),
}
"""Discord's names of permissions, by their names in discord.py."""


def require_can_send(interaction: Interaction) -> None:
    """Check that the member may send messages in this channel.

    Raises:
        NotAllowedHere: they may not.
    """
    if interaction.guild_id is None:
        return
    in_thread = isinstance(interaction.channel, discord.Thread)
    needed = "send_messages_in_threads" if in_thread else "send_messages"
    require_permissions(interaction.permissions, needed)


def require_permissions(
    granted: discord.Permissions, *needed: str, of_the_bot: bool = False
) -> None:
    """Check that all `needed` permissions are `granted`, to a member or to the bot.

    Raises:
        NotAllowedHere: at least one is missing; the message names it.
    """
    missing = [NAMES[each] for each in needed if not getattr(granted, each)]
    if missing and not granted.administrator:
        raise NotAllowedHere(missing, of_the_bot=of_the_bot)
