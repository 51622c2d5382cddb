"""Repairing a damaged store."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StoreDamaged, StoreError
from bot.library.library import Library
from bot.operations.repair import repair
from bot.store import upkeep
from bot.store.migrations import FILE
from tests.conftest import SEEDS
from tests.store.test_salvage import change

AUTHORED = "---\nauthor: anna\n---\nHerons wait\n"


async def loaded(folder: Path) -> Path:
    """A library with the seeds and a file, with something hidden; return its store."""
    (folder / "heron.txt").write_text(AUTHORED, encoding="utf-8")
    async with Library.open(folder / "data", SEEDS) as library:
        await library.load([folder / "heron.txt"], "me")
        await library.forget("me", thread="suitcases")
        await library.remember("key", "kept")
    return folder / "data" / FILE


async def served(folder: Path) -> tuple[int, int, str | None]:
    """How many tweets of the seeds and the file are found, and a setting."""
    async with Library.open(folder / "data", SEEDS) as library:
        herons, chips = await library.ask("herons"), await library.ask("half marathon")
        assert (await library.ask("suitcases")).tweets == 0
        return herons.tweets, chips.tweets, await library.setting("key")


async def test_a_changed_thread_is_read_again_from_the_stored_bytes(tmp_path: Path) -> None:
    path = await loaded(tmp_path)
    before = await served(tmp_path)
    change(path, "UPDATE tweet SET text = 'Herons bait' WHERE text = 'Herons wait'")
    for each in path.parent.glob("index-*"):
        each.unlink()
    async with Library.open(tmp_path / "else", SEEDS):
        pass
    with pytest.raises(StoreDamaged):
        await served(tmp_path)
    done = await repair(path.parent, "me")
    assert [Path(each).name for each in done.read_again] == ["heron.txt"]
    assert done.lost == []
    assert await served(tmp_path) == before
    assert upkeep.damage(path, full=True) == []
    with closing(sqlite3.connect(done.set_aside / FILE)) as old:
        assert old.execute("SELECT count(*) FROM generation").fetchone() == (3,)


async def test_what_is_lost_is_named_and_the_rest_is_kept(tmp_path: Path) -> None:
    path = await loaded(tmp_path)
    change(path, "UPDATE tweet SET text = 'Herons bait' WHERE text = 'Herons wait'")
    change(
        path,
        "UPDATE piece SET packed = zeroblob(9) WHERE sha256 ="
        " (SELECT sha256 FROM dump WHERE file LIKE '%heron.txt')",
    )
    done = await repair(path.parent, "me")
    (lost,) = done.lost
    assert lost.endswith("heron.txt: threads, and the bytes of the file. Load it again.")
    herons, chips, setting = await served(tmp_path)
    assert (herons, setting) == (0, "kept")
    assert chips > 0


async def test_threads_stay_without_the_bytes_of_their_file(tmp_path: Path) -> None:
    path = await loaded(tmp_path)
    before = await served(tmp_path)
    change(path, "DELETE FROM piece")
    done = await repair(path.parent, "me")
    assert len(done.whole) == 2
    assert await served(tmp_path) == before


async def test_a_damaged_list_of_files_brings_all_back_and_says_so(tmp_path: Path) -> None:
    path = await loaded(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'generation_dump'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(bytes(size))
    with pytest.raises(StoreDamaged):
        await served(tmp_path)
    done = await repair(path.parent, "me")
    assert any("all that were ever loaded are back" in each for each in done.lost)
    assert (await served(tmp_path))[0] == 1


async def test_an_open_store_is_not_repaired(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await loaded(tmp_path)
    monkeypatch.setattr(upkeep, "is_open_elsewhere", lambda _: True)
    with pytest.raises(StoreError, match="Stop it, then re"):
        await repair(path.parent, "me")
