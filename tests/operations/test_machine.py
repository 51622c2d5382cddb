"""What the doctor says of the machine."""

from __future__ import annotations

import shutil
import sqlite3
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.operations import machine
from bot.reports import DiscordSays
from bot.search.bm25 import native
from bot.store.migrations import FILE
from bot.store.places import SQLiteFolder

Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(
    ("free", "store", "state"),
    [
        (10_000_000_000, 0, "ok"),
        (900_000_000, 0, "warning"),
        (49_000_000, 0, "fault"),
        (1_500_000_000, 1_000_000_000, "warning"),
        (2_500_000_000, 1_000_000_000, "ok"),
    ],
)
def test_free_space_is_compared_with_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, store: int, state: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free, 0, free))
    with (tmp_path / FILE).open("wb") as file:
        file.truncate(store)
    (found,) = machine.disk(SQLiteFolder(tmp_path))
    assert found.state == state
    assert bool(found.advice) == (state != "ok")


def machine_with(root: Path, available: int, limit: str | None = None, used: int = 0) -> Path:
    """The files of a machine with so much memory, in a container with that limit."""
    (root / "proc").mkdir()
    text = f"MemTotal: 9 kB\nMemAvailable:   {available // 1024} kB\n"
    (root / "proc/meminfo").write_text(text, encoding="ascii")
    if limit is not None:
        (root / "sys/fs/cgroup").mkdir(parents=True)
        (root / "sys/fs/cgroup/memory.max").write_text(f"{limit}\n", encoding="ascii")
        (root / "sys/fs/cgroup/memory.current").write_text(f"{used}\n", encoding="ascii")
    return root


@pytest.mark.parametrize(
    ("available", "limit", "used", "state"),
    [
        (1_000_000_000, None, 0, "ok"),
        (200_000_000, None, 0, "warning"),
        (50_000_000, None, 0, "fault"),
        (1_000_000_000, "max", 0, "ok"),
        (1_000_000_000, "300000000", 100_000_000, "warning"),
        (1_000_000_000, "300000000", 300_000_001, "fault"),
    ],
)
def test_memory_is_what_the_machine_and_the_container_have(
    tmp_path: Path, available: int, limit: str | None, used: int, state: str
) -> None:
    (found,) = machine.memory(machine_with(tmp_path, available, limit, used))
    assert found.state == state


def test_a_machine_that_does_not_say_is_no_fault(tmp_path: Path) -> None:
    (found,) = machine.memory(tmp_path)
    assert found.state == "ok"


@pytest.mark.parametrize(
    ("seconds", "state"), [(0, "ok"), (-4, "ok"), (9, "warning"), (-58, "warning"), (70, "fault")]
)
def test_the_clock_is_compared_with_discord_s(seconds: int, state: str) -> None:
    said = DiscordSays(7, datetime.now(UTC) + timedelta(seconds=seconds))
    (found,) = machine.clock(None, said)
    assert (found.state, bool(found.advice)) == (state, state != "ok")


def test_a_clock_from_before_the_program_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "BUILT", datetime.now(UTC) + timedelta(days=1))
    (found,) = machine.clock(None, None)
    assert found.state == "fault"


def test_an_old_sqlite_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [each.state for each in machine.versions()] == ["ok"]
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    assert [each.state for each in machine.versions()] == ["ok", "fault"]


def test_missing_kernels_are_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "kernels", None)
    (found,) = machine.kernels()
    assert (found.state, "C compiler" in found.advice) == ("warning", True)
    monkeypatch.setattr(native, "kernels", object())
    assert [each.state for each in machine.kernels()] == ["ok"]


def test_sizes_are_for_people() -> None:
    assert [machine.size_text(each) for each in (0, 1_500_000, 2_340_000_000)] == [
        "0.0 MB",
        "1.5 MB",
        "2.3 GB",
    ]
