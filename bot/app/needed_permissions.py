"""The permissions that the bot needs in a server, and what for."""

from __future__ import annotations

from collections.abc import Mapping

import discord

from bot.i18n.messages import Sentence, sentence

NEEDED: Mapping[str, tuple[Sentence, Sentence]] = {
    "view_channel": (sentence("View Channel"), sentence("to see where it is mentioned")),
    "send_messages": (sentence("Send Messages"), sentence("to answer mentions")),
    "read_message_history": (sentence("Read Message History"), sentence("to reply to a message")),
    "add_reactions": (
        sentence("Add Reactions"),
        sentence("to mark a mention that is over the limit"),
    ),
    "attach_files": (sentence("Attach Files"), sentence("to show pictures of saved threads")),
    "create_public_threads": (
        sentence("Create Public Threads"),
        sentence("to post a saved thread as a Discord thread"),
    ),
    "send_messages_in_threads": (
        sentence("Send Messages in Threads"),
        sentence("to post a saved thread, and to answer in threads"),
    ),
}
"""Discord's name of each permission, and its purpose, by its name in discord.py."""


def least_permissions() -> discord.Permissions:
    """Return all that the bot needs, and nothing else."""
    return discord.Permissions(**dict.fromkeys(NEEDED, True))


def missing_permissions(granted: discord.Permissions) -> list[tuple[Sentence, Sentence]]:
    """Return the name and purpose of each needed permission that is not granted."""
    if granted.administrator:
        return []
    return [described for name, described in NEEDED.items() if not getattr(granted, name)]
