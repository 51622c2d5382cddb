"""The shared library, and the library of each guild that has dumps of its own."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping

from bot.arrays.array_file import Unusable
from bot.errors import StoreError, StoreUnreachable
from bot.library.library import Library

MAX_OPEN = 64
"""Guilds whose libraries are kept in memory; the others' are read again when they ask."""
AT_ONCE = 2
"""Libraries that are opened at a time. More at a time would make the first of them wait for all."""
FOLLOW_SECONDS = 1.0
"""Seconds between two looks for changes that nobody announced."""
LEAVE_SECONDS = 10.0
"""Seconds until layers are left again that could not be left for other machines."""
LONGEST_WAIT = 600.0
"""Seconds, at most, once that has failed again and again."""
KNOWN_SECONDS = 2.0
"""How long a question waits to learn whether a guild has a library of its own."""

log = logging.getLogger(__name__)


class GuildLibraries:
    """Gives each guild its library: its own dumps on top of the shared ones."""

    def __init__(self, shared: Library) -> None:
        """Start with the `shared` library only."""
        self.shared = shared
        self._own: OrderedDict[int, Library] = OrderedDict()
        self._opening: dict[int, asyncio.Task[Library]] = {}
        self.store_is_away = False
        """Whether the store could not be reached when `follow` last tried."""
        self._newest: dict[int, int] | None = None
        self._turns = asyncio.Semaphore(AT_ONCE)

    @property
    def busy(self) -> bool:
        """Whether a load is under way anywhere."""
        return self.shared.busy or any(each.busy for each in self._own.values())

    async def of(self, guild: int | None) -> Library:
        """Return the library that a guild asks: its own if it has one, else the shared one."""
        if guild is None:
            return self.shared
        if guild in self._own or await self._has_own(guild):
            return await self.own(guild)
        return self.shared

    async def _has_own(self, guild: int) -> bool:
        """Whether a guild has a library of its own, as far as is known."""
        try:
            return await asyncio.wait_for(self.shared.has_own(guild), KNOWN_SECONDS)
        except (StoreUnreachable, TimeoutError) as error:
            if self._newest is None or guild in self._newest:
                reason = "the database does not answer. Try again in a moment."
                raise StoreUnreachable(self.shared.folder, reason) from error
            return False

    async def own(self, guild: int) -> Library:
        """Return a guild's own library, for loading into it."""
        library = self._own.get(guild)
        if library is None:
            if guild not in self._opening:
                self._opening[guild] = asyncio.create_task(self._open(guild))
            library = await asyncio.shield(self._opening[guild])
        if guild in self._own:  # unless it was just closed again, as many others were opened
            self._own.move_to_end(guild)
        while len(self._own) > MAX_OPEN:
            oldest = next((key for key, each in self._own.items() if not each.busy), None)
            if oldest in (None, guild):
                break
            await self._own.pop(oldest).settled()
        return library

    async def _open(self, guild: int) -> Library:
        try:
            async with self._turns:
                library = self._own[guild] = await self.shared.beside(guild)
                return library
        finally:
            del self._opening[guild]

    async def catch_up(self) -> None:
        """Let every guild's library catch up with the shared one."""
        await asyncio.gather(*(each.catch_up() for each in list(self._own.values())))

    async def follow(self, also: Callable[[], Awaitable[None]]) -> None:
        """Serve what other processes load, and do `also`, soon after each change; forever."""
        while True:
            await self.shared.announced(FOLLOW_SECONDS)
            try:
                newest = await self.shared.newest()
                await self._forget_erased(newest)
                self._newest = newest
                await also()
            except StoreError as error:
                if not self.store_is_away:
                    log.warning("cannot follow other processes: %s", error)
                self.store_is_away = True
                continue
            self.store_is_away = False
            for each in (self.shared, *self._own.values()):
                each.current.follow(newest)
                each.current.copy_in_background()

    async def leave_layers(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Leave layers for other machines where that failed; forever.

        Args:
            sleep: waits so many seconds; twice as many after each failure.
        """
        seconds = LEAVE_SECONDS
        while True:
            await sleep(seconds)
            try:
                await self.shared.leave_again()
            except (OSError, Unusable, StoreError) as error:
                log.info("cannot leave layers for other machines yet: %s", error)
                seconds = min(2 * seconds, LONGEST_WAIT)
            else:
                seconds = LEAVE_SECONDS

    async def _forget_erased(self, newest: Mapping[int, int]) -> None:
        """Delete what this machine has of tweets that were erased elsewhere, of any library.

        Args:
            newest: the newest generation of each scope.
        """
        before = self._newest or {}
        changed = [scope for scope, number in newest.items() if number != before.get(scope)]
        erased = [await self.shared.forget_erased(each, before.get(each)) for each in changed]
        if any(erased):
            for library in (self.shared, *self._own.values()):
                library.current.copy_anew()

    async def settled(self) -> None:
        """Wait until background work has finished."""
        await asyncio.gather(*self._opening.values(), return_exceptions=True)
        for each in list(self._own.values()):
            await each.settled()
