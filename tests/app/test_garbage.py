"""Garbage collection while dumps are loaded."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator

import pytest

from bot.app.garbage import LOAD_THRESHOLDS, THRESHOLDS, GarbagePolicy
from bot.app.turns import Turns


@pytest.fixture(autouse=True)
def unfrozen() -> Iterator[None]:
    """Let later tests collect what this one froze."""
    yield
    gc.unfreeze()
    gc.set_threshold(*THRESHOLDS)


async def ticks() -> None:
    """Let tasks that are ready run."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_there_is_no_full_collection_while_any_load_runs() -> None:
    garbage = GarbagePolicy(Turns().all_acknowledged)
    with garbage.loading():
        with garbage.loading():
            pass
        await ticks()
        assert gc.get_threshold() == LOAD_THRESHOLDS
    await ticks()
    assert gc.get_threshold() == THRESHOLDS


async def test_the_collection_after_a_load_waits_for_acknowledgements() -> None:
    turns = Turns()
    garbage = GarbagePolicy(turns.all_acknowledged)
    with turns.acknowledging():
        with garbage.loading():
            pass
        await ticks()
        assert gc.get_threshold() == LOAD_THRESHOLDS
    await ticks()
    assert gc.get_threshold() == THRESHOLDS


async def test_a_load_that_starts_before_the_collection_postpones_it() -> None:
    turns = Turns()
    garbage = GarbagePolicy(turns.all_acknowledged)
    with turns.acknowledging(), garbage.loading():
        pass
    with garbage.loading():
        await ticks()
        assert gc.get_threshold() == LOAD_THRESHOLDS
    await ticks()
    assert gc.get_threshold() == THRESHOLDS


async def test_what_is_left_after_a_load_is_frozen() -> None:
    gc.unfreeze()
    with GarbagePolicy(Turns().all_acknowledged).loading():
        pass
    await ticks()
    assert gc.get_freeze_count() > 0
