"""How often one person may ask."""

from __future__ import annotations

from discord import app_commands

from bot.app.respond import Interaction


async def _in_turn(interaction: Interaction) -> bool:
    """Pass unless that person is too quick.

    discord.py's own cooldowns look through everybody's at each use.
    """
    client = interaction.client
    wait = client.too_quick(interaction.user.id)
    if wait is not None:
        raise app_commands.CommandOnCooldown(app_commands.Cooldown(*client.rate), wait)
    return True


IN_TURN = app_commands.check(_in_turn)
"""A command that one person may use so often; who asks more is told when to go on."""
