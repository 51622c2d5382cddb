"""The Discord client: connects, registers commands, and routes events to the bot's features.

It knows no feature by name; `service` passes them in.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import discord
from discord import app_commands, ui

from bot.app.command_ids import CommandIds
from bot.app.components import Form
from bot.app.guild_settings import GuildSettings
from bot.app.last_hits import LastHits
from bot.app.loads_under_way import LoadsUnderWay
from bot.app.posts_under_way import PostsUnderWay
from bot.app.rate_limit import RateLimit
from bot.app.recent_shares import RecentShares
from bot.app.registration import Registration
from bot.app.turns import Turns
from bot.app.uploads import delete_old_uploads
from bot.i18n.catalogues import languages
from bot.library.guilds import GuildLibraries
from bot.library.library import Library

log = logging.getLogger(__name__)

UPLOAD_SECONDS = 24 * 3600.0
"""Age at which an upload that was neither applied nor cancelled is deleted, in seconds."""

AnyCommand: TypeAlias = (
    app_commands.Command[Any, ..., Any] | app_commands.ContextMenu | app_commands.Group
)
MessageHandler: TypeAlias = "Callable[[Threadbot, discord.Message], Awaitable[None]]"
GuildHandler: TypeAlias = "Callable[[Threadbot, discord.Guild], Awaitable[None]]"


@dataclass(frozen=True, slots=True)
class Feature:
    """What a feature registers with the client."""

    commands: tuple[AnyCommand, ...] = ()
    """Slash commands, groups of them, and commands of a message's menu."""
    components: tuple[type[ui.DynamicItem[Any]], ...] = ()
    """Kinds of buttons and menus, which are recognised by their custom IDs."""
    forms: tuple[Form, ...] = ()
    """Kinds of forms, which are recognised by their custom IDs."""
    on_message: MessageHandler | None = None
    """Called for each message that the bot receives."""
    on_guild_join: GuildHandler | None = None
    """Called when the bot was added to a server."""


class Threadbot(discord.Client):
    """The client. It requests no privileged intent: neither message content nor members."""

    def __init__(
        self, library: Library, features: Sequence[Feature], *, register_only: bool = False
    ) -> None:
        """Serve `library` with `features`; `register_only`: a login does not register commands.

        Raises:
            CommandAlreadyRegistered: two commands have the same name.
        """
        # The bot does not use voice, so missing voice libraries are not worth a warning.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        intents = discord.Intents.none()
        intents.guilds = True
        # Without the privileged intent, only mentions and direct messages come with content.
        intents.guild_messages = intents.dm_messages = True
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            activity=discord.CustomActivity("/ask"),
        )
        self.library = library
        self.libraries = GuildLibraries(library)
        self.guild_settings = GuildSettings(library)
        self.command_ids = CommandIds(library)
        self.rate_limit = RateLimit()
        self.turns = Turns()
        self.last_hits = LastHits()
        self.posts_under_way = PostsUnderWay()
        self.loads_under_way = LoadsUnderWay()
        self.recent_shares = RecentShares()
        self.features = tuple(features)
        self.tree: app_commands.CommandTree[Threadbot] = app_commands.CommandTree(self)
        self.registration = Registration(self.tree, self.command_ids, library)
        self._register_only = register_only
        self._present: set[int] = set()
        for feature in self.features:
            for command in feature.commands:
                self.tree.add_command(command)
            self.add_dynamic_items(*feature.components)

    @property
    def is_busy(self) -> bool:
        """Whether an answer may take long, because many users are waiting."""
        return self.turns.is_crowded

    async def setup_hook(self) -> None:
        """Prepare after login; discord.py calls this once."""
        await asyncio.to_thread(languages)
        if self._register_only:
            return
        await asyncio.to_thread(delete_old_uploads, self.library.folder, UPLOAD_SECONDS)
        await self.guild_settings.load()
        await self.registration.catch_up()

    async def on_interaction(self, interaction: Interaction) -> None:
        """Handle a form that was sent, even if another process opened it; called by discord.py."""
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        for feature in self.features:
            for form in feature.forms:
                if await form.handle(interaction):
                    return

    async def on_message(self, message: discord.Message) -> None:
        """Pass a message to the features that want it; called by discord.py."""
        for feature in self.features:
            if feature.on_message is not None:
                await feature.on_message(self, message)

    async def on_connect(self) -> None:
        """Note which servers the bot is in already; called by discord.py before their events."""
        self._present |= {guild.id for guild in self.guilds}

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Tell the features of a server that the bot was added to; called by discord.py.

        discord.py calls this for some old servers, and `on_guild_available` for some new ones.
        """
        if guild.id in self._present:
            return
        self._present.add(guild.id)
        for feature in self.features:
            if feature.on_guild_join is not None:
                await feature.on_guild_join(self, guild)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Do the same as for a new server, unless it is known; called by discord.py."""
        await self.on_guild_join(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note that the bot has left a server; called by discord.py."""
        self._present.discard(guild.id)

    async def on_ready(self) -> None:
        """Log that the bot is connected; called by discord.py."""
        log.info("connected as %s, in %d servers", self.user, len(self.guilds))

    async def close(self) -> None:
        """Disconnect, and wait for background work to finish."""
        await super().close()
        await self.libraries.settled()


Interaction: TypeAlias = discord.Interaction[Threadbot]
"""An interaction that this client received."""
