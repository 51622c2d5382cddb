"""Locks on files: processes see each other, and a lock ends with its holder."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from bot.file_locks import is_abandoned, lock, locked


@pytest.mark.skipif(sys.platform == "win32", reason="there are no locks there")
def test_a_file_is_locked_until_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.touch()
    with path.open("rb") as ours, path.open("rb") as theirs:
        assert lock(ours)
        assert not lock(theirs)
        assert not is_abandoned(path)
    assert is_abandoned(path)


def test_without_locks_a_file_counts_as_abandoned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sys.platform == "win32":
        return

    def refuse(*_: object) -> None:
        raise OSError

    monkeypatch.setattr("fcntl.flock", refuse)
    (tmp_path / "a").touch()
    assert is_abandoned(tmp_path / "a")


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
