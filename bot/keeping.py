"""What is kept and what is not: dumps taken out, threads and authors forgotten, and who did it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.errors import NoSuchAuthor, NoSuchDump, ThreadNotFound
from bot.generations import remembered_as
from bot.identity import key64
from bot.intake import Intake
from bot.models import SHARED_SHELF
from bot.reports import DumpSummary, Event, LoadReport
from bot.rows import Forgotten, Member
from bot.shelf import Shelf

HISTORY = 20
"""Events that a history tells."""


class Keeping(Shelf):
    """A shelf whose dumps can be listed, taken out and forgotten."""

    async def history(self, limit: int = HISTORY) -> list[Event]:
        """Who made the last generations of this scope, how and when, the latest first."""
        return await self._store.history(self._scope, limit)

    async def dumps(self) -> list[DumpSummary]:
        """The dumps that are served here: the shared ones first, then this scope's own."""
        layers = [(SHARED_SHELF, self._snapshot.below)] if self._scope else []
        layers.append((self._scope, self._snapshot.generation))
        return [
            DumpSummary(each.id, each.file, each.format, shared=scope == SHARED_SHELF)
            for scope, generation in layers
            for each in await self._store.members(scope, generation)
        ]

    async def remove(self, dump: str, actor: str) -> LoadReport:
        """Take a dump of this scope out, by its name; what other dumps hold stays.

        Raises:
            NoSuchDump: there is none of that name here.
            ReloadRunning: a load is under way.
        """
        async with self._alone(actor):
            if dump not in {each.file for each in await self._members()}:
                raise NoSuchDump(dump)

            def without(members: Sequence[Member]) -> tuple[list[Member], tuple[str, ...]]:
                return [each for each in members if each.file != dump], ()

            return await self._apply(Intake((), ()), without, actor, "remove")

    async def forget(
        self, actor: str, *, thread: str | None = None, author: str | None = None
    ) -> LoadReport:
        """Serve a thread, or an author's threads, no more, whatever dump has them or will.

        Raises:
            ThreadNotFound: no thread goes by that name.
            NoSuchAuthor: no thread is by them.
            ReloadRunning: a load is under way.
        """
        async with self._alone(actor):
            await self._members()
            snapshot = self._snapshot
            gone: list[Forgotten] = []
            if thread is not None:
                number = await asyncio.to_thread(snapshot.find, thread)
                if number is None:
                    raise ThreadNotFound(thread)
                gone += await remembered_as(self._store, self._scope, snapshot, number)
            if author is not None:
                handle = author.strip().lstrip("@").lower()
                known = {each.lower() for each in snapshot.entries.authors}
                if handle not in known:
                    raise NoSuchAuthor(handle)
                gone.append(Forgotten("author", str(key64(handle)), f"@{handle}"))
            return await self._apply(
                Intake((), ()), lambda same: (same, ()), actor, "forget", forget=gone
            )
