"""Keeps track of loads that are running, so that they can be cancelled."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bot.errors import Cancelled, NoLoadRunning, ThreadbotError
from bot.reports import LoadReport


@dataclass(slots=True)
class LoadUnderWay:
    """A load that is running."""

    key: str
    """Names it in the custom id of the Cancel button."""
    guild: int
    """The ID of the guild that it was started in."""
    shared: bool
    """Whether it changes the shared library, so that only operators may cancel it."""
    ended: asyncio.Event
    """Set once it has ended, and cleaned up behind itself."""
    outcome: ThreadbotError | None = None
    """The error that it ended with."""
    cancelled_by: str | None = None
    """Who cancelled it."""
    _task: asyncio.Task[LoadReport] | None = None

    async def run(self, work: Coroutine[Any, Any, LoadReport]) -> LoadReport:
        """Do `work`, which `LoadsUnderWay.cancel` can end.

        Raises:
            Cancelled: somebody cancelled it.
        """
        self._task = asyncio.create_task(work)
        try:
            return await self._task
        except asyncio.CancelledError:
            if self.cancelled_by is None:
                self._task.cancel()
                raise
            self.outcome = Cancelled(self.cancelled_by)
            raise self.outcome from None
        except ThreadbotError as error:
            self.outcome = error
            raise

    def cancel(self, who: str) -> None:
        """End it."""
        if self._task and not self._task.done():
            self.cancelled_by = who
            self._task.cancel()


class LoadsUnderWay:
    """The loads that are running."""

    def __init__(self) -> None:
        """Start empty."""
        self._loads: dict[str, LoadUnderWay] = {}

    @contextmanager
    def register(self, guild: int, *, shared: bool = False) -> Iterator[LoadUnderWay]:
        """Register a load in `guild`, or of the library that all share, while inside."""
        load = LoadUnderWay(secrets.token_hex(8), guild, shared, asyncio.Event())
        self._loads[load.key] = load
        try:
            yield load
        finally:
            del self._loads[load.key]
            load.ended.set()

    def is_shared(self, key: str) -> bool:
        """Return whether the load is running, and changes the shared library."""
        load = self._loads.get(key)
        return load is not None and load.shared

    async def cancel(self, key: str, guild: int, who: str) -> ThreadbotError:
        """End a load, wait for its end, and return the error that it ended with.

        Raises:
            NoLoadRunning: it is not running in that guild, or no longer.
        """
        load = self._loads.get(key)
        if load is None or load.guild != guild:
            raise NoLoadRunning
        load.cancel(who)
        await load.ended.wait()
        if load.outcome is None:
            raise NoLoadRunning
        return load.outcome
