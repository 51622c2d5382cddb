"""Gives free memory back regularly, in services."""

from __future__ import annotations

import asyncio

from bot.background.memory import give_back

EVERY_SECONDS = 30.0
"""Seconds between two times that a service gives back its free memory."""


async def give_back_regularly() -> None:
    """Have the C library return its free memory now and then, forever; that takes 1 to 5 ms."""
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        await asyncio.to_thread(give_back)
