"""The link with which the bot is added to a server, and what the link asks for."""

from __future__ import annotations

import discord

from bot.app.needed_permissions import NEEDED, least_permissions


def link(application: int) -> str:
    """Return the link that adds the bot to a server with the least permissions."""
    return discord.utils.oauth_url(
        application, permissions=least_permissions(), scopes=("bot", "applications.commands")
    )


def needs() -> list[tuple[str, str]]:
    """Return the name and purpose of each permission that the link asks for, in English."""
    return [(str(name), str(purpose)) for name, purpose in NEEDED.values()]
