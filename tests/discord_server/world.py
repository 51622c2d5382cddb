"""The guilds, channels and users there are, and the objects in which the API tells of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import discord

from .accounts import EVERYONE, JOINED, Account, Membership, role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .clock import Snowflakes

GUILD_TEXT, DM, PUBLIC_THREAD, PRIVATE_THREAD, GUILD_FORUM = 0, 1, 11, 12, 15
THREADS = (10, PUBLIC_THREAD, PRIVATE_THREAD)


@dataclass(slots=True)
class Channel:
    """A text channel, forum, thread or direct message."""

    id: int
    """Its id."""
    name: str
    """Its name."""
    type: int = GUILD_TEXT
    """Its kind, as Discord numbers it."""
    guild: Guild | None = None
    """The guild it is in, None for direct messages."""
    parent: Channel | None = None
    """The channel that a thread was made in."""
    owner_id: int = 0
    """The one who made a thread."""
    recipient: Account | None = None
    """The other side of a direct message."""
    bot_permissions: discord.Permissions | None = None
    """What the bot may do here, where that differs from the guild."""
    archive_after: int = 4320
    """Minutes of silence after which a thread is archived."""
    archived: bool = False
    """Whether a thread is put away."""
    locked: bool = False
    """Whether only moderators may take a thread out again."""
    applied_tags: list[str] = field(default_factory=list)
    """The tags of a thread in a forum."""

    @property
    def thread(self) -> bool:
        """Whether it is a thread."""
        return self.type in THREADS

    @property
    def permissions(self) -> discord.Permissions:
        """What the bot may do here."""
        if self.guild is None:
            return EVERYONE
        if self.bot_permissions is None and self.parent is not None:
            return self.parent.permissions
        return self.bot_permissions or self.guild.bot_permissions

    @property
    def payload(self) -> dict[str, Any]:
        """The channel object."""
        common: dict[str, Any] = {
            "id": str(self.id),
            "type": self.type,
            "last_message_id": None,
            "flags": 0,
        }
        if self.guild is None:
            recipients = [self.recipient.payload] if self.recipient else []
            return common | {"recipients": recipients}
        common |= {
            "guild_id": str(self.guild.id),
            "name": self.name,
            "parent_id": str(self.parent.id) if self.parent else None,
            "rate_limit_per_user": 0,
        }
        if self.thread:
            return common | self._thread_part()
        return common | {
            "position": 0,
            "nsfw": False,
            "topic": None,
            "permission_overwrites": self._overwrites(self.guild),
            "available_tags": [],
        }

    def _thread_part(self) -> dict[str, Any]:
        return {
            "owner_id": str(self.owner_id),
            "message_count": 0,
            "member_count": 1,
            "total_message_sent": 0,
            "applied_tags": self.applied_tags,
            "thread_metadata": {
                "archived": self.archived,
                "auto_archive_duration": self.archive_after,
                "archive_timestamp": JOINED,
                "locked": self.locked,
                "create_timestamp": JOINED,
            },
        }

    def _overwrites(self, guild: Guild) -> list[dict[str, Any]]:
        if self.bot_permissions is None:
            return []
        here, usual = self.bot_permissions.value, guild.bot_permissions.value
        return [
            {
                "id": str(guild.bot.id),
                "type": 1,
                "allow": str(here & ~usual),
                "deny": str(usual & ~here),
            }
        ]


@dataclass(frozen=True, slots=True)
class Role:
    """A role that people choose as an option."""

    id: int
    """Its id; that of @everyone is the guild's."""
    name: str
    """Its name."""

    @property
    def payload(self) -> dict[str, Any]:
        """The role object."""
        return role(self.id, self.name, discord.Permissions.none(), position=3)


@dataclass(slots=True)
class Guild:
    """A Discord server; `LoopbackDiscord.add_guild` makes one with a text channel."""

    id: int
    """Its id, which is that of its @everyone role, too."""
    name: str
    """Its name."""
    bot: Account
    """The bot that was invited."""
    owner: Account
    """Who made it; no test acts for this one, who may do everything."""
    bot_role: int
    """The role that came with the bot."""
    bot_permissions: discord.Permissions
    """What the bot may do, unless a channel says otherwise."""
    channels: dict[int, Channel] = field(default_factory=dict)
    """All channels and threads, by id."""
    members: dict[int, Membership] = field(default_factory=dict)
    """All members but the bot, by id."""
    locale: str = "en-US"
    """Its language."""
    system_channel: int | None = None
    """The channel for messages of Discord itself."""
    added_by: Account | None = None
    """Who added the bot, as the audit log has it."""
    more_roles: dict[int, str] = field(default_factory=dict)
    """The names of roles without permissions, by id."""

    @property
    def everyone_permissions(self) -> discord.Permissions:
        """What members may do who have no role, the bot's own included."""
        return EVERYONE & self.bot_permissions

    @property
    def payload(self) -> dict[str, Any]:
        """The guild object as GUILD_CREATE has it."""
        members = [m.payload | {"user": m.account.payload} for m in self.members.values()]
        return {
            "id": str(self.id),
            "name": self.name,
            "owner_id": str(self.owner.id),
            "roles": list(self._roles()),
            "channels": [c.payload for c in self.channels.values() if not c.thread],
            "threads": [c.payload for c in self.channels.values() if c.thread],
            "members": [self.bot_member, *members],
            "member_count": len(self.members) + 1,
            "joined_at": JOINED,
            "large": False,
            "unavailable": False,
            "preferred_locale": self.locale,
            "features": [],
            "emojis": [],
            "stickers": [],
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "premium_progress_bar_enabled": False,
            "system_channel_id": str(self.system_channel) if self.system_channel else None,
            "system_channel_flags": 0,
            "afk_timeout": 300,
        }

    @property
    def bot_member(self) -> dict[str, Any]:
        """The bot's member object, without the user."""
        return {
            "user": self.bot.payload,
            "roles": [str(self.bot_role)],
            "joined_at": JOINED,
            "nick": None,
            "deaf": False,
            "mute": False,
            "flags": 0,
        }

    def _roles(self) -> Iterator[dict[str, Any]]:
        yield role(self.id, "@everyone", self.everyone_permissions, position=0)
        yield role(self.bot_role, self.bot.name, self.bot_permissions, position=1) | {
            "managed": True,
            "tags": {"bot_id": str(self.bot.id)},
        }
        for member in self.members.values():
            yield member.role
        for number, name in self.more_roles.items():
            yield role(number, name, discord.Permissions.none(), position=3)


class World:
    """Everything that exists, found by its id."""

    def __init__(self, snowflakes: Snowflakes, name: str) -> None:
        self.snowflakes = snowflakes
        self.bot = Account(snowflakes.next(), name, bot=True)
        self.application_id = self.bot.id
        self.owner = Account(snowflakes.next(), "owner")
        self.accounts: dict[int, Account] = {a.id: a for a in (self.bot, self.owner)}
        self.guilds: dict[int, Guild] = {}
        self.closed: set[int] = set()
        self.integration_types: tuple[int, ...] = (0, 1)
        self._direct: dict[int, Channel] = {}

    def add_account(self, name: str) -> Account:
        """A new human."""
        account = Account(self.snowflakes.next(), name)
        self.accounts[account.id] = account
        return account

    def channel(self, channel_id: int) -> Channel | None:
        """The channel, thread or direct message of this id."""
        for guild in self.guilds.values():
            if channel_id in guild.channels:
                return guild.channels[channel_id]
        return next((c for c in self._direct.values() if c.id == channel_id), None)

    def direct(self, account: Account) -> Channel:
        """The direct messages with somebody."""
        if account.id not in self._direct:
            channel = Channel(self.snowflakes.next(), account.name, DM, recipient=account)
            self._direct[account.id] = channel
        return self._direct[account.id]

    def add_channel(
        self,
        guild: Guild,
        name: str,
        *,
        kind: int = GUILD_TEXT,
        bot_permissions: discord.Permissions | None = None,
    ) -> Channel:
        """A new channel of a guild."""
        channel = Channel(
            self.snowflakes.next(), name, kind, guild=guild, bot_permissions=bot_permissions
        )
        guild.channels[channel.id] = channel
        return channel

    def add_thread(
        self, parent: Channel, name: str, *, kind: int = PUBLIC_THREAD, thread_id: int | None = None
    ) -> Channel:
        """A new thread, made by the bot."""
        thread = Channel(
            thread_id or self.snowflakes.next(),
            name,
            kind,
            guild=parent.guild,
            parent=parent,
            owner_id=self.bot.id,
        )
        if parent.guild is None:
            raise ValueError("a direct message has no threads")
        parent.guild.channels[thread.id] = thread
        return thread
