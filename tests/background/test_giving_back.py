"""Services give free memory back again and again."""

from __future__ import annotations

import asyncio
import sys

import numpy as np
import pytest

from benchmarks.archive import resident
from bot.background import giving_back


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc")
async def test_memory_is_given_back_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(giving_back, "EVERY_SECONDS", 0.1)
    giving = asyncio.create_task(giving_back.give_back_regularly())
    for _ in range(2):
        small = [np.ones(4_000) for _ in range(4_000)]
        end = np.ones(4_000)
        before = resident()
        del small
        async with asyncio.timeout(10):
            while resident() >= before - 100:  # noqa: ASYNC110 - nothing announces it
                await asyncio.sleep(0.05)
        assert end.sum() == 4_000
    giving.cancel()
