"""Running coroutines for code that blocks."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.store.postgres.blocking import run


async def where() -> int:
    await asyncio.sleep(0)
    return threading.get_ident()


def test_all_threads_use_one_loop_in_another_thread() -> None:
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: run(where()), range(20)))
    assert len(found) == 1
    assert threading.get_ident() not in found


async def test_it_may_be_used_beside_a_running_loop() -> None:
    async def fails() -> None:
        raise KeyError("okapi")

    with pytest.raises(KeyError, match="okapi"):
        run(fails())
