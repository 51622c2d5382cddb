"""The store in PostgreSQL: reads from a replica what never changes, writes to the primary.

Every write is one transaction. Threads are written with COPY.
https://www.postgresql.org/docs/current/sql-copy.html
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import (
    AbstractContextManager,
    asynccontextmanager,
    suppress,
)
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import numpy as np
from numpy.typing import NDArray

from bot.arrays.atomic_file import replacing
from bot.background.alone import locked
from bot.background.in_threads import closing, one_by_one
from bot.errors import (
    NoLongerThere,
    ReloadRunning,
    StoreError,
    StoreUnreachable,
)
from bot.i18n.messages import sentence
from bot.loader.raw.content import Content
from bot.loader.raw.pictures import Pictures
from bot.models import Dump, Progress, Step
from bot.store import picture_files
from bot.store.bulk_reader import checked_versions
from bot.store.checksums import Record, of_generation
from bot.store.history import History
from bot.store.migrations import FILE
from bot.store.postgres import uploads
from bot.store.postgres.address import Address
from bot.store.postgres.announcing import Announcements, announce
from bot.store.postgres.connecting import PAUSES, Connection, Row, Servers, connected, outcome
from bot.store.postgres.copies import Copies
from bot.store.postgres.counters import PostgresCounters
from bot.store.postgres.faults import clear, decoding
from bot.store.postgres.migrations import prepare
from bot.store.postgres.queries import (
    HEADS,
    RECORD,
    SIZE,
    TWEETS,
    record_of,
    record_row,
)
from bot.store.postgres.reader import PostgresReader
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

ERASING = "hashtextextended('threadbot erase ' || current_schema(), 0)"
"""The key of the lock that an erasure holds alone, and that other writers share."""
ALONE = (
    "SELECT pg_try_advisory_lock("
    "hashtextextended('threadbot ' || $1::text || ' ' || current_schema(), 0))"
)
"""Takes the lock under which one process does some work, until the connection ends."""
ALONE_SECONDS = 0.1
"""Seconds between two attempts to take it."""
ANY = "SELECT 1 FROM generation LIMIT 1"
"""Finds out whether anything was ever loaded."""
ERASED = "SELECT 1 FROM generation WHERE action = 'erase' LIMIT 1"
WAIT = "SET LOCAL lock_timeout = '5s'"
"""How long to wait for others who write."""
DUMP = (
    "INSERT INTO dump (scope, file, origin, sha256, metadata, parser_version, format)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)"
    " ON CONFLICT (scope, md5(file), origin, sha256, md5(metadata), parser_version) DO NOTHING"
    " RETURNING id"
)
HAS_BYTES = (
    "SELECT NOT EXISTS (SELECT 1 FROM part WHERE sha256 = $1 AND size > 0)"
    " OR EXISTS (SELECT 1 FROM piece WHERE sha256 = $1)"
)
"""Finds out whether the bytes of a dump are stored."""
LACKING_BYTES = (
    "SELECT id FROM dump WHERE id = ANY($1::bigint[])"
    " AND EXISTS (SELECT 1 FROM part WHERE part.sha256 = dump.sha256 AND size > 0)"
    " AND NOT EXISTS (SELECT 1 FROM piece WHERE piece.sha256 = dump.sha256)"
)
"""Finds the dumps among some whose bytes were erased."""
KNOWN = (
    "SELECT id FROM dump WHERE (scope, file, origin, sha256, metadata, parser_version)"
    " = ($1, $2, $3, $4, $5, $6)"
)
COPIED = 500
"""Versions that are copied to this machine at a time."""
PAUSE = 0.02
"""Seconds between two of these times: questions come first."""
TAKING = "hashtextextended('threadbot rows ' || current_schema(), 0)"
"""The key of the lock under which rows of the table `version` are taken."""
VERSION = (
    *("id", "dump", "place", "thread_id", "aliases", "title", "author", "complete", "source_url"),
    *("root", "root_tweet", "author_name", "stem", "cut", "checksum"),
)
TWEET = (
    *("version", "position", "text", "mentions", "links", "author", "created_at", "permalink"),
    *("tweet_id", "line", "part", "extras"),
)


class PostgresStore(History):
    """Dumps, the threads read from them, and which dumps each generation has."""

    def __init__(self, address: Address, folder: Path, layers: str | None = None) -> None:
        """Use `PostgresStore.open`.

        Args:
            address: where the database is.
            folder: the data folder of this machine.
            layers: the address of the shared folder of layers, if there is one.

        Raises:
            ShelfUnusable: it cannot be used.
        """
        self.folder = folder
        self.media = folder / picture_files.FOLDER
        """The folder of the pictures that were inside dumps."""
        self.readers = partial(PostgresReader, address)
        """Opens readers of the database."""
        self.name = address.name
        self._address = address
        self._servers = Servers(address)
        self.shelf = Shelf(layers) if layers else None
        """Where machines leave layers for each other, if anywhere."""
        self.counters = PostgresCounters(self._servers.primary)
        """Counts how often people do something, with all processes."""
        self._remembering = asyncio.Lock()
        self._announcements = Announcements(address)
        self._copies = Copies(folder)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, address: Address, folder: Path, layers: str | None = None
    ) -> AsyncIterator[PostgresStore]:
        """Open the store and close it at the end. Creates or migrates its tables if needed.

        Raises:
            StoreTooNew: a newer version of the program made them; nothing is changed.
            StoreError: the store cannot be opened.
        """
        try:
            await asyncio.to_thread(folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(folder, f"the folder cannot be made ({error.strerror}).") from error
        store = cls(address, folder, layers)
        try:
            await store._prepare()
            await store._require_migrated()
            yield store
        finally:
            await store._announcements.close()
            await asyncio.to_thread(store._copies.close)
            await store._servers.close()

    async def _prepare(self) -> None:
        connection = await self._connected()
        try:
            with clear(self.name):
                await prepare(connection, self.name)
        finally:
            connection.terminate()

    async def _require_migrated(self) -> None:
        """Check that a library in the data folder was not forgotten.

        Raises:
            StoreError: the database has none yet.
        """
        file = self.folder / FILE
        if await asyncio.to_thread(file.exists) and not await self._read(ANY):
            raise StoreError(
                self.name,
                f"the database has no library yet, but {file} has one. Copy it with `threadbot "
                "migrate`, or move that file away to begin anew.",
            )

    async def size(self, dump: int) -> tuple[int, int]:
        """Return how many threads and tweets the dump in that row has."""
        rows = await self._servers.rows(SIZE, (dump,), bool)
        return (rows[0][0], rows[0][1]) if rows else (0, 0)

    async def versions(self, ids: Sequence[int]) -> list[Version]:
        """Return the versions in those rows, in that order.

        Raises:
            NoLongerThere: one was erased meanwhile.
        """
        copied = await asyncio.to_thread(self._copies.versions, ids)
        if copied is not None:
            return copied
        order = {version: place for place, version in enumerate(ids)}
        heads, tweets = await self._rows_of([*order])
        if len(heads) < len(order) and await self._read(ERASED):
            raise NoLongerThere
        with decoding(self.name):
            heads.sort(key=lambda head: order[head[0]])
            return await asyncio.to_thread(checked_versions, ids, heads, tweets)

    async def _rows_of(self, ids: list[int]) -> tuple[list[Row], list[Row]]:
        """Return the rows of HEADS and TWEETS for different versions."""
        heads = await self._servers.rows(HEADS, (ids,), lambda found: len(found) == len(ids))
        there = {head[0] for head in heads}
        tweets = await self._servers.rows(
            TWEETS, (ids,), lambda found: {row[0] for row in found} >= there
        )
        return heads, tweets

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

        See `protocol.LibraryStore.commit`.
        """
        hidden = await self.forgotten(scope, base) if forgotten is None else forgotten
        made = base + 1
        async with self._transaction() as connection:
            last = await connection.fetchval(
                "SELECT coalesce(max(number), 0) FROM generation WHERE scope = $1", scope
            )
            if last != base:
                raise ReloadRunning
            try:
                await connection.execute(
                    "INSERT INTO generation (scope, number, parent, actor, action)"
                    " VALUES ($1, $2, $3, $4, $5)",
                    *(scope, made, base if parent is None else parent, actor, action),
                )
            except asyncpg.UniqueViolationError as error:  # it waited for another one
                raise ReloadRunning from error
            rows = [
                each.id
                if isinstance(each, Member)
                else await self._dump_row(connection, scope, each, progress)
                for each in dumps
            ]
            await connection.executemany(
                "INSERT INTO generation_dump (scope, generation, place, dump)"
                " VALUES ($1, $2, $3, $4)",
                [(scope, made, place, row) for place, row in enumerate(rows)],
            )
            await connection.executemany(
                "INSERT INTO forgotten (scope, generation, kind, key, said)"
                " VALUES ($1, $2, $3, $4, $5)",
                [(scope, made, each.kind, each.key, each.label) for each in hidden],
            )
            await seal(connection, scope, made)
            if at_last:
                await at_last()
            await announce(connection, scope, made)
        return made

    async def erased_from(self, dumps: Sequence[int]) -> set[int]:
        """Return which of `dumps` lack their bytes, as threads of them were erased."""
        return {row for (row,) in await self._servers.newest(LACKING_BYTES, [*dumps])}

    @asynccontextmanager
    async def alone(self, work: str) -> AsyncIterator[None]:
        """Let one process of all that use the database do `work` at a time; others wait."""
        async with locked(self.folder / f"index-{work}.lock"):  # those of this machine first
            connection = await self._connected()
            try:
                with clear(self.name):
                    while not await connection.fetchval(ALONE, work):  # noqa: ASYNC110  # no event
                        await asyncio.sleep(ALONE_SECONDS)
                yield
            finally:
                connection.terminate()  # which ends the lock

    async def sweep_pictures(self) -> int:
        """Delete the pictures of loads that failed, and return how many."""
        if not await asyncio.to_thread(self.media.is_dir):
            return 0
        rows = await self._read("SELECT file FROM picture")
        return await asyncio.to_thread(picture_files.sweep, self.media, {file for (file,) in rows})

    async def keep_copies(self, layers: Mapping[str, NDArray[np.int64]]) -> None:
        """Copy versions to this machine, and delete all copies if anything was erased."""
        await self._forget_erased()
        missing = await asyncio.to_thread(self._copies.missing, layers)
        for start in range(0, len(missing), COPIED):
            asked = (missing[start : start + COPIED],)
            heads, tweets = await self._rows_of(*asked)
            await asyncio.to_thread(self._copies.keep, heads, tweets)
            await asyncio.sleep(PAUSE)
        await asyncio.to_thread(self._copies.are_whole, layers)

    async def _forget_erased(self) -> None:
        rows = await self._read(
            "SELECT library::text, (SELECT coalesce(string_agg(scope || ' ' || number, ', '"
            " ORDER BY scope, number), '') FROM generation WHERE action = 'erase')"
            " FROM schema_version"
        )
        await asyncio.to_thread(self._copies.belong_to, json.dumps(rows[0]))

    async def fetch_pictures(self) -> None:
        """Fill the folder of pictures with those that other machines stored."""
        known = await self._read("SELECT file FROM media")
        there = await asyncio.to_thread(_names, self.media)
        for (file,) in known:
            if file not in there:
                sql = "SELECT bytes FROM media WHERE file = $1"
                for (data,) in await self._servers.rows(sql, (file,), bool):
                    await asyncio.to_thread(_write, self.media, file, data)

    async def remember(self, key: str, value: str) -> None:
        """Store `value` under `key`."""
        async with self._remembering, self._transaction() as connection:  # in order
            await connection.execute(
                "INSERT INTO setting (key, value) VALUES ($1, $2)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                *(key, value),
            )

    async def keep_upload(self, token: str, folder: Path, described: str) -> None:
        """Store the files in `folder`; see `uploads.keep`."""
        async with self._transaction() as connection:
            await uploads.keep(connection, token, folder, described)

    async def fetch_upload(self, token: str, folder: Path) -> bool:
        """Have the files of an upload in `folder`; whether there still is one."""
        async with self._servers.primary.connection() as connection:
            return await uploads.fetch(connection, token, folder)

    async def drop_upload(self, token: str) -> None:
        """Delete an upload."""
        async with self._transaction() as connection:
            await connection.execute("DELETE FROM upload WHERE token = $1", token)

    async def kept_uploads(self) -> dict[str, str]:
        """Return what is said of each upload."""
        return dict(await self._read("SELECT token, metadata FROM upload"))

    async def sweep_uploads(self, seconds: float) -> None:
        """Delete the uploads that are older than `seconds`, and what was counted long ago."""
        await self.counters.sweep()
        async with self._transaction() as connection:
            await connection.execute(
                "DELETE FROM upload"
                " WHERE created_at < clock_timestamp() - make_interval(secs => $1)",
                seconds,
            )

    async def announced(self, seconds: float) -> None:
        """Wait until a generation is announced, or for so many seconds."""
        await self._announcements.wait(seconds)

    async def _dump_row(
        self, connection: Connection, scope: int, new: NewDump, progress: Progress | None
    ) -> int:
        """Return the row of a dump; inserts it unless the same dump was stored before."""
        dump = new.dump
        inserted = await connection.fetchval(
            "INSERT INTO blob (sha256) VALUES ($1) ON CONFLICT DO NOTHING RETURNING sha256",
            dump.sha256,
        )
        if inserted:
            await _insert_parts(connection, dump.sha256, new.content)
        if not await connection.fetchval(HAS_BYTES, dump.sha256):
            await _copy_bytes(connection, dump.sha256, new.content)
        await self._keep_pictures(connection, dump.sha256, new.pictures)
        metadata = metadata_json(dump.metadata)
        identity = (scope, dump.file, new.origin, dump.sha256, metadata, new.parser_version)
        await _make_way(connection, identity, len(dump.threads))
        row = await connection.fetchval(DUMP, *identity, dump.format)
        if row is None:
            return int(await connection.fetchval(KNOWN, *identity))
        await self._copy_reading(connection, int(row), dump, progress)
        return int(row)

    async def _keep_pictures(self, connection: Connection, sha256: str, pictures: Pictures) -> None:
        """Copy the pictures that the tweets of a dump show, and remember their names."""
        if not pictures.used:
            return
        await asyncio.to_thread(picture_files.keep, self.media, pictures)
        await connection.executemany(
            "INSERT INTO picture (sha256, name, file) VALUES ($1, $2, $3)"
            " ON CONFLICT (sha256, name) DO UPDATE SET file = excluded.file",
            [(sha256, path, file) for path, file in pictures.used.items()],
        )
        for file in dict.fromkeys(pictures.used.values()):
            data = await asyncio.to_thread(_picture, self.media / file)
            await connection.execute(
                "INSERT INTO media (file, bytes) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                *(file, data),
            )

    async def _copy_reading(
        self, connection: Connection, row: int, dump: Dump, progress: Progress | None
    ) -> None:
        await connection.executemany(
            "INSERT INTO notice (dump, place, line, message) VALUES ($1, $2, $3, $4)",
            [(row, place, each.line, each.message) for place, each in enumerate(dump.notices)],
        )
        done, threads = 0, len(dump.threads)
        first = await _taken(connection, threads) if threads else 1
        maker = RowMaker(dump, row, first)
        with closing(maker.batches()) as batches:
            async for versions, tweets in one_by_one(batches):
                await connection.copy_records_to_table("version", records=versions, columns=VERSION)
                await connection.copy_records_to_table("tweet", records=tweets, columns=TWEET)
                done += len(versions)
                if progress:
                    progress(Step(sentence("saving"), done, threads))
        await connection.execute("UPDATE dump SET checksum = $1 WHERE id = $2", maker.checksum, row)

    async def _read(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        first, *others = sql.split("?")
        numbered = (f"${at}{other}" for at, other in enumerate(others, start=1))
        return await self._servers.newest(first + "".join(numbered), *values)

    async def _record(self, scope: int, generation: int) -> Record | None:
        sql = f"{RECORD} WHERE (scope, number) = ($1, $2)"
        rows = await self._servers.rows(sql, (scope, generation), bool)
        with decoding(self.name):
            return record_of(rows[0]) if rows else None

    def _decoding(self) -> AbstractContextManager[None]:
        return decoding(self.name)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Connection]:
        """Commit what the block writes, all of it, or nothing if it raises."""
        connection = await self._connected()
        try:
            with clear(self.name):
                await connection.execute("BEGIN")
                await connection.execute(WAIT)
                transaction = await connection.fetchval("SELECT pg_current_xact_id()::text")
                await connection.execute(f"SELECT pg_advisory_xact_lock_shared({ERASING})")
                try:
                    yield connection
                except BaseException:
                    with suppress(Exception):  # without a connection, the server does it
                        await connection.execute("ROLLBACK")
                    raise
            try:
                with clear(self.name):
                    await connection.execute("COMMIT")
            except StoreUnreachable:
                if not await outcome(self._address, transaction):
                    raise
        finally:
            connection.terminate()

    async def _connected(self) -> asyncpg.Connection:
        """Return a connection to write with; tries a few times."""
        for pause in PAUSES:
            with suppress(StoreUnreachable):
                return await connected(self._address.url, self.name)
            await asyncio.sleep(pause)
        return await connected(self._address.url, self.name)


async def seal(connection: Connection, scope: int, number: int) -> None:
    """Store the checksum of a generation that is complete. For use inside a transaction."""
    row = await connection.fetchrow(f"{RECORD} WHERE (scope, number) = ($1, $2)", scope, number)
    if row is not None:
        await connection.execute(
            "UPDATE generation SET checksum = $3 WHERE (scope, number) = ($1, $2)",
            *(scope, number, of_generation(record_row(tuple(row)))),
        )


async def _insert_parts(connection: Connection, sha256: str, content: Content) -> None:
    await connection.executemany(
        "INSERT INTO part (sha256, place, name, size) VALUES ($1, $2, $3, $4)",
        [(sha256, place, part.name, part.size) for place, part in enumerate(content.parts)],
    )


async def _copy_bytes(connection: Connection, sha256: str, content: Content) -> None:
    async def pieces() -> AsyncIterator[tuple[object, ...]]:
        async for row in one_by_one(packed_pieces(content)):
            yield (sha256, *row)

    await connection.copy_records_to_table(
        "piece", records=pieces(), columns=("sha256", "part", "place", "packed")
    )


async def _make_way(connection: Connection, identity: tuple[object, ...], threads: int) -> None:
    """Let a dump be stored anew, if some of its `threads` were erased from the stored one.

    Earlier generations keep that one, as a reading of no version of the loader.
    """
    dump = await connection.fetchval(
        "UPDATE dump SET parser_version = (-id)::integer"
        " WHERE (scope, file, origin, sha256, metadata, parser_version) = ($1, $2, $3, $4, $5, $6)"
        " AND (SELECT count(*) FROM version WHERE version.dump = dump.id) < $7 RETURNING id",
        *(*identity, threads),
    )
    if dump is not None:
        sql = "SELECT DISTINCT scope, generation FROM generation_dump WHERE dump = $1"
        for scope, generation in await connection.fetch(sql, dump):
            await seal(connection, scope, generation)


async def _taken(connection: Connection, number: int) -> int:
    """Take a number of rows of the table `version`, and return the first of them."""
    await connection.execute(f"SELECT pg_advisory_lock({TAKING})")
    try:
        last = await connection.fetchval(
            "SELECT setval('version_row', nextval('version_row') + $1::bigint - 1)", number
        )
    finally:
        await connection.execute(f"SELECT pg_advisory_unlock({TAKING})")
    return int(last) - number + 1


def _picture(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StoreError(path, f"a picture cannot be read ({error.strerror})") from error


def _names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()} if folder.is_dir() else set()


def _write(folder: Path, name: str, data: bytes) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with replacing(folder / name) as out:
            out.write(data)
    except OSError as error:
        reason = f"a picture cannot be written to {folder} ({error.strerror})"
        raise StoreError(folder / name, reason) from error
