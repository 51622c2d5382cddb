"""Generations: built from the store, read from their file, and read anew by a newer loader."""

from __future__ import annotations

import itertools
import logging
import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library import generations
from bot.library.generations import group_versions
from bot.library.library import Library
from bot.library.snapshot.thread_merge import versions_by_thread
from bot.models import Answer, Thread
from bot.store.migrations import FILE
from bot.store.rows import Roots
from bot.thread_ids import key64, root_text
from tests.strategies import versions


async def test_what_an_older_loader_read_is_read_anew(tmp_path: Path, seeds: Path) -> None:
    data = tmp_path / "data"
    async with Library.open(data, seeds):
        pass
    with sqlite3.connect(data / FILE) as connection:
        connection.execute("UPDATE dump SET parser_version = 0")
        connection.execute("UPDATE tweet SET text = 'garbled'")
    connection.close()
    async with Library.open(data, seeds) as library:
        assert (await library.ask("suitcases")).tweets > 0
        assert (await library.ask("garbled")).tweets == 0
        assert (await library.reload("me")).changed is False


async def _asked(data: Path, seeds: Path) -> tuple[Answer, Thread]:
    async with Library.open(data, seeds) as library:
        answer = await library.ask('chip "export controls" curbs thread:15e2ef4b6f90 suitcaze')
        return replace(answer, took_ms=0.0), await library.thread("flying suitcases")


async def test_a_library_starts_from_its_filed_index(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.library.generations")
    unfiled = await _asked(tmp_path / "data", seeds)
    assert list((tmp_path / "data").glob("index*")) == []  # too small to be worth it
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
        earlier.setattr(generations, "FILE_VERSION", generations.FILE_VERSION - 1)
        filed = await _asked(tmp_path / "data", seeds)
    path = tmp_path / "data" / "index-0.bin"
    before = path.read_bytes()
    assert await _asked(tmp_path / "data", seeds) == filed
    assert "cannot use index-0.bin: it was made of something else" in caplog.text
    assert path.read_bytes() != before


async def test_an_index_filed_for_another_generation_is_not_used(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "WORTH_A_FILE", 1)
    (tmp_path / "more.txt").write_text("An okapi came to the port.", encoding="utf-8")
    async with Library.open(tmp_path / "data", seeds) as library:
        await library.load([tmp_path / "more.txt"], "ada")
    async with Library.open(tmp_path / "data", seeds) as library:
        assert (await library.ask("okapi")).tweets == 1
        await library.undo("ada")
        assert (await library.ask("okapi")).tweets == 0
    async with Library.open(tmp_path / "data", seeds) as library:
        assert (await library.ask("okapi")).tweets == 0
        assert (await library.ask("chips")).tweets > 0


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
