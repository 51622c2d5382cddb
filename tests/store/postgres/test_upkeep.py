"""Looking after the tables. How they are erased, on both databases: tests/store."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store.postgres.address import Address
from bot.store.postgres.place import PostgresDatabase
from tests.databases import at, change
from tests.postgres_server import Server, wait_for
from tests.store.stored import SHELF, new

pytestmark = pytest.mark.usefixtures("in_postgres")


async def test_all_damage_is_named(tmp_path: Path) -> None:
    place = at(tmp_path)
    async with place.open() as store:
        await store.commit(SHELF, 0, [new(b"Okapis are shy", "a.txt")], actor="me", action="load")
    assert place.damage(full=True) == []
    change(
        place,
        "UPDATE tweet SET text = 'changed'",
        "UPDATE piece SET packed = '\\x00'",
        "UPDATE generation SET actor = 'ben'",
    )
    assert place.damage() == ["generation 1 is not what was stored"]
    generation, thread, content = place.damage(full=True)
    assert generation == "generation 1 is not what was stored"
    assert thread.endswith(" in a.txt is not what was stored")
    assert content == "the bytes of a.txt have changed"


async def test_a_rewrite_gives_space_back(tmp_path: Path) -> None:
    place = at(tmp_path)
    async with place.open() as store:
        many = [
            new(f"Okapi {number} {'is shy ' * 500}".encode(), f"{number}") for number in range(9)
        ]
        await store.commit(SHELF, 0, many, actor="me", action="load")
        await store.commit(SHELF, 1, [], actor="me", action="load")
        place.erase(place.erasable(SHELF, ()), "ada")
    done = place.vacuum()
    assert done.after < done.before
    assert place.size() == done.after


async def test_a_replica_cannot_be_changed(
    tmp_path: Path, in_postgres: Server, replica: Server
) -> None:
    async with at(tmp_path).open():
        pass
    wait_for(replica, in_postgres)
    place = PostgresDatabase(tmp_path, Address(replica.url_for(tmp_path)))
    assert place.exists()
    with pytest.raises(StoreError, match="Set DATABASE_URL to the primary"):
        place.require(writable=True)
    async with place.open() as store:
        with pytest.raises(StoreError, match="Set DATABASE_URL to the primary"):
            await store.remember("key", "value")
    addresses = Address(in_postgres.url_for(tmp_path), replica.url_for(tmp_path))
    assert PostgresDatabase(tmp_path, addresses).doubts() == []


@pytest.mark.parametrize(
    ("read_url", "said"),
    [("", "is no replica"), ("postgresql://127.0.0.1:9/bot", "cannot be reached")],
)
def test_a_replica_that_is_none_is_doubted(
    tmp_path: Path, in_postgres: Server, read_url: str, said: str
) -> None:
    addresses = Address(in_postgres.url, read_url or in_postgres.url)
    ((doubt, _),) = PostgresDatabase(tmp_path, addresses).doubts()
    assert said in doubt
