"""Takes dumps out of a library, and hides threads and authors from it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.errors import NoSuchAuthor, NoSuchDump, ThreadNotFound
from bot.library.commit import Change, commit
from bot.library.current import Current
from bot.library.generations import forgotten_keys
from bot.reports import LoadReport
from bot.store.rows import Forgotten, Member
from bot.thread_ids import key64


class Removal:
    """Removes dumps from what is served, and forgets threads and authors."""

    def __init__(self, current: Current) -> None:
        """Remove from `current`."""
        self._current = current

    async def remove(self, dump: str, actor: str) -> LoadReport:
        """Take out a dump of this scope, by its name. What other dumps hold stays.

        Raises:
            NoSuchDump: this scope has no dump of that name.
            ReloadRunning: another change is under way.
        """

        def without(members: Sequence[Member]) -> tuple[list[Member], tuple[str, ...]]:
            return [each for each in members if each.file != dump], ()

        async with self._current.exclusively(actor):
            if dump not in {each.file for each in await self._current.members()}:
                raise NoSuchDump(dump)
            return await commit(self._current, Change(actor, "remove", without))

    async def forget(
        self, actor: str, *, thread: str | None = None, author: str | None = None
    ) -> LoadReport:
        """Hide a thread, or all threads of an author, even after reloads.

        Raises:
            ThreadNotFound: no thread matches.
            NoSuchAuthor: no thread is by that author.
            ReloadRunning: another change is under way.
        """
        async with self._current.exclusively(actor):
            await self._current.members()
            forget: list[Forgotten] = []
            if thread is not None:
                forget += await self._thread(thread)
            if author is not None:
                forget.append(self._author(author))
            change = Change(actor, "forget", lambda members: (members, ()), forget=forget)
            return await commit(self._current, change)

    async def _thread(self, reference: str) -> list[Forgotten]:
        current, snapshot = self._current, self._current.snapshot
        number = await asyncio.to_thread(snapshot.lookup.find, reference)
        if number is None:
            raise ThreadNotFound(reference)
        return await forgotten_keys(current.store, current.scope, snapshot, number)

    def _author(self, author: str) -> Forgotten:
        handle = author.strip().lstrip("@").lower()
        if handle not in {each.lower() for each in self._current.snapshot.catalogue.authors}:
            raise NoSuchAuthor(handle)
        return Forgotten("author", str(key64(handle)), f"@{handle}")
