"""`/healthz` and `/metrics`, and `threadbot health`, against a running bot."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from pathlib import Path

import aiohttp
import pytest

from bot.app import status_server
from bot.app.service import serve
from bot.app.status_server import answering_checks
from bot.library.library import Library
from tests.app.conftest import Scene
from tests.conftest import SEEDS, Program
from tests.discord_server import LoopbackDiscord

HERE = ("127.0.0.1", 0)


async def fetched(port: int | None, path: str) -> tuple[int, str]:
    """The status and the text at a path."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as response,
    ):
        return response.status, await response.text()


async def until_well(port: int | None) -> str:
    """What `/healthz` says once the bot is well, which takes discord.py two seconds."""
    for _ in range(100):
        status, text = await fetched(port, "/healthz")
        if status == 200:
            break
        await asyncio.sleep(0.1)
    assert status == 200, text
    return text


async def test_a_connected_bot_is_well(scene: Scene, threadbot: Program) -> None:
    async with answering_checks(scene.client, HERE) as port:
        text = await until_well(port)
        assert '"ok": true' in text
        assert f'"tweets": {scene.library.tweets}' in text
        (shard,) = json.loads(text)["shards"]
        assert shard["heartbeat_age_s"] < 10
        assert (shard["id"], shard["ready"], shard["servers"]) == (0, True, 1)
        asked = await asyncio.to_thread(
            threadbot, "health", settings={"THREADBOT_HTTP": f"127.0.0.1:{port}"}
        )
        assert asked.status == 0
        assert asked.out.startswith("The bot is well.\n")
        assert (await fetched(port, "/else"))[0] == 404


async def test_a_bot_without_its_gateway_is_not_well(scene: Scene, threadbot: Program) -> None:
    async with answering_checks(scene.client, HERE) as port:
        await scene.client.close()
        status, text = await fetched(port, "/healthz")
        assert status == 503
        assert '"ok": false' in text
        asked = await asyncio.to_thread(
            threadbot, "health", "--json", settings={"THREADBOT_HTTP": f"127.0.0.1:{port}"}
        )
        assert asked.status == 1
        assert '"gateway_ready": false' in asked.out


async def test_a_bot_with_a_silent_gateway_is_not_well(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with answering_checks(scene.client, HERE) as port:
        await until_well(port)
        monkeypatch.setattr(status_server, "FRESH", 0.0)
        assert (await fetched(port, "/healthz"))[0] == 503


async def test_the_numbers_are_as_prometheus_reads_them(scene: Scene) -> None:
    from prometheus_client.parser import text_string_to_metric_families

    async with answering_checks(scene.client, HERE) as port:
        await until_well(port)
        await (await scene.ada.slash("ask", question="chips")).reply()
        status, text = await fetched(port, "/metrics")
    assert status == 200
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert found["threadbot_ready",] == 1
    assert found["threadbot_tweets",] == scene.library.tweets
    assert found["threadbot_servers",] == 1
    assert found["threadbot_shards",] == 1
    assert found["threadbot_shard_ready", "0"] == 1
    assert found["threadbot_shard_servers", "0"] == 1
    assert found["threadbot_shard_heartbeat_age_seconds", "0"] < 10
    assert found["threadbot_answers_total", "answered"] == 1
    assert found["threadbot_answers_total", "failed"] == 0
    assert found["threadbot_acknowledgement_seconds_bucket", "+Inf"] == 1
    assert "chips" not in text


async def test_without_the_extra_the_numbers_say_how_to_get_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    async with answering_checks(scene.client, HERE) as port:
        status, text = await fetched(port, "/metrics")
        await until_well(port)
    assert (status, "pip install 'threadbot[metrics]'" in text) == (501, True)


async def test_a_bot_runs_on_if_its_address_is_taken(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(HERE) as taken:
        async with answering_checks(scene.client, taken.getsockname()) as port:
            assert port is None
    assert "set THREADBOT_HTTP" in caplog.text
    async with answering_checks(scene.client, None) as port:
        assert port is None


async def test_the_service_answers_checks_while_it_runs(tmp_path: Path) -> None:
    with socket.create_server(HERE) as free:
        port = free.getsockname()[1]
    async with LoopbackDiscord() as server, Library.open(tmp_path, SEEDS) as library:
        with server.redirect():
            running = asyncio.create_task(
                serve(library, server.token, "ERROR", checks=("127.0.0.1", port))
            )
            await server.commands_synced()
            await until_well(port)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            with pytest.raises(aiohttp.ClientError):
                await fetched(port, "/healthz")
