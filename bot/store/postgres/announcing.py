"""Announces generations to all processes, and waits for what others announce.

A NOTIFY is lost on whoever is away, so whoever waits looks now and then anyway.
https://www.postgresql.org/docs/current/sql-notify.html
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any

from bot.errors import StoreError
from bot.store.postgres.address import Address
from bot.store.postgres.connecting import SILENT_SECONDS, Connection, connected
from bot.store.postgres.faults import clear

CHANNEL = "threadbot"
AGAIN = 1.0
"""Seconds before the next try to connect."""

log = logging.getLogger(__name__)


async def announce(connection: Connection, scope: int, number: int) -> None:
    """Announce a generation, once the transaction of `connection` is committed."""
    await connection.execute(
        "SELECT pg_notify($1, current_schema() || ' ' || $2::text || ' ' || $3::text)",
        *(CHANNEL, str(scope), str(number)),
    )


class Announcements:
    """Listens on a connection of its own, which is made again whenever it is lost."""

    def __init__(self, address: Address) -> None:
        """Listen at `address`, from the first `wait` on."""
        self._address = address
        self._heard = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None

    async def wait(self, seconds: float) -> None:
        """Wait until anything is announced, or for so many seconds."""
        if self._listening is None:
            self._listening = asyncio.create_task(self._listen())
        with suppress(TimeoutError):
            await asyncio.wait_for(self._heard.wait(), seconds)
        self._heard.clear()

    async def close(self) -> None:
        """Listen no more."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait({self._listening})

    async def _listen(self) -> None:
        while True:
            try:
                await self._listen_once()
            except StoreError as error:
                log.info("cannot listen for announcements: %s", error.reason)
            await asyncio.sleep(AGAIN)

    async def _listen_once(self) -> None:
        """Listen until the connection is lost."""
        lost = asyncio.Event()
        connection = await connected(self._address.url, self._address.name, silent=SILENT_SECONDS)
        try:
            with clear(self._address.name):
                schema = await connection.fetchval("SELECT current_schema()")

                def hear(_: Any, __: int, ___: str, payload: object) -> None:
                    if str(payload).startswith(f"{schema} "):
                        self._heard.set()

                connection.add_termination_listener(lambda _: lost.set())
                await connection.add_listener(CHANNEL, hear)
                self._heard.set()  # something may have been announced before
                while not lost.is_set():
                    with suppress(TimeoutError):
                        await asyncio.wait_for(lost.wait(), AGAIN * 10)
                    if not lost.is_set():  # notices a connection that was cut without a word
                        await connection.execute("SELECT 1", timeout=AGAIN * 5)
        finally:
            connection.terminate()
