"""Where commands can be installed and used: what each declares, within what the application allows.

https://docs.discord.com/developers/resources/application#application-object-application-integration-types
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import discord

GUILD_INSTALL, USER_INSTALL = 0, 1
GUILD, BOT_DM, PRIVATE_CHANNEL = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Supported:
    """How the application can be installed, as its owner set it."""

    guilds: bool
    """Whether it can be added to servers."""
    users: bool
    """Whether people can install it for themselves."""

    @classmethod
    def by(cls, application: discord.AppInfo) -> Self:
        """Read `integration_types_config`; an application without it is for servers."""
        users = application.user_integration_config is not None
        return cls(application.guild_integration_config is not None or not users, users)


def fitted(payload: Mapping[str, Any], supported: Supported) -> dict[str, Any] | None:
    """Return a command's payload with `integration_types` and `contexts` that are supported.

    None if the application cannot be installed where the command is for.
    """
    allowed = {GUILD_INSTALL: supported.guilds, USER_INSTALL: supported.users}
    installs = [
        each for each in payload.get("integration_types") or [GUILD_INSTALL] if allowed[each]
    ]
    if not installs:
        return None
    everywhere = [GUILD, BOT_DM, PRIVATE_CHANNEL] if payload.get("dm_permission", True) else [GUILD]
    contexts = payload.get("contexts") or everywhere
    # Only somebody's own installation reaches conversations in which the bot does not take part.
    if USER_INSTALL not in installs:
        contexts = [each for each in contexts if each != PRIVATE_CHANNEL]
    rest = {key: value for key, value in payload.items() if key != "dm_permission"}
    return {**rest, "integration_types": installs, "contexts": contexts}
