"""The schema in PostgreSQL."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.errors import StoreTooNew
from bot.store.postgres.migrations import MIGRATIONS
from bot.store.upkeep import TABLES
from tests.databases import at, change

pytestmark = pytest.mark.usefixtures("in_postgres")


async def test_several_processes_may_make_the_tables_at_once(tmp_path: Path) -> None:
    place = at(tmp_path)
    assert not place.exists()

    async def opened() -> dict[int, int]:
        async with place.open() as store:
            return await store.newest()

    assert await asyncio.gather(*(opened() for _ in range(5))) == [{}] * 5
    assert place.exists()
    assert place.facts().schema == place.schema == len(MIGRATIONS)
    assert place.counts() == dict.fromkeys(TABLES, 0)


async def test_tables_of_a_newer_version_are_left_alone(tmp_path: Path) -> None:
    async with at(tmp_path).open():
        pass
    change(at(tmp_path), "UPDATE schema_version SET version = 99")
    with pytest.raises(StoreTooNew, match="DATABASE_URL to another database"):
        async with at(tmp_path).open():
            pass
    assert at(tmp_path).facts().schema == 99
