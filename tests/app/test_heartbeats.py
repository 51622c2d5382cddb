"""A silent gateway is noticed and replaced; here 44 seconds take one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import heartbeats
from tests.app.conftest import at_work
from tests.conftest import SEEDS
from tests.discord_server import LoopbackDiscord

PROBE, SILENT = 0.5, 1.0


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LoopbackDiscord]:
    """A Discord whose clients notice silence soon."""
    monkeypatch.setattr(heartbeats, "PROBE_SECONDS", PROBE)
    monkeypatch.setattr(heartbeats, "SILENT_SECONDS", SILENT)
    monkeypatch.setattr(heartbeats, "CHECK_SECONDS", 0.05)
    async with LoopbackDiscord() as server:
        yield server


def test_silence_is_noticed_within_45_seconds_and_not_before_a_heartbeat_was_due() -> None:
    assert heartbeats.SILENT_SECONDS + heartbeats.CHECK_SECONDS <= 45
    assert heartbeats.TIMEOUT_SECONDS <= 45
    assert heartbeats.PROBE_SECONDS < 41.25 < heartbeats.SILENT_SECONDS


@pytest.mark.parametrize("events", [True, False])
async def test_a_gateway_that_acknowledges_nothing_is_replaced_and_nothing_is_missed(
    server: LoopbackDiscord, tmp_path: Path, *, events: bool
) -> None:
    ada = server.add_guild("Chips").add_member("ada")
    async with at_work(server, tmp_path, SEEDS) as client:
        await server.commands_synced()
        await client.wait_until_ready()
        server.silence_gateway(events=events)
        if events:
            message = await (await ada.slash("ask", question="Dalai Lama")).reply()
            assert "**Dalai** **Lama**" in message.text, "events still come"
        asked = asyncio.create_task(ada.slash("ask", question="Dalai Lama"))
        assert await server.gateway.wait_for(lambda: server.resumes == 1, SILENT + 30)
        assert "**Dalai** **Lama**" in (await (await asked).reply()).text
        await server.ready()
        assert client.health.ready
        assert server.identifies == 1
        session = client.shards[0]._parent.ws.session_id  # noqa: SLF001 - discord.py has no other
        assert session in server.gateway._sessions  # noqa: SLF001 - the same one
    assert server.violations == []


async def test_a_quiet_gateway_that_acknowledges_is_kept(
    server: LoopbackDiscord, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path, SEEDS) as client:
        patience = client._connection.heartbeat_timeout  # noqa: SLF001 - discord.py has no other
        assert patience == heartbeats.TIMEOUT_SECONDS, "before the first heartbeat"
        before = server.heartbeats
        await asyncio.sleep(2.5 * SILENT)
        assert server.heartbeats > before, "it was asked"
        assert (server.identifies, server.resumes) == (1, 0)
        age = client.health.heartbeat_age
        assert age is not None
        assert age < SILENT
