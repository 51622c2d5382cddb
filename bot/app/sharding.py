"""Connects to Discord with shards: one connection for each part of the servers.

A process has all shards or, if there are several processes, some of them. A server belongs to the
shard `(id >> 22) % count`, direct messages to shard 0.
https://docs.discord.com/developers/events/gateway#sharding
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
import yarl
from discord.http import INTERNAL_API_VERSION

from bot.app.identify_turns import IdentifyTurns, Turns
from bot.errors import SessionStartsUsedUp

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shards:
    """Which shards a process has."""

    count: int | None = None
    """How many there are in all processes; None: as many as Discord recommends."""
    ids: Sequence[int] | None = None
    """Those of this process; None: all. Without `count` it has to be None."""


def shard_of(guild: int | None, count: int) -> int:
    """Return the shard of a server; direct messages have no server."""
    return 0 if guild is None else (guild >> 22) % count


class ShardedClient(discord.AutoShardedClient):
    """A client that starts its shards in turn with those of other processes."""

    def __init__(self, *, shards: Shards, turns: IdentifyTurns | None, **options: Any) -> None:
        """Have `shards`, which begin their sessions in `turns`.

        Without `turns`, discord.py waits five seconds before every session but the first.
        """
        super().__init__(shard_count=shards.count, **options)
        self.shard_ids = None if shards.ids is None else list(shards.ids)
        self._turns = None if turns is None else Turns(turns)
        self._buckets = 1
        self._is_connected = asyncio.Event()
        self._launching: asyncio.Task[None] | None = None
        self._known: set[int] = set()

    @property
    def own_shards(self) -> Sequence[int]:
        """The ids of this process's shards; none before Discord said how many there are."""
        return self.shard_ids or ()

    def is_shard_ready(self, shard: int) -> bool:
        """Whether a shard is connected and has told of its servers."""
        info = self.get_shard(shard)
        return shard in self._known and info is not None and not info.is_closed()

    async def agree_on_shards(self) -> None:
        """Find out how many shards there are, and how fast they may begin; needs a login.

        Raises:
            SessionStartsUsedUp: Discord does not allow as many sessions now.
            GatewayNotFound: Discord does not say.
        """
        recommended, _, limit = await self.http.get_bot_gateway()
        count = self.shard_count or recommended
        self.shard_count = count
        self.shard_ids = list(self.shard_ids or range(count))
        self._buckets = limit["max_concurrency"]
        if limit["remaining"] < len(self.shard_ids):
            raise SessionStartsUsedUp(
                len(self.shard_ids), limit["remaining"], limit["reset_after"] / 1000
            )
        if count < recommended:
            log.warning("Discord recommends %d shards, there are %d", recommended, count)
        log.info("shards %s of %d", listed(self.shard_ids), count)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait until a shard may begin a session; called by discord.py, not before it resumes."""
        if self._turns is None:
            await super().before_identify_hook(shard_id, initial=initial)
        else:
            shard = shard_id or 0
            await self._turns.take(shard, shard % self._buckets)

    async def launch_shards(self) -> None:
        """Connect the first shard, and go on with the others meanwhile; called by discord.py.

        discord.py restores no connection before this returns, and each shard takes five seconds.
        """
        self._launching = asyncio.create_task(super().launch_shards())
        connected = asyncio.create_task(self._is_connected.wait())
        await asyncio.wait({self._launching, connected}, return_when=asyncio.FIRST_COMPLETED)
        connected.cancel()
        if self._launching.done():
            self._launching.result()

    async def launch_shard(
        self, gateway: yarl.URL, shard_id: int, *, initial: bool = False
    ) -> None:
        """Connect a shard; called by discord.py, which then tries again until that succeeds.

        Raises:
            ClientError: the first shard cannot reach the gateway.
        """
        if self._turns is not None:
            await self._turns.approach(shard_id, shard_id % self._buckets)
        if initial:
            url = gateway.with_query(v=INTERNAL_API_VERSION, encoding="json")
            await (await self.http.ws_connect(str(url))).close()
        await super().launch_shard(gateway, shard_id, initial=initial)
        self._is_connected.set()

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Forget servers that the bot left meanwhile; called by discord.py for every event."""
        if event == "shard_connect":
            self._forget_left_servers(args[0])
        super().dispatch(event, *args, **kwargs)

    def _forget_left_servers(self, shard: int) -> None:
        """Forget servers that a shard had in its last session, and not in the one that began.

        Until Discord tells of them one by one, those of the new session are unavailable. With
        several shards, discord.py keeps the others forever.
        """
        for guild in list(self.guilds):
            if guild.shard_id == shard and not guild.unavailable:
                self._connection._remove_guild(guild)  # noqa: SLF001  # it has no public name
                self.dispatch("guild_remove", guild)

    async def on_shard_ready(self, shard_id: int) -> None:
        """Log that a shard is connected; called by discord.py."""
        self._known.add(shard_id)
        servers = sum(each.shard_id == shard_id for each in self.guilds)
        log.info(
            "shard %d of %s is connected, with %d servers", shard_id, self.shard_count, servers
        )

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Log that a shard lost its connection; called by discord.py, which restores it."""
        log.info("shard %d of %s is disconnected", shard_id, self.shard_count)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Log that a shard has its connection back, and missed nothing; called by discord.py."""
        log.info("shard %d of %s is connected again", shard_id, self.shard_count)

    async def close(self) -> None:
        """Connect no more shards, and disconnect."""
        if self._launching is not None:
            self._launching.cancel()
        await super().close()


def listed(shards: Sequence[int]) -> str:
    """Return the ids of neighbouring shards as text: `0-3`, or `2`."""
    return str(shards[0]) if len(shards) == 1 else f"{shards[0]}-{shards[-1]}"
