"""Progress: steps reach whoever waits for the work, and work that nobody waits for ends."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.background.progress import Stopped, stoppable
from bot.i18n.messages import sentence
from bot.models import Progress, Step
from tests.threads import SOON

FIRST, SECOND = Step(sentence("reading"), 1, 2), Step(sentence("reading"), 2, 2)


def test_each_step_is_passed_on() -> None:
    seen: list[Step] = []
    with stoppable(seen.append) as step:
        step(FIRST)
        step(SECOND)
    assert seen == [FIRST, SECOND]


def test_work_needs_nobody_who_watches() -> None:
    with stoppable(None) as step:
        step(FIRST)


def test_a_step_after_the_block_was_left_stops_the_work_and_is_not_passed_on() -> None:
    seen: list[Step] = []
    with stoppable(seen.append) as step:
        step(FIRST)
    with pytest.raises(Stopped):
        step(SECOND)
    assert seen == [FIRST]


def test_work_is_stopped_where_the_block_ends_with_an_error_too() -> None:
    with pytest.raises(KeyError), stoppable(None) as step:
        raise KeyError
    with pytest.raises(Stopped):
        step(FIRST)


async def test_cancelled_work_ends_at_its_next_step() -> None:
    begun, ended = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def work(step: Progress) -> None:
        try:
            while True:
                step(FIRST)
                loop.call_soon_threadsafe(begun.set)
        except Stopped:
            ended.set()

    async def waited_for() -> None:
        with stoppable(None) as step:
            await asyncio.to_thread(work, step)

    waiting = asyncio.create_task(waited_for())
    await begun.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await asyncio.to_thread(ended.wait, SOON)
