"""Checksums: whatever changes in what is served is noticed."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StoreDamaged
from bot.store.bulk_reader import BulkReader
from bot.store.checksums import carry_out, filling
from bot.store.migrations import FILE
from bot.store.rows import Forgotten
from bot.store.store import Store
from tests.store.stored import SHELF, new

DUMP = b"---\nauthor: anna\n---\nOkapis are shy https://zoo.example/a\n\n\nThey live in Ituri\n"
HIDDEN = Forgotten("author", "7", "@ben")


async def stored(folder: Path) -> Path:
    """A store with a dump, and something hidden."""
    async with Store.open(folder) as store:
        await store.commit(
            SHELF, 0, [new(DUMP, "a.txt")], actor="me", action="load", forgotten=[HIDDEN]
        )
    return folder / FILE


async def read(folder: Path) -> None:
    """Read all that is served."""
    async with Store.open(folder) as store:
        members = await store.members(SHELF, 1)
        await store.forgotten(SHELF, 1)
        with BulkReader(store.path) as reader:
            rows = reader.roots([each.id for each in members]).rows.tolist()
            assert rows
            reader.versions(rows)
        await store.versions(rows)


def change(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute(sql).rowcount


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE tweet SET text = replace(text, 'shy', 'sly')",
        "UPDATE tweet SET links = '[]' WHERE position = 1",
        "UPDATE tweet SET author = 'ben'",
        "UPDATE tweet SET created_at = '2020-01-01'",
        "UPDATE tweet SET permalink = 'https://x.com/a/status/1'",
        "UPDATE tweet SET tweet_id = '1'",
        "UPDATE tweet SET line = 9",
        "UPDATE tweet SET part = 'b.txt'",
        "UPDATE tweet SET extras = '{}'",
        "UPDATE tweet SET mentions = '[\"ben\"]'",
        "UPDATE tweet SET position = 5 - position",
        "DELETE FROM tweet WHERE position = 2",
        "UPDATE version SET title = 'Another'",
        "UPDATE version SET thread_id = '0123456789ab'",
        "UPDATE version SET aliases = '[\"0123456789ab\"]'",
        "UPDATE version SET author = 'ben'",
        "UPDATE version SET complete = 1 - complete",
        "UPDATE version SET source_url = 'https://zoo.example'",
        "UPDATE version SET author_name = 'Ben'",
        "UPDATE version SET root = root + 1",
        "UPDATE version SET root_tweet = '1'",
        "UPDATE version SET stem = stem + 1",
        "UPDATE version SET cut = 1 - cut",
        "DELETE FROM version",
        "UPDATE dump SET file = 'b.txt'",
        "UPDATE dump SET origin = 'seeds'",
        'UPDATE dump SET metadata = \'{"author": "ben"}\'',
        "UPDATE dump SET format = 'json'",
        "UPDATE generation SET parent = 7",
        "UPDATE generation SET created_at = '2020-01-01'",
        "UPDATE generation SET actor = 'ben'",
        "UPDATE generation SET action = 'undo'",
        "UPDATE generation_dump SET place = 1, generation = 7",
        "DELETE FROM forgotten",
        "UPDATE forgotten SET key = '8'",
        "UPDATE forgotten SET said = '@anna'",
    ],
)
async def test_whatever_changes_is_noticed(tmp_path: Path, sql: str) -> None:
    path = await stored(tmp_path)
    await read(tmp_path)
    await asyncio.to_thread(change, path, f"PRAGMA foreign_keys = OFF; {sql}".split("; ")[1])
    with pytest.raises(StoreDamaged):
        await read(tmp_path)


async def test_unknown_checksums_are_computed_and_known_ones_stay(tmp_path: Path) -> None:
    path = await stored(tmp_path)
    columns = "SELECT 'v', id, checksum FROM version UNION SELECT 'd', id, checksum FROM dump UNION"
    columns += " SELECT 'g', number, checksum FROM generation"
    with closing(sqlite3.connect(path)) as connection, connection:
        before = connection.execute(columns).fetchall()
        assert all(row[2] for row in before)
        for table in ("version", "dump", "generation"):
            connection.execute(f"UPDATE {table} SET checksum = 0")  # noqa: S608  # constants
        carry_out(connection, filling())
        assert connection.execute(columns).fetchall() == before
        connection.execute("UPDATE tweet SET text = 'changed'")
        connection.execute("UPDATE dump SET checksum = 0")
        carry_out(connection, filling())
    with pytest.raises(StoreDamaged, match=r"thread .* in a\.txt is not what was stored"):
        await read(tmp_path)
