"""What only the store in PostgreSQL does. The rest, on both databases: tests/store."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import StoreUnreachable
from bot.loader.raw.pictures import Pictures, Source
from bot.store.postgres import store as stores
from bot.store.postgres.address import Address
from bot.store.postgres.connecting import Connection
from bot.store.postgres.store import PostgresStore
from tests.databases import at
from tests.pictures import JPEG
from tests.postgres_server import Server
from tests.store.stored import SHELF, new, versions_in

pytestmark = pytest.mark.usefixtures("in_postgres")


async def test_loads_of_several_libraries_at_once_get_rows_of_their_own(tmp_path: Path) -> None:
    async with at(tmp_path).open() as one, at(tmp_path).open() as other:
        many = [new(f"Okapi {number} is shy".encode(), f"{number}") for number in range(20)]
        await asyncio.gather(
            *(
                store.commit(scope, 0, many, actor="me", action="load")
                for scope, store in enumerate((one, other, one, other))
            )
        )
        for scope in range(4):
            found = versions_in(one, *await one.members(scope, 1))
            assert [each.thread.title for each in found] == [
                each.dump.threads[0].title for each in many
            ]
    assert at(tmp_path).damage(full=True) == []


async def test_pictures_reach_other_machines(tmp_path: Path, in_postgres: Server) -> None:
    at(tmp_path)
    pictures = Pictures(Source({"pics/a.jpg": len(JPEG)}, lambda _: JPEG))
    name = pictures.file_for("a.jpg") or ""
    dump = replace(new(b"Okapis are shy"), pictures=pictures)
    address = Address(in_postgres.url_for(tmp_path))
    async with (
        PostgresStore.open(address, tmp_path / "here") as here,
        PostgresStore.open(address, tmp_path / "there") as there,
    ):
        await here.commit(SHELF, 0, [dump], actor="me", action="load")
        await there.fetch_pictures()
        assert (there.media / name).read_bytes() == JPEG


@pytest.mark.parametrize("was_committed", [True, False])
async def test_a_connection_that_is_lost_during_the_commit_is_no_riddle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_postgres: Server, *, was_committed: bool
) -> None:
    at(tmp_path)
    address = Address(in_postgres.url_for(tmp_path))

    async def lose(connection: Connection, *_: object) -> None:
        end = "COMMIT" if was_committed else "ROLLBACK"
        await connection.execute(end)
        connection.terminate()

    async with PostgresStore.open(address, tmp_path) as store:
        monkeypatch.setattr(stores, "announce", lose)
        if was_committed:
            await store.commit(SHELF, 0, [new(b"Okapis")], actor="me", action="load")
        else:
            with pytest.raises(StoreUnreachable):
                await store.commit(SHELF, 0, [new(b"Okapis")], actor="me", action="load")
        assert await store.generation(SHELF) == int(was_committed)
