"""Migrations: stores of earlier versions keep what they hold, and errors say what to do."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import bot.store as store_module
from bot.store.bulk_reader import BulkReader, content
from bot.store.migrations import FILE, MIGRATIONS
from bot.store.rows import version_batches
from bot.store.store import Store
from tests.conftest import SEED
from tests.store.stored import SHELF, new, versions_in


async def test_it_is_strict_in_wal_mode_and_keeps_foreign_keys(tmp_path: Path) -> None:
    async with Store.open(tmp_path):
        pass
    with sqlite3.connect(tmp_path / FILE) as connection:
        tables = connection.execute("SELECT name, strict FROM pragma_table_list").fetchall()
        mode = connection.execute("PRAGMA journal_mode").fetchone()
        version = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    ours = {name: strict for name, strict in tables if not name.startswith("sqlite_")}
    ours.pop("version_head")  # a view
    assert len(ours) == 11
    assert all(ours.values())
    assert mode == ("wal",)
    assert version == (len(MIGRATIONS),)


async def test_a_store_of_the_first_version_keeps_what_it_holds(tmp_path: Path) -> None:
    dump = new(SEED.read_bytes(), SEED.name)
    script = (Path(store_module.__file__).parent / "schema" / "schema.sql").read_text(
        encoding="utf-8"
    )
    with sqlite3.connect(tmp_path / FILE) as old:
        old.executescript(script)
        old.execute("PRAGMA user_version = 1")
        old.execute("INSERT INTO blob VALUES (?, ?)", (dump.dump.sha256, SEED.read_bytes()))
        old.execute(
            "INSERT INTO dump VALUES (1, 0, ?, 'seeds', ?, '{}', 'thread-reader-text', 1)",
            (SEED.name, dump.dump.sha256),
        )
        for versions, tweets in version_batches(1, 1, dump.dump):
            old.executemany(
                "INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [v[:9] for v in versions]
            )
            old.executemany(
                "INSERT INTO tweet VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [t[:10] for t in tweets]
            )
        old.execute(
            "INSERT INTO generation (scope, number, parent, actor, action)"
            " VALUES (0, 1, 0, 'me', 'seeds')"
        )
        old.execute("INSERT INTO generation_dump VALUES (0, 1, 0, 1)")
    old.close()
    async with Store.open(tmp_path) as store:
        (member,) = await store.members(SHELF, 1)
        assert tuple(each.thread for each in versions_in(store, member)) == dump.dump.threads
        assert content(store.path, member.sha256).read() == SEED.read_bytes()
        with BulkReader(store.path) as scan:
            migrated = scan.roots([1])
        await store.commit(SHELF, 1, [replace(dump, parser_version=9)], actor="me", action="load")
        (again,) = await store.members(SHELF, 2)
        with BulkReader(store.path) as scan:
            assert scan.roots([again.id]).roots.tolist() == migrated.roots.tolist()
    with sqlite3.connect(tmp_path / FILE) as migrated_file:
        assert migrated_file.execute("PRAGMA foreign_key_check").fetchall() == []
        assert migrated_file.execute("SELECT count(*) FROM generation").fetchone() == (2,)
    migrated_file.close()
