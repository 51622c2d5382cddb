"""The loopback Discord as a whole: started, driven and looked at by tests."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

import discord
import yarl
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from .accounts import EVERYONE, Membership
from .api import PREFIX, Api, Fault, Request
from .application import Application
from .channels import Channels
from .chat import Chat
from .clock import Clock, Snowflakes
from .commands import CommandBook
from .gateway import GUILD_MEMBERS, GUILDS, Gateway
from .interactions import ANSWER_SECONDS, Interaction
from .messages import Message
from .people import Member, Person, User
from .sharding import SessionStarts, guild_in
from .webhooks import Webhooks
from .world import GUILD_FORUM, GUILD_TEXT, Channel, Guild, Role, World

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

PATIENCE = 5.0
# discord.py sleeps five seconds before it identifies anew (`Client.before_identify_hook`).
CONNECTING = 10.0


class Place:
    """A guild in a test's hands; add people and channels to it."""

    def __init__(self, server: LoopbackDiscord, guild: Guild) -> None:
        self._server = server
        self.guild = guild

    def __repr__(self) -> str:
        return f"<Place {self.guild.name}>"

    @property
    def id(self) -> int:
        """The guild's id."""
        return self.guild.id

    @property
    def locale(self) -> str:
        """Its language; set it as its admins do."""
        return self.guild.locale

    @locale.setter
    def locale(self, locale: str) -> None:
        self.guild.locale = locale
        self._server.announce("GUILD_UPDATE", self.guild.payload, GUILDS)

    @property
    def channel(self) -> Channel:
        """The first channel, in which people are unless told otherwise."""
        return next(iter(self.guild.channels.values()))

    @property
    def threads(self) -> list[Channel]:
        """All threads, the oldest first."""
        return [channel for channel in self.guild.channels.values() if channel.thread]

    def add_member(
        self,
        name: str,
        *,
        permissions: discord.Permissions | None = None,
        without: discord.Permissions | None = None,
    ) -> Member:
        """A new member; may do what everyone may, and `permissions`, but nothing of `without`."""
        world = self._server.world
        allowed = EVERYONE | (permissions or discord.Permissions.none())
        allowed &= ~(without or discord.Permissions.none())
        membership = Membership(world.add_account(name), world.snowflakes.next(), allowed)
        self.guild.members[membership.account.id] = membership
        guild = {"guild_id": str(self.id)}
        self._server.announce("GUILD_ROLE_CREATE", guild | {"role": membership.role}, GUILDS)
        joined = guild | membership.payload | {"user": membership.account.payload}
        self._server.announce("GUILD_MEMBER_ADD", joined, GUILD_MEMBERS)
        return Member(self._server, membership, self.channel)

    def add_role(self, name: str) -> Role:
        """A new role, without any permission."""
        made = Role(self._server.world.snowflakes.next(), name)
        self.guild.more_roles[made.id] = name
        data = {"guild_id": str(self.id), "role": made.payload}
        self._server.announce("GUILD_ROLE_CREATE", data, GUILDS)
        return made

    def delete_role(self, role: Role) -> None:
        """Delete a role; members who had it may still carry its id for a while."""
        del self.guild.more_roles[role.id]
        data = {"guild_id": str(self.id), "role_id": str(role.id)}
        self._server.announce("GUILD_ROLE_DELETE", data, GUILDS)

    @property
    def everyone(self) -> Role:
        """The role that all members have."""
        return Role(self.id, "@everyone")

    def add_channel(
        self, name: str, *, bot_permissions: discord.Permissions | None = None, forum: bool = False
    ) -> Channel:
        """A new text channel or forum, in which the bot may do this, if it differs."""
        kind = GUILD_FORUM if forum else GUILD_TEXT
        channel = self._server.world.add_channel(
            self.guild, name, kind=kind, bot_permissions=bot_permissions
        )
        self._server.announce("CHANNEL_CREATE", channel.payload, GUILDS)
        return channel


class LoopbackDiscord:
    """A Discord of one's own on 127.0.0.1, for one bot, strict about what the real one refuses."""

    def __init__(
        self,
        token: str = "loopback-token",  # noqa: S107 - it opens nothing but this server
        *,
        name: str = "threadbot",
        heartbeat_interval: float = 41.25,
        privileged_intents: bool = False,
        check_schema: bool = True,
    ) -> None:
        self.token = token
        self.clock = Clock()
        self.world = World(Snowflakes(self.clock), name)
        self._api = Api(token, check_schema)
        self.gateway = Gateway(
            self.world,
            token,
            heartbeat_interval,
            privileged=privileged_intents,
            violations=self._api.violations,
            forget_token=self._api.forget_token,
        )
        self.chat = Chat(self.world, self.gateway, self.clock)
        self.book = CommandBook(self.world)
        self.attachment_size_limit = 10 * 1024 * 1024
        self.ack_timeout = ANSWER_SECONDS + 0.5
        self.patience = PATIENCE
        self.url = ""
        self._webhooks = Webhooks(self.chat)
        self._application = Application(self.chat, self.book)
        self._runner: web.AppRunner | None = None
        self._announcements: list[tuple[str, dict[str, Any], int]] = []

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_get("/gateway/", self.gateway.serve)
        self._webhooks.register(self._api, app)
        Channels(self.chat).register(self._api, app)
        self._application.register(self._api, app)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        self._runner = runner
        self.url = f"http://{host}:{port}"
        self.chat.origin = self.url
        self.gateway.url = f"ws://{host}:{port}/gateway/"
        self._application.gateway_url = self.gateway.url
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @contextmanager
    def redirect(self) -> Iterator[None]:
        """Point discord.py at this server for the time being."""
        base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
        Route.BASE = self.url + PREFIX
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self.gateway.url)
        try:
            yield
        finally:
            Route.BASE = base
            DiscordWebSocket.DEFAULT_GATEWAY = gateway

    def add_guild(
        self,
        name: str,
        *,
        bot_permissions: discord.Permissions | None = None,
        arrange: Callable[[Place], object] | None = None,
        shard: tuple[int, int] = (0, 1),
    ) -> Place:
        """A new guild that invited the bot, with a channel "general".

        `arrange` adds what is there before the bot joins; `shard` is the one it belongs to, and how
        many there are.
        """
        world = self.world
        guild = Guild(
            world.snowflakes.next_on(*shard),
            name,
            bot=world.bot,
            owner=world.owner,
            bot_role=world.snowflakes.next(),
            bot_permissions=EVERYONE if bot_permissions is None else bot_permissions,
        )
        world.guilds[guild.id] = guild
        world.add_channel(guild, "general")
        place = Place(self, guild)
        if arrange is not None:
            arrange(place)
        # Discord leaves `unavailable` out when the bot joins.
        joined = {key: value for key, value in guild.payload.items() if key != "unavailable"}
        self.announce("GUILD_CREATE", joined, GUILDS)
        return place

    async def outage(self, place: Place) -> None:
        """Have a guild be unavailable for a moment."""
        await self.tell()
        gone = {"id": str(place.id), "unavailable": True}
        await self.gateway.dispatch("GUILD_DELETE", gone, GUILDS)
        await self.gateway.dispatch("GUILD_CREATE", place.guild.payload, GUILDS)

    def add_user(self, name: str) -> User:
        """Somebody who writes to the bot directly."""
        account = self.world.add_account(name)
        return User(self, account, self.world.direct(account))

    def close_direct_messages(self, person: Person) -> None:
        """Have somebody take no direct messages from the bot."""
        self.world.closed.add(person.id)

    @property
    def violations(self) -> list[str]:
        """All that was refused, in words; clear it after refusals that a test expects."""
        return self._api.violations

    @property
    def requests(self) -> list[Request]:
        """All that was asked over HTTP, the oldest first."""
        return self._api.requests

    @property
    def commands(self) -> list[dict[str, Any]]:
        """The bot's commands as Discord gives them back, each guild's own included."""
        return self.book.all

    @property
    def command_syncs(self) -> int:
        """How many times commands were sent."""
        return self.book.syncs

    @property
    def intents(self) -> discord.Intents | None:
        """The events that the client asked for, None before it came."""
        session = self.gateway.current
        if session is None:
            return None
        intents = discord.Intents.none()
        intents.value = session.intents
        return intents

    @property
    def heartbeats(self) -> int:
        """How many heartbeats came."""
        return self.gateway.heartbeats

    @property
    def identifies(self) -> int:
        """How many sessions were begun."""
        return self.gateway.identifies

    @property
    def resumes(self) -> int:
        """How many times a session was taken up again."""
        return self.gateway.resumes

    @property
    def messages(self) -> list[Message]:
        """All messages there are, the oldest first."""
        return sorted(self.chat.messages.values(), key=lambda message: message.id)

    def message(self, message_id: int) -> Message:
        """A message as it is now."""
        if message_id not in self.chat.messages:
            raise AssertionError(f"the message {message_id} is deleted or never was")
        return self.chat.messages[message_id]

    def messages_in(self, channel: Channel) -> list[Message]:
        """The messages of a channel or thread, the oldest first."""
        return [message for message in self.messages if message.channel_id == channel.id]

    async def delete(self, message: Message) -> None:
        """Delete a message, as a moderator would."""
        await self.chat.delete(self.message(message.id))

    @property
    def starts(self) -> SessionStarts:
        """How many sessions may begin, how fast, and which did."""
        return self.gateway.starts

    async def ready(
        self, seconds: float = CONNECTING, *, shards: Collection[int] | None = None
    ) -> None:
        """Wait until the client is connected and was told of its guilds.

        `shards`: those to wait for; by default all that the client says there are.
        """
        if not await self.gateway.wait_for(lambda: self.gateway.connected(shards), seconds):
            raise AssertionError(f"no client identified or resumed within {seconds} s")
        await self.tell()

    async def commands_synced(self, times: int = 1, seconds: float = PATIENCE) -> None:
        """Wait until commands were sent so many times."""
        if not await self.gateway.wait_for(lambda: self.book.syncs >= times, seconds):
            refused = "".join(f"\n{line}" for line in self.violations)
            raise AssertionError(
                f"commands were sent {self.book.syncs} times within {seconds} s{refused}"
            )

    async def heartbeat(self, times: int = 1, seconds: float = PATIENCE) -> None:
        """Wait until so many heartbeats have come in all."""
        if not await self.gateway.wait_for(lambda: self.heartbeats >= times, seconds):
            raise AssertionError(f"{self.heartbeats} heartbeats within {seconds} s")

    async def drop_gateway(
        self, *, code: int = 4000, resumable: bool = True, shard: int | None = None
    ) -> None:
        """Close the client's connections; unless resumable, it has to identify anew.

        `shard`: only that one's.

        discord.py waits five seconds before that; override `before_identify_hook` to go faster.
        """
        await self.gateway.drop(code, resumable=resumable, shard=shard)

    async def ask_to_reconnect(self, shard: int | None = None) -> None:
        """Tell the client to come again, as Discord does before it restarts a node."""
        await self.gateway.ask_to_reconnect(shard)

    def fail_next(
        self,
        method: str,
        path_regex: str,
        *,
        status: int = 500,
        retry_after: float = 0.05,
        times: int = 1,
    ) -> None:
        """Let the next request (or the next `times`) of this method and path fail."""
        pattern = re.compile(path_regex)
        self._api.faults.append(Fault(method, pattern, status, retry_after, times))

    def break_next(
        self, method: str, path_regex: str, connection: str = "dropped", *, times: int = 1
    ) -> None:
        """Let the connection of the next such request break.

        It is `dropped` before the request is handled; or the request is handled, and the response
        is `lost`, or the connection is `stalled`.
        """
        pattern = re.compile(path_regex)
        self._api.faults.append(Fault(method, pattern, 500, 0.05, times, connection))

    def fail_files(self, how: int | str | None) -> None:
        """Let downloads fail: with an HTTP status, or they are `cut off` or `stalled`.

        Or they come whole, but `shorter` or `longer` than was said.
        """
        self._application.files_fail = how

    def silence_gateway(self, *, events: bool, shard: int | None = None) -> None:
        """Have the gateway acknowledge no heartbeat of the connections that there are.

        Unless `events`, they are dead: they send nothing at all, and read nothing.
        """
        self.gateway.silence(events=events, shard=shard)

    def announce(self, event: str, data: dict[str, Any], intent: int) -> None:
        """Have the client told of something before the next thing that happens."""
        if self.gateway.current is not None:
            self._announcements.append((event, data, intent))

    async def tell(self) -> None:
        """Have the client told of all that was announced."""
        while self._announcements:
            await self.gateway.dispatch(*self._announcements.pop(0))

    async def send(self, interaction: Interaction) -> None:
        """Send an interaction to the client and wait for its first answer."""
        # A client that lost its connection is sent what it missed when it resumes.
        guild = guild_in("INTERACTION_CREATE", interaction.payload)
        if not await self.gateway.wait_for(lambda: self.gateway.reaches(guild), CONNECTING):
            raise AssertionError(f"{interaction.label}: no client identified in {CONNECTING} s")
        await self.tell()
        self._webhooks.add(interaction)
        interaction.created = self.clock.now()
        await self.gateway.dispatch("INTERACTION_CREATE", interaction.payload)
        await interaction.until(
            lambda: interaction.response is not None or interaction.too_late, self.ack_timeout
        )
        if interaction.response is None:
            refused = "".join(f"; refused: {line}" for line in interaction.refused)
            raise AssertionError(
                f"{interaction.label}: not answered within {self.ack_timeout} s{refused}"
            )
