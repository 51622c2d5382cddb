"""What the processes of one machine count together."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store.host_limits import FILE, HostLimits


async def test_processes_of_a_machine_count_together(tmp_path: Path) -> None:
    here, there = HostLimits(tmp_path), HostLimits(tmp_path)
    assert await here.used("ada", 2, 20.0) is None
    assert await there.used("ada", 2, 20.0) is None
    left = await here.used("ada", 2, 20.0)
    assert left is not None
    assert 0 < left <= 20
    assert await there.used("grace", 2, 20.0) is None


@pytest.mark.parametrize("later", [21.0, -5.0])  # or the clock was set back
async def test_a_limit_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, later: float) -> None:
    limits, real = HostLimits(tmp_path), time.time
    assert await limits.used("ada", 1, 20.0) is None
    assert await limits.used("ada", 1, 20.0) is not None
    monkeypatch.setattr(time, "time", lambda: real() + later)
    assert await limits.used("ada", 1, 20.0) is None
    assert await limits.used("ada", 1, 20.0) is not None


async def test_what_was_counted_long_ago_is_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits, real = HostLimits(tmp_path), time.time
    await limits.used("ada", 1, 20.0)
    monkeypatch.setattr(time, "time", lambda: real() + 3_700)
    await limits.used("grace", 1, 20.0)
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        assert connection.execute("SELECT key FROM use").fetchall() == [("grace",)]


async def test_a_damaged_file_is_made_anew_and_a_missing_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"x" * 5000)
    limits = HostLimits(tmp_path)
    with pytest.raises(StoreError, match="nothing can be counted there"):
        await limits.used("ada", 1, 20.0)
    assert await limits.used("ada", 1, 20.0) is None
    with pytest.raises(StoreError, match="nothing can be counted there"):
        await HostLimits(tmp_path / "missing").used("ada", 1, 20.0)
