"""Reading whole generations, and the bytes of dumps, from each real database."""

from __future__ import annotations

import asyncio
import io
import sqlite3
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from bot.loader.raw.content import PIECE, Content, Part, pieces
from bot.store import bulk_reader
from bot.store.bulk_reader import BulkReader
from bot.store.migrations import FILE
from bot.store.places import SQLiteFolder
from bot.store.postgres import reader as postgres_reader
from bot.store.protocol import LibraryStore
from bot.store.rows import NewDump, ThreadVersions
from bot.thread_ids import key64
from tests.databases import at, change
from tests.store.stored import SHELF, bytes_of, new, versions_in

pytestmark = pytest.mark.usefixtures("each_database")


async def test_the_bytes_of_every_generation_are_kept(tmp_path: Path) -> None:
    async with at(tmp_path).open() as store:
        await store.commit(SHELF, 0, [new(b"first")], actor="me", action="load")
        await store.commit(SHELF, 1, [new(b"second")], actor="me", action="load")
        kept = [
            bytes_of(store, (await store.members(SHELF, number))[0].sha256) for number in (1, 2)
        ]
    assert kept == [b"first", b"second"]


async def test_a_dump_in_many_files_comes_back_file_by_file(tmp_path: Path) -> None:
    parts = {"data/account.js": b"{}", "data/tweets.js": b"[1]" * PIECE, "data/empty.js": b""}
    files = Content(
        tuple(Part(name, partial(io.BytesIO, data), len(data)) for name, data in parts.items())
    )
    dump = replace(new(b"Okapis").dump, sha256=files.sha256)
    tweet = replace(dump.threads[0].tweets[0], file=f"{dump.file}/data/tweets.js")
    dump = replace(dump, threads=(replace(dump.threads[0], tweets=(tweet,)),))
    async with at(tmp_path).open() as store:
        await store.commit(SHELF, 0, [NewDump(dump, files, "loaded", 1)], actor="me", action="load")
        (member,) = await store.members(SHELF, 1)
        with store.readers() as reader:
            stored = reader.content(member.sha256)
        assert stored.sha256 == files.sha256
        assert {part.name: b"".join(pieces(part)) for part in stored.parts} == parts
        (version,) = versions_in(store, member)
        assert version.thread.tweets == (tweet,)


async def stored(store: LibraryStore, *texts: str) -> list[int]:
    """The rows of dumps of these texts."""
    dumps = [new(text.encode(), f"{at}.txt") for at, text in enumerate(texts)]
    await store.commit(SHELF, await store.generation(SHELF), dumps, actor="me", action="load")
    return [each.id for each in await store.members(SHELF, await store.generation(SHELF))]


async def test_versions_come_in_the_order_they_are_asked_for(tmp_path: Path) -> None:
    async with at(tmp_path).open() as store:
        dumps = await stored(store, "Okapis are shy", "Zebras are not", "Tapirs may be")
        with store.readers() as reader:
            rows: list[int] = reader.roots(dumps).rows.tolist()
            for asked in (rows, rows[::-1], rows[1:2], []):
                found = reader.versions(asked)
                assert [each.id for each in found] == asked
            assert reader.versions(rows) == await store.versions(rows)


async def test_roots_come_dump_by_dump_in_the_order_asked_for(tmp_path: Path) -> None:
    async with at(tmp_path).open() as store:
        dumps = await stored(store, "---\nauthor: Anna\n---\nOkapis are shy", "Zebras are not")
        with store.readers() as reader:
            there, back = reader.roots(dumps), reader.roots(dumps[::-1])
            none = reader.roots([])
        assert there.rows.tolist() == back.rows.tolist()[::-1]
        assert there.roots.tolist() == back.roots.tolist()[::-1]
        assert there.authors.tolist() == [key64("anna"), 0]  # whatever its case
        assert there.tweets.tolist() == [0, 0]
        assert none.rows.tolist() == []


@pytest.mark.parametrize("batch", [1, 2, 9])
async def test_threads_come_whole_however_many_are_read_at_once(
    tmp_path: Path, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_reader, "BATCH", batch)
    monkeypatch.setattr(postgres_reader, "ROOTS", batch)
    async with at(tmp_path).open() as store:
        dumps = await stored(store, *(f"Okapi number {at} is shy" for at in range(5)))
        with store.readers() as reader:
            rows = reader.roots(dumps).rows
            threads = ThreadVersions(rows, np.array([0, 2, 3, 5], np.int64))
            found = [[each.id for each in some] for some in reader.threads(threads)]
        assert found == [rows[:2].tolist(), rows[2:3].tolist(), rows[3:].tolist()]


@pytest.mark.parametrize("size", [1_000, PIECE, 3 * PIECE])
async def test_a_dump_is_read_piece_by_piece_however_much_is_asked_for(
    tmp_path: Path, size: int
) -> None:
    data = bytes(range(256)) * (PIECE // 100)  # more than two pieces
    files = Content.of(data)
    dump = replace(new(b"Okapis are shy").dump, sha256=files.sha256)
    async with at(tmp_path).open() as store:
        await store.commit(SHELF, 0, [NewDump(dump, files, "loaded", 1)], actor="me", action="load")
        with store.readers() as reader:
            (part,) = reader.content(files.sha256).parts
        with part.open() as stream:
            read = b"".join(iter(lambda: stream.read(size), b""))
        assert read == data


async def test_a_bulk_reader_cannot_write(tmp_path: Path) -> None:
    async with SQLiteFolder(tmp_path).open():
        with BulkReader(tmp_path / FILE) as reader, pytest.raises(sqlite3.OperationalError):
            reader._connection.execute("DELETE FROM dump")  # noqa: SLF001  # what it must refuse


async def test_what_is_known_of_loaded_dumps_is_read_without_their_threads(tmp_path: Path) -> None:
    async with at(tmp_path).open() as store:
        await stored(store, "Okapis\n\nThey are shy", "Zebras")
        members = await store.members(SHELF, 1)
        with store.readers() as reader:
            found = list(reader.loaded(members))
        assert [each.dump.file for each in found] == ["0.txt", "1.txt"]
        assert [each.dump.sha256 for each in found] == [each.sha256 for each in members]
        sizes = [await store.size(each.id) for each in members]
        assert [(each.threads, each.tweets) for each in found] == sizes
        assert all(each.dump.threads == () and not each.pictures for each in found)


async def test_a_dump_whose_bytes_were_erased_counts_as_not_loaded(tmp_path: Path) -> None:
    async with at(tmp_path).open() as store:
        await stored(store, "Okapis", "Zebras")
        first, second = await store.members(SHELF, 1)
        await asyncio.to_thread(
            change,
            at(tmp_path),
            f"DELETE FROM piece WHERE sha256 = '{first.sha256}'",  # noqa: S608
        )
        with store.readers() as reader:
            (left,) = reader.loaded([first, second])
        assert left.dump.file == second.file
