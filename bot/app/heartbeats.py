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
from discord.gateway import KeepAliveHandler

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


def heartbeat_age(client: discord.Client) -> float | None:
    """Return the seconds since the gateway last acknowledged a heartbeat.

    Before the first one they count from the gateway's greeting. Without a connection it is None.
    """
    keeping = _keep_alive(client)
    # discord.py has no public name for this moment; `latency` says nothing of a missing one.
    return None if keeping is None else time.perf_counter() - keeping._last_ack  # noqa: SLF001


def is_connected(client: discord.Client) -> bool:
    """Return whether the gateway is connected and has told the client of its servers."""
    connection: Any = client.ws  # None before the first connection
    return client.is_ready() and connection is not None and connection.open


async def watch_heartbeats(client: discord.Client) -> None:
    """Check forever that heartbeats are acknowledged; cut a connection that is silent."""
    probed: KeepAliveHandler | None = None
    while True:
        await asyncio.sleep(CHECK_SECONDS)
        keeping, age = _keep_alive(client), heartbeat_age(client)
        if keeping is None or age is None or age < PROBE_SECONDS:
            probed = None
        elif age >= SILENT_SECONDS:
            log.warning("no heartbeat acknowledged for %.0f s; connecting to Discord again", age)
            _cut(client.ws.socket)
        elif probed is not keeping:
            probed = keeping
            with suppress(OSError, discord.ConnectionClosed):  # discord.py is reconnecting
                await client.ws.send_heartbeat(keeping.beat())


def _keep_alive(client: discord.Client) -> KeepAliveHandler | None:
    connection: Any = client.ws
    if connection is None or not connection.open:
        return None
    keeping: KeepAliveHandler | None = connection._keep_alive  # noqa: SLF001  # see `heartbeat_age`
    return keeping


def _cut(connection: Any) -> None:
    """End a connection from this side, without waiting for the other; discord.py resumes then."""
    transport = connection.get_extra_info("socket")
    if transport is not None:
        with suppress(OSError):  # it was just closed
            transport.shutdown(socket.SHUT_RDWR)
