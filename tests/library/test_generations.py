"""Generations: built from the store, read from their file, and read anew by a newer loader."""

from __future__ import annotations

import asyncio
import errno
import logging
import shutil
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.library import generations, layer_files
from bot.library.generations import (
    forgotten_keys,
    merged_in_file,
    read_again,
    save_snapshot,
    snapshot_of,
)
from bot.library.library import Library
from bot.loader import PARSER_VERSION
from bot.loader.raw.pictures import file_name
from bot.models import Answer, Thread
from bot.store.protocol import LibraryStore
from bot.store.rows import NO_UNDO, Member, NewDump
from bot.store.shelf import Shelf
from tests.databases import at, change, literal
from tests.pictures import JPEG
from tests.store.stored import SHELF, new

pytestmark = pytest.mark.usefixtures("each_database")


async def test_what_an_older_loader_read_is_read_anew(tmp_path: Path, seeds: Path) -> None:
    data = tmp_path / "data"
    async with Library.open(at(data), seeds):
        pass
    await asyncio.to_thread(
        change,
        at(data),
        "UPDATE dump SET parser_version = 0, checksum = 0",  # unknown
        "UPDATE tweet SET text = 'garbled'",
        "UPDATE version SET checksum = 0",
        "UPDATE generation SET checksum = 0",
    )
    async with Library.open(at(data), seeds) as library:
        assert (await library.ask("suitcases")).tweets > 0
        assert (await library.ask("garbled")).tweets == 0
        assert (await library.reload("me")).changed is False


async def _asked(data: Path, seeds: Path) -> tuple[Answer, Thread]:
    async with Library.open(at(data), seeds) as library:
        answer = await library.ask('chip "export controls" curbs thread:15e2ef4b6f90 suitcaze')
        return replace(answer, took_ms=0.0), await library.thread("flying suitcases")


async def test_a_library_starts_from_its_filed_index(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.library.generations")
    unfiled = await _asked(tmp_path / "data", seeds)
    assert list((tmp_path / "data").glob("*.bin")) == []  # too small to be worth it
    monkeypatch.setattr(generations, "WORTH_A_FILE", 1)
    assert await _asked(tmp_path / "data", seeds) == unfiled
    path = tmp_path / "data" / "index-0.bin"
    written = path.stat().st_mtime_ns
    assert await _asked(tmp_path / "data", seeds) == unfiled
    assert path.stat().st_mtime_ns == written
    assert caplog.text == ""

    path.write_bytes(path.read_bytes()[:-9])
    assert await _asked(tmp_path / "data", seeds) == unfiled
    assert "cannot use index-0.bin: it is damaged; rebuilding the index" in caplog.text
    assert path.stat().st_mtime_ns != written


async def test_an_index_of_an_earlier_file_version_is_built_anew(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.library.generations")
    monkeypatch.setattr(generations, "WORTH_A_FILE", 1)
    with monkeypatch.context() as earlier:
        earlier.setattr(layer_files, "FILE_VERSION", layer_files.FILE_VERSION - 1)
        filed = await _asked(tmp_path / "data", seeds)
    path = tmp_path / "data" / "index-0.bin"
    before = path.read_bytes()
    assert await _asked(tmp_path / "data", seeds) == filed
    assert "cannot use index-0.bin: it was made from other data" in caplog.text
    assert path.read_bytes() != before


async def test_an_index_filed_for_another_generation_is_not_used(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "WORTH_A_FILE", 1)
    (tmp_path / "more.txt").write_text("An okapi came to the port.", encoding="utf-8")
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        await library.load([tmp_path / "more.txt"], "ada")
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        assert (await library.ask("okapi")).tweets == 1
        await library.undo("ada")
        assert (await library.ask("okapi")).tweets == 0
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        assert (await library.ask("okapi")).tweets == 0
        assert (await library.ask("chips")).tweets > 0


async def test_a_generation_is_built_of_the_newest_dumps(tmp_path: Path) -> None:
    async with at(tmp_path).open() as store:
        empty = await snapshot_of(store, SHELF)
        assert (empty.generation, len(empty.index)) == (0, 0)
        await store.commit(SHELF, 0, [new(b"Okapis are shy")], actor="me", action="load")
        await store.commit(SHELF, 1, [new(b"Zebras are not")], actor="me", action="load")
        snapshot = await snapshot_of(store, SHELF)
        assert [each.summary.title for each in snapshot.catalogue] == ["Zebras are not"]
        assert snapshot.generation == 2


async def test_a_guilds_generation_is_on_top_of_the_shared_one(tmp_path: Path) -> None:
    async with at(tmp_path).open() as store:
        await store.commit(SHELF, 0, [new(b"Okapis are shy")], actor="me", action="load")
        await store.commit(7, 0, [new(b"Zebras are not")], actor="me", action="load")
        own = await snapshot_of(store, 7)
        assert [each.summary.title for each in own.catalogue] == [
            "Okapis are shy",
            "Zebras are not",
        ]
        assert (own.generation, own.shared_generation) == (1, 1)
        assert (await snapshot_of(store, SHELF)).shared_generation == 0


async def test_a_generation_built_on_the_one_before_is_what_one_built_anew_is(
    tmp_path: Path,
) -> None:
    async with at(tmp_path).open() as store:
        dumps = [new(f"Okapi number {at} is shy".encode(), f"{at}.txt") for at in range(9)]
        await store.commit(SHELF, 0, dumps, actor="me", action="load")
        before = await snapshot_of(store, SHELF)
        members = await store.members(SHELF, 1)
        wanted: list[Member | NewDump] = [*members[1:], new(b"Zebras are not", "z.txt")]
        await store.commit(SHELF, 1, wanted, actor="me", action="load")
        revised = await snapshot_of(store, SHELF, before=before)
        built = await snapshot_of(store, SHELF)
        assert [*revised.catalogue] == [*built.catalogue]
        one, other = (each.index.match(["okapi"]) for each in (revised, built))
        assert sorted(one.scores.tolist()) == sorted(other.scores.tolist())
        assert revised.generation == built.generation == 2


async def test_what_is_forgotten_is_in_no_later_generation(tmp_path: Path) -> None:
    async with at(tmp_path).open() as store:
        dumps = [new(b"Okapis are shy", "o.txt"), new(b"Zebras are not", "z.txt")]
        await store.commit(SHELF, 0, dumps, actor="me", action="load")
        hidden = forgotten_keys(await snapshot_of(store, SHELF), 0)
        assert [each.label for each in hidden] == ["Okapis are shy"]
        for base in (1, 2):
            again = new(b"Okapis are shy\n", f"{base}.txt")
            members: list[Member | NewDump] = [*await store.members(SHELF, base), again]
            await store.commit(SHELF, base, members, actor="me", action="forget", forgotten=hidden)
            snapshot = await snapshot_of(store, SHELF)
            assert [each.summary.title for each in snapshot.catalogue] == ["Zebras are not"]


async def test_a_small_snapshot_is_not_saved_and_a_larger_one_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at(tmp_path).open() as store:
        await store.commit(SHELF, 0, [new(b"Okapis are shy")], actor="me", action="load")
        snapshot = await snapshot_of(store, SHELF)
        path = tmp_path / "index-0.bin"
        monkeypatch.setattr(generations, "WORTH_A_FILE", 2)
        await save_snapshot(store, SHELF, snapshot)
        assert not path.exists()
        monkeypatch.setattr(generations, "WORTH_A_FILE", 1)
        await save_snapshot(store, SHELF, snapshot)
        saved = path.stat().st_mtime_ns
        await save_snapshot(store, SHELF, snapshot)
        assert path.stat().st_mtime_ns == saved


def erasing(
    write: Callable[..., object], store: LibraryStore, generation: int
) -> Callable[..., object]:
    """Return `write`, after which something is erased from what `generation` has."""
    loop = asyncio.get_running_loop()

    def writing(*values: Any) -> object:
        made = write(*values)
        commit = store.commit(SHELF, generation, [], actor="me", action="erase", parent=NO_UNDO)
        asyncio.run_coroutine_threadsafe(commit, loop).result()
        return made

    return writing


@pytest.mark.parametrize("is_left", [False, True])
async def test_what_is_erased_while_a_snapshot_is_saved_is_in_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_left: bool
) -> None:
    monkeypatch.setattr(generations, "WORTH_A_FILE", 1)
    async with at(tmp_path / "data").open() as store:
        if is_left:
            monkeypatch.setattr(store, "shelf", Shelf(str(tmp_path / "left")))
        await store.commit(SHELF, 0, [new(b"Okapis are shy")], actor="me", action="load")
        snapshot = await snapshot_of(store, SHELF)
        monkeypatch.setattr(layer_files, "write", erasing(layer_files.write, store, 1))
        assert await save_snapshot(store, SHELF, snapshot) == []
    assert not [*tmp_path.rglob("index-*.bin")]  # noqa: ASYNC240


async def test_erased_words_that_cannot_be_taken_back_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(generations, "WORTH_A_FILE", 1)
    async with at(tmp_path).open() as store:
        monkeypatch.setattr(store, "shelf", Shelf(str(tmp_path / "left")))
        await store.commit(SHELF, 0, [new(b"Okapis are shy")], actor="me", action="load")
        snapshot = await snapshot_of(store, SHELF)
        write = erasing(layer_files.write, store, 1)

        def refuse(_: object) -> list[str]:
            raise OSError(errno.EACCES, "access denied")

        def erased(*values: Any) -> object:
            made = write(*values)
            monkeypatch.setattr(Shelf, "names", refuse)
            return made

        monkeypatch.setattr(layer_files, "write", erased)
        assert await save_snapshot(store, SHELF, snapshot) == []
    assert "layers with erased words cannot be deleted" in caplog.text


async def test_layers_are_merged_in_a_file_if_it_can_be_written_and_nothing_was_erased(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at(tmp_path).open() as store:
        await store.commit(SHELF, 0, [new(b"Okapis are shy", "o.txt")], actor="me", action="load")
        before = await snapshot_of(store, SHELF)
        members: list[Member | NewDump] = [*await store.members(SHELF, 1)]
        members.append(new(b"Zebras are not", "z.txt"))
        await store.commit(SHELF, 1, members, actor="me", action="load")
        snapshot = await snapshot_of(store, SHELF, before=before)
        assert len(snapshot.parts) == 2
        part = await merged_in_file(store, SHELF, snapshot, 0, 2)
        assert part is not None
        assert [*snapshot.with_merged(part, 0, 2).catalogue] == [*snapshot.catalogue]
        layer_files.delete_one(tmp_path / "index-0.bin", part.layer.name)
        write = layer_files.write_merged

        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, "no space left")

        monkeypatch.setattr(layer_files, "write_merged", full)
        assert await merged_in_file(store, SHELF, snapshot, 0, 2) is None
        monkeypatch.setattr(layer_files, "write_merged", erasing(write, store, 2))
        assert await merged_in_file(store, SHELF, snapshot, 0, 2) is None  # erased meanwhile
        assert await merged_in_file(store, SHELF, snapshot, 0, 2) is None  # erased before
    assert not [*tmp_path.glob("index-*")]  # noqa: ASYNC240


async def test_a_dump_that_cannot_be_read_again_keeps_what_was_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with at(tmp_path).open() as store:
        readable, broken = new(b"Okapis are shy", "o.txt"), new(b"Zebras are not", "z.txt")
        old = [replace(each, parser_version=0) for each in (readable, broken)]
        await store.commit(SHELF, 0, old, actor="me", action="load")
    packed = literal(zlib.compress(bytes(100)))
    await asyncio.to_thread(
        change,
        at(tmp_path),
        f"UPDATE piece SET packed = {packed} WHERE sha256 = '{broken.dump.sha256}'",  # noqa: S608
    )
    async with at(tmp_path).open() as store:
        await read_again(store, SHELF)
        members = await store.members(SHELF, 2)
        assert [each.parser_version for each in members] == [PARSER_VERSION, 0]
        assert "keeping what an earlier version of Threadbot read" in caplog.text
        assert [each.summary.title for each in (await snapshot_of(store, SHELF)).catalogue] == [
            "Zebras are not",
            "Okapis are shy",
        ]
        assert await store.parent(SHELF, 2) == 0  # undo does not go back to it


async def test_what_this_loader_read_is_not_read_again(tmp_path: Path) -> None:
    async with at(tmp_path).open() as store:
        await store.commit(SHELF, 0, [new(b"Okapis are shy")], actor="me", action="load")
        await read_again(store, SHELF)
        assert await store.generation(SHELF) == 1


async def test_what_is_read_again_keeps_its_pictures(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(JPEG)
    (folder / "a.md").write_text(
        "# A\n\nOkapis ![A crane](a.jpg)\n\n![](https://a.example/b.jpg)\n"
    )
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        await library.load([folder], "me")
    shutil.rmtree(folder)
    monkeypatch.setattr(generations, "PARSER_VERSION", PARSER_VERSION + 1)
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        (tweet,) = (await library.thread("okapis")).tweets
        assert [each.file for each in tweet.media] == [file_name(JPEG), None]
        assert (await library.history())[0].action == "reread"
