"""Tests of the rows of a dump, made in one process or in two."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.background.helper import Helper, HelperFailed
from bot.loader import PARSER_VERSION
from bot.loader.parser import read_dump
from bot.loader.raw.content import Content
from bot.loader.records import reply_chains
from bot.models import Dump, Step
from bot.store import row_making
from bot.store.bulk_reader import BulkReader
from bot.store.row_making import Batch, RowMaker
from bot.store.rows import NewDump
from bot.store.store import Store
from tests.store.stored import SHELF

POSTS = [
    {
        "id_str": str(number),
        "full_text": f"Low tide {number} \ud800 € https://t.co/a",
        "created_at": "Fri Sep 08 10:00:00 +0000 2023",
        "in_reply_to_status_id_str": str(number - 1) if number % 3 else None,
        "in_reply_to_screen_name": "anna" if number % 3 else None,
        "user": {"screen_name": "anna", "name": "Anna"},
        "entities": {"urls": [{"url": "https://t.co/a", "expanded_url": "https://a.example"}]},
    }
    for number in range(300, 900)
]
DATA = json.dumps(POSTS).encode()
ALL = (
    "SELECT * FROM version ORDER BY id",
    "SELECT * FROM tweet ORDER BY version, position",
    "SELECT id, checksum FROM dump",
)


@pytest.fixture
def dump(monkeypatch: pytest.MonkeyPatch) -> Dump:
    """A dump whose threads are built on access."""
    monkeypatch.setattr(reply_chains, "FEW", 0)
    monkeypatch.setattr(reply_chains, "TOGETHER", 16)
    return read_dump(DATA, "tides.json")


@pytest.fixture
def plain(dump: Dump) -> Dump:
    """The same dump, whose threads are built."""
    return replace(dump, threads=tuple(dump.threads))


def made(dump: Dump) -> tuple[list[Any], list[Any], int]:
    maker = RowMaker(dump, 7, 40)
    versions: list[Any] = []
    tweets: list[Any] = []
    for batch in maker.batches():
        versions += batch.versions
        tweets += batch.tweets
    return versions, tweets, maker.checksum


def test_a_second_process_makes_the_same_rows(
    dump: Dump, plain: Dump, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = made(plain)
    assert made(dump) == expected
    assert len(expected[1]) == len(POSTS)
    monkeypatch.setattr(row_making, "WORTH_A_HELPER", 0)
    monkeypatch.setattr(RowMaker, "_here", None)  # nothing is left for this process
    assert made(dump) == expected


@pytest.mark.parametrize("least", [0, 10**6])
def test_who_watches_is_told_what_is_compared(
    least: int, dump: Dump, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_making, "WORTH_A_HELPER", least)
    threads: Any = dump.threads
    expected = [(sorted(names), ids) for names, ids in threads.outlines()]
    told: list[tuple[list[str], list[str]]] = []
    threads.watch = told.append
    made(dump)
    assert told == expected
    assert len(told) == len(threads)


def test_without_a_second_process_the_rows_are_made_here(
    dump: Dump, plain: Dump, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_making, "WORTH_A_HELPER", 0)
    monkeypatch.setattr("sys.executable", "/nowhere")
    assert made(dump) == made(plain)


def test_if_the_second_process_ends_this_one_goes_on(
    dump: Dump, plain: Dump, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_making, "WORTH_A_HELPER", 0)
    real = Helper.run
    taken: list[Any] = []

    def run(helper: Helper, *values: Any, **feed: Any) -> Iterator[Any]:
        for each in real(helper, *values, **feed):
            if len(taken) == 2:
                os.kill(helper.pid, signal.SIGKILL)
                raise HelperFailed("the process ended")
            taken.append(each)
            yield each

    monkeypatch.setattr(Helper, "run", run)
    assert made(dump) == made(plain)
    assert len(taken) == 2


def test_a_maker_that_is_left_early_ends_its_process(
    dump: Dump, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_making, "WORTH_A_HELPER", 0)
    helpers: list[Helper] = []
    real = Helper.__enter__

    def enter(helper: Helper) -> Helper:
        helpers.append(helper)
        return real(helper)

    monkeypatch.setattr(Helper, "__enter__", enter)
    batches = RowMaker(dump, 7, 40).batches()
    assert isinstance(next(batches), Batch)
    batches.close()
    with pytest.raises(ProcessLookupError):
        os.kill(helpers[0].pid, 0)


def new_dump(dump: Dump) -> NewDump:
    return NewDump(dump, Content.of(DATA), "loaded", PARSER_VERSION)


async def test_a_store_has_the_same_rows_of_a_second_process(
    dump: Dump, plain: Dump, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(row_making, "WORTH_A_HELPER", 0)
    found = []
    for each in (plain, dump):
        async with Store.open(tmp_path / each.threads.__class__.__name__) as store:
            await store.commit(SHELF, 0, [new_dump(each)], actor="me", action="load")
            with sqlite3.connect(store.path) as rows:
                found.append([[*rows.execute(sql)] for sql in ALL])
            rows.close()
            with BulkReader(store.path) as reader:
                assert len(reader.versions(reader.roots([1]).rows.tolist())) == len(plain.threads)
    assert found[0] == found[1]


async def test_a_load_that_is_stopped_ends_the_process_and_stores_nothing(
    dump: Dump, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(row_making, "WORTH_A_HELPER", 0)
    pids: list[int] = []
    real = Helper.__enter__

    def enter(helper: Helper) -> Helper:
        pids.append(helper.pid)
        return real(helper)

    def stop(_: Step) -> None:
        raise KeyError("stop")

    monkeypatch.setattr(Helper, "__enter__", enter)
    async with Store.open(tmp_path) as store:
        with pytest.raises(KeyError):
            await store.commit(SHELF, 0, [new_dump(dump)], actor="me", action="load", progress=stop)
        assert await store.generation(SHELF) == 0
        assert await store.size(1) == (0, 0)
    assert len(pids) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)
