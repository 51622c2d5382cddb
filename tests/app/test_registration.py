"""Registering commands: what the application supports, refusals, and registering again."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from discord import app_commands

from bot.app.client import Feature, Interaction
from bot.app.service import FEATURES, register_again
from bot.errors import DiscordUnreachable, RegistrationRefused, TokenRefused
from bot.library.library import Library
from tests.app.conftest import at_work
from tests.conftest import SEEDS
from tests.discord_server import LoopbackDiscord

LONG = "x" * 101
"""A description that Discord refuses."""


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ((0,), {"ask": ([0], [0, 1]), "reload": ([0], [0])}),
        ((0, 1), {"ask": ([0, 1], [0, 1, 2]), "reload": ([0], [0])}),
        ((1,), {"ask": ([1], [0, 1, 2])}),
    ],
)
async def test_commands_are_registered_where_the_application_can_be_installed(
    tmp_path: Path, types: tuple[int, ...], expected: dict[str, tuple[list[int], list[int]]]
) -> None:
    async with LoopbackDiscord() as server:
        server.world.integration_types = types
        async with at_work(server, tmp_path / "data", SEEDS):
            await server.commands_synced()
        assert server.violations == []
        found = {c["name"]: (c["integration_types"], c["contexts"]) for c in server.commands}
        assert {name: found[name] for name in expected} == expected
        assert ("reload" in found) == (0 in types)


async def test_a_change_of_the_application_registers_the_commands_again(tmp_path: Path) -> None:
    async with LoopbackDiscord() as server:
        for types in ((0, 1), (0,)):
            server.world.integration_types = types
            async with at_work(server, tmp_path / "data", SEEDS):
                pass
        assert server.command_syncs == 2
        assert server.violations == []


def refused_feature() -> Feature:
    """A feature whose command Discord refuses."""

    @app_commands.command(name="zebra", description="Does nothing")
    async def zebra(_: Interaction) -> None: ...

    zebra.description = LONG
    return Feature(commands=(zebra,))


async def test_a_refusal_is_said_to_be_one_and_the_bot_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with LoopbackDiscord() as server:
        ada = server.add_guild("Chips").add_member("ada")
        async with at_work(server, tmp_path / "data", SEEDS):
            pass
        with caplog.at_level(logging.ERROR):
            async with at_work(
                server, tmp_path / "data", SEEDS, [*FEATURES, refused_feature()]
            ) as client:
                answer = await (await ada.slash("ask", question="Dalai Lama")).reply()
                assert "**Dalai**" in answer.text
                assert await client.library.setting("no such key") is None
        assert "Discord refused to register the commands: zebra: description:" in caplog.text
        assert "Cannot connect" not in caplog.text
        (violation,) = server.violations
        assert "50035" in violation


async def test_registering_again_ignores_the_digest_and_names_the_commands(tmp_path: Path) -> None:
    async with LoopbackDiscord() as server:
        async with at_work(server, tmp_path / "data", SEEDS):
            pass
        async with Library.open(tmp_path / "data", SEEDS) as library:
            with server.redirect():
                found = await register_again(library, server.token)
        assert server.command_syncs == 2
        assert {each.name for each in found} >= {"/ask", "Find threads about this"}
        assert server.violations == []


@pytest.mark.parametrize(
    ("status", "token", "error"),
    [(403, "", RegistrationRefused), (503, "", DiscordUnreachable), (0, "wrong", TokenRefused)],
)
async def test_registering_again_fails_with_a_reason(
    tmp_path: Path,
    status: int,
    token: str,
    error: type[Exception],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with LoopbackDiscord() as server, Library.open(tmp_path, SEEDS) as library:
        if status == 503:
            server.fail_next("GET", "/users/@me", status=500)
            monkeypatch.setattr(server, "url", "http://127.0.0.1:9")
        elif status:
            server.fail_next("PUT", "/commands", status=status)
        with server.redirect(), pytest.raises(error):
            await register_again(library, token or server.token)
