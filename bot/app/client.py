"""The Discord client: connects, registers commands, and routes events to the bot's features.

It knows no feature by name; `service` passes them in.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

import aiohttp
import discord
from discord import app_commands, ui

from bot.app.command_ids import CommandIds
from bot.app.components import Form
from bot.app.guild_settings import GuildSettings
from bot.app.health import Health, HealthRecord, ShardHealth
from bot.app.heartbeats import TIMEOUT_SECONDS, heartbeat_age, watch_heartbeats
from bot.app.identify_turns import IdentifyTurns
from bot.app.last_hits import LastHits
from bot.app.loads_under_way import LoadsUnderWay
from bot.app.posts_under_way import PostsUnderWay
from bot.app.rate_limit import LIMITED_AS_CHANGE, RateLimit, RateLimits
from bot.app.recent_shares import RecentShares
from bot.app.registration import Registration
from bot.app.sharding import ShardedClient, Shards, listed
from bot.app.stopping import Stopping
from bot.app.turns import Turns
from bot.app.uploads import Quotas, Uploads
from bot.background.giving_back import give_back_regularly
from bot.library.guilds import GuildLibraries
from bot.library.library import Library

log = logging.getLogger(__name__)

ARRIVED = "arrived"
"""Where an interaction keeps the moment at which it arrived; see `arrival`."""

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


class Threadbot(ShardedClient):
    """The client. It requests no privileged intent: neither message content nor members."""

    def __init__(
        self,
        library: Library,
        features: Sequence[Feature],
        *,
        register_only: bool = False,
        operators: Collection[int] = (),
        quotas: Quotas | None = None,
        shards: Shards | None = None,
        turns: IdentifyTurns | None = None,
    ) -> None:
        """Serve `library` with `features`.

        Args:
            library: the shared library.
            features: what the bot can do.
            register_only: whether a login does not register commands.
            operators: the IDs of the users who may change the shared library.
            quotas: how much disk uploads may use.
            shards: which shards this process has; by default all that Discord recommends.
            turns: when shards may begin sessions; by default every five seconds.

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
            shards=shards or Shards(),
            turns=turns,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            heartbeat_timeout=TIMEOUT_SECONDS,
            activity=discord.CustomActivity("/ask"),
        )
        self.library = library
        self.libraries = GuildLibraries(library)
        self.guild_settings = GuildSettings(library)
        self.command_ids = CommandIds(library)
        self.operators = frozenset(operators)
        self.uploads = Uploads(library.folder, quotas or Quotas(), library)
        has_others = shards is not None and shards.ids is not None
        self.limits = RateLimits(
            library.counters or (library.host_limits() if has_others else None)
        )
        self.stopping = Stopping()
        self.health_record = HealthRecord()
        self.turns = Turns()
        self.last_hits = LastHits()
        self.posts_under_way = PostsUnderWay()
        self.loads_under_way = LoadsUnderWay()
        self.recent_shares = RecentShares()
        self.features = tuple(features)
        self.tree: app_commands.CommandTree[Threadbot] = _LimitedTree(self)
        self.registration = Registration(self.tree, self.command_ids, library)
        self._register_only = register_only
        self._present: set[int] = set()
        self._background: list[asyncio.Task[None]] = []
        for feature in self.features:
            for command in feature.commands:
                self.tree.add_command(command)
            self.add_dynamic_items(*feature.components)

    @property
    def is_busy(self) -> bool:
        """Whether an answer may take long, because many users are waiting."""
        return self.turns.is_crowded

    @property
    def health(self) -> Health:
        """The state of the shards and of the answers; cheap, for every scrape."""
        servers = Counter(each.shard_id for each in self.guilds)
        shards = (
            ShardHealth(each, self.is_shard_ready(each), heartbeat_age(self, each), servers[each])
            for each in self.own_shards
        )
        return self.health_record.state(
            shards, shard_count=self.shard_count, stopping=self.stopping.begun
        )

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Note when an interaction arrives; called by discord.py for every event."""
        if self.is_closed():
            return  # discord.py may still be waiting for servers
        if event == "interaction":
            arrival(args[0])
        super().dispatch(event, *args, **kwargs)

    async def admits(self, interaction: Interaction) -> bool:
        """Count a use of the bot; return whether the user is within the limit of its kind.

        Whoever is not gets a short ephemeral message; a list of choices is empty.
        """
        self.stopping.watch()
        limit = self._limit_of(interaction)
        seconds = await self.limits.retry_after(limit, interaction.user.id)
        if seconds is None:
            return True
        if interaction.type is discord.InteractionType.autocomplete:
            with suppress(discord.HTTPException, aiohttp.ClientError, OSError):
                await interaction.response.autocomplete([])
        else:
            error = app_commands.CommandOnCooldown(limit.cooldown(), seconds)
            await self.tree.on_error(interaction, error)
        return False

    def _limit_of(self, interaction: Interaction) -> RateLimit:
        if interaction.type is discord.InteractionType.autocomplete:
            return self.limits.completions
        if interaction.type is not discord.InteractionType.application_command:
            return self.limits.presses
        command = interaction.command
        group = getattr(command, "root_parent", None) or command
        changes = group is not None and LIMITED_AS_CHANGE in group.extras
        return self.limits.changes if changes else self.limits.questions

    async def setup_hook(self) -> None:
        """Prepare after login; discord.py calls this once."""
        if self._register_only:
            return
        await self.agree_on_shards()
        await self.uploads.sweep(unfinished=True)
        for work in (
            self.uploads.sweep_hourly(),
            watch_heartbeats(self),
            give_back_regularly(),
            self.libraries.follow(self.guild_settings.load),
            self.libraries.leave_layers(),
        ):
            self._background.append(asyncio.create_task(work))
        await self.guild_settings.load()
        if 0 in self.own_shards:  # one process registers the commands
            await self.registration.catch_up()
        else:
            await self.registration.read_ids()
            self._background.append(asyncio.create_task(self.registration.follow()))

    async def on_interaction(self, interaction: Interaction) -> None:
        """Handle a form that was sent, even if another process opened it; called by discord.py."""
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        for feature in self.features:
            for form in feature.forms:
                if form.matches(interaction):
                    if await self.admits(interaction):
                        await form.handle(interaction)
                    return

    async def on_message(self, message: discord.Message) -> None:
        """Pass a message to the features that want it; called by discord.py."""
        self.stopping.watch()
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
        self.stopping.watch()
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
        log.info(
            "connected as %s, in %d servers, with shards %s of %s",
            self.user,
            len(self.guilds),
            listed(self.own_shards),
            self.shard_count,
        )

    async def close(self) -> None:
        """End what is under way, disconnect, and wait for background work to finish."""
        for task in self._background:
            task.cancel()
        await self.stopping.end()
        await super().close()
        await self.libraries.settled()


Interaction: TypeAlias = discord.Interaction[Threadbot]
"""An interaction that this client received."""


class _LimitedTree(app_commands.CommandTree[Threadbot]):
    """The commands, for users who are within their limits."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        return await self.client.admits(interaction)


def arrival(interaction: Interaction) -> float:
    """Return the moment when `interaction` arrived, on the clock `time.monotonic`."""
    moment: float = interaction.extras.setdefault(ARRIVED, time.monotonic())
    return moment
