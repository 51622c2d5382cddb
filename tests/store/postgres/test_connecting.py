"""Connections that are lost, and a replica that is behind."""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bot.errors import StoreError, StoreUnreachable
from bot.store.postgres import connecting
from bot.store.postgres.address import Address
from bot.store.postgres.connecting import (
    PATIENT_SECONDS,
    SILENT_SECONDS,
    Servers,
    connected,
    outcome,
)
from bot.store.postgres.place import PostgresDatabase
from tests import postgres_server
from tests.databases import at
from tests.postgres_server import DATABASE, Server, schema_for, wait_for
from tests.store.stored import SHELF, bytes_of, new, versions_in

pytestmark = pytest.mark.usefixtures("in_postgres")


@pytest.fixture
def own() -> Iterator[Server]:
    """A server of this test alone, which it may stop."""
    with postgres_server.primary(durable=True) as server:
        yield server


@pytest.fixture
def paused(replica: Server) -> Iterator[Server]:
    """The replica, which takes in nothing new."""
    replica.sql("SELECT pg_wal_replay_pause()")
    yield replica
    replica.sql("SELECT pg_wal_replay_resume()")


@asynccontextmanager
async def over_tcp(server: Server) -> AsyncIterator[str]:
    """Pass on what is sent to an address; yields that address of the server's database."""

    async def passed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_unix_connection(server.folder / ".s.PGSQL.5432")

        async def copied(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            with suppress(OSError):
                while data := await source.read(1 << 16):
                    target.write(data)
            target.close()

        await asyncio.gather(copied(reader, there[1]), copied(there[0], writer))

    async with await asyncio.start_server(passed, "127.0.0.1") as listening:
        port = listening.sockets[0].getsockname()[1]
        yield f"postgresql://{DATABASE}@127.0.0.1:{port}/{DATABASE}"


def silence(connection: Any) -> int:
    """After how many milliseconds of silence the system ends a connection."""
    found = connection._transport.get_extra_info("socket")  # noqa: SLF001  # no public way
    return int(found.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems lack some of the options")
async def test_the_system_ends_connections_to_a_machine_that_is_silent(in_postgres: Server) -> None:
    async with over_tcp(in_postgres) as url:
        reads = Servers(Address(url))
        writes = await connected(url, "it")
        async with reads.primary.connection() as found:
            limits = [silence(each) for each in (found, writes)]
            last = "SELECT query FROM pg_stat_activity WHERE pid = $1"
            said = await found.fetchval(last, writes.get_server_pid())
            assert said == connecting.WATCHED, "the server does so, too"
        assert limits == [SILENT_SECONDS * 1000, PATIENT_SECONDS * 1000]
        writes.terminate()
        await reads.close()


def both(folder: Path, primary: Server, copy: Server) -> PostgresDatabase:
    assert at(folder).name
    return PostgresDatabase(folder, Address(primary.url_for(folder), copy.url_for(folder)))


async def test_what_a_replica_lacks_is_read_from_the_primary(
    tmp_path: Path, in_postgres: Server, replica: Server, paused: Server
) -> None:
    assert paused is replica
    async with both(tmp_path, in_postgres, replica).open() as store:
        dumps = [new(b"Okapis are shy", "o.txt"), new(b"Zebras are not", "z.txt")]
        await store.commit(SHELF, 0, dumps, actor="me", action="load")
        members = await store.members(SHELF, 1)
        assert [await store.size(each.id) for each in members] == [(1, 1), (1, 1)]
        versions = versions_in(store, *members)
        assert await store.versions([each.id for each in versions]) == versions
        assert [each.thread.title for each in versions] == ["Okapis are shy", "Zebras are not"]
        assert bytes_of(store, members[0].sha256) == b"Okapis are shy"
        with store.readers() as reader:
            assert [each.dump.file for each in reader.loaded(members)] == ["o.txt", "z.txt"]
        assert await store.generation(SHELF) == 1


async def test_rows_that_a_replica_lacks_are_read_from_the_primary(
    tmp_path: Path, in_postgres: Server, replica: Server
) -> None:
    async with both(tmp_path, in_postgres, replica).open() as store:
        await store.commit(SHELF, 0, [new(b"Okapis are shy")], actor="me", action="load")
        await asyncio.to_thread(wait_for, replica, in_postgres)
        replica.sql("SELECT pg_wal_replay_pause()")
        try:
            await store.commit(SHELF, 1, [new(b"Zebras are not")], actor="me", action="load")
            (member,) = await store.members(SHELF, 2)
            assert [each.thread.title for each in versions_in(store, member)] == ["Zebras are not"]
            assert await store.size(member.id) == (1, 1)
        finally:
            replica.sql("SELECT pg_wal_replay_resume()")


async def test_what_is_read_is_asked_for_again_if_the_connection_is_lost(
    tmp_path: Path, in_postgres: Server
) -> None:
    at(tmp_path)
    tries: list[object] = []

    async def lost(connection: object) -> int:
        tries.append(connection)
        if len(tries) < len(connecting.PAUSES):
            raise ConnectionResetError
        return len(tries)

    servers = Servers(Address(in_postgres.url_for(tmp_path)))
    assert await servers.primary.tried(lost) == len(connecting.PAUSES)
    await servers.close()


async def test_what_never_changes_is_read_from_the_replica(
    tmp_path: Path, in_postgres: Server, replica: Server
) -> None:
    place = both(tmp_path, in_postgres, replica)
    async with place.open() as store:
        await store.commit(SHELF, 0, [new(b"Okapis are shy")], actor="me", action="load")
        (member,) = await store.members(SHELF, 1)
        (version,) = versions_in(store, member)
    await asyncio.to_thread(wait_for, replica, in_postgres)
    in_postgres.sql(f"ALTER SCHEMA {schema_for(tmp_path)} RENAME TO {schema_for(tmp_path)}_away")
    replica.sql("SELECT pg_wal_replay_pause()")
    try:
        servers = Servers(Address(in_postgres.url, replica.url_for(tmp_path)))
        found = await servers.rows("SELECT count(*) FROM version", (), bool)
        assert found == [(1,)]  # the primary has no such table there
        await servers.close()
    finally:
        replica.sql("SELECT pg_wal_replay_resume()")
    assert version.thread.title == "Okapis are shy"


async def test_a_replica_that_is_away_is_no_error(tmp_path: Path, in_postgres: Server) -> None:
    assert at(tmp_path).name
    nowhere = "postgresql://threadbot@/threadbot?host=/nowhere"
    place = PostgresDatabase(tmp_path, Address(in_postgres.url_for(tmp_path), nowhere))
    async with place.open() as store:
        await store.commit(SHELF, 0, [new(b"Okapis are shy")], actor="me", action="load")
        (member,) = await store.members(SHELF, 1)
        assert versions_in(store, member)[0].thread.title == "Okapis are shy"


async def test_a_connection_that_was_lost_is_made_again(tmp_path: Path, own: Server) -> None:
    place = PostgresDatabase(tmp_path, Address(own.url))
    async with place.open() as store:
        await store.remember("key", "value")
        await asyncio.to_thread(own.stop)
        await asyncio.to_thread(own.start)
        assert await store.setting("key") == "value"
        await store.remember("key", "other")
        assert await store.setting("key") == "other"


async def test_a_server_that_is_away_is_said_to_be(tmp_path: Path, own: Server) -> None:
    place = PostgresDatabase(tmp_path, Address(own.url))
    async with place.open() as store:
        await asyncio.to_thread(own.stop)
        for again in (False, True):
            started = time.monotonic()
            with pytest.raises(StoreUnreachable, match="cannot be reached"):
                await store.setting("key")
            if again:  # whoever asks next does not wait as long
                assert time.monotonic() - started < sum(connecting.PAUSES)
        with pytest.raises(StoreUnreachable):
            await store.remember("key", "value")
    with pytest.raises(StoreError):
        place.facts()


async def test_the_primary_is_found_beside_machines_that_are_silent(
    tmp_path: Path, in_postgres: Server, replica: Server
) -> None:
    assert at(tmp_path).name
    sockets = [quote(str(each.folder), safe="") for each in (replica, in_postgres)]
    options = f"target_session_attrs=primary&search_path={schema_for(tmp_path)}"
    with socket.create_server(("127.0.0.1", 0)) as silent:  # its connections are never answered
        hosts = f"127.0.0.1:{silent.getsockname()[1]},{','.join(sockets)}"
        url = f"postgresql://{DATABASE}@{hosts}/{DATABASE}?{options}"
        async with PostgresDatabase(tmp_path, Address(url)).open() as store:
            await store.remember("key", "value")
            assert await store.setting("key") == "value"
    url = f"postgresql://{DATABASE}@{sockets[0]}/{DATABASE}?{options}"
    with pytest.raises(StoreUnreachable):
        await connected(url, "the database")


async def test_a_server_that_is_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert connecting.CONNECT_SECONDS <= 3
    monkeypatch.setattr(connecting, "CONNECT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # its connections are never answered
        url = f"postgresql://{DATABASE}@127.0.0.1:{silent.getsockname()[1]}/{DATABASE}"
        async with asyncio.timeout(10):
            with pytest.raises(StoreUnreachable):
                await connected(url, "the database")


async def test_a_change_waits_for_a_server_that_is_away_for_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    async def connected_later(url: str, name: str) -> Any:
        tries.append(name)
        if len(tries) < len(connecting.PAUSES):
            raise StoreUnreachable(name, "it is away")
        return await connected(url, name)

    async with at(tmp_path).open() as store:
        monkeypatch.setattr("bot.store.postgres.store.connected", connected_later)
        await store.remember("key", "value")
        assert await store.setting("key") == "value"
    assert len(tries) == len(connecting.PAUSES)


async def test_the_outcome_of_a_change_is_found_out(tmp_path: Path, in_postgres: Server) -> None:
    address = Address(in_postgres.url_for(tmp_path))
    connection = await connected(address.url, address.name)
    found = []
    for end in ("COMMIT", "ROLLBACK"):
        await connection.execute("BEGIN")
        transaction = await connection.fetchval("SELECT pg_current_xact_id()::text")
        await connection.execute(end)
        found.append(await outcome(address, transaction))
    await connection.close()
    assert found == [True, False]
