"""Who may have the bot speak in a channel for everyone to see, and where the bot itself may."""

from __future__ import annotations

from collections.abc import Mapping

import discord

from bot.app.respond import Interaction
from bot.errors import NotAllowedHere

NAMES: Mapping[str, str] = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "create_public_threads": "Create Public Threads",
    "attach_files": "Attach Files",
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
    need(
        interaction.permissions,
        "send_messages_in_threads" if in_thread else "send_messages",
        whose="You need",
    )


def need(granted: discord.Permissions, *wanted: str, whose: str) -> None:
    """Let pass if all `wanted` permissions are `granted`; `whose` begins the sentence if not.

    Raises:
        NotAllowedHere: one is not.
    """
    missing = [NAMES[each] for each in wanted if not getattr(granted, each)]
    if missing and not granted.administrator:
        raise NotAllowedHere(whose, missing)
