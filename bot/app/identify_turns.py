"""Keeps the shards of all processes within Discord's limit on new sessions.

Discord accepts one new session every five seconds for each bucket of shards. A shard is in the
bucket of its number modulo `max_concurrency`. Resuming a session is not limited.
https://docs.discord.com/developers/events/gateway#rate-limiting
"""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path
from typing import BinaryIO, Protocol

from bot.errors import ThreadbotError
from bot.file_locks import wait_to_lock

log = logging.getLogger(__name__)

SECONDS = 5.0
"""Seconds between two new sessions of a bucket, as Discord asks."""
LATE = 0.5
"""How late a turn may be used, in seconds; turns are that much further apart."""
AHEAD = 1.0
"""How long before its turn a shard connects, in seconds. While it waits with a connection, it reads
nothing, and discord.py takes the late acknowledgement of its heartbeat for a slow gateway."""
FARTHEST = 300.0
"""Seconds beyond which a reserved turn is not believed, because the clock was set back since."""


class IdentifyTurns(Protocol):
    """Gives shards their turns, in all processes of a bot."""

    async def reserve(self, bucket: int) -> float:
        """Reserve the next free turn of `bucket`; return in how many seconds it is.

        Turns are `SECONDS + LATE` apart.
        """


class FileTurns:
    """Turns of the processes that share a folder on one machine, in a file for each bucket.

    A file has the moment from which on nobody has reserved a turn. So turns are in the order in
    which they were asked for, and a process that is killed holds up nobody.
    """

    def __init__(self, folder: Path) -> None:
        """Keep the files in `folder`."""
        self._folder = folder
        self._free: dict[int, float] = {}
        """By bucket: from when on no turn of this process is reserved, on `time.monotonic`."""

    async def reserve(self, bucket: int) -> float:
        """Reserve the next free turn of `bucket`; return in how many seconds it is."""
        try:
            return await asyncio.to_thread(self._reserve, bucket)
        except OSError as error:
            log.warning("cannot agree on turns with other processes: %s", error)
            now = time.monotonic()
            turn = max(self._free.get(bucket, now), now)
            self._free[bucket] = turn + SECONDS + LATE
            return turn - now

    def _reserve(self, bucket: int) -> float:
        """Reserve a turn; return in how many seconds it is.

        Raises:
            OSError: the file cannot be written.
        """
        path = self._folder / f"identify-{bucket}.turn"
        with _opened(path) as file:
            wait_to_lock(file)
            now = time.time()
            free = _moment(file.read())
            turn = free if now < free < now + FARTHEST else now
            file.seek(0)
            file.truncate()
            file.write(f"{turn + SECONDS + LATE:.3f}\n".encode())
            return turn - now


class Counters(Protocol):
    """Gives turns to the processes of several machines."""

    async def reserved(self, name: str, seconds: float) -> float:
        """Reserve the next turn of `name`; return in how many seconds it is."""
        ...


class SharedTurns:
    """Turns of the processes of several machines."""

    def __init__(self, counters: Counters, here: IdentifyTurns) -> None:
        """Reserve turns with `counters`; while these cannot be asked, with `here`."""
        self._counters = counters
        self._here = here

    async def reserve(self, bucket: int) -> float:
        """Reserve the next free turn of `bucket`; return in how many seconds it is."""
        try:
            return await self._counters.reserved(f"identify {bucket}", SECONDS + LATE)
        except ThreadbotError as error:
            log.warning("cannot agree on turns with other machines: %s", error)
            return await self._here.reserve(bucket)


class Turns:
    """The turns of one process's shards, which they wait for."""

    def __init__(self, turns: IdentifyTurns) -> None:
        """Reserve them with `turns`."""
        self._turns = turns
        self._reserved: dict[int, float] = {}

    async def approach(self, shard: int, bucket: int) -> None:
        """Return shortly before the turn of `shard`, so that it can connect meanwhile."""
        turn = self._reserved[shard] = await self._next(bucket)
        await asyncio.sleep(turn - AHEAD - time.monotonic())

    async def take(self, shard: int, bucket: int) -> None:
        """Return when `shard` may begin a session, which it then does at once.

        Without a turn, or if that is over, it waits for the next free one.
        """
        turn = self._reserved.pop(shard, None)
        while turn is None or time.monotonic() >= turn + LATE:
            turn = await self._next(bucket)
            await asyncio.sleep(turn - time.monotonic())
        await asyncio.sleep(turn - time.monotonic())

    async def _next(self, bucket: int) -> float:
        """Return the moment of the next free turn, on the clock `time.monotonic`."""
        return await self._turns.reserve(bucket) + time.monotonic()


def _opened(path: Path) -> BinaryIO:
    """Open a file for reading and writing; make it if there is none."""
    path.touch(0o600)
    return path.open("r+b")


def _moment(content: bytes) -> float:
    """Return the moment that a file has; 0 if it has none."""
    try:
        return float(content)
    except ValueError:
        return 0.0
