"""What several processes count together in the database."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from pathlib import Path

import pytest

from bot.store.postgres.address import Address
from bot.store.postgres.counters import SWEEP
from bot.store.postgres.store import PostgresStore
from tests.databases import at
from tests.postgres_server import Server
from tests.store.stored import SHELF, new


@pytest.fixture
def address(in_postgres: Server, tmp_path: Path) -> Address:
    """Where the database of the test is."""
    at(tmp_path)
    return Address(in_postgres.url_for(tmp_path))


async def test_processes_count_together(address: Address, tmp_path: Path) -> None:
    async with (
        PostgresStore.open(address, tmp_path / "here") as here,
        PostgresStore.open(address, tmp_path / "there") as there,
    ):
        assert await here.counters.used("ada", 2, 20.0) is None
        assert await there.counters.used("ada", 2, 20.0) is None
        left = await here.counters.used("ada", 2, 20.0)
        assert left is not None
        assert 0 < left <= 20
        assert await here.counters.used("grace", 2, 20.0) is None


async def test_counting_begins_anew_after_the_time(address: Address, tmp_path: Path) -> None:
    async with PostgresStore.open(address, tmp_path) as store:
        assert await store.counters.used("ada", 1, 0.2) is None
        assert await store.counters.used("ada", 1, 0.2) is not None
        await asyncio.sleep(0.25)
        assert await store.counters.used("ada", 1, 0.2) is None


async def test_turns_are_apart_in_all_processes(address: Address, tmp_path: Path) -> None:
    async with (
        PostgresStore.open(address, tmp_path / "here") as here,
        PostgresStore.open(address, tmp_path / "there") as there,
    ):
        turns = [await each.counters.reserved("identify 0", 5.5) for each in (here, there, here)]
        assert turns[0] == 0
        assert 5 < turns[1] <= 5.5
        assert 10.5 < turns[2] <= 11
        assert await there.counters.reserved("identify 1", 5.5) == 0


async def test_what_was_counted_long_ago_is_deleted(
    address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep = SWEEP.replace("1 hour", "0 hours")
    async with PostgresStore.open(address, tmp_path) as store:
        await store.counters.used("ada", 1, 20.0)
        await store.sweep_uploads(1.0)
        assert await store.counters.used("ada", 1, 20.0) is not None
        monkeypatch.setattr("bot.store.postgres.counters.SWEEP", sweep)
        await store.sweep_uploads(1.0)
        assert await store.counters.used("ada", 1, 20.0) is None


@pytest.mark.parametrize("days", [2, -2])
async def test_a_process_whose_clock_is_wrong_counts_and_waits_like_the_others(
    address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    (tmp_path / "upload").mkdir()
    (tmp_path / "upload" / "a.txt").write_bytes(b"Okapis are shy")
    async with PostgresStore.open(address, tmp_path) as store:
        await store.commit(SHELF, 0, [new(b"Okapis are shy")], actor="me", action="load")
        assert await store.counters.used("ada", 1, 20.0) is None
        await store.counters.reserved("identify 0", 5.5)
        await store.keep_upload("token", tmp_path / "upload", "okapis")
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + days * 24 * 3600)
    async with PostgresStore.open(address, tmp_path / "there") as there:
        left = await there.counters.used("ada", 1, 20.0)
        assert left is not None
        assert 0 < left <= 20
        assert 0 < await there.counters.reserved("identify 0", 5.5) <= 5.5
        await there.sweep_uploads(24 * 3600.0)
        assert await there.kept_uploads() == {"token": "okapis"}
        await there.commit(SHELF, 1, [new(b"Zebras are not")], actor="me", action="load")
        assert await there.newest() == {SHELF: 2}
        made_at = await there.made_at(SHELF, 2)
        assert made_at is not None
        changed = datetime.fromisoformat(made_at.replace("Z", "+00:00"))
        assert abs(changed.timestamp() - real()) < 3600
