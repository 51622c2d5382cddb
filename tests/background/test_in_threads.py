"""Items of generators are computed in threads, and the generators are closed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator

from bot.background.in_threads import closing, one_by_one


async def test_items_are_computed_elsewhere_and_come_in_order() -> None:
    def counted() -> Generator[tuple[int, int], None, None]:
        for number in range(3):
            yield number, threading.get_ident()

    found = [each async for each in one_by_one(counted())]
    assert [number for number, _ in found] == [0, 1, 2]
    assert threading.get_ident() not in {thread for _, thread in found}


async def test_a_generator_that_is_left_is_closed_even_while_a_thread_computes() -> None:
    ended, going = threading.Event(), threading.Event()

    def waiting() -> Generator[int, None, None]:
        try:
            yield 1
            going.wait(5)
            yield 2
        finally:
            ended.set()

    with closing(waiting()) as items:
        assert next(items) == 1
    assert ended.is_set()
    ended.clear()
    with closing(waiting()) as items:
        assert next(items) == 1
        computing = asyncio.create_task(asyncio.to_thread(next, items, None))
        await asyncio.sleep(0.1)
    assert not ended.is_set()
    going.set()
    assert await computing == 2
