"""A bot on a Discord of one's own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import discord
import pytest
from discord import app_commands

from bot.app.client import Feature, Interaction, Threadbot
from bot.app.identify_turns import FileTurns
from bot.app.service import FEATURES, build_client
from bot.app.sharding import Shards
from bot.app.uploads import Quotas
from bot.library.library import Library
from bot.library.spread.spreading import Spreader
from bot.library.workers import Workers
from bot.store.protocol import Place as StorePlace
from tests.discord_server import LoopbackDiscord, Member, Message, Person, Place


@pytest.fixture(autouse=True)
def root_logger_as_before() -> Iterator[None]:
    """Undo what `serve` sets, for later tests read the log."""
    root = logging.getLogger()
    level = root.level
    yield
    root.setLevel(level)
    for handler in root.handlers[:]:
        if type(handler) is logging.StreamHandler:  # pytest's own derive from it
            root.removeHandler(handler)


@dataclass(frozen=True, slots=True)
class Scene:
    """A bot at work in a guild."""

    server: LoopbackDiscord
    """The Discord that it is on."""
    library: Library
    """What it serves."""
    seeds: Path
    """Where that was loaded from."""
    guild: Place
    """The guild."""
    ada: Member
    """A member without any special permission."""
    grace: Member
    """A member who may manage the server, and an operator of the bot."""
    client: Threadbot
    """The bot."""


@asynccontextmanager
async def at_work(
    server: LoopbackDiscord,
    data: Path | StorePlace,
    seeds: Path,
    features: Sequence[Feature] = FEATURES,
    workers: Workers | None = None,
    *,
    operators: Collection[Person] = (),
    quotas: Quotas | None = None,
    spreader: Spreader | None = None,
    shards: Shards | None = None,
) -> AsyncIterator[Threadbot]:
    """Have a bot with `features` on `server` while inside; it changes its library in `workers`.

    With `shards` it is one of several processes, and takes turns with the others.
    """
    ids = [each.id for each in operators]
    if shards is None:
        server.starts.rest()  # an earlier bot of the same test was there a while ago
    with server.redirect():
        async with (
            Library.open(data, seeds, workers=workers, spreader=spreader) as library,
            build_client(
                library,
                features,
                operators=ids,
                quotas=quotas,
                shards=shards,
                turns=FileTurns(library.folder) if shards else None,
            ) as client,
        ):
            running = asyncio.create_task(client.start(server.token))
            await server.ready(shards=shards.ids if shards else None)
            yield client
            await client.close()
            await running


async def reloaded(scene: Scene) -> Message:
    """The report of the seeds read again, by the one who may."""
    preview = await (await scene.grace.slash("reload")).reply()
    return await (await scene.grace.press(preview, label="Reload")).reply()


@asynccontextmanager
async def scene_with(
    data: Path | StorePlace,
    seeds: Path,
    features: Sequence[Feature] = FEATURES,
    workers: Workers | None = None,
    *,
    quotas: Quotas | None = None,
    spreader: Spreader | None = None,
) -> AsyncIterator[Scene]:
    """Have a bot with `features` in a guild; at the end Discord must have refused nothing."""
    async with LoopbackDiscord() as server:
        guild = server.add_guild("Chips")
        ada = guild.add_member("ada")
        grace = guild.add_member("grace", permissions=discord.Permissions(manage_guild=True))
        async with at_work(
            server,
            data,
            seeds,
            features,
            workers,
            operators=[grace],
            quotas=quotas,
            spreader=spreader,
        ) as client:
            await server.commands_synced()
            yield Scene(server, client.library, seeds, guild, ada, grace, client)
        assert server.violations == []


async def until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait for a condition that nothing announces."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


Handler = Callable[[Interaction], Awaitable[object]]
"""What a test's own command does."""


def command(handler: Handler) -> Feature:
    """The command `/test`, which calls `handler`."""

    @app_commands.command(name="test", description="Calls the handler")
    async def test(interaction: Interaction) -> None:
        await handler(interaction)

    return Feature(commands=(test,))


@pytest.fixture
async def scene(tmp_path: Path, seeds: Path) -> AsyncIterator[Scene]:
    """A bot with the given seeds and all its features."""
    async with scene_with(tmp_path / "data", seeds) as scene:
        yield scene
