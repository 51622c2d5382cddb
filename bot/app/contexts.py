"""Decorators that several commands share: where they can be used.

https://docs.discord.com/developers/resources/application#application-object-application-integration-types
"""

from __future__ import annotations

from discord import app_commands

EVERYWHERE = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
INSTALLS = app_commands.allowed_installs(guilds=True, users=True)
