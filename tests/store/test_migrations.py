"""Migrations: stores of earlier versions keep what they hold, and errors say what to do."""

from __future__ import annotations

import asyncio
import sqlite3
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

import bot.store as store_module
from bot.errors import StoreError, StoreTooNew
from bot.store.bulk_reader import BulkReader, content
from bot.store.migrations import FILE, MIGRATIONS
from bot.store.rows import NO_UNDO, Forgotten, rows_of
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
    assert len(ours) == 12
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
        versions, tweets = rows_of(dump.dump.threads, 1, 1, 0, dump.dump.file)
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


SCHEMAS = Path(store_module.__file__).parent / "schema"


def old_store(folder: Path, version: int) -> Path:
    """Create a store of an earlier version, with one generation of one dump of one tweet."""
    path = folder / FILE
    dump = new(b"Okapis are shy", "okapi.txt").dump
    with sqlite3.connect(path) as old:
        old.create_function("pack", 1, zlib.compress)
        old.create_function("root_key", 1, lambda texts: len(texts))
        old.create_function("stem_key", 1, lambda text: len(text))
        old.create_function("is_cut", 1, lambda _: 0)
        old.executescript((SCHEMAS / MIGRATIONS[0]).read_text(encoding="utf-8"))
        old.execute("INSERT INTO blob VALUES (?, ?)", (dump.sha256, b"Okapis are shy"))
        old.execute(
            "INSERT INTO dump VALUES (1, 0, 'okapi.txt', 'loaded', ?, '{}', 'text', 1)",
            (dump.sha256,),
        )
        heads, tweets = rows_of(dump.threads, 1, 1, 0, dump.file)
        old.executemany(
            "INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [v[:9] for v in heads]
        )
        old.executemany(
            "INSERT INTO tweet VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [t[:10] for t in tweets]
        )
        old.execute(
            "INSERT INTO generation (scope, number, parent, actor, action)"
            " VALUES (0, 1, 0, 'ada', 'load')"
        )
        old.execute("INSERT INTO generation_dump VALUES (0, 1, 0, 1)")
        old.execute("INSERT INTO setting VALUES ('key', 'kept')")
        for name in MIGRATIONS[1:version]:
            old.executescript((SCHEMAS / name).read_text(encoding="utf-8"))
        old.execute(f"PRAGMA user_version = {version}")
    old.close()
    return path


def schema(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The columns of each table: name, type, whether null, default and place in the key."""
    with sqlite3.connect(path) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM pragma_table_list")]
        found = {
            table: connection.execute(
                'SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?)', (table,)
            ).fetchall()
            for table in tables
            if not table.startswith("sqlite_")
        }
    connection.close()
    return found


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
async def test_a_store_of_each_earlier_version_becomes_what_a_new_one_is(
    tmp_path: Path, version: int
) -> None:
    path = old_store(tmp_path, version)
    async with Store.open(tmp_path):
        pass
    fresh = tmp_path / "fresh"
    async with Store.open(fresh):
        pass
    assert schema(path) == schema(fresh / FILE)


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
async def test_a_store_of_each_earlier_version_keeps_what_it_holds(
    tmp_path: Path, version: int
) -> None:
    old_store(tmp_path, version)
    async with Store.open(tmp_path) as store:
        assert await store.generation(SHELF) == 1
        (member,) = await store.members(SHELF, 1)
        (held,) = versions_in(store, member)
        assert [each.text for each in held.thread.tweets] == ["Okapis are shy"]
        assert content(store.path, member.sha256).read() == b"Okapis are shy"
        assert await store.setting("key") == "kept"
        (event,) = await store.history(SHELF, 9)
        assert (event.actor, event.action, event.dumps) == ("ada", "load", 1)


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
async def test_a_store_of_each_earlier_version_takes_what_only_new_ones_know(
    tmp_path: Path, version: int
) -> None:
    old_store(tmp_path, version)
    hidden = Forgotten("author", "1", "@anna")
    async with Store.open(tmp_path) as store:
        members = await store.members(SHELF, 1)
        await store.commit(SHELF, 1, members, actor="me", action="forget", forgotten=[hidden])
        await store.commit(SHELF, 2, [], actor="me", action="remove")
        await store.commit(SHELF, 3, members, actor="me", action="restore", forgotten=[])
        await store.commit(SHELF, 4, members, actor="me", action="erase", parent=NO_UNDO)
        assert not await store.erased_since(SHELF, 5)
        assert await store.erased_since(SHELF, 4)
        assert await store.change_behind(SHELF, 5) is None
        assert await store.forgotten(SHELF, 3) == [hidden]


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
async def test_a_store_may_be_migrated_by_two_at_once(tmp_path: Path, version: int) -> None:
    old_store(tmp_path, version)

    async def opened() -> int:
        async with Store.open(tmp_path) as store:
            return await store.generation(SHELF)

    assert await asyncio.gather(*(opened() for _ in range(4))) == [1, 1, 1, 1]


async def test_a_store_of_a_later_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = old_store(tmp_path, 1)
    with sqlite3.connect(path) as later:
        later.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    later.close()
    before = path.read_bytes()
    with pytest.raises(StoreTooNew):
        async with Store.open(tmp_path):
            pass
    assert path.read_bytes() == before


async def test_a_folder_that_cannot_be_created_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="the folder cannot be created"):
        async with Store.open(tmp_path / "file" / "data"):
            pass
