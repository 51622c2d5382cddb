"""Decorators that several commands share: where they can be used, and how often.

https://docs.discord.com/developers/resources/application#application-object-application-integration-types
"""

from __future__ import annotations

from discord import app_commands

from bot.app.client import Interaction

EVERYWHERE = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
INSTALLS = app_commands.allowed_installs(guilds=True, users=True)


async def _within_rate_limit(interaction: Interaction) -> bool:
    """Pass a user who is within the limit.

    Raises:
        CommandOnCooldown: they asked too often.
    """
    limit = interaction.client.rate_limit
    seconds = limit.retry_after(interaction.user.id)
    if seconds is not None:
        raise app_commands.CommandOnCooldown(limit.cooldown(), seconds)
    return True


RATE_LIMITED = app_commands.check(_within_rate_limit)
"""A command that counts towards the user's rate limit."""
