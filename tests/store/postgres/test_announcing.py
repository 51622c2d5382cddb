"""Announcing generations, and waiting for them."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from tests.databases import at
from tests.postgres_server import Server
from tests.store.stored import SHELF, new

pytestmark = pytest.mark.usefixtures("in_postgres")
LONG = 20.0


async def test_who_waits_hears_of_a_generation_at_once(tmp_path: Path) -> None:
    async with at(tmp_path).open() as here, at(tmp_path).open() as there:
        await here.announced(LONG)  # it listens now
        waiting = asyncio.create_task(here.announced(LONG))
        await asyncio.sleep(0)
        started = time.monotonic()
        await there.commit(SHELF, 0, [new(b"Okapis are shy")], actor="me", action="load")
        await waiting
        assert time.monotonic() - started < LONG / 2
        assert await here.newest() == {SHELF: 1}


async def test_other_libraries_in_the_database_wake_nobody(tmp_path: Path) -> None:
    async with at(tmp_path / "a").open() as here, at(tmp_path / "b").open() as there:
        await here.announced(LONG)
        started = time.monotonic()
        waiting = asyncio.create_task(here.announced(0.5))
        await there.commit(SHELF, 0, [new(b"Okapis are shy")], actor="me", action="load")
        await waiting
        assert time.monotonic() - started > 0.4


async def test_a_lost_connection_is_made_again(tmp_path: Path, in_postgres: Server) -> None:
    async with at(tmp_path).open() as here, at(tmp_path).open() as there:
        await here.announced(LONG)
        await asyncio.to_thread(
            in_postgres.sql,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'",
        )
        started = time.monotonic()
        await here.announced(LONG)  # something may have been announced meanwhile
        assert time.monotonic() - started < LONG / 2
        waiting = asyncio.create_task(here.announced(LONG))
        await asyncio.sleep(0)
        await there.commit(SHELF, 0, [new(b"Okapis are shy")], actor="me", action="load")
        started = time.monotonic()
        await waiting
        assert time.monotonic() - started < LONG / 2


async def test_nothing_announced_is_a_wait(tmp_path: Path) -> None:
    async with at(tmp_path).open() as store:
        await store.announced(LONG)
        started = time.monotonic()
        await store.announced(0.2)
        assert 0.1 < time.monotonic() - started < LONG / 2
