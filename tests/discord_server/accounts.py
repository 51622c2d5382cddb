"""Users, their part in a guild, and what they may do there."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

import discord

JOINED = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC).isoformat()

# What @everyone may do in a new guild, and what a bot is usually invited with.
EVERYONE = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    embed_links=True,
    attach_files=True,
    add_reactions=True,
    read_message_history=True,
    use_application_commands=True,
    change_nickname=True,
)


@dataclass(frozen=True, slots=True)
class Account:
    """A user of Discord, human or bot."""

    id: int
    """Its id."""
    name: str
    """Its name."""
    bot: bool = False
    """Whether it is a bot's."""

    @property
    def payload(self) -> dict[str, Any]:
        """The user object."""
        return {
            "id": str(self.id),
            "username": self.name,
            "discriminator": "0000" if self.bot else "0",
            "global_name": None if self.bot else self.name.title(),
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }


@dataclass(frozen=True, slots=True)
class Membership:
    """One user's part in a guild."""

    account: Account
    """Who."""
    role_id: int
    """A role of the member's own, that carries the permissions."""
    permissions: discord.Permissions
    """What the member may do, by role and otherwise."""
    more_roles: list[int] = field(default_factory=list)
    """Further roles of the member."""

    @property
    def role(self) -> dict[str, Any]:
        """The role object."""
        return role(self.role_id, f"{self.account.name}'s role", self.permissions, position=2)

    @property
    def payload(self) -> dict[str, Any]:
        """The member object, without the user."""
        return {
            "roles": [str(each) for each in (self.role_id, *self.more_roles)],
            "joined_at": JOINED,
            "premium_since": None,
            "nick": None,
            "avatar": None,
            "deaf": False,
            "mute": False,
            "pending": False,
            "communication_disabled_until": None,
            "flags": 0,
        }


def role(
    role_id: int, name: str, permissions: discord.Permissions, *, position: int
) -> dict[str, Any]:
    """A role object."""
    return {
        "id": str(role_id),
        "name": name,
        "permissions": str(permissions.value),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
