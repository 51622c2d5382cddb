"""Several bots with one database: what one process does, the others know."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import asyncpg
import discord
import pytest

from bot.app.rate_limit import QUESTIONS, RateLimit, RateLimits
from bot.errors import StoreUnreachable
from bot.library import generations, guilds
from bot.library.guilds import GuildLibraries
from bot.library.library import Library
from bot.operations import erase as erasing
from bot.store.places import place_at
from bot.store.postgres.copies import FILE
from bot.store.shelf import Shelf
from tests import postgres_server
from tests.app.conftest import at_work, scene_with, until
from tests.conftest import ROOT
from tests.databases import at
from tests.discord_server import LoopbackDiscord, Upload
from tests.postgres_server import DATABASE, Server, wait_for

pytestmark = pytest.mark.usefixtures("in_postgres")
OKAPIS = Upload("okapis.txt", b"Okapis, a thread\nThey are shy\n")
PATIENCE = 30.0
BOT = """
import sys, yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
Route.BASE = sys.argv[1] + "/api/v10"
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sys.argv[2])
from bot.terminal.main import main
sys.exit(main(["run"]))
"""
"""`threadbot run` as a process of its own, on a Discord of the tests."""


@pytest.fixture
def pair() -> Iterator[tuple[Server, Server]]:
    """A primary and its replica, of one test alone: it may stop one and promote the other."""
    with postgres_server.primary(durable=True) as one, postgres_server.replica_of(one) as other:
        yield one, other


async def test_every_bot_serves_what_another_process_loads_without_being_asked(
    tmp_path: Path, seeds: Path
) -> None:
    (tmp_path / "more.txt").write_text("Okapis are shy\n", encoding="utf-8")
    async with (
        scene_with(at(tmp_path / "data"), seeds) as scene,
        Library.open(at(tmp_path / "data"), seeds) as elsewhere,
    ):
        await asyncio.sleep(0.5)  # the bot listens
        await elsewhere.load([tmp_path / "more.txt"], "you")
        await until(lambda: scene.library.generation == 2)
        await elsewhere.undo("you")
        await until(lambda: scene.library.generation == 3)


async def test_an_announcement_that_is_lost_delays_a_generation_by_a_second(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(*_: object) -> None:
        """Announce nothing."""

    monkeypatch.setattr("bot.store.postgres.store.announce", silent)
    (tmp_path / "more.txt").write_text("Okapis are shy\n", encoding="utf-8")
    async with (
        scene_with(at(tmp_path / "data"), seeds) as scene,
        Library.open(at(tmp_path / "data"), seeds) as elsewhere,
    ):
        await elsewhere.load([tmp_path / "more.txt"], "you")
        await until(lambda: scene.library.generation == 2)


@pytest.mark.parametrize("is_shared", [True, False])
async def test_an_upload_is_loaded_by_whichever_bot_gets_the_button(
    tmp_path: Path, seeds: Path, in_postgres: Server, *, is_shared: bool
) -> None:
    first, second = at(tmp_path), at(tmp_path)
    if is_shared:
        url = in_postgres.url_for(tmp_path)
        first, second = (place_at(tmp_path / each, url) for each in ("one", "two"))
    else:
        first, second = (place_at(tmp_path / each) for each in ("one", "two"))
    async with LoopbackDiscord() as server:
        guild = server.add_guild("Chips")
        grace = guild.add_member("grace", permissions=discord.Permissions(manage_guild=True))
        async with at_work(server, first, seeds):
            await server.commands_synced()
            exchange = await grace.slash("reload", file=OKAPIS)
            preview = await exchange.reply()
        async with at_work(server, second, seeds) as client:
            applied = await (await grace.press(preview, label="Load")).reply()
            if is_shared:
                assert "+2 tweets." in applied.text
                library = await client.libraries.of(guild.id)
                assert (await library.ask("okapis")).tweets == 1
                assert await client.library.kept_uploads() == {}
            else:
                assert "+2 tweets." not in applied.text
        assert not [*(tmp_path / "two" / "uploads").glob("*")]


async def test_whether_answers_are_public_is_the_same_on_every_bot(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.guild_settings.FRESH_SECONDS", 0.0)
    async with scene_with(at(tmp_path / "data"), seeds) as scene:
        here = scene.client.guild_settings
        assert not await here.answers_are_public(scene.guild.id)
        async with Library.open(at(tmp_path / "data"), seeds) as elsewhere:
            await elsewhere.remember(f"answers in {scene.guild.id}", "public")
            await elsewhere.remember("roles that may load", f'{{"{scene.guild.id}": 7}}')
        assert await here.answers_are_public(scene.guild.id)
        await until(lambda: here.loading_role(scene.guild.id) == 7)


async def test_a_person_s_limit_counts_what_they_do_with_all_bots(
    tmp_path: Path, seeds: Path, in_postgres: Server
) -> None:
    at(tmp_path)
    url = in_postgres.url_for(tmp_path)
    first, second = (place_at(tmp_path / each, url) for each in ("one", "two"))
    async with LoopbackDiscord() as server:
        ada = server.add_guild("Chips").add_member("ada")
        async with at_work(server, first, seeds):
            await server.commands_synced()
            for _ in range(QUESTIONS):
                assert "seconds" not in (await (await ada.slash("about")).reply()).text
        async with at_work(server, second, seeds) as client:
            assert "seconds" in (await (await ada.slash("about")).reply()).text
            limit = RateLimit(name="questions")
            assert await client.limits.retry_after(limit, ada.id) is not None
            assert await client.limits.retry_after(limit, ada.id + 1) is None


async def test_without_the_database_each_bot_counts_alone(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise StoreUnreachable("the database", "it is away")

    async with scene_with(at(tmp_path / "data"), seeds) as scene:
        monkeypatch.setattr("bot.store.postgres.counters.PostgresCounters.used", away)
        limits = scene.client.limits
        limit = RateLimit(1, name="questions")
        assert await limits.retry_after(limit, 7) is None
        assert await limits.retry_after(limit, 7) is not None


async def test_a_database_that_is_silent_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        async def used(self, *_: object) -> float | None:
            await asyncio.sleep(3600)
            return None

    monkeypatch.setattr("bot.app.rate_limit.SHARED_SECONDS", 0.05)
    limits, limit = RateLimits(Silent()), RateLimit(1, name="questions")
    async with asyncio.timeout(10):
        assert await limits.retry_after(limit, 7) is None
        assert await limits.retry_after(limit, 7) is not None


@pytest.mark.parametrize("kind", ["disk", "s3"])
async def test_a_layer_is_built_once_and_left_for_the_other_machines(
    tmp_path: Path,
    seeds: Path,
    in_postgres: Server,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    kind: str,
) -> None:
    pytest.importorskip("fsspec")
    layers = str(tmp_path / "layers")
    if kind == "s3":
        layers = f"{request.getfixturevalue('bucket')}/{tmp_path.name}"
    monkeypatch.setattr(generations, "MUCH", 0)
    monkeypatch.setattr(generations, "WORTH_A_FILE", 1)
    at(tmp_path)
    url = in_postgres.url_for(tmp_path)
    first, second = (place_at(tmp_path / each, url, None, layers) for each in ("one", "two"))
    async with Library.open(first, seeds) as here:
        assert (await here.ask("suitcases")).tweets > 0

    def refuse(*_: object) -> None:
        raise AssertionError("built again")

    monkeypatch.setattr("bot.library.snapshot.layer.Layer.build", refuse)
    async with Library.open(second, seeds) as there:
        assert (await there.ask("suitcases")).tweets > 0
    assert second.shelf is not None
    names = {*await asyncio.to_thread(second.shelf.names)}
    assert names == {each.name for each in (tmp_path / "two").glob("index-0*.bin")}
    await asyncio.to_thread(erasing.clear, second.shelf)
    assert not await asyncio.to_thread(second.shelf.names)


async def test_a_layer_that_could_not_be_left_is_left_while_it_is_served(
    tmp_path: Path, seeds: Path, in_postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("fsspec")
    monkeypatch.setattr(generations, "WORTH_A_FILE", 1)
    at(tmp_path)
    layers = tmp_path / "layers"
    place = place_at(tmp_path / "one", in_postgres.url_for(tmp_path), None, str(layers))
    waits: list[float] = []
    left: list[set[str]] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 4:
            layers.unlink()
        left.append({each.name for each in layers.iterdir()} if layers.is_dir() else set())
        if len(waits) == 6:
            raise asyncio.CancelledError

    layers.write_bytes(b"no folder")
    async with Library.open(place, seeds) as library:
        await library.settled()
        with pytest.raises(asyncio.CancelledError):
            await GuildLibraries(library).leave_layers(sleep)
    assert waits == [10, 20, 40, 80, 10, 10]
    files = {each.name for each in (tmp_path / "one").glob("index-0*.bin")}
    assert left == [set(), set(), set(), set(), files, files]


async def test_what_is_erased_while_layers_are_left_does_not_stay_there(
    tmp_path: Path, seeds: Path, in_postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("fsspec")
    monkeypatch.setattr(generations, "WORTH_A_FILE", 1)
    at(tmp_path)
    layers, put = tmp_path / "layers", Shelf.put
    url = in_postgres.url_for(tmp_path)
    first, second = (place_at(tmp_path / each, url, None, str(layers)) for each in ("one", "two"))
    (tmp_path / "okapi.txt").write_text("Okapis are shy\n", encoding="utf-8")

    def late(shelf: Shelf, path: Path) -> None:
        monkeypatch.setattr(Shelf, "put", put)
        erasing.erase(erasing.plan(second, None), "you")
        put(shelf, path)

    layers.write_bytes(b"no folder")
    async with Library.open(first, seeds) as library:
        await library.load([tmp_path / "okapi.txt"], "you")
        await library.remove("okapi.txt", "you")
        await library.settled()
        layers.unlink()
        monkeypatch.setattr(Shelf, "put", late)
        await library.leave_again()
        assert words_in(tmp_path / "one", "index-0-*") == {b"okapi"}, (
            "of which it does not know yet"
        )
        assert not words_in(layers, "*")


async def test_a_bot_leaves_such_layers(
    tmp_path: Path, seeds: Path, in_postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("fsspec")
    monkeypatch.setattr(generations, "WORTH_A_FILE", 1)
    monkeypatch.setattr(guilds, "LEAVE_SECONDS", 0.01)
    at(tmp_path)
    layers = tmp_path / "layers"
    place = place_at(tmp_path / "one", in_postgres.url_for(tmp_path), None, str(layers))
    layers.write_bytes(b"no folder")
    async with LoopbackDiscord() as server, at_work(server, place, seeds) as client:
        await client.library.settled()
        layers.unlink()
        await until((layers / "index-0.bin").exists)


async def test_what_is_erased_on_one_machine_is_in_no_file_of_the_others(
    tmp_path: Path, in_postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "WORTH_A_FILE", 1)
    at(tmp_path)
    url, guild = in_postgres.url_for(tmp_path), 7
    first, second = (place_at(tmp_path / each, url) for each in ("one", "two"))
    seeds, there = tmp_path / "seeds", tmp_path / "two"
    seeds.mkdir()
    (seeds / "zebra.txt").write_text("Zebras are bold\n", encoding="utf-8")
    (tmp_path / "okapi.txt").write_text("Okapis are shy\n", encoding="utf-8")
    async with Library.open(second, seeds) as library, Library.open(first, seeds) as elsewhere:
        own = await elsewhere.beside(guild)
        await own.load([tmp_path / "okapi.txt"], "you")
        await (await library.beside(guild)).settled()  # its layer is filed, and it is closed
        await library.settled()
        libraries = GuildLibraries(library)

        async def nothing() -> None:
            """Do nothing else."""

        following = asyncio.create_task(libraries.follow(nothing))
        await until(lambda: copied(there) == ("", {"Zebras are bold"}))
        assert words_in(there, f"index-{guild}-*") == {b"okapi"}
        await own.remove("okapi.txt", "you")
        planned = await asyncio.to_thread(erasing.plan, first, guild)
        await asyncio.to_thread(erasing.erase, planned, "you")
        await until(lambda: not words_in(there, f"index-{guild}*"))
        await until(lambda: copied(there) == (f"{guild} 3", {"Zebras are bold"}))  # copied again
        assert words_in(there, "index-0-*") == {b"zebra"}
        following.cancel()
        await asyncio.wait({following})
        await own.settled()


async def test_a_bot_that_is_killed_during_a_load_changes_nothing_and_holds_up_nobody(
    tmp_path: Path, seeds: Path, in_postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Its first answers import much, which may take long on a busy machine.
    monkeypatch.setattr("tests.discord_server.webhooks.ANSWER_SECONDS", PATIENCE)
    data = tmp_path / "data"
    place, url = at(data), in_postgres.url_for(data)
    waiting = "SELECT count(*) FROM pg_locks WHERE relation = $1::regclass AND NOT granted"
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
    async with LoopbackDiscord() as server:
        server.ack_timeout = server.patience = PATIENCE
        guild = server.add_guild("Chips")
        grace = guild.add_member("grace", permissions=discord.Permissions(manage_guild=True))
        settings = {
            "DATABASE_URL": url,
            "DISCORD_TOKEN": server.token,
            "PYTHONPATH": str(ROOT),
            "THREADBOT_DATA": str(data),
            "THREADBOT_HTTP": "off",
            "THREADBOT_LOG": "ERROR",
            "THREADBOT_SEEDS": str(seeds),
        }
        bot = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", BOT, server.url, server.gateway.url),
            env={**os.environ, **settings},
        )
        await server.ready(PATIENCE)
        await server.commands_synced(seconds=PATIENCE)
        preview = await (await grace.slash("reload", file=OKAPIS)).reply(within=PATIENCE)
        other = await asyncpg.connect(url)
        counted = await other.fetchval("SELECT count(*) FROM tweet")
        async with other.transaction(), asyncio.timeout(PATIENCE):
            await other.execute("LOCK TABLE generation_dump IN SHARE MODE")
            await grace.press(preview, label="Load")
            while not await other.fetchval(waiting, "generation_dump"):  # noqa: ASYNC110  # no event
                await asyncio.sleep(0.02)
            bot.kill()  # its load has written its tweets, and is about to commit
            assert await bot.wait() < 0
        async with asyncio.timeout(PATIENCE):
            while await other.fetchval(held):  # noqa: ASYNC110  # no event
                await asyncio.sleep(0.02)
        assert await other.fetchval("SELECT count(*) FROM tweet") == counted
        await other.close()
        async with at_work(server, place, seeds) as client:
            assert not await client.library.has_own(guild.id)
            applied = await (await grace.press(preview, label="Load")).reply()
            assert "+2 tweets." in applied.text


def words_in(folder: Path, files: str) -> set[bytes]:
    """The animals of these tests that files of a folder have."""
    found = [path.read_bytes() for path in folder.glob(files)]
    return {each for each in (b"okapi", b"zebra") if any(each in data for data in found)}


def copied(folder: Path) -> tuple[str, set[str]]:
    """The erasures that a folder's copies are of, and the titles of the threads that it copied."""
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(folder / FILE)) as connection:
        ((state,),) = connection.execute("SELECT state FROM of").fetchall() or [('["", ""]',)]
        rows = connection.execute("SELECT packed FROM copy").fetchall()
        return json.loads(state)[1], {json.loads(zlib.decompress(row))[0][6] for (row,) in rows}
    return "", set()


async def test_a_promoted_replica_is_the_database_of_all_bots(
    tmp_path: Path, seeds: Path, pair: tuple[Server, Server]
) -> None:
    first, second = pair
    hosts = f"host={first.folder},{second.folder}&target_session_attrs=primary"
    url = f"postgresql://{DATABASE}@/{DATABASE}?{hosts}"
    one, two = (place_at(tmp_path / each, url, second.url) for each in ("one", "two"))
    for name in ("okapis", "zebras"):
        (tmp_path / f"{name}.txt").write_text(f"{name} are shy\n", encoding="utf-8")
    async with scene_with(one, seeds) as scene, Library.open(two, seeds) as elsewhere:
        await elsewhere.load([tmp_path / "okapis.txt"], "you")
        await until(lambda: scene.library.generation == 2)
        await asyncio.to_thread(wait_for, second, first)

        await asyncio.to_thread(first.stop)
        found = await (await scene.ada.slash("ask", question="okapis")).reply()
        assert "1 tweet in 1 thread" in found.text
        with pytest.raises(StoreUnreachable):
            await elsewhere.load([tmp_path / "zebras.txt"], "you")

        await asyncio.to_thread(second.promote)
        await elsewhere.load([tmp_path / "zebras.txt"], "you")
        await until(lambda: scene.library.generation == 3)
        for name in ("okapis", "zebras"):
            found = await (await scene.ada.slash("ask", question=name)).reply()
            assert "1 tweet in 1 thread" in found.text
