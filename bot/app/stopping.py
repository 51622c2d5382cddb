"""Ends the bot's work in order: it is finished, or whoever waits for it is told to ask again."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from bot.errors import Restarting

FINISH_SECONDS = 8.0
"""Seconds for acknowledged work to finish."""
TELL_SECONDS = 2.0
"""Seconds to tell those whose work did not finish. A container is killed 10 s after SIGTERM."""

Done = TypeVar("Done")


class Stopping:
    """Knows what is under way, and whether the bot is about to stop."""

    def __init__(self) -> None:
        """Start with nothing under way."""
        self.begun = False
        self._cut = asyncio.Event()
        self._answers = 0
        self._none_left = asyncio.Event()
        self._none_left.set()
        self._work: set[asyncio.Task[Any]] = set()
        self._handlers: set[asyncio.Task[Any]] = set()

    @property
    def answers(self) -> int:
        """How many people wait for an answer."""
        return self._answers

    @contextmanager
    def answering(self) -> Iterator[None]:
        """While inside, somebody waits for an answer, its delivery included."""
        self._answers += 1
        self._none_left.clear()
        try:
            yield
        finally:
            self._answers -= 1
            if not self._answers:
                self._none_left.set()

    async def run(self, work: Coroutine[Any, Any, Done]) -> Done:
        """Return what `work` returns.

        Raises:
            Restarting: the bot stops before it is done.
        """
        if self._cut.is_set():
            work.close()
            raise Restarting
        task = asyncio.create_task(work)
        self._work.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            if self._cut.is_set() and task.cancelled():
                raise Restarting from None
            raise
        finally:
            self._work.discard(task)

    async def stop(
        self, finish_seconds: float = FINISH_SECONDS, tell_seconds: float = TELL_SECONDS
    ) -> None:
        """Take on nothing new; wait until what is under way is done, and cut short what is not."""
        self.begun = True
        await self._wait(finish_seconds)
        self._cut.set()
        for task in self._work:
            task.cancel()
        await self._wait(tell_seconds)

    def watch(self) -> None:
        """Have `end` end the current task, which handles an event of Discord."""
        task = asyncio.current_task()
        if task is not None:
            self._handlers.add(task)
            task.add_done_callback(self._handlers.discard)

    async def end(self) -> None:
        """End all that is under way, now: afterwards nothing uses the library, which may close."""
        if not self.begun:
            await self.stop(finish_seconds=0)
        for task in self._handlers:
            task.cancel()
        if self._handlers:
            await asyncio.wait(self._handlers)

    async def _wait(self, seconds: float) -> None:
        """Wait until nobody waits for an answer, at most so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._none_left.wait()
        except TimeoutError:
            return
