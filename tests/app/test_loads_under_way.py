"""Loads that are running: they can be cancelled, in their own guild only."""

from __future__ import annotations

import asyncio

import pytest

from bot.app.loads_under_way import LoadsUnderWay
from bot.errors import Cancelled, NoLoadRunning, StoppedLate
from bot.reports import LoadReport

REPORT = LoadReport(1, False, (), (), (), (), (), 1, 1, 1)  # noqa: FBT003  # a record


async def soon() -> LoadReport:
    """A load that is done at once."""
    return REPORT


async def never() -> LoadReport:
    """A load that does not end."""
    await asyncio.Event().wait()
    return REPORT


async def test_a_load_that_nobody_cancels_has_its_report() -> None:
    with LoadsUnderWay().register(7) as load:
        assert await load.run(soon()) is REPORT


async def test_a_load_ends_when_somebody_of_its_guild_cancels_it() -> None:
    loads = LoadsUnderWay()
    with loads.register(7) as load:
        running = asyncio.create_task(load.run(never()))
        await asyncio.sleep(0)
        with pytest.raises(NoLoadRunning):
            await loads.cancel(load.key, 8, "eve")
        assert not running.done()
        cancelling = asyncio.create_task(loads.cancel(load.key, 7, "grace"))
        with pytest.raises(Cancelled, match="grace"):
            await running
        assert not cancelling.done()
    assert str(await cancelling) == str(Cancelled("grace"))
    with pytest.raises(NoLoadRunning):
        await loads.cancel(load.key, 7, "grace")


async def test_a_load_that_ends_by_itself_just_then_is_not_said_to_be_cancelled() -> None:
    loads = LoadsUnderWay()
    with loads.register(7) as load:
        await load.run(soon())
        cancelling = asyncio.create_task(loads.cancel(load.key, 7, "grace"))
        await asyncio.sleep(0)
    with pytest.raises(NoLoadRunning):
        await cancelling


async def test_who_cancels_too_late_is_told_so() -> None:
    async def late() -> LoadReport:
        try:
            await asyncio.Event().wait()
        finally:
            raise StoppedLate  # as the library does once the change is made

    loads = LoadsUnderWay()
    with loads.register(7) as load:
        running = asyncio.create_task(load.run(late()))
        await asyncio.sleep(0)
        cancelling = asyncio.create_task(loads.cancel(load.key, 7, "grace"))
        with pytest.raises(StoppedLate):
            await running
    assert isinstance(await cancelling, StoppedLate)


async def test_a_load_ends_with_the_task_that_waits_for_it() -> None:
    with LoadsUnderWay().register(7) as load:
        running = asyncio.create_task(load.run(never()))
        await asyncio.sleep(0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
