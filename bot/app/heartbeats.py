"""Notices within 45 seconds that the gateway is silent, and connects anew.

discord.py goes by the last message of any kind, so it never notices a gateway that sends events but
acknowledges no heartbeat; and it waits up to 30 s more for a silent gateway to say goodbye. Discord
asks clients to close a connection whose heartbeats are not acknowledged, and then to resume:
https://docs.discord.com/developers/events/gateway#heartbeat-interval-example-heartbeat-ack
"""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from contextlib import suppress
from typing import Any

import discord
from discord.gateway import DiscordWebSocket, KeepAliveHandler

log = logging.getLogger(__name__)

PROBE_SECONDS = 25.0
"""Seconds without an acknowledgement after which to send a heartbeat out of turn.

discord.py sends one every 41.25 s. With another in between, a slow acknowledgement is not taken for
silence. Discord allows heartbeats at any time.
"""
SILENT_SECONDS = 44.0
"""Seconds without an acknowledgement after which the connection is given up."""
CHECK_SECONDS = 1.0
"""Seconds between two checks."""
TIMEOUT_SECONDS = 45.0
"""Seconds without any message after which discord.py gives up, as before the first heartbeat."""


def heartbeat_age(client: discord.AutoShardedClient, shard: int) -> float | None:
    """Return the seconds since the gateway last acknowledged a heartbeat of `shard`.

    Before the first one they count from the gateway's greeting. Without a connection it is None.
    """
    connection = _connection(client, shard)
    keeping = None if connection is None else _keep_alive(connection)
    # discord.py has no public name for this moment; `latency` says nothing of a missing one.
    return None if keeping is None else time.perf_counter() - keeping._last_ack  # noqa: SLF001


async def watch_heartbeats(client: discord.AutoShardedClient) -> None:
    """Check forever that heartbeats are acknowledged; cut connections that are silent."""
    probed: dict[int, KeepAliveHandler] = {}
    while True:
        await asyncio.sleep(CHECK_SECONDS)
        for shard in client.shards:
            await _check(client, shard, probed)


async def _check(
    client: discord.AutoShardedClient, shard: int, probed: dict[int, KeepAliveHandler]
) -> None:
    """Probe the connection of `shard` if it is quiet, once; cut it if it is silent."""
    connection, age = _connection(client, shard), heartbeat_age(client, shard)
    if connection is None or age is None or age < PROBE_SECONDS:
        probed.pop(shard, None)
    elif age >= SILENT_SECONDS:
        log.warning(
            "shard %d: no heartbeat acknowledged for %.0f s; connecting to Discord again",
            shard,
            age,
        )
        _cut(connection.socket)
    elif (keeping := _keep_alive(connection)) and probed.get(shard) is not keeping:
        probed[shard] = keeping
        with suppress(OSError, discord.ConnectionClosed):  # discord.py is reconnecting
            await connection.send_heartbeat(keeping.beat())


def _connection(client: discord.AutoShardedClient, shard: int) -> DiscordWebSocket | None:
    """Return the open connection of `shard`, if it has one."""
    info = client.get_shard(shard)
    # discord.py gives no access to a shard's connection
    return None if info is None or info.is_closed() else info._parent.ws  # noqa: SLF001


def _keep_alive(connection: DiscordWebSocket) -> KeepAliveHandler | None:
    return connection._keep_alive  # noqa: SLF001  # see `heartbeat_age`


def _cut(connection: Any) -> None:
    """End a connection from this side, without waiting for the other; discord.py resumes then."""
    transport = connection.get_extra_info("socket")
    if transport is not None:
        with suppress(OSError):  # it was just closed
            transport.shutdown(socket.SHUT_RDWR)
