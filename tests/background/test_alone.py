"""One process of a machine does some work at a time."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from bot.background.alone import locked


@pytest.mark.skipif(sys.platform == "win32", reason="there are no locks there")
async def test_work_is_done_by_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "work.lock"
    done: list[str] = []

    async def work(name: str) -> None:
        async with locked(path):
            done.append(f"{name} begins")
            await asyncio.sleep(0.1)
            done.append(f"{name} ends")

    await asyncio.gather(work("a"), work("b"))
    assert sorted(done[:2]) in (["a begins", "a ends"], ["b begins", "b ends"])


async def test_where_no_file_can_be_made_nobody_waits(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "work.lock"
    async with locked(path), locked(path):
        assert not path.exists()
