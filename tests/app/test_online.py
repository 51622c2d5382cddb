"""What Discord says of a token and of the time."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.app.online import discord_says
from bot.app.service import application_of
from bot.reports import GatewaySays
from tests.discord_server import LoopbackDiscord


async def test_discord_names_the_application_of_a_token_and_the_time() -> None:
    async with LoopbackDiscord() as server:
        with server.redirect():
            server.starts.recommended, server.starts.remaining = 4, 990
            said = await discord_says(server.token)
            application = await application_of(server.token)
            refused = await discord_says("wrong")
            nobody = await discord_says(None)
    assert said.application == application
    assert said.gateway == GatewaySays(4, 1000, 990, 14_400.0)
    assert said.date is not None
    assert abs((datetime.now(UTC) - said.date).total_seconds()) < 5
    assert (refused.application, refused.problem) == (None, "Discord rejected DISCORD_TOKEN")
    assert (nobody.application, nobody.problem, nobody.gateway) == (None, "", None)
    assert nobody.date is not None


async def test_an_unreachable_discord_is_said_to_be_that() -> None:
    server = LoopbackDiscord()
    async with server:
        pass
    with server.redirect():
        said = await discord_says(None)
    assert said.date is None
    assert said.problem.startswith("Discord cannot be reached")
