"""Checking a store's file."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import integrity
from bot.store.integrity import checking, damage
from bot.store.migrations import FILE
from tests.store.test_checksums import change, stored


async def test_a_whole_store_has_no_damage(tmp_path: Path) -> None:
    assert damage(await stored(tmp_path)) == []


async def test_all_damage_is_named(tmp_path: Path) -> None:
    path = await stored(tmp_path)
    change(path, "UPDATE tweet SET text = 'changed'")
    change(path, "UPDATE piece SET packed = zeroblob(9)")
    change(path, "UPDATE generation SET actor = 'ben'")
    generation, thread, content = damage(path)
    assert generation == "generation 1 is not what was stored"
    assert thread.startswith("thread ")
    assert thread.endswith(" in a.txt is not what was stored")
    assert content == "the bytes of a.txt have changed"


async def test_bytes_that_were_erased_are_no_damage(tmp_path: Path) -> None:
    path = await stored(tmp_path)
    change(path, "DELETE FROM piece")
    assert damage(path) == []


@pytest.mark.parametrize("table", ["tweet", "setting"])
async def test_damaged_pages_are_named(tmp_path: Path, table: str) -> None:
    path = await stored(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
        ).fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(4096))
    assert damage(path)
    path.write_bytes(b"no database, " * 100)
    assert damage(path) == ["file is not a database"]


async def test_a_check_can_be_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = await stored(tmp_path)
    change(path, "UPDATE tweet SET text = 'changed'")
    monkeypatch.setattr(integrity, "STEPS", 1)
    assert damage(path, lambda: True) == []


async def test_a_check_in_the_background_says_what_it_finds(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path, mark = await stored(tmp_path), tmp_path / "open-1.lock"
    mark.touch()
    change(path, "UPDATE generation SET actor = 'ben'")
    caplog.set_level(logging.ERROR)
    async with checking(path, [mark]):
        for _ in range(500):
            if caplog.text:
                break
            await asyncio.sleep(0.01)
    assert f"{tmp_path / FILE}: this file is not a store, or it is damaged" in caplog.text
    assert "generation 1 is not what was stored" in caplog.text
    assert mark.exists()  # so that the next start says it again
