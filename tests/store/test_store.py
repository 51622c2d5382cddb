"""The store, in real SQLite files and in a real PostgreSQL."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import ContentChanged, ReloadRunning
from bot.loader import PARSER_VERSION
from bot.loader.raw.content import Content
from bot.loader.raw.pictures import Pictures, Source, file_name
from bot.store.rows import NewDump
from tests.conftest import SEED
from tests.databases import at
from tests.pictures import JPEG
from tests.store.stored import SHELF, bytes_of, new, versions_in

pytestmark = pytest.mark.usefixtures("each_database")


async def test_what_comes_out_is_what_went_in(tmp_path: Path) -> None:
    dump = new(SEED.read_bytes(), SEED.name)
    async with at(tmp_path).open() as store:
        await store.commit(SHELF, 0, [dump], actor="me", action="load")
    async with at(tmp_path).open() as store:
        (member,) = await store.members(SHELF, 1)
        assert tuple(each.thread for each in versions_in(store, member)) == dump.dump.threads
        assert bytes_of(store, member.sha256) == SEED.read_bytes()


async def test_a_dump_that_was_there_before_is_stored_once(tmp_path: Path) -> None:
    async with at(tmp_path).open() as store:
        for base in range(3):
            await store.commit(SHELF, base, [new(b"the same")], actor="me", action="load")
        rows = {(await store.members(SHELF, number))[0].id for number in (1, 2, 3)}
    assert len(rows) == 1


async def test_a_guild_does_not_see_the_shelf(tmp_path: Path) -> None:
    guild = 1174567567997327360
    async with at(tmp_path).open() as store:
        await store.commit(SHELF, 0, [new(b"for all")], actor="me", action="load")
        assert await store.generation(guild) == 0
        await store.commit(guild, 0, [new(b"for us")], actor="me", action="load")
        assert await store.generation(SHELF) == 1
        (ours,) = versions_in(store, *await store.members(guild, 1))
        assert ours.thread.title == "for us"


async def test_who_comes_second_is_told_so_and_nothing_is_written(tmp_path: Path) -> None:
    async with at(tmp_path).open() as one, at(tmp_path).open() as other:
        await one.commit(SHELF, 0, [new(b"first")], actor="me", action="load")
        with pytest.raises(ReloadRunning):
            await other.commit(SHELF, 0, [new(b"second")], actor="you", action="load")
        assert await other.generation(SHELF) == 1


async def test_a_commit_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    broken = new(b"line one\nline two")
    tweet = replace(broken.dump.threads[0].tweets[0], line=None)  # type: ignore[arg-type]  # refused by the schema
    thread = replace(broken.dump.threads[0], tweets=(tweet,))
    broken = replace(broken, dump=replace(broken.dump, threads=(thread,)))
    async with at(tmp_path).open() as store:
        with pytest.raises(Exception, match=r"(?i)not.null"):
            await store.commit(SHELF, 0, [new(b"fine", "a"), broken], actor="me", action="load")
        assert await store.generation(SHELF) == 0
    counts = await asyncio.to_thread(at(tmp_path).counts)
    assert not any(counts.values())


async def test_reading_goes_on_while_another_writes(tmp_path: Path) -> None:
    async with at(tmp_path).open() as store:
        await store.commit(SHELF, 0, [new(b"first")], actor="me", action="load")
        many = [new(f"dump {number}".encode(), str(number)) for number in range(300)]
        writing = asyncio.create_task(store.commit(SHELF, 1, many, actor="me", action="load"))
        seen = []
        while not writing.done():
            seen.append(len(await store.members(SHELF, await store.generation(SHELF))))
        await writing
        assert seen[0] == 1
        assert set(seen) <= {1, 300}


async def test_settings_are_remembered(tmp_path: Path) -> None:
    async with at(tmp_path).open() as store:
        assert await store.setting("hash") is None
        await store.remember("hash", "1")
        await store.remember("hash", "2")
    async with at(tmp_path).open() as store:
        assert await store.setting("hash") == "2"


async def test_a_file_that_changes_while_it_is_read_is_not_taken(tmp_path: Path) -> None:
    changing = NewDump(new(b"before").dump, Content.of(b"after"), "loaded", PARSER_VERSION)
    changing.content.__dict__["sha256"] = changing.dump.sha256
    async with at(tmp_path).open() as store:
        with pytest.raises(ContentChanged):
            await store.commit(SHELF, 0, [changing], actor="me", action="load")
        assert await store.generation(SHELF) == 0


async def test_the_pictures_of_a_dump_are_known_by_their_paths(tmp_path: Path) -> None:
    name = file_name(JPEG) or ""
    pictures = Pictures(Source({"pics/a.jpg": len(JPEG)}, lambda _: JPEG))
    assert pictures.file_for("a.jpg") == name
    dump = replace(new(b"Okapis are shy"), pictures=pictures)
    async with at(tmp_path).open() as store:
        await store.commit(SHELF, 0, [dump], actor="me", action="load")
        assert await store.pictures(dump.dump.sha256) == {"pics/a.jpg": name}
        orphan = store.media / f"{'0' * 64}.jpg"
        orphan.touch()
        assert await store.sweep_pictures() == 0
        os.utime(orphan, (0, 0))
        os.utime(store.media / name, (0, 0))
        assert await store.sweep_pictures() == 1
        assert [each.name for each in store.media.iterdir()] == [name]
