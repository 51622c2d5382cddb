"""Migrates the store's file to the current schema."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import aiosqlite

from bot.errors import StoreTooNew
from bot.loader.raw.packed_pieces import packed
from bot.store.checksums import carried_out, filling
from bot.thread_ids import is_cut, key64, root_of, stem_key

FILE = "threadbot.sqlite3"
"""The name of the store's file."""
MIGRATIONS = ("schema.sql", "schema_2.sql", "schema_3.sql", "schema_4.sql", "schema_5.sql")
"""Scripts, in order. A store's `user_version` is how many of them were applied."""
WITH_CHECKSUMS = "schema_5.sql"
"""The script that adds the columns of checksums."""
BUSY_MS = 5000
"""Milliseconds to wait for another process that writes."""


async def prepare(writer: aiosqlite.Connection, path: Path) -> None:
    """Configure the connection, and migrate the store to this program's schema.

    Raises:
        StoreTooNew: a newer version of the program wrote it.
    """
    await writer.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    is_old = await is_of_earlier_version(writer, path)
    await writer.execute("PRAGMA journal_mode = WAL")
    # What a load has reported as done survives a power cut. Loads are rare, so this costs little.
    await writer.execute("PRAGMA synchronous = FULL")
    await writer.execute("PRAGMA cell_size_check = ON")
    if is_old:
        await writer.create_function("pack", 1, packed)
        await writer.create_function("root_key", 1, _root_key)
        await writer.create_function("stem_key", 1, stem_key)
        await writer.create_function("is_cut", 1, is_cut)
        await writer.execute("BEGIN IMMEDIATE")
        # Read again: another process may have migrated it while this one waited to begin.
        for step in range(await _user_version(writer), len(MIGRATIONS)):
            script = (Path(__file__).parent / "schema" / MIGRATIONS[step]).read_text(
                encoding="utf-8"
            )
            for statement in _statements(script):
                await writer.execute(statement)
            await writer.execute(f"PRAGMA user_version = {step + 1}")
            if MIGRATIONS[step] == WITH_CHECKSUMS:
                await carried_out(writer, filling())
        await writer.execute("COMMIT")
    # Last, because a table that others refer to cannot be recreated while keys are enforced.
    await writer.execute("PRAGMA foreign_keys = ON")


async def is_of_earlier_version(connection: aiosqlite.Connection, path: Path) -> bool:
    """Whether the store must be migrated before it can be read.

    Raises:
        StoreTooNew: a newer version of the program wrote it.
    """
    found = await _user_version(connection)
    if found > len(MIGRATIONS):
        raise StoreTooNew(path, found=found, known=len(MIGRATIONS))
    return found < len(MIGRATIONS)


def _root_key(texts: str) -> int:
    """Return the column `root` of a version, from its tweets' texts as a JSON array."""
    return key64(root_of(json.loads(texts)))


async def _user_version(connection: aiosqlite.Connection) -> int:
    rows = list(await connection.execute_fetchall("PRAGMA user_version"))
    return int(rows[0][0])


def _statements(script: str) -> Iterator[str]:
    """Yield each statement; `executescript` would commit the surrounding transaction."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
