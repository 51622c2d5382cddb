"""Copies a whole store between an SQLite file and PostgreSQL, and compares both afterwards.

A copy is one transaction: it is there with every row, or not at all.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import aiosqlite
import asyncpg

from bot.errors import StoreError
from bot.store.checksums import Row
from bot.store.faults import clear as clear_file
from bot.store.migrations import prepare as prepare_file
from bot.store.opening import read_uri
from bot.store.postgres.address import Address
from bot.store.postgres.announcing import announce
from bot.store.postgres.blocking import run
from bot.store.postgres.connecting import connected
from bot.store.postgres.faults import clear
from bot.store.postgres.migrations import prepare
from bot.store.postgres.store import ERASING
from bot.store.upkeep import OWNER_ONLY, TABLES

ORDER = {
    "blob": "sha256",
    "part": "sha256, place",
    "piece": "sha256, part, place",
    "picture": "sha256, name",
    "dump": "id",
    "notice": "dump, place",
    "version": "id",
    "tweet": "version, position",
    "generation": "scope, number",
    "generation_dump": "scope, generation, place",
    "forgotten": "scope, generation, kind, key",
    "setting": "key",
}
"""The primary keys: in their order, both databases give the same rows."""
BATCH = 5_000
"""Rows that are in memory at a time."""


class _Digest:
    """Counts rows, and hashes them."""

    def __init__(self) -> None:
        self.rows = 0
        self._whole = hashlib.sha256()

    def of(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield `rows`, and take them in."""
        for row in rows:
            self.rows += 1
            self._whole.update(repr(row).encode("utf-8", "surrogatepass"))
            yield row

    @property
    def value(self) -> tuple[int, str]:
        """The number of rows and their hash."""
        return self.rows, self._whole.hexdigest()


def from_sqlite(source: Path, address: Address, media: Path) -> dict[str, int]:
    """Copy the store in the file `source` to an empty database.

    Args:
        source: a file of this program's schema.
        address: the database.
        media: the folder of the pictures that its dumps have.

    Returns:
        The number of rows of each table.

    Raises:
        StoreError: a store cannot be read or written, the database has a library already, or it
            has other rows afterwards; nothing is changed.
    """
    return run(_from_sqlite(source, address, media))


async def _from_sqlite(source: Path, address: Address, media: Path) -> dict[str, int]:
    connection = await connected(address.url, address.name)
    try:
        with clear(address.name), _reading(source) as file:
            await prepare(connection, address.name)
            async with connection.transaction():
                await connection.execute(f"SELECT pg_advisory_xact_lock({ERASING})")
                await _require_empty(connection, address.name)
                sums = {table: await _copied(file, connection, table) for table in TABLES}
                for table, expected in sums.items():
                    if await _digest(connection, table) != expected:
                        reason = f"the table {table} has other rows than {source}. Nothing is kept."
                        raise StoreError(address.name, reason)
                await _set_numbers(connection)
                await _copy_pictures(connection, media)
                await announce(connection, 0, 0)
            return {table: rows for table, (rows, _) in sums.items()}
    finally:
        connection.terminate()


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    with (
        clear_file(path),
        closing(
            sqlite3.connect(read_uri(path), uri=True, isolation_level=None, check_same_thread=False)
        ) as connection,
    ):
        connection.execute("BEGIN")  # all tables as of one moment
        yield connection


async def _require_empty(connection: asyncpg.Connection, name: str) -> None:
    """Check that the database has no library.

    Raises:
        StoreError: it has one.
    """
    for table in ("generation", "dump", "setting"):
        if await connection.fetchval(f"SELECT EXISTS (SELECT 1 FROM {table})"):  # noqa: S608
            raise StoreError(
                name,
                "this database has a library already. Name an empty one; nothing was changed.",
            )


def _columns(file: sqlite3.Connection, table: str) -> list[str]:
    return [name for (name,) in file.execute("SELECT name FROM pragma_table_info(?)", (table,))]


async def _copied(
    file: sqlite3.Connection, connection: asyncpg.Connection, table: str
) -> tuple[int, str]:
    """Copy a table from the file, and return how many rows it has, and their hash."""
    columns, digest = _columns(file, table), _Digest()
    rows = file.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {ORDER[table]}")  # noqa: S608
    await connection.copy_records_to_table(table, records=digest.of(rows), columns=columns)
    return digest.value


async def _digest(connection: asyncpg.Connection, table: str) -> tuple[int, str]:
    """Return how many rows a table in PostgreSQL has, and their hash."""
    digest = _Digest()
    async for rows in _batches(connection, table):
        for _ in digest.of(rows):
            pass
    return digest.value


async def _batches(connection: asyncpg.Connection, table: str) -> AsyncIterator[list[Row]]:
    """Yield the rows of a table in order. For use inside a transaction."""
    sql = f"SELECT {', '.join(COLUMNS[table])} FROM {table} ORDER BY {ORDER[table]}"  # noqa: S608
    cursor = await connection.cursor(sql)
    while found := await cursor.fetch(BATCH):
        yield [tuple(row) for row in found]


COLUMNS: dict[str, Sequence[str]] = {
    "blob": ("sha256",),
    "part": ("sha256", "place", "name", "size"),
    "piece": ("sha256", "part", "place", "packed"),
    "picture": ("sha256", "name", "file"),
    "dump": (
        *("id", "scope", "file", "origin", "sha256", "metadata", "format", "parser_version"),
        "checksum",
    ),
    "notice": ("dump", "place", "line", "message"),
    "version": (
        *("id", "dump", "place", "thread_id", "aliases", "title", "author", "complete"),
        *("source_url", "root", "root_tweet", "author_name", "stem", "cut", "checksum"),
    ),
    "tweet": (
        *("version", "position", "text", "mentions", "links", "author", "created_at"),
        *("permalink", "tweet_id", "line", "part", "extras"),
    ),
    "generation": ("scope", "number", "parent", "created_at", "actor", "action", "checksum"),
    "generation_dump": ("scope", "generation", "place", "dump"),
    "forgotten": ("scope", "generation", "kind", "key", "said"),
    "setting": ("key", "value"),
}
"""The columns that both databases have."""


async def _set_numbers(connection: asyncpg.Connection) -> None:
    """Have new rows numbered after those that were copied."""
    await connection.execute(
        "SELECT setval(pg_get_serial_sequence('dump', 'id'),"
        " (SELECT coalesce(max(id), 0) + 1 FROM dump), false)"
    )
    await connection.execute(
        "SELECT setval('version_row', (SELECT coalesce(max(id), 0) + 1 FROM version), false)"
    )


async def _copy_pictures(connection: asyncpg.Connection, media: Path) -> None:
    """Copy the pictures that are in the folder."""
    for (file,) in await connection.fetch("SELECT DISTINCT file FROM picture"):
        if (media / file).is_file():
            data = (media / file).read_bytes()
            await connection.execute("INSERT INTO media (file, bytes) VALUES ($1, $2)", file, data)


def to_sqlite(address: Address, target: Path) -> None:
    """Copy the store in PostgreSQL, as of one moment, to `target`, a new file for its owner alone.

    Raises:
        StoreError: the store cannot be read, or the file cannot be written.
    """
    with clear_file(target):
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
    run(_to_sqlite(address, target))


async def _to_sqlite(address: Address, target: Path) -> None:
    with clear_file(target):
        async with aiosqlite.connect(target, isolation_level=None) as file:
            await prepare_file(file, target)
            await file.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
    connection = await connected(address.url, address.name)
    try:
        with clear_file(target), closing(sqlite3.connect(target, isolation_level=None)) as out:
            out.execute("BEGIN")
            with clear(address.name):
                async with connection.transaction(isolation="repeatable_read", readonly=True):
                    for table in TABLES:
                        columns = COLUMNS[table]
                        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES"
                        sql += f" ({', '.join('?' * len(columns))})"
                        async for rows in _batches(connection, table):
                            out.executemany(sql, rows)
            out.execute("COMMIT")
    finally:
        connection.terminate()
