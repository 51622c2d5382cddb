"""Shards: several connections, in one process and in several, which agree with each other."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import discord
import pytest

from bot.app import heartbeats, identify_turns, registration
from bot.app.rate_limit import RateLimit
from bot.app.service import serve
from bot.app.sharding import Shards, listed, shard_of
from bot.errors import SessionStartsUsedUp, ShardingRequired, ShardRefused
from bot.library.library import Library
from tests.app.conftest import at_work, until
from tests.app.test_stopping import RUN
from tests.conftest import ROOT, SEEDS, Program
from tests.discord_server import LoopbackDiscord, Member, Upload

PACE = 0.4
"""Seconds between two sessions in these tests."""
COUNT = 4


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LoopbackDiscord]:
    """A Discord that accepts sessions soon after each other."""
    monkeypatch.setattr(identify_turns, "SECONDS", PACE)
    monkeypatch.setattr(registration, "SOON_SECONDS", 0.1)
    async with LoopbackDiscord() as server:
        server.starts.seconds = PACE
        yield server


def people(server: LoopbackDiscord, count: int = COUNT) -> list[Member]:
    """A member of a server on each shard, who may manage it."""
    manager = discord.Permissions(manage_guild=True)
    return [
        server.add_guild(f"Chips {n}", shard=(n, count)).add_member(f"ada{n}", permissions=manager)
        for n in range(count)
    ]


def test_a_server_has_the_shard_that_discord_gives_it_and_direct_messages_the_first() -> None:
    assert [shard_of(n << 22, 4) for n in range(6)] == [0, 1, 2, 3, 0, 1]
    assert shard_of(197038439483310086, 1) == 0
    assert shard_of(None, 4) == 0
    assert (listed(range(4)), listed([2])) == ("0-3", "2")


async def test_two_processes_have_two_shards_each(
    server: LoopbackDiscord, seeds: Path, tmp_path: Path
) -> None:
    members, bob = people(server), server.add_user("bob")
    async with (
        at_work(server, tmp_path, seeds, shards=Shards(COUNT, range(2)), operators=members) as low,
        at_work(server, tmp_path, seeds, shards=Shards(COUNT, range(2, 4))) as high,
    ):
        await server.ready()
        await until(lambda: low.health.ready and high.health.ready, 10)
        assert sorted(each.shard for each in server.starts.identified) == [0, 1, 2, 3]
        assert min(server.starts.spacing()[0]) >= PACE
        for client, ids in ((low, [0, 1]), (high, [2, 3])):
            assert [(each.id, each.servers) for each in client.health.shards] == [
                (each, 1) for each in ids
            ]
            assert {each.id for each in client.guilds} == {members[n].guild.id for n in ids}
        for n, member in enumerate(members):
            answer = await (await member.slash("ask", question="Dalai Lama")).reply()
            assert "**Dalai** **Lama**" in answer.text
            assert low.health.answered + high.health.answered == n + 1
        assert (low.health.answered, high.health.answered) == (2, 2)
        answer = await (await bob.slash("ask", question="Dalai Lama")).reply()
        assert "**Dalai** **Lama**" in answer.text
        assert (low.health.answered, high.health.answered) == (3, 2), "direct messages"

        limits = [RateLimit(1, name="once"), RateLimit(1, name="once")]
        assert await low.limits.retry_after(limits[0], bob.id) is None
        assert await high.limits.retry_after(limits[1], bob.id) is not None, "counted together"
        assert await high.limits.retry_after(limits[1], bob.id + 1) is None

        assert server.command_syncs == 1
        written = [(await (await members[n].slash("help")).reply()).text for n in (0, 3)]
        assert written[0] == written[1]
        assert "</ask:" in written[0]
        assert high.command_ids.known

        (seeds / "okapi.txt").write_text("Okapis, a thread\nThey are shy\n", encoding="utf-8")
        preview = await (await members[0].slash("reload")).reply()
        await (await members[0].press(preview, label="Reload")).reply()
        for _ in range(20):
            found = (await (await members[3].slash("ask", question="okapis")).reply()).text
            if "**__Okapis__" in found:
                break
            await asyncio.sleep(0.1)
        assert "**__Okapis__" in found, "the other process serves the new generation"
    assert server.violations == []


async def test_what_one_process_began_another_one_finishes(
    server: LoopbackDiscord, tmp_path: Path
) -> None:
    ada = people(server)[3]
    async with at_work(server, tmp_path, SEEDS, shards=Shards(COUNT, range(4))):
        answer = await (await ada.slash("ask", question="Dalai Lama")).reply()
        sent = Upload("okapi.txt", b"Okapis, a thread\nThey are shy\n")
        preview = await (await ada.slash("reload", file=sent)).reply()
    server.starts.rest()
    async with at_work(server, tmp_path, SEEDS, shards=Shards(COUNT, [3])) as another:
        assert (await (await ada.press(answer, label="Newest first")).reply()).text
        await (await ada.press(preview, label="Load")).reply()
        found = await (await ada.slash("ask", question="okapis")).reply()
        assert "**__Okapis__" in found.text
        assert another.health.answered == 3
    assert server.violations == []


async def test_the_process_without_shard_0_learns_the_ids_of_the_commands_later(
    server: LoopbackDiscord, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path, SEEDS, shards=Shards(2, [1])) as second:
        assert not second.command_ids.known
        assert server.command_syncs == 0
        async with at_work(server, tmp_path, SEEDS, shards=Shards(2, [0])):
            await server.commands_synced()
            await until(lambda: second.command_ids.known)
    async with at_work(server, tmp_path, SEEDS, shards=Shards(2, [1])) as second:
        assert second.command_ids.known, "they are stored"
    async with at_work(server, tmp_path / "else", SEEDS, shards=Shards(2, [1])) as second:
        assert second.command_ids.known, "Discord has them"
    assert server.command_syncs == 1


async def test_a_shard_that_loses_its_connection_does_so_alone(
    server: LoopbackDiscord, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    members = people(server, 2)
    async with at_work(server, tmp_path, SEEDS, shards=Shards(2)) as client:
        await server.ready()
        await until(lambda: client.health.ready, 10)
        before = server.gateway.heartbeats
        await server.drop_gateway(shard=1)
        for member in members:
            answer = await (await member.slash("ask", question="Dalai Lama")).reply()
            assert "**Dalai** **Lama**" in answer.text
        await server.ready()
        assert (server.identifies, server.resumes) == (2, 1)
        assert server.gateway.heartbeats - before <= 3, "the other shard did not connect anew"
        await until(lambda: "shard 1 of 2 is connected again" in caplog.text)
        assert "shard 1 of 2 is disconnected" in caplog.text
        assert "shard 0 of 2 is disconnected" not in caplog.text

        await server.drop_gateway(shard=1, resumable=False)
        await server.ready()
        assert (server.identifies, server.resumes) == (3, 1)
        assert server.starts.identified[-1].shard == 1
    assert server.violations == []


async def test_a_server_that_the_bot_left_meanwhile_is_forgotten(
    server: LoopbackDiscord, tmp_path: Path
) -> None:
    members = people(server, 2)
    left = server.add_guild("Ships", shard=(1, 2))
    async with at_work(server, tmp_path, SEEDS, shards=Shards(2)) as client:
        await server.ready()
        await until(lambda: client.health.ready, 10)
        assert [each.servers for each in client.health.shards] == [1, 2]
        del server.world.guilds[left.id]
        await server.drop_gateway(shard=1, resumable=False)
        await server.ready()
        await until(lambda: len(client.guilds) == 2)
        assert {each.id for each in client.guilds} == {each.guild.id for each in members}
        answer = await (await members[1].slash("ask", question="Dalai Lama")).reply()
        assert "**Dalai** **Lama**" in answer.text
    assert server.violations == []


async def test_a_silent_shard_is_noticed_and_replaced_alone(
    server: LoopbackDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeats, "PROBE_SECONDS", 0.5)
    monkeypatch.setattr(heartbeats, "SILENT_SECONDS", 1.0)
    monkeypatch.setattr(heartbeats, "CHECK_SECONDS", 0.05)
    async with at_work(server, tmp_path, SEEDS, shards=Shards(2)) as client:
        await server.ready()
        await until(lambda: client.health.ready, 10)
        server.silence_gateway(events=True, shard=1)
        assert await server.gateway.wait_for(lambda: server.resumes == 1, 10)
        await server.ready()
        assert [each.ready for each in client.health.shards] == [True, True]
        assert (server.identifies, server.resumes) == (2, 1)
    assert server.violations == []


async def test_a_shard_connects_again_while_another_waits_for_its_turn(
    server: LoopbackDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identify_turns, "SECONDS", 60.0)
    async with Library.open(tmp_path, SEEDS) as library:
        with server.redirect():
            running = asyncio.create_task(serve(library, server.token, "ERROR", shards=Shards(2)))
            await server.ready(shards=[0])
            await server.drop_gateway(shard=0)
            assert await server.gateway.wait_for(lambda: server.resumes == 1, 30)
            await server.ready(shards=[0])
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
    assert (server.identifies, server.violations) == (1, []), "shard 1 waits"


async def test_shards_of_different_buckets_begin_together(
    server: LoopbackDiscord, tmp_path: Path
) -> None:
    server.starts.max_concurrency = 2
    async with at_work(server, tmp_path, SEEDS, shards=Shards(COUNT)):
        await server.ready()
    begun = [each.at for each in server.starts.identified]
    assert {bucket: len(found) for bucket, found in server.starts.spacing().items()} == {0: 1, 1: 1}
    assert min(min(each) for each in server.starts.spacing().values()) >= PACE
    assert begun[1] - begun[0] < PACE
    assert server.violations == []


async def test_discord_says_how_many_shards_there_are(
    server: LoopbackDiscord, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server.starts.recommended = 2
    async with at_work(server, tmp_path, SEEDS, shards=Shards()) as client:
        await server.ready()
        assert client.shard_count == 2
    server.starts.rest()
    async with at_work(server, tmp_path, SEEDS, shards=Shards(1)) as client:
        assert client.shard_count == 1
    assert "Discord recommends 2 shards, there are 1" in caplog.text
    assert server.violations == []


async def failing(server: LoopbackDiscord, data: Path, shards: Shards) -> None:
    """Run the service until it fails."""
    async with Library.open(data, SEEDS) as library:
        with server.redirect():
            async with asyncio.timeout(20):
                await serve(library, server.token, "ERROR", shards=shards)


async def test_too_many_servers_on_a_shard_are_explained(
    server: LoopbackDiscord, tmp_path: Path
) -> None:
    people(server, 2)
    server.starts.guilds_per_shard = 1
    with pytest.raises(ShardingRequired, match="set THREADBOT_SHARDS to the number that"):
        await failing(server, tmp_path, Shards(1))
    assert server.violations == ["gateway: 4011 Sharding required."]
    server.violations.clear()
    server.starts.recommended = 2
    async with at_work(server, tmp_path, SEEDS, shards=Shards()):
        await server.ready()
    assert server.violations == []


async def test_a_shard_that_there_is_not_is_explained(
    server: LoopbackDiscord, tmp_path: Path
) -> None:
    with pytest.raises(ShardRefused, match="Discord refuses shard 2"):
        await failing(server, tmp_path, Shards(2, [2]))
    assert server.violations == ["gateway: 4010 Invalid shard."]


async def test_a_bot_begins_no_sessions_that_discord_does_not_allow(
    server: LoopbackDiscord, tmp_path: Path
) -> None:
    server.starts.remaining, server.starts.reset_after = 1, 7300.0
    with pytest.raises(SessionStartsUsedUp, match="Start it again in 2 h 2 min"):
        await failing(server, tmp_path, Shards(2))
    assert server.identifies == 0
    assert server.violations == []


async def test_wrong_settings_end_the_program_with_a_sentence(threadbot: Program) -> None:
    async with LoopbackDiscord() as server:
        settings = {
            "DISCORD_TOKEN": server.token,
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "",
            "THREADBOT_SHARDS": "2",
            "THREADBOT_SHARD_IDS": "1-2",
        }
        ended = await asyncio.to_thread(
            threadbot, server.url, server.gateway.url, settings=settings, program=("-c", RUN)
        )
        assert ended.status == 2
        assert "with THREADBOT_SHARDS=2 the ids are 0 to 1." in ended.err
        server.starts.guilds_per_shard = 0
        server.add_guild("Chips")
        settings["THREADBOT_SHARD_IDS"] = ""
        ended = await asyncio.to_thread(
            threadbot, server.url, server.gateway.url, settings=settings, program=("-c", RUN)
        )
    assert ended.status == 3
    assert "more than 2,500 servers" in ended.err
    assert "Traceback" not in ended.err


def free_ports(count: int) -> Sequence[int]:
    """Ports that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def ended(program: asyncio.subprocess.Process) -> None:
    """Kill a program that still runs."""
    if program.returncode is None:
        program.kill()


async def test_two_programs_on_one_folder_keep_to_discords_pace(
    tmp_path: Path, threadbot: Program
) -> None:
    """The same with `threadbot run`, its settings, and the five seconds of Discord."""
    async with LoopbackDiscord() as server, AsyncExitStack() as stack:
        members = people(server, 2)
        ports = free_ports(2)
        programs = []
        for shard, port in enumerate(ports):
            program = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", RUN, server.url, server.gateway.url),
                env={
                    **os.environ,
                    "PYTHONPATH": str(ROOT),
                    "DISCORD_TOKEN": server.token,
                    "THREADBOT_SEEDS": str(SEEDS),
                    "THREADBOT_DATA": str(tmp_path / "data"),
                    "THREADBOT_HTTP": f"127.0.0.1:{port}",
                    "THREADBOT_SHARDS": "2",
                    "THREADBOT_SHARD_IDS": str(shard),
                },
                stderr=asyncio.subprocess.PIPE,
            )
            stack.callback(ended, program)
            programs.append(program)
        await server.ready(60)
        await server.commands_synced(seconds=30)
        assert min(server.starts.spacing()[0]) >= 5.0
        for member in members:
            answer = await (await member.slash("ask", question="Dalai Lama")).reply()
            assert "**Dalai** **Lama**" in answer.text
        for shard, port in enumerate(ports):
            for _ in range(50):
                asked = await asyncio.to_thread(
                    threadbot, "health", settings={"THREADBOT_HTTP": f"127.0.0.1:{port}"}
                )
                if asked.status == 0:
                    break
            assert asked.out.startswith("The bot is well.\n")
            assert f"shard {shard} of 2: ready" in asked.out
        for program in programs:
            program.send_signal(signal.SIGTERM)
        said = [await asyncio.wait_for(each.communicate(), 20) for each in programs]
    assert [each.returncode for each in programs] == [0, 0]
    for shard, (_, errors) in enumerate(said):
        assert b"Traceback" not in errors
        assert f'"shard": {shard}'.encode() in errors
    assert server.command_syncs == 1
    assert server.violations == []
