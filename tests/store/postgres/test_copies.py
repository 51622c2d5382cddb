"""Copies of threads on this machine: questions are answered while the database is away."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from bot.errors import StoreUnreachable
from bot.library.guilds import GuildLibraries
from bot.library.library import Library
from bot.store.postgres import copies
from bot.store.postgres.address import Address
from bot.store.postgres.copies import FILE, Copies
from bot.store.postgres.place import PostgresDatabase
from tests import postgres_server
from tests.databases import at, change
from tests.postgres_server import Server
from tests.store.stored import SHELF, new, versions_in

pytestmark = pytest.mark.usefixtures("in_postgres")


@pytest.fixture
def own() -> Iterator[Server]:
    """A server of this test alone, which it may stop."""
    with postgres_server.primary(durable=True) as server:
        yield server


@contextmanager
def frozen(server: Server) -> Iterator[None]:
    """Have a server answer nothing while inside, as if the network were cut."""
    first = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    processes = [first, *map(int, children)]
    for each in processes:
        os.kill(each, signal.SIGSTOP)
    try:
        yield
    finally:
        for each in processes:
            os.kill(each, signal.SIGCONT)


@pytest.mark.parametrize(
    "how",
    [
        "stopped",
        pytest.param(
            "frozen", marks=pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
        ),
    ],
)
async def test_questions_are_answered_while_the_database_is_away(
    tmp_path: Path, seeds: Path, own: Server, how: str
) -> None:
    (tmp_path / "more.txt").write_text("Okapis are shy\n", encoding="utf-8")
    place = PostgresDatabase(tmp_path / "data", Address(own.url))
    async with Library.open(place, seeds) as library:
        libraries = GuildLibraries(library)

        async def nothing() -> None:
            """Do nothing else."""

        following = asyncio.create_task(libraries.follow(nothing))
        async with asyncio.timeout(20):
            while not library.current.is_copied:  # noqa: ASYNC110  # nothing announces it
                await asyncio.sleep(0.05)
        before = (await library.ask("chips")).hits

        async def asked() -> None:
            async with asyncio.timeout(10):
                assert (await (await libraries.of(7)).ask("chips")).hits == before
                assert not (await library.ask("okapis")).tweets  # so no thread is read
                assert (await library.thread("flying suitcases")).tweets
                with pytest.raises(StoreUnreachable, match="cannot be reached"):
                    await library.load([tmp_path / "more.txt"], "me")

        if how == "stopped":
            await asyncio.to_thread(own.stop)
            await asked()
            await asyncio.to_thread(own.start)
        else:
            with frozen(own):
                assert (await library.ask("chips")).hits == before
        await library.load([tmp_path / "more.txt"], "me")
        assert (await library.ask("okapis")).tweets == 1
        following.cancel()
        await asyncio.wait({following})
        await libraries.settled()


async def test_what_was_erased_is_in_no_copy(tmp_path: Path) -> None:
    place = at(tmp_path)
    async with place.open() as store:
        await store.commit(SHELF, 0, [new(b"Okapis are shy")], actor="me", action="load")
        (version,) = versions_in(store, *await store.members(SHELF, 1))
        await store.keep_copies({"layer": np.array([version.id])})
        change(place, "ALTER TABLE tweet RENAME TO gone")
        assert await store.versions([version.id]) == [version]  # from the copy
        change(place, "ALTER TABLE gone RENAME TO tweet")
        await store.commit(SHELF, 1, [], actor="me", action="load")
        await asyncio.to_thread(place.erase, place.erasable(SHELF, ()), "ada")
        await store.keep_copies({})
    held = Copies(tmp_path)
    assert held.missing({"layer": np.array([version.id])}) == [version.id]
    held.close()
    assert not any(b"Okapis" in each for each in files(tmp_path))


def files(folder: Path) -> list[bytes]:
    """What the files of the copies have."""
    return [each.read_bytes() for each in folder.glob(f"{FILE}*")]


async def test_a_damaged_copy_is_read_from_the_database(tmp_path: Path) -> None:
    async with at(tmp_path).open() as store:
        await store.commit(SHELF, 0, [new(b"Okapis are shy")], actor="me", action="load")
        (version,) = versions_in(store, *await store.members(SHELF, 1))
        await store.keep_copies({"layer": np.array([version.id])})
        held = Copies(tmp_path)
        head = (version.id, 1, 0, "a.txt", "id", "[]", "Title", None, 1, None, None, 7)
        tweet = (version.id, "garbled", "[]", "[]", None, None, None, None, 1, "", None)
        held.keep([head], [tweet])
        held.close()
        assert await store.versions([version.id]) == [version]


def test_copies_come_in_the_order_they_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "FEW", 2)
    held = Copies(tmp_path)
    held.belong_to("a")
    rows = range(1, 8)
    heads = [(row, 1, row, "a.txt", "id", "[]", "Title", None, 1, None, None, 0) for row in rows]
    tweets = [
        (row, f"tweet {row}", "[]", "[]", None, None, None, None, 1, "", None) for row in rows
    ]
    held.keep(heads, tweets)
    assert [each.id for each in held.versions([5, 1, 7, 2]) or ()] == [5, 1, 7, 2]
    assert held.versions([5, 8]) is None
    assert held.missing({"one": np.array([5, 8]), "two": np.array([1])}) == [8]
    held.belong_to("a")
    assert held.missing({"one": np.array([5])}) == []
    held.belong_to("b")  # another database, or something was erased
    assert held.missing({"one": np.array([5])}) == [5]
    held.close()


def test_copies_are_listed_once_for_each_layer_until_something_is_erased(tmp_path: Path) -> None:
    held = Copies(tmp_path)
    held.belong_to("a")
    layers = {"one": np.array([5])}
    head = (5, 1, 5, "a.txt", "id", "[]", "Title", None, 1, None, None, 0)
    held.keep([head], [])
    assert held.missing(layers) == []
    held.are_whole(layers)
    other = Copies(tmp_path)
    other.belong_to("b")  # another process sees first that something was erased
    assert held.missing(layers) == []
    assert held.missing({**layers, "two": np.array([6])}) == [6]
    held.belong_to("b")
    assert held.missing(layers) == [5]
    held.are_whole(layers)
    (tmp_path / FILE).write_bytes(b"x" * 5000)
    other.close()
    held.missing({"two": np.array([6])})  # the file is damaged, so there are no copies
    held.missing(layers)
    assert held.missing(layers) == [5]
    held.close()


def test_a_file_that_is_no_database_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"x" * 5000)
    held = Copies(tmp_path)
    held.belong_to("a")
    held.belong_to("a")
    assert held.missing({"one": np.array([1])}) == [1]
    held.close()
