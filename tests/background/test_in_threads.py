"""Items of generators are computed in threads, and the generators are closed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator

import pytest

from bot.background.in_threads import closing, in_daemon, one_by_one


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


async def test_a_program_does_not_wait_for_a_daemon() -> None:
    threads: list[bool] = []
    await in_daemon(lambda: threads.append(threading.current_thread().daemon))
    assert threads == [True]

    def failing() -> None:
        raise OSError("nobody answers")

    with pytest.raises(OSError, match="nobody answers"):
        await in_daemon(failing)


async def test_who_waits_for_a_daemon_can_be_cancelled() -> None:
    begun, going = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def waiting() -> None:
        loop.call_soon_threadsafe(begun.set)
        going.wait(5)

    task = asyncio.create_task(in_daemon(waiting))
    await begun.wait()
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()
    going.set()
