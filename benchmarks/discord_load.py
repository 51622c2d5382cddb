"""How soon interactions are acknowledged while many ask and a reload runs: Discord waits 3 s.

The bot is `threadbot run` in a process of its own, as it is at work; Discord is the tests' own.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

import discord

from tests.discord_server import LoopbackDiscord, Member

ROOT = Path(__file__).parent.parent
DUMPS, TWEETS = 200, 100
AT_ONCE = 50
ROUNDS = 10
PATIENCE = 300.0
WORDS = [f"word{number}" for number in range(20_000)]
BOT = """
import sys, yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
Route.BASE = sys.argv[1] + "/api/v10"
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sys.argv[2])
from bot.cli import main
sys.exit(main(["run"]))
"""


def main() -> None:
    """Print the latencies of /ask, 50 at a time, alone and while a reload of 20,000 tweets runs."""
    asyncio.run(_measure())


async def _measure() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seeds = folder / "seeds"
        seeds.mkdir()
        given = next((ROOT / "seeds").iterdir())
        (seeds / given.name).write_bytes(given.read_bytes())
        async with LoopbackDiscord(check_schema=False) as server:
            guild = server.add_guild("Chips")
            ada = guild.add_member("ada")
            grace = guild.add_member("grace", permissions=discord.Permissions(manage_guild=True))
            server.ack_timeout = server.patience = PATIENCE
            bot = await _started(server, seeds, folder / "data")
            await server.ready()
            await server.commands_synced()
            _told("nothing beside", await _asked(ada, ROUNDS))
            _write_dumps(seeds)
            await _beside_a_reload(ada, grace)
            bot.terminate()
            await bot.wait()


async def _started(server: LoopbackDiscord, seeds: Path, data: Path) -> asyncio.subprocess.Process:
    settings = {
        "DISCORD_TOKEN": server.token,
        "THREADBOT_SEEDS": str(seeds),
        "THREADBOT_DATA": str(data),
        "THREADBOT_LOG": "WARNING",
    }
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        BOT,
        server.url,
        server.gateway.url,
        env={**os.environ, **settings},
    )


async def _beside_a_reload(ada: Member, grace: Member) -> None:
    started = time.perf_counter()
    reload = await grace.slash("reload")
    reply = asyncio.create_task(reload.reply(within=PATIENCE))
    waits = [reload.acknowledged_after]
    while not reply.done():
        waits += await _asked(ada, 1)
    _told(f"a reload of {DUMPS * TWEETS:,} tweets beside", waits)
    print(f"the reload took {time.perf_counter() - started:.1f} s")


async def _asked(ada: Member, rounds: int) -> list[float]:
    waits: list[float] = []
    for _ in range(rounds):
        exchanges = await asyncio.gather(
            *(ada.slash("ask", question="chip export controls") for _ in range(AT_ONCE))
        )
        await asyncio.gather(*(exchange.reply(within=PATIENCE) for exchange in exchanges))
        waits += [exchange.acknowledged_after for exchange in exchanges]
    return waits


def _told(beside: str, waits: list[float]) -> None:
    print(
        f"/ask, {AT_ONCE} at once, {beside}: {len(waits)} acknowledged, "
        f"median {statistics.median(waits):.3f} s, max {max(waits):.3f} s"
    )


def _write_dumps(seeds: Path) -> None:
    dice = random.Random(6)  # noqa: S311  # the same dumps each time, no secret
    for number in range(DUMPS):
        lines = [" ".join(dice.choices(WORDS, k=30)) for _ in range(TWEETS)]
        (seeds / f"{number}.txt").write_text("\n".join(lines), encoding="utf-8")
