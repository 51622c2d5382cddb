"""`threadbot invite` and `threadbot sync`."""

from __future__ import annotations

import asyncio
import json
import urllib.parse

import discord

from bot.app.needed_permissions import least_permissions
from tests.conftest import ROOT, Outcome, Program
from tests.discord_server import LoopbackDiscord

ON_LOOPBACK = """
import sys
from discord.http import Route
Route.BASE = sys.argv[1] + "/api/v10"
from bot.terminal.main import main
sys.exit(main(sys.argv[2:]))
"""


async def on_loopback(threadbot: Program, url: str, token: str, *arguments: str) -> Outcome:
    """Run a command against the Discord at `url`."""
    return await asyncio.to_thread(
        threadbot,
        url,
        *arguments,
        settings={"DISCORD_TOKEN": token, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": ""},
        program=("-c", ON_LOOPBACK),
    )


def test_the_link_has_the_least_permissions_each_named(threadbot: Program) -> None:
    done = threadbot(
        "invite", "--json", settings={"DISCORD_APPLICATION_ID": "42", "PYTHONWARNINGS": ""}
    )
    printed = json.loads(done.out)
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(printed["url"]).query))
    assert query["client_id"] == "42"
    assert set(query["scope"].split()) == {"bot", "applications.commands"}
    granted = discord.Permissions(int(query["permissions"]))
    assert granted == least_permissions()
    assert len(printed["permissions"]) == bin(granted.value).count("1")
    assert not granted.administrator
    assert not granted.manage_guild
    shown = threadbot("invite", settings={"DISCORD_APPLICATION_ID": "42", "PYTHONWARNINGS": ""}).out
    assert printed["url"] in shown
    assert "- Create Public Threads: to post a saved thread" in shown


def test_without_token_and_id_the_next_step_is_said(threadbot: Program) -> None:
    done = threadbot("invite")
    assert done.status == 2
    assert "General Information" in done.err
    assert threadbot("sync").status == 2
    assert threadbot("invite", settings={"DISCORD_APPLICATION_ID": "x"}).status == 2


async def test_a_token_is_enough_and_a_wrong_one_is_refused(threadbot: Program) -> None:
    async with LoopbackDiscord() as server:
        done = await on_loopback(threadbot, server.url, server.token, "invite")
        assert f"client_id={server.world.application_id}" in done.out
        for command in ("invite", "sync"):
            refused = await on_loopback(threadbot, server.url, "wrong", command)
            assert refused.status == 2
            assert "Discord rejected DISCORD_TOKEN" in refused.err


async def test_sync_registers_every_time_and_lists_the_commands(threadbot: Program) -> None:
    async with LoopbackDiscord() as server:
        for times in (1, 2):
            done = await on_loopback(threadbot, server.url, server.token, "sync")
            assert done.status == 0, done.err
            assert "- /ask: servers and people's own installations" in done.out
            assert server.command_syncs == times
        assert server.violations == []


async def test_an_unreachable_discord_is_said_to_be_so(threadbot: Program) -> None:
    done = await on_loopback(threadbot, "http://127.0.0.1:9", "token", "sync")
    assert done.status == 3
    assert "Cannot connect to Discord" in done.err
