"""The service: its features, and what it says when it cannot connect."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from pathlib import Path

import discord
import pytest
import yarl
from discord import Interaction, app_commands
from discord.gateway import DiscordWebSocket

from bot.app.client import Feature, Threadbot
from bot.app.service import FEATURES, build_client, serve
from bot.errors import DiscordUnreachable, TokenRefused
from bot.library.library import Library
from tests.conftest import ROOT, SEEDS, Program
from tests.discord_server import LoopbackDiscord, Upload

RUN = """
import sys
from discord.http import Route
Route.BASE = sys.argv[1] + "/api/v10"
from bot.terminal.main import main
sys.exit(main(["run"]))
"""


def command(name: str) -> app_commands.Command[app_commands.Group, ..., None]:
    """A command that does nothing."""

    @app_commands.command(name=name, description="Does nothing")
    async def nothing(_: Interaction[Threadbot]) -> None: ...

    return nothing


async def test_features_with_commands_of_the_same_name_are_refused(tmp_path: Path) -> None:
    features = [Feature(commands=(command("zebra"),)), Feature(commands=(command("zebra"),))]
    async with Library.open(tmp_path, SEEDS) as library:
        with pytest.raises(app_commands.CommandAlreadyRegistered, match="zebra"):
            build_client(library, features)


async def test_a_client_has_the_commands_of_its_features_alone(tmp_path: Path) -> None:
    features = [Feature(commands=(command("zebra"),)), Feature(commands=(command("okapi"),))]
    async with Library.open(tmp_path, SEEDS) as library:
        client = build_client(library, features)
    assert [each.name for each in client.tree.get_commands()] == ["zebra", "okapi"]


def test_no_two_components_or_forms_have_the_same_custom_ids() -> None:
    templates = Counter(
        each.__discord_ui_compiled_template__.pattern
        for feature in FEATURES
        for each in feature.components
    )
    templates.update(form.template for feature in FEATURES for form in feature.forms)
    assert len(templates) >= 20
    assert set(templates.values()) == {1}


async def test_a_refused_token_is_said_to_be_refused(tmp_path: Path) -> None:
    async with LoopbackDiscord() as server, Library.open(tmp_path, SEEDS) as library:
        with server.redirect(), pytest.raises(TokenRefused):
            await serve(library, "wrong", "ERROR")


async def test_no_discord_is_said_to_be_none(tmp_path: Path) -> None:
    server = LoopbackDiscord()
    async with server:
        pass
    async with Library.open(tmp_path, SEEDS) as library:
        with server.redirect(), pytest.raises(DiscordUnreachable):
            await serve(library, server.token, "ERROR")


async def test_no_gateway_is_said_to_be_none(tmp_path: Path) -> None:
    async with LoopbackDiscord() as server, Library.open(tmp_path, SEEDS) as library:
        with server.redirect():
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL("ws://127.0.0.1:9")
            with pytest.raises(DiscordUnreachable):
                await serve(library, server.token, "ERROR")


async def test_run_ends_with_a_sentence_and_a_status(threadbot: Program) -> None:
    async with LoopbackDiscord() as server:
        refused = await asyncio.to_thread(
            threadbot,
            server.url,
            settings={"DISCORD_TOKEN": "wrong", "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": ""},
            program=("-c", RUN),
        )
    assert refused.status == 2
    assert "Discord rejected DISCORD_TOKEN" in refused.err
    assert "Traceback" not in refused.err
    assert "wrong" not in refused.err


async def test_without_shared_threads_servers_can_load_their_own(tmp_path: Path) -> None:
    async with (
        LoopbackDiscord() as server,
        Library.open(tmp_path, tmp_path / "nowhere", may_be_empty=True) as library,
    ):
        place = server.add_guild("Okapis")
        grace = place.add_member("grace", permissions=discord.Permissions(manage_guild=True))
        with server.redirect():
            running = asyncio.create_task(serve(library, server.token, "ERROR"))
            await server.commands_synced()
            nothing = await (await grace.slash("ask", question="okapis")).reply()
            assert "Nothing is loaded here yet." in nothing.text
            sent = Upload("okapi.txt", b"Okapis, a thread\nThey are shy\n")
            preview = await (await grace.slash("reload", file=sent)).reply()
            await (await grace.press(preview, label="Load")).reply()
            found = await (await grace.slash("ask", question="okapis")).reply()
            assert "**__Okapis__, a thread**" in found.text
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
        assert server.violations == []


async def test_run_says_that_no_threads_are_shared_and_connects(threadbot: Program) -> None:
    settings = {"DISCORD_TOKEN": "wrong", "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": ""}
    async with LoopbackDiscord() as server:
        refused = await asyncio.to_thread(
            threadbot,
            server.url,
            settings=settings | {"THREADBOT_SEEDS": "nowhere"},
            program=("-c", RUN),
        )
    assert "No shared threads are loaded: there is no file in nowhere." in refused.err
    assert "Discord rejected DISCORD_TOKEN" in refused.err
