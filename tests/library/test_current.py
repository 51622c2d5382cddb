"""The snapshot that is served: kept up to date, whichever process changes the library."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bot.errors import NothingToUndo
from bot.library import generations
from bot.library.library import Library
from bot.store.migrations import FILE


async def test_another_process_s_load_is_noticed(tmp_path: Path, seeds: Path) -> None:
    (tmp_path / "more.txt").write_text("Okapis are shy\n", encoding="utf-8")
    async with Library.open(tmp_path / "data", seeds) as here:
        async with Library.open(tmp_path / "data", seeds) as there:
            await there.load([tmp_path / "more.txt"], "you")
        while (await here.ask("okapi")).tweets == 0:
            pass
        assert here.generation == 2


async def test_a_reader_is_not_disturbed_by_a_newer_program(tmp_path: Path, seeds: Path) -> None:
    data = tmp_path / "data"
    async with Library.open(data, seeds) as older:
        with sqlite3.connect(data / FILE) as connection:
            connection.execute("UPDATE dump SET parser_version = 0")
        connection.close()
        async with Library.open(data, seeds) as newer:
            assert newer.generation == 2
            assert (await older.ask("suitcases")).tweets > 0
            with pytest.raises(NothingToUndo):
                await newer.undo("me")


async def test_loads_and_the_filing_of_earlier_ones_do_not_get_in_each_other_s_way(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "WORTH_A_FILE", 1)
    path = tmp_path / "often.txt"
    async with Library.open(tmp_path / "data", seeds) as library:
        for number in range(25):  # each takes the place of what is just being filed
            path.write_text(f"{'word ' * number}is what number {number} says.", encoding="utf-8")
            await library.load([path], "me")
        assert (await library.ask("number 24")).hits
    async with Library.open(tmp_path / "data", seeds) as again:
        assert (await again.ask("number 24")).hits
        assert again.tweets == library.tweets
