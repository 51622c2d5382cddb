"""How often one person may ask."""

from __future__ import annotations

from discord.app_commands import Cooldown
from discord.app_commands.checks import dynamic_cooldown

from bot.app.respond import Interaction


def _rate(interaction: Interaction) -> Cooldown:
    return Cooldown(*interaction.client.rate)


IN_TURN = dynamic_cooldown(_rate)
"""A command that one person may use so often; who asks more is told when to go on."""
