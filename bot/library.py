"""The library, as surfaces talk to it: a shelf that answers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot import __version__
from bot.answering import Wanted, answer, searched
from bot.errors import ThreadNotFound
from bot.generations import read_anew, snapshot_of
from bot.keeping import Keeping
from bot.merge import merge_family
from bot.models import SHARED_SHELF, Answer, Metadata, Progress, Source, Thread, ThreadSummary
from bot.precedence import waited_for
from bot.query import parse
from bot.reports import LibraryFacts, LibraryStats
from bot.snapshot import Snapshot
from bot.sources import sources
from bot.stats import stats_of
from bot.store import Store
from bot.store_file import FILE

HITS = 5
"""Threads that an answer shows."""
SMALL = 50_000
"""Tweets that are ranked sooner than a thread could be asked to."""


class Library(Keeping):
    """All that is loaded, for one scope. Use `Library.open`."""

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        data: Path,
        seeds: Path,
        *,
        said_of_seeds: Metadata | None = None,
        scope: int = SHARED_SHELF,
        may_be_empty: bool = False,
        progress: Progress | None = None,
    ) -> AsyncIterator[Library]:
        """Open the library in the folder `data`; one that was never loaded loads `seeds` first.

        `first_load` tells what that found.

        Args:
            data: the store's folder.
            seeds: the folder of seeds.
            said_of_seeds: what holds of all of them.
            scope: whose library it is.
            may_be_empty: whether the first load may find nothing.
            progress: told how far the first load is.

        Raises:
            StoreError: the store cannot be opened.
            DumpError: there is nothing to load.
        """
        async with Store.open(data) as store:
            await read_anew(store, scope)
            snapshot = await snapshot_of(store, scope, progress)
            library = cls(store, seeds, scope, snapshot, said_of_seeds)
            library._file()
            if library.generation == 0:
                library.first_load = await library._load_first_seeds(
                    may_be_empty=may_be_empty, progress=progress
                )
            try:
                yield library
            finally:
                await library.settled()

    async def beside(self, scope: int) -> Library:
        """The library of a guild: its own dumps, and what this one, the shared shelf, holds."""
        await read_anew(self._store, scope)
        with waited_for():
            snapshot = await snapshot_of(self._store, scope, before=self._snapshot)
        return Library(self._store, self._seeds, scope, snapshot, self._said_of_seeds)

    async def has_own(self, scope: int) -> bool:
        """Whether anything was ever loaded for that guild alone."""
        return await self._store.generation(scope) > 0

    @property
    def folder(self) -> Path:
        """The folder of the store."""
        return self._store.path.parent

    def threads(self) -> list[ThreadSummary]:
        """Every thread, in the order of the dumps."""
        return [entry.summary for entry in self._snapshot.entries]

    def about(self) -> LibraryFacts:
        """What is served."""
        snapshot = self._snapshot
        return LibraryFacts(
            __version__, snapshot.generation, len(snapshot.index), len(snapshot.entries)
        )

    async def stats(self) -> LibraryStats:
        """What is served, in figures."""
        await self._notice_other_processes()
        snapshot = self._snapshot
        dumps = await self.dumps()
        return await asyncio.to_thread(stats_of, snapshot, len(dumps))

    async def examples(self, limit: int) -> list[str]:
        """Questions that have an answer here: words of the first threads' titles."""
        return await asyncio.to_thread(self._snapshot.examples, limit)

    async def titles(self, typed: str, limit: int) -> list[ThreadSummary]:
        """Threads to choose from while somebody types a title."""
        with waited_for():
            return await asyncio.to_thread(self._snapshot.titles, typed, limit)

    async def authors(self, typed: str, limit: int) -> list[str]:
        """Handles to choose from while somebody types one."""
        with waited_for():
            return await asyncio.to_thread(self._snapshot.authors, typed, limit)

    async def ask(self, question: str, limit: int = HITS, **how: Any) -> Answer:
        """Answer `question`, whose operators are `query.parse`'s.

        Args:
            question: what is asked.
            limit: threads on a page.
            how: whatever else `answering.Wanted` has: page, newest, explain, passages.
        """
        started = time.perf_counter()
        await self._notice_other_processes()
        with waited_for():
            snapshot = self._snapshot
            wanted = Wanted(limit, **how)
            query = parse(question, snapshot.index.analyzer)
            if len(snapshot.index) <= SMALL and not query.filters:
                found = searched(snapshot, query, wanted)
            else:
                found = await asyncio.to_thread(searched, snapshot, query, wanted)
            rows = [snapshot.entries.versions(each.thread) for each in found.ranking.threads]
            versions = await self._store.versions([row for some in rows for row in some])
            made = await asyncio.to_thread(answer, snapshot, query, found, versions, wanted)
            return replace(made, took_ms=(time.perf_counter() - started) * 1000)

    async def thread(self, reference: str) -> Thread:
        """The thread that an id, a link, a title or words of it name.

        Raises:
            ThreadNotFound: none does.
        """
        await self._notice_other_processes()
        with waited_for():
            snapshot = self._snapshot
            number = await asyncio.to_thread(snapshot.find, reference)
            if number is None:
                raise ThreadNotFound(reference)
            return await self._read(snapshot, number)

    @staticmethod
    def sources(thread: Thread) -> dict[int, tuple[Source, ...]]:
        """For each position in `thread`, from 1, the sources of the tweet there."""
        return {place: sources(thread, each) for place, each in enumerate(thread.tweets, start=1)}

    async def setting(self, key: str) -> str | None:
        """What the app remembered under `key`."""
        return await self._store.setting(key)

    async def remember(self, key: str, value: str) -> None:
        """Keep `value` under `key` for the app, across starts."""
        await self._store.remember(key, value)

    @classmethod
    @asynccontextmanager
    async def to_check(cls, data: Path, *, scope: int = SHARED_SHELF) -> AsyncIterator[Library]:
        """Open the library in `data` to check dumps against; make none where there is none."""
        from tempfile import TemporaryDirectory  # slow to import, and asking does without

        with TemporaryDirectory() as nowhere:
            folder = data if (data / FILE).exists() else Path(nowhere)
            async with Store.open(folder) as store:
                yield cls(store, folder, scope, await snapshot_of(store, scope))

    async def _read(self, snapshot: Snapshot, number: int) -> Thread:
        versions = await self._store.versions(snapshot.entries.versions(number))
        family = [version.thread for version in versions]
        return await asyncio.to_thread(merge_family, family)
