"""The memory of several bots over one library: each has a part of the servers, by its shards.

Each is `threadbot run` in a process of its own, on one data folder; Discord is the server from the
tests. Memory is measured after each bot has answered questions. The kernel divides pages that
several processes have mapped among them (PSS), so the sum says what all take together; what a process
has for itself is its USS. `PROCESSES_DATA=folder` copies a library instead of making one.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import cycle, islice
from pathlib import Path

from benchmarks.archive import vocabulary, write
from benchmarks.discord_load import BOT
from bot.library.library import Library
from tests.discord_server import LoopbackDiscord, Member

TWEETS = int(os.environ.get("PROCESSES_TWEETS", "1000000"))
DATA = os.environ.get("PROCESSES_DATA")
BYTES_A_TWEET = 1_140
COUNTS = (1, 2, 4)
QUESTIONS = 200
"""Questions that each process answers before its memory is measured."""
MEMBERS = 40
"""Members of each server; they take turns, because of the rate limit per person."""
PATIENCE = 300.0
WORDS = vocabulary()[:3_000]


def main() -> None:
    """Print how much memory one, two and four bots take."""
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(_measure(Path(name)))


async def _measure(folder: Path) -> None:
    if DATA:
        await asyncio.to_thread(shutil.copytree, DATA, folder / "data")
    async with Library.open(folder / "data", folder / "none", may_be_empty=True) as library:
        if not library.tweets:
            write(folder / "archive.zip", TWEETS * BYTES_A_TWEET)
            await library.load([folder / "archive.zip"], "bench")
        print(f"{library.tweets:,} tweets, {QUESTIONS} questions for each process")
    alone = 0.0
    for count in COUNTS:
        async with _bots(folder, count) as (bots, members):
            for each in members:
                await _asked(each)
            sizes = [_memory(bot.pid) for bot in bots]
        together = sum(pss for pss, _ in sizes)
        alone = alone or together
        more = f", {(together - alone) / (count - 1):.0f} MB for each more" if count > 1 else ""
        own = ", ".join(f"{uss:.0f}" for _, uss in sizes)
        print(f"{count} processes: {together:.0f} MB together{more}; of their own: {own} MB")


@asynccontextmanager
async def _bots(
    folder: Path, count: int
) -> AsyncIterator[tuple[list[asyncio.subprocess.Process], list[list[Member]]]]:
    """Run so many bots, each with a shard; yields them and the members of their servers."""
    async with LoopbackDiscord(check_schema=False) as server:
        server.patience = PATIENCE
        places = [server.add_guild(f"Chips {n}", shard=(n, count)) for n in range(count)]
        members = [[each.add_member(f"member{n}") for n in range(MEMBERS)] for each in places]
        bots = [await _started(server, folder, shard, count) for shard in range(count)]
        try:
            await server.ready(PATIENCE)
            await server.commands_synced(seconds=PATIENCE) if count == COUNTS[0] else None
            yield bots, members
        finally:
            for bot in bots:
                bot.terminate()
            await asyncio.gather(*(bot.wait() for bot in bots))


async def _started(
    server: LoopbackDiscord, folder: Path, shard: int, count: int
) -> asyncio.subprocess.Process:
    settings = {
        "DISCORD_TOKEN": server.token,
        "THREADBOT_SEEDS": str(folder / "none"),
        "THREADBOT_DATA": str(folder / "data"),
        "THREADBOT_LOG": "WARNING",
        "THREADBOT_HTTP": "off",
        "THREADBOT_SHARDS": str(count),
        "THREADBOT_SHARD_IDS": str(shard),
    }
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", BOT, server.url, server.gateway.url),
        env={**os.environ, **settings},
    )


async def _asked(members: Sequence[Member]) -> None:
    """Have members ask in turn."""
    dice = random.Random(5)  # noqa: S311  # a fixed seed: the same questions each time
    for member in islice(cycle(members), QUESTIONS):
        question = " ".join(dice.choices(WORDS, k=dice.randint(1, 4)))
        await (await member.slash("ask", question=question)).reply(within=PATIENCE)


def _memory(process: int) -> tuple[float, float]:
    """Return the PSS and the USS of a process, in megabytes."""
    sizes = {}
    for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8").splitlines()[1:]:
        name, size, _ = line.split()
        sizes[name] = int(size) / 1024
    return sizes["Pss:"], sizes["Private_Clean:"] + sizes["Private_Dirty:"]
