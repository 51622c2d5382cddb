"""Decides in which order users are answered when the bot is busy.

Discord drops an interaction that is not acknowledged within three seconds. When answers may take
longer, every new interaction is acknowledged first; answers are then computed a few at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

CONCURRENT_ANSWERS = 4
"""Answers to compute at a time while the bot is busy."""
CROWD = 3
"""Unacknowledged answers in progress that make the bot busy."""


class Turns:
    """Counts what is in progress, and makes answers wait for acknowledgements."""

    def __init__(self) -> None:
        """Start with nothing in progress."""
        self._slots = asyncio.Semaphore(CONCURRENT_ANSWERS)
        self._answering = self._acknowledging = 0
        self._all_acknowledged = asyncio.Event()
        self._all_acknowledged.set()

    @property
    def is_crowded(self) -> bool:
        """Whether so many users are waiting that a new answer may be late."""
        return self._answering >= CROWD or self._slots.locked()

    @contextmanager
    def answering(self) -> Iterator[None]:
        """While inside, an answer is computed whose interaction is not acknowledged yet."""
        self._answering += 1
        try:
            yield
        finally:
            self._answering -= 1

    @contextmanager
    def acknowledging(self) -> Iterator[None]:
        """While inside, an interaction is being acknowledged; answers wait."""
        self._acknowledging += 1
        self._all_acknowledged.clear()
        try:
            yield
        finally:
            self._acknowledging -= 1
            if not self._acknowledging:
                self._all_acknowledged.set()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Enter when a slot is free and nobody is waiting to be acknowledged."""
        async with self._slots:
            await self._all_acknowledged.wait()
            yield

    async def all_acknowledged(self) -> None:
        """Wait until nobody is waiting to be acknowledged."""
        await self._all_acknowledged.wait()
