"""The store: an SQLite file with dumps and generations.

All SQL is here, in `BulkReader` and in the schema's scripts. There are two connections: one writes,
the other reads what was committed last, so questions are answered while a load writes. Every write
is one transaction.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    AsyncExitStack,
    asynccontextmanager,
)
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite
import numpy as np
from numpy.typing import NDArray

from bot.background.alone import locked
from bot.background.in_threads import closing, one_by_one
from bot.errors import NoLongerThere, ReloadRunning, StoreError
from bot.i18n.messages import sentence
from bot.loader.raw.content import Content
from bot.loader.raw.pictures import Pictures
from bot.models import Dump, Progress, Step
from bot.store import newest, picture_files
from bot.store.bulk_reader import HEADS, TWEETS, BulkReader, checked_versions
from bot.store.checksums import (
    RECORD,
    Record,
    carried_out,
    filling,
    sealing,
)
from bot.store.faults import DISK_FULL, READ_ONLY, cannot, clear, decoding
from bot.store.history import History
from bot.store.integrity import checking
from bot.store.migrations import FILE, is_of_earlier_version, prepare
from bot.store.opening import (
    copied,
    is_writable,
    make_ready,
    marked,
    needs_copy,
    read_only_uri,
    read_uri,
    write_uri,
)
from bot.store.protocol import Counters
from bot.store.row_making import RowMaker
from bot.store.rows import (
    Action,
    Forgotten,
    Member,
    NewDump,
    Version,
    metadata_json,
    packed_pieces,
)
from bot.store.shelf import Shelf

T = TypeVar("T")
FEW = 100
"""Tweets: assembling fewer takes less time than starting a thread."""

ERASED = "SELECT 1 FROM generation WHERE action = 'erase' LIMIT 1"
"""Finds out whether anything was ever erased."""
HAS_BYTES = (
    "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM part WHERE sha256 = ?1 AND size > 0)"
    " OR EXISTS (SELECT 1 FROM piece WHERE sha256 = ?1)"
)
"""Finds out whether the bytes of a dump are stored."""
LACKING_BYTES = (
    "SELECT id FROM dump WHERE id IN (SELECT value FROM json_each(?))"
    " AND EXISTS (SELECT 1 FROM part WHERE part.sha256 = dump.sha256 AND size > 0)"
    " AND NOT EXISTS (SELECT 1 FROM piece WHERE piece.sha256 = dump.sha256)"
)
"""Finds the dumps among some whose bytes were erased."""


class Store(History):
    """Dumps, the threads read from them, and which dumps each generation has."""

    shelf: Shelf | None = None
    """Other machines cannot use the file, so there is none."""
    counters: Counters | None = None
    """Each process counts alone: a commit for each question would take too long."""

    def __init__(
        self,
        path: Path,
        writer: aiosqlite.Connection,
        reader: aiosqlite.Connection,
        *,
        read_only: Path | None = None,
        why_read_only: str = READ_ONLY,
    ) -> None:
        """Use `Store.open`.

        Args:
            path: the file.
            writer: a connection that may write.
            reader: another.
            read_only: for a store that cannot be written: its file, of which `path` may be a copy.
            why_read_only: why it cannot be written, for people.
        """
        self.path = path
        self._writer = writer
        self._reader = reader
        self._read_only = read_only
        self._why_read_only = why_read_only
        self.media = (read_only or path).with_name(picture_files.FOLDER)
        """The folder of the pictures that were inside dumps."""
        self.readers = partial(BulkReader, path)
        """Opens readers of the file."""
        self._one_writer = asyncio.Lock()

    @property
    def folder(self) -> Path:
        """The folder of the file."""
        return self.path.parent

    @classmethod
    @asynccontextmanager
    async def open(cls, folder: Path) -> AsyncIterator[Store]:
        """Open the store in `folder` and close it at the end. Creates or migrates it if needed.

        A store that cannot be written is opened to be read. After a program was killed, the file
        is checked in the background.

        Raises:
            StoreTooNew: a newer version of the program wrote it; nothing is changed.
            StoreMissing: the database is missing, but other files show that there was one.
            ChangesLost: it lacks changes that were stored.
            StoreError: the store cannot be opened.
        """
        path = folder / FILE
        await asyncio.to_thread(make_ready, path)
        async with AsyncExitStack() as stack:
            if is_writable(path):
                left = stack.enter_context(marked(folder))
                try:
                    store = await cls._to_write(stack, path)
                except StoreError as error:
                    if error.reason != DISK_FULL or not path.stat().st_size:
                        raise
                    store = await cls._to_read(stack, path, DISK_FULL)
                else:
                    if left:
                        await stack.enter_async_context(checking(path, left))
            else:
                store = await cls._to_read(stack, path)
            yield store

    @classmethod
    async def _to_write(cls, stack: AsyncExitStack, path: Path) -> Store:
        """Open a store that can be written, until `stack` is closed."""
        noted = await asyncio.to_thread(newest.remembered, path)
        writer = await _connected(stack, path, write_uri(path))
        with clear(path):
            await prepare(writer, path)
        reader = await _connected(stack, path, read_uri(path))
        store = cls(path, writer, reader)
        await store.require_newest(noted)
        return store

    @classmethod
    async def _to_read(cls, stack: AsyncExitStack, path: Path, why: str = READ_ONLY) -> Store:
        """Open a store that cannot be written, and `why`, until `stack` is closed."""
        if not await asyncio.to_thread(path.exists):
            raise StoreError(path, cannot("the store cannot be opened for writing"))
        noted = await asyncio.to_thread(newest.remembered, path)
        used, reader = path, None
        if not needs_copy(path):
            reader = await _connected(stack, path, read_only_uri(path))
            with clear(path):
                is_old = await is_of_earlier_version(reader, path)
        if reader is None or is_old:
            used = await asyncio.to_thread(stack.enter_context, copied(path))
            reader = await _connected(stack, used, write_uri(used))
            with clear(path):
                await prepare(reader, path)
        store = cls(used, reader, reader, read_only=path, why_read_only=why)
        await store.require_newest(noted)
        return store

    async def require_newest(self, noted: Mapping[int, int]) -> None:
        """Check that the store has the generations that are `noted` beside it.

        Raises:
            ChangesLost: it lacks some.
        """
        newest.compare(self._read_only or self.path, noted, await self.newest())

    async def _record(self, scope: int, generation: int) -> Record | None:
        """Return a generation as it was stored; None if there is none of that number.

        Raises:
            StoreDamaged: it is not what was stored.
        """
        rows = await self._read(f"{RECORD} WHERE (scope, number) = (?, ?)", (scope, generation))
        with decoding(self.path):
            return Record.of(rows[0]) if rows else None

    async def size(self, dump: int) -> tuple[int, int]:
        """Return how many threads and tweets the dump in that row has."""
        rows = await self._read(
            "SELECT (SELECT count(*) FROM version WHERE dump = ?), (SELECT count(*) FROM tweet"
            " JOIN version ON version.id = tweet.version WHERE dump = ?)",
            (dump, dump),
        )
        return rows[0][0], rows[0][1]

    async def versions(self, ids: Sequence[int]) -> list[Version]:
        """Return the versions in those rows, in that order.

        Raises:
            NoLongerThere: one was erased meanwhile.
        """
        asked = (json.dumps(ids),)
        heads, tweets = await asyncio.gather(self._read(HEADS, asked), self._read(TWEETS, asked))
        order = {version: place for place, version in enumerate(ids)}
        if len(heads) < len(order) and await self._read(ERASED):
            raise NoLongerThere
        with decoding(self.path):
            heads.sort(key=lambda head: order[head[0]])
            if len(tweets) <= FEW:
                return checked_versions(ids, heads, tweets)
            return await asyncio.to_thread(checked_versions, ids, heads, tweets)

    async def commit(
        self,
        scope: int,
        base: int,
        dumps: Sequence[Member | NewDump],
        *,
        actor: str,
        action: Action,
        parent: int | None = None,
        forgotten: Sequence[Forgotten] | None = None,
        progress: Progress | None = None,
        at_last: Callable[[], Awaitable[None]] | None = None,
    ) -> int:
        """Create the generation after `base`, atomically, and return its number.

        Args:
            scope: whose generation it is.
            base: the newest generation so far.
            dumps: the dumps it has; new ones are stored.
            actor: who creates it.
            action: what was done.
            parent: the generation that undoing it goes back to; by default `base`.
            forgotten: what it hides; by default what `base` hides.
            progress: called while new dumps are stored.
            at_last: called once all is written; whatever it raises takes all back.

        Raises:
            ContentChanged: the bytes of a dump changed since it was read.
            ReloadRunning: another process created a generation after `base`.
            StoreError: the store cannot be written.
        """
        async with self._transaction():
            last = await self._write(
                "SELECT coalesce(max(number), 0) FROM generation WHERE scope = ?", (scope,)
            )
            if last[0][0] != base:
                raise ReloadRunning
            await self._write(
                "INSERT INTO generation (scope, number, parent, actor, action)"
                " VALUES (?, ?, ?, ?, ?)",
                (scope, base + 1, base if parent is None else parent, actor, action),
            )
            for place, each in enumerate(dumps):
                if isinstance(each, Member):
                    row = each.id
                else:
                    row = await self._dump_row(scope, each, progress)
                await self._write(
                    "INSERT INTO generation_dump (scope, generation, place, dump)"
                    " VALUES (?, ?, ?, ?)",
                    (scope, base + 1, place, row),
                )
            hidden = await self.forgotten(scope, base) if forgotten is None else forgotten
            await self._writer.executemany(
                "INSERT INTO forgotten (scope, generation, kind, key, said) VALUES (?, ?, ?, ?, ?)",
                [(scope, base + 1, each.kind, each.key, each.label) for each in hidden],
            )
            await carried_out(self._writer, sealing(scope, base + 1))
            if at_last:
                await at_last()
        await asyncio.to_thread(newest.remember, self.path, scope, base + 1)
        return base + 1

    def alone(self, work: str) -> AbstractAsyncContextManager[None]:
        """Let one process of all that use the folder do `work` at a time; others wait."""
        return locked(self.folder / f"index-{work}.lock")

    async def sweep_pictures(self) -> int:
        """Delete the pictures of loads that failed, and return how many."""
        if not await asyncio.to_thread(self.media.is_dir):
            return 0
        rows = await self._read("SELECT file FROM picture")
        return await asyncio.to_thread(picture_files.sweep, self.media, {file for (file,) in rows})

    async def fetch_pictures(self) -> None:
        """Do nothing: the pictures are in the folder."""

    async def keep_copies(self, layers: Mapping[str, NDArray[np.int64]]) -> None:
        """Do nothing: all is on this machine."""

    async def announced(self, seconds: float) -> None:
        """Wait for so many seconds: a file announces nothing."""
        await asyncio.sleep(seconds)

    async def keep_upload(self, token: str, folder: Path, described: str) -> None:
        """Do nothing: the files are in the folder."""

    async def fetch_upload(self, token: str, folder: Path) -> bool:  # noqa: ARG002
        """Whether the files of an upload are in `folder`."""
        return await asyncio.to_thread(folder.is_dir)

    async def drop_upload(self, token: str) -> None:
        """Do nothing: whoever deletes the folder deletes the upload."""

    async def kept_uploads(self) -> dict[str, str]:
        """Return nothing: all are in the folder."""
        return {}

    async def sweep_uploads(self, seconds: float) -> None:
        """Do nothing: there is none but those in the folder."""

    async def remember(self, key: str, value: str) -> None:
        """Store `value` under `key`."""
        async with self._transaction():
            await self._write(
                "INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (key, value)
            )

    async def _dump_row(self, scope: int, new: NewDump, progress: Progress | None) -> int:
        """Return the row of a dump; inserts it unless the same dump was stored before."""
        dump = new.dump
        if not await self._write("SELECT 1 FROM blob WHERE sha256 = ?", (dump.sha256,)):
            await self._insert_parts(dump.sha256, new.content)
        is_stored = await self._write(HAS_BYTES, (dump.sha256,))
        await self._keep_pictures(dump.sha256, new.pictures)
        metadata = metadata_json(dump.metadata)
        identity = (scope, dump.file, new.origin, dump.sha256, metadata, new.parser_version)
        await self._make_way(identity, len(dump.threads))
        inserted = await self._write(
            "INSERT OR IGNORE INTO dump"
            " (scope, file, origin, sha256, metadata, parser_version, format)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (*identity, dump.format),
        )
        async with _beside(() if is_stored else (self._insert_pieces(dump.sha256, new.content),)):
            if inserted:
                row = int(inserted[0][0])
                await self._insert_reading(row, dump, progress)
                return row
        known = await self._write(
            "SELECT id FROM dump WHERE (scope, file, origin, sha256, metadata, parser_version)"
            " = (?, ?, ?, ?, ?, ?)",
            identity,
        )
        return int(known[0][0])

    async def _make_way(self, identity: tuple[object, ...], threads: int) -> None:
        """Let a dump be stored anew, if some of its `threads` were erased from the stored one.

        Earlier generations keep that one, as a reading of no version of the loader.
        """
        rows = await self._write(
            "UPDATE dump SET parser_version = -id WHERE (scope, file, origin, sha256, metadata,"
            " parser_version) = (?, ?, ?, ?, ?, ?)"
            " AND (SELECT count(*) FROM version WHERE dump = dump.id) < ? RETURNING id",
            (*identity, threads),
        )
        for row in rows:
            await self._write(
                "UPDATE generation SET checksum = 0 WHERE (scope, number) IN"
                " (SELECT scope, generation FROM generation_dump WHERE dump = ?)",
                row,
            )
        if rows:
            await carried_out(self._writer, filling())

    async def erased_from(self, dumps: Sequence[int]) -> set[int]:
        """Return which of `dumps` lack their bytes, as threads of them were erased."""
        rows = await self._read(
            LACKING_BYTES,
            (json.dumps([*dumps]),),
        )
        return {row for (row,) in rows}

    async def _keep_pictures(self, sha256: str, pictures: Pictures) -> None:
        """Copy the pictures that the tweets of a dump show, and remember their names."""
        if pictures.used:
            await asyncio.to_thread(picture_files.keep, self.media, pictures)
            await self._writer.executemany(
                "INSERT OR REPLACE INTO picture (sha256, name, file) VALUES (?, ?, ?)",
                [(sha256, path, file) for path, file in pictures.used.items()],
            )

    async def _insert_parts(self, sha256: str, content: Content) -> None:
        await self._write("INSERT INTO blob (sha256) VALUES (?)", (sha256,))
        await self._writer.executemany(
            "INSERT INTO part (sha256, place, name, size) VALUES (?, ?, ?, ?)",
            [(sha256, place, part.name, part.size) for place, part in enumerate(content.parts)],
        )

    async def _insert_pieces(self, sha256: str, content: Content) -> None:
        async for row in one_by_one(packed_pieces(content)):
            await self._writer.execute(
                "INSERT INTO piece (sha256, part, place, packed) VALUES (?, ?, ?, ?)",
                (sha256, *row),
            )

    async def _insert_reading(self, row: int, dump: Dump, progress: Progress | None) -> None:
        await self._writer.executemany(
            "INSERT INTO notice (dump, place, line, message) VALUES (?, ?, ?, ?)",
            [(row, place, each.line, each.message) for place, each in enumerate(dump.notices)],
        )
        last = await self._write("SELECT coalesce(max(id), 0) FROM version")
        done, maker = 0, RowMaker(dump, row, last[0][0] + 1)
        with closing(maker.batches()) as batches:
            async for versions, tweets in one_by_one(batches):
                await self._writer.executemany(
                    "INSERT INTO version (id, dump, place, thread_id, aliases, title, author,"
                    " complete, source_url, root, root_tweet, author_name, stem, cut, checksum)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    versions,
                )
                await self._writer.executemany(
                    "INSERT INTO tweet (version, position, text, mentions, links, author,"
                    " created_at, permalink, tweet_id, line, part, extras)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    tweets,
                )
                done += len(versions)
                if progress:
                    progress(Step(sentence("saving"), done, len(dump.threads)))
        await self._write("UPDATE dump SET checksum = ? WHERE id = ?", (maker.checksum, row))

    def _decoding(self) -> AbstractContextManager[None]:
        return decoding(self.path)

    async def _read(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with clear(self.path):
            return [tuple(row) for row in await self._reader.execute_fetchall(sql, values)]

    async def _write(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self._writer.execute_fetchall(sql, values)]

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[None]:
        if self._read_only:
            raise StoreError(self._read_only, self._why_read_only)
        async with self._one_writer:
            with clear(self.path):
                try:
                    await self._writer.execute("BEGIN IMMEDIATE")
                    yield
                    await self._writer.execute("COMMIT")
                except BaseException:
                    # SQLite rolls some back by itself, for example when the disk is full.
                    if self._writer.in_transaction:
                        await self._writer.execute("ROLLBACK")
                    raise


async def _connected(stack: AsyncExitStack, path: Path, uri: str) -> aiosqlite.Connection:
    """Connect to a store until `stack` is closed."""
    with clear(path):
        connection = await aiosqlite.connect(uri, uri=True, isolation_level=None)
        stack.push_async_callback(connection.close)
        return connection


@asynccontextmanager
async def _beside(others: Iterable[Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Do `others` beside the block; it ends when they have, and fails when they do."""
    tasks = [asyncio.create_task(each) for each in others]
    try:
        yield
        for each in tasks:
            await each
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
