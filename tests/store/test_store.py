"""The store: a real SQLite file."""

from __future__ import annotations

import asyncio
import io
import itertools
import sqlite3
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.store as store_module
from bot.errors import ContentChanged, ReloadRunning
from bot.library.generations import group_versions
from bot.library.snapshot.thread_merge import versions_by_thread
from bot.loader import PARSER_VERSION, read_dump
from bot.loader.raw.content import PIECE, Content, Part, pieces
from bot.models import Thread
from bot.store.bulk_reader import BulkReader, content
from bot.store.migrations import FILE, MIGRATIONS
from bot.store.rows import Member, NewDump, Roots, Version, version_batches
from bot.store.store import Store
from bot.thread_ids import key64, root_text
from tests.conftest import SEED
from tests.strategies import versions

SHELF = 0


def new(data: bytes, file: str = "dump.txt") -> NewDump:
    return NewDump(read_dump(data, file), Content.of(data), "loaded", PARSER_VERSION)


def versions_in(store: Store, *members: Member) -> list[Version]:
    """All that `members` hold."""
    with BulkReader(store.path) as scan:
        return scan.versions(scan.roots([each.id for each in members]).rows.tolist())


async def test_what_comes_out_is_what_went_in(tmp_path: Path) -> None:
    dump = new(SEED.read_bytes(), SEED.name)
    async with Store.open(tmp_path) as store:
        await store.commit(SHELF, 0, [dump], actor="me", action="load")
    async with Store.open(tmp_path) as store:
        (member,) = await store.members(SHELF, 1)
        assert tuple(each.thread for each in versions_in(store, member)) == dump.dump.threads
        assert content(store.path, member.sha256).read() == SEED.read_bytes()


async def test_the_bytes_of_every_generation_are_kept(tmp_path: Path) -> None:
    async with Store.open(tmp_path) as store:
        await store.commit(SHELF, 0, [new(b"first")], actor="me", action="load")
        await store.commit(SHELF, 1, [new(b"second")], actor="me", action="load")
        kept = [
            content(store.path, (await store.members(SHELF, number))[0].sha256).read()
            for number in (1, 2)
        ]
    assert kept == [b"first", b"second"]


async def test_a_dump_that_was_there_before_is_stored_once(tmp_path: Path) -> None:
    async with Store.open(tmp_path) as store:
        for base in range(3):
            await store.commit(SHELF, base, [new(b"the same")], actor="me", action="load")
        rows = {(await store.members(SHELF, number))[0].id for number in (1, 2, 3)}
    assert len(rows) == 1


async def test_a_guild_does_not_see_the_shelf(tmp_path: Path) -> None:
    guild = 1174567567997327360
    async with Store.open(tmp_path) as store:
        await store.commit(SHELF, 0, [new(b"for all")], actor="me", action="load")
        assert await store.generation(guild) == 0
        await store.commit(guild, 0, [new(b"for us")], actor="me", action="load")
        assert await store.generation(SHELF) == 1
        (ours,) = versions_in(store, *await store.members(guild, 1))
        assert ours.thread.title == "for us"


async def test_who_comes_second_is_told_so_and_nothing_is_written(tmp_path: Path) -> None:
    async with Store.open(tmp_path) as one, Store.open(tmp_path) as other:
        await one.commit(SHELF, 0, [new(b"first")], actor="me", action="load")
        with pytest.raises(ReloadRunning):
            await other.commit(SHELF, 0, [new(b"second")], actor="you", action="load")
        assert await other.generation(SHELF) == 1


async def test_a_commit_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    broken = new(b"line one\nline two")
    tweet = replace(broken.dump.threads[0].tweets[0], line=None)  # type: ignore[arg-type]  # refused by the schema
    thread = replace(broken.dump.threads[0], tweets=(tweet,))
    broken = replace(broken, dump=replace(broken.dump, threads=(thread,)))
    async with Store.open(tmp_path) as store:
        with pytest.raises(Exception, match="NOT NULL"):
            await store.commit(SHELF, 0, [new(b"fine", "a"), broken], actor="me", action="load")
        assert await store.generation(SHELF) == 0
    with sqlite3.connect(tmp_path / FILE) as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608  # a constant
            for table in ("blob", "dump", "version", "tweet", "generation")
        ]
    connection.close()
    assert counts == [0, 0, 0, 0, 0]


async def test_reading_goes_on_while_another_writes(tmp_path: Path) -> None:
    async with Store.open(tmp_path) as store:
        await store.commit(SHELF, 0, [new(b"first")], actor="me", action="load")
        many = [new(f"dump {number}".encode(), str(number)) for number in range(300)]
        writing = asyncio.create_task(store.commit(SHELF, 1, many, actor="me", action="load"))
        seen = []
        while not writing.done():
            seen.append(len(await store.members(SHELF, await store.generation(SHELF))))
        await writing
        assert seen[0] == 1
        assert set(seen) <= {1, 300}


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


async def test_settings_are_remembered(tmp_path: Path) -> None:
    async with Store.open(tmp_path) as store:
        assert await store.setting("hash") is None
        await store.remember("hash", "1")
        await store.remember("hash", "2")
    async with Store.open(tmp_path) as store:
        assert await store.setting("hash") == "2"


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


async def test_a_dump_in_many_files_comes_back_file_by_file(tmp_path: Path) -> None:
    parts = {"data/account.js": b"{}", "data/tweets.js": b"[1]" * PIECE, "data/empty.js": b""}
    files = Content(
        tuple(Part(name, partial(io.BytesIO, data), len(data)) for name, data in parts.items())
    )
    dump = replace(new(b"Okapis").dump, sha256=files.sha256)
    tweet = replace(dump.threads[0].tweets[0], file=f"{dump.file}/data/tweets.js")
    dump = replace(dump, threads=(replace(dump.threads[0], tweets=(tweet,)),))
    async with Store.open(tmp_path) as store:
        await store.commit(SHELF, 0, [NewDump(dump, files, "loaded", 1)], actor="me", action="load")
        (member,) = await store.members(SHELF, 1)
        stored = content(store.path, member.sha256)
        assert stored.sha256 == files.sha256
        assert {part.name: b"".join(pieces(part)) for part in stored.parts} == parts
        (version,) = versions_in(store, member)
        assert version.thread.tweets == (tweet,)


async def test_a_file_that_changes_while_it_is_read_is_not_taken(tmp_path: Path) -> None:
    changing = NewDump(new(b"before").dump, Content.of(b"after"), "loaded", PARSER_VERSION)
    changing.content.__dict__["sha256"] = changing.dump.sha256
    async with Store.open(tmp_path) as store:
        with pytest.raises(ContentChanged):
            await store.commit(SHELF, 0, [changing], actor="me", action="load")
        assert await store.generation(SHELF) == 0


@given(st.lists(versions, max_size=6))
def test_families_are_found_in_the_store_as_in_memory(made: list[Thread]) -> None:
    def number(known: str | None) -> int:
        return key64(known.lower()) if known else 0

    roots = Roots(
        rows=np.arange(len(made), dtype=np.int64),
        roots=np.array([key64(root_text(each.tweets)) for each in made], np.int64),
        authors=np.array([number(each.author) for each in made], np.int64),
        tweets=np.array([number(each.tweets[0].tweet_id) for each in made], np.int64),
    )
    found = group_versions(roots)
    together = [
        [made[row] for row in found.rows[start:end].tolist()]
        for start, end in itertools.pairwise(found.starts.tolist())
    ]
    assert together == versions_by_thread(made)
