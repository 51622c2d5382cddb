"""Tests of the rows of a dump, made in one process or in two."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.background.helper import Helper, HelperFailed
from bot.loader.parser import read_dump
from bot.loader.records import reply_chains
from bot.models import Dump
from bot.store import row_making
from bot.store.row_making import Batch, RowMaker

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


@pytest.fixture
def dump(monkeypatch: pytest.MonkeyPatch) -> Dump:
    """A dump whose threads are built on access."""
    monkeypatch.setattr(reply_chains, "FEW", 0)
    monkeypatch.setattr(reply_chains, "TOGETHER", 16)
    return read_dump(json.dumps(POSTS).encode(), "tides.json")


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


def test_threads_that_were_compared_before_have_the_same_rows(dump: Dump, plain: Dump) -> None:
    outlines = [*dump.threads.outlines()]  # type: ignore[attr-defined]
    assert len(outlines) == len(plain.threads)
    assert made(dump) == made(plain)


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
