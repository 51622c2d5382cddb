"""Long work stands still while anybody waits for an answer, and goes on all the same."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import precedence
from bot.library import Library
from bot.precedence import give_way, politely, waited_for
from tests.conftest import SEEDS

LONG = 60.0
"""Seconds; longer than any test waits."""
SOON = 10.0


def begun(work: Callable[[], object]) -> threading.Event:
    """Set as soon as `work` is done, in a thread of its own."""
    done = threading.Event()

    def run() -> None:
        work()
        done.set()

    threading.Thread(target=run, daemon=True).start()
    return done


def test_work_stands_still_until_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precedence, "MOST_WAITED", LONG)
    with waited_for():
        with waited_for():
            done = begun(give_way)
        assert not done.wait(0.05)
    assert done.wait(SOON)


def test_work_goes_on_however_long_others_wait() -> None:
    with waited_for():
        assert begun(lambda: list(politely(range(5)))).wait(SOON)


async def test_the_event_loop_never_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precedence, "MOST_WAITED", LONG)
    started = time.monotonic()
    with waited_for():
        assert list(politely("ab")) == ["a", "b"]
    assert time.monotonic() - started < SOON


async def test_a_load_ends_between_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precedence, "MOST_WAITED", LONG)
    async with Library.open(tmp_path, SEEDS) as library:
        loading = asyncio.create_task(library.load([*SEEDS.iterdir()], "ada"))
        while not loading.done():
            assert (await library.ask("Dalai Lama")).hits
        assert not (await loading).errors
