"""Asks many questions during a reload: the time until interactions are acknowledged.

Discord's limit is 3 s: https://discord.com/developers/docs/interactions/receiving-and-responding

The bot is `threadbot run` in a process of its own; Discord is the server from the tests. The time
is measured from just before the gateway's event is written to its socket until the callback has
been read. Members join before the bot starts, so only interactions are sent meanwhile. The next 100
members ask once the previous 100 are answered.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import discord

from tests.discord_server import LoopbackDiscord, Member

SERVED, ADDED, TWEETS = 1_000, 200, 100
"""Dumps loaded at first; dumps added by the reload; tweets in each."""
AT_ONCE = 100
ROUNDS = 10
PATIENCE = 300.0
CROWD = 2_000
"""Members. They take turns, because of the rate limit per person."""
WORDS = [f"word{number}" for number in range(20_000)]
BOT = """
import sys, yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
Route.BASE = sys.argv[1] + "/api/v10"
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sys.argv[2])
from bot.terminal.main import main
sys.exit(main(["run"]))
"""


def main() -> None:
    """Print the latency of 100 concurrent /ask over 100,000 tweets, without and with a reload."""
    asyncio.run(_measure())


async def _measure() -> None:
    async with service(CROWD, PATIENCE) as at:
        at.server.ack_timeout = PATIENCE
        members = cycle(at.members)
        await _asked(members, 1)
        _print_latencies("nothing beside", await _asked(members, ROUNDS))
        write_dumps(at.seeds, range(SERVED, SERVED + ADDED))
        await _beside_a_reload(members, at.grace)


@dataclass(frozen=True, slots=True)
class Service:
    """A bot in a process of its own, on a Discord of its own."""

    server: LoopbackDiscord
    """Its Discord."""
    bot: asyncio.subprocess.Process
    """`threadbot run`; it is told to stop at the end."""
    seeds: Path
    """Its seeds: SERVED dumps."""
    grace: Member
    """An operator of the bot, who also manages the server."""
    members: Sequence[Member]
    """Members who ask."""


@asynccontextmanager
async def service(members: int, patience: float) -> AsyncIterator[Service]:
    """Run a bot that has loaded its seeds, in a server with so many members.

    Args:
        members: how many.
        patience: how many seconds the server waits for the bot.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seeds = folder / "seeds"
        seeds.mkdir()
        write_dumps(seeds, range(SERVED))
        async with LoopbackDiscord(check_schema=False) as server:
            guild = server.add_guild("Chips")
            grace = guild.add_member("grace", permissions=discord.Permissions(manage_guild=True))
            crowd = [guild.add_member(f"member{number}") for number in range(members)]
            server.patience = patience
            bot = await _started(server, seeds, folder / "data", grace)
            while not server.identifies:  # noqa: ASYNC110  # the library is loaded first
                await asyncio.sleep(0.1)
            await server.ready()
            await server.commands_synced()
            yield Service(server, bot, seeds, grace, crowd)
            bot.terminate()
            await bot.wait()


async def _started(
    server: LoopbackDiscord, seeds: Path, data: Path, operator: Member
) -> asyncio.subprocess.Process:
    settings = {
        "DISCORD_TOKEN": server.token,
        "THREADBOT_SEEDS": str(seeds),
        "THREADBOT_DATA": str(data),
        "THREADBOT_LOG": "WARNING",
        "THREADBOT_OPERATORS": str(operator.account.id),
    }
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        BOT,
        server.url,
        server.gateway.url,
        env={**os.environ, **settings},
    )


async def _beside_a_reload(members: Iterator[Member], grace: Member) -> None:
    shown = await grace.slash("reload")
    preview = await shown.reply(until=lambda message: bool(message.buttons), within=PATIENCE)
    started = time.perf_counter()
    # “Apply anyway”, as random words do not look like a thread.
    applied = await grace.press(preview, label=preview.buttons[0].label)
    done = asyncio.create_task(
        applied.reply(until=lambda message: "The library now has" in message.text, within=PATIENCE)
    )
    waits = [applied.acknowledged_after]
    while not done.done():
        waits += await _asked(members, 1)
    _print_latencies(f"a reload of {ADDED * TWEETS:,} more tweets beside", waits)
    print(f"the reload took {time.perf_counter() - started:.1f} s")


async def _asked(members: Iterator[Member], rounds: int) -> list[float]:
    """Let the next members ask, AT_ONCE at a time. Returns the latencies."""
    dice = random.Random(7)  # noqa: S311  # a fixed seed: the same questions each time
    waits: list[float] = []
    for _ in range(rounds):
        exchanges = await asyncio.gather(
            *(
                each.slash("ask", question=" ".join(dice.choices(WORDS, k=3)))
                for each in islice(members, AT_ONCE)
            )
        )
        await asyncio.gather(*(exchange.reply(within=PATIENCE) for exchange in exchanges))
        waits += [exchange.acknowledged_after for exchange in exchanges]
    return waits


def _print_latencies(beside: str, waits: list[float]) -> None:
    print(
        f"/ask, {AT_ONCE} at once, {beside}: {len(waits)} acknowledged, "
        f"median {statistics.median(waits):.3f} s, "
        f"p99 {statistics.quantiles(waits, n=100)[-1]:.3f} s, max {max(waits):.3f} s"
    )


def write_dumps(seeds: Path, numbers: range) -> None:
    """Write dumps of generated tweets, the same each time."""
    dice = random.Random(numbers.start)  # noqa: S311  # a fixed seed: the same dumps each time
    for number in numbers:
        lines = [" ".join(dice.choices(WORDS, k=30)) for _ in range(TWEETS)]
        (seeds / f"{number}.txt").write_text("\n".join(lines), encoding="utf-8")
