"""What is served for one scope: a snapshot, kept up to date with whoever loads, and filed.

Asking reads one reference to a snapshot and what that snapshot names in the store, where rows are
never changed; so every answer is of one generation, whatever goes on beside it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path

from bot.errors import ThreadbotError
from bot.generations import file, snapshot_of
from bot.models import SHARED_SHELF, Metadata
from bot.reports import LoadReport
from bot.rows import Member
from bot.snapshot import Snapshot
from bot.store import Store

log = logging.getLogger(__name__)

LOOK_AGAIN = 1.0
"""Seconds between looks for what other processes have loaded."""


class Serving:
    """The snapshot that answers, and the store that it is made from."""

    def __init__(
        self,
        store: Store,
        seeds: Path,
        scope: int,
        snapshot: Snapshot,
        said_of_seeds: Metadata | None = None,
    ) -> None:
        """Serve `snapshot` of what `store` holds for `scope`."""
        self._store = store
        self._seeds = seeds
        self._said_of_seeds = said_of_seeds
        self._scope = scope
        self._snapshot = snapshot
        self._lock = asyncio.Lock()
        self._reloading: str | None = None
        self._catching_up: asyncio.Task[None] | None = None
        self._filing: asyncio.Task[None] | None = None
        self._looked = float("-inf")
        self.first_load: LoadReport | None = None

    @property
    def generation(self) -> int:
        """The generation that answers now."""
        return self._snapshot.generation

    @property
    def stamp(self) -> int:
        """A number that is other when anything that is served is other."""
        return self._snapshot.stamp

    @property
    def tweets(self) -> int:
        """How many tweets it holds."""
        return len(self._snapshot.index)

    @property
    def busy(self) -> bool:
        """Whether a load or reload is under way."""
        return self._lock.locked()

    async def catch_up(self) -> None:
        """Serve the newest generation, whoever made it."""
        async with self._lock:
            await self._members()

    async def settled(self) -> None:
        """Wait until what goes on in the background is done, or given up."""
        if self._catching_up:
            self._catching_up.cancel()
        if self._filing:
            await self._filing

    async def _is_behind(self) -> bool:
        """Whether there is a newer generation of this scope, or of the shared shelf below it."""
        if await self._store.generation(self._scope) != self._snapshot.generation:
            return True
        shared = await self._store.generation(SHARED_SHELF) if self._scope else 0
        return shared != self._snapshot.below

    async def _members(self) -> list[Member]:
        """The dumps of the current generation, after catching up with other processes."""
        if await self._is_behind():
            self._snapshot = await snapshot_of(self._store, self._scope, before=self._snapshot)
            self._file()
        return await self._store.members(self._scope, self._snapshot.generation)

    def _file(self) -> None:
        """Have what is served filed in the background, after what is being filed.

        A guild's is not: it is made of the shared one, sooner than a file of all could be written.
        """
        if self._scope:
            return
        self._filing = asyncio.create_task(self._filed(self._snapshot, self._filing))

    async def _filed(self, snapshot: Snapshot, earlier: asyncio.Task[None] | None) -> None:
        if earlier is not None:
            await earlier
        if snapshot is self._snapshot:  # else a later one is filed soon
            try:
                await file(self._store, self._scope, snapshot)
            except ThreadbotError as error:
                log.info("cannot save the index: %s", error)

    async def _notice_other_processes(self) -> None:
        """Have the newest generation built in the background, if another process made one."""
        now = time.monotonic()
        if self._lock.locked() or now < self._looked + LOOK_AGAIN:
            return
        self._looked = now
        if await self._is_behind():
            self._catching_up = asyncio.create_task(self._catch_up())

    async def _catch_up(self) -> None:
        try:
            await self.catch_up()
        except ThreadbotError as error:
            log.warning("cannot serve yet what another process loaded: %s", error)
