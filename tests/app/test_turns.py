"""Who is answered when: acknowledgements come before answers and background work."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

from bot.app.turns import CONCURRENT_ANSWERS, CROWD, Turns


async def test_answers_wait_until_all_interactions_are_acknowledged() -> None:
    turns = Turns()

    async def answer() -> None:
        async with turns.turn():
            pass

    with turns.acknowledging():
        with turns.acknowledging():
            task = asyncio.create_task(answer())
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not task.done()
    await task


async def test_few_answers_are_computed_at_a_time() -> None:
    turns = Turns()
    finish = asyncio.Event()
    running = 0

    async def answer() -> None:
        nonlocal running
        async with turns.turn():
            running += 1
            await finish.wait()

    tasks = [asyncio.create_task(answer()) for _ in range(CONCURRENT_ANSWERS + 1)]
    for _ in range(5):
        await asyncio.sleep(0)
    assert running == CONCURRENT_ANSWERS
    assert turns.is_crowded
    finish.set()
    await asyncio.gather(*tasks)
    assert running == CONCURRENT_ANSWERS + 1
    assert not turns.is_crowded


async def test_many_answers_that_nobody_was_told_to_wait_for_are_a_crowd() -> None:
    turns = Turns()
    answers = ExitStack()
    for _ in range(CROWD):
        assert turns.is_crowded is False
        answers.enter_context(turns.answering())
    assert turns.is_crowded is True
    answers.close()
    assert turns.is_crowded is False
