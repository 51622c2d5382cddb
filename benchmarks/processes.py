"""The memory of several bots over one library: each has a part of the servers, by its shards.

Each is `threadbot run` in a process of its own, on one data folder; Discord is the server from the
tests. What is measured is a bot with the helpers that it has started, after it has answered
questions and was quiet for a moment. The kernel divides pages that several processes use among them
(PSS), so the sum says what all take together. `PROCESSES_DATA=folder` copies a library instead of
making one.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import cycle, islice
from pathlib import Path

from benchmarks.archive import vocabulary, write
from benchmarks.discord_load import BOT
from bot.background.giving_back import EVERY_SECONDS
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
        folder = Path(name)
        if DATA:
            shutil.copytree(DATA, folder / "data")
        # In a process of its own, which then maps no page of the library any more.
        making = multiprocessing.get_context("spawn").Process(target=_make, args=(folder,))
        making.start()
        making.join()
        asyncio.run(_measure(folder))


def _make(folder: Path) -> None:
    asyncio.run(_made(folder))


async def _made(folder: Path) -> None:
    async with Library.open(folder / "data", folder / "none", may_be_empty=True) as library:
        if not library.tweets:
            write(folder / "archive.zip", TWEETS * BYTES_A_TWEET)
            await library.load([folder / "archive.zip"], "bench")
        await library.settled()
        print(f"{library.tweets:,} tweets, {QUESTIONS} questions for each process", flush=True)


async def _measure(folder: Path) -> None:
    alone = 0.0
    for count in COUNTS:
        async with _bots(folder, count) as (bots, members):
            for each in members:
                await _asked(each)
            await asyncio.sleep(1.5 * EVERY_SECONDS)
            sizes = [sum(map(_memory, _family(bot.pid))) for bot in bots]
        together = sum(sizes)
        alone = alone or together
        more = f", {(together - alone) / (count - 1):.0f} MB for each more" if count > 1 else ""
        listed = ", ".join(f"{size:.0f}" for size in sizes)
        print(f"{count} processes: {together:.0f} MB together{more} ({listed})", flush=True)


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
            await server.commands_synced(seconds=PATIENCE)
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


def _family(process: int) -> list[int]:
    """Return a process and all that it has started, their helpers included."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            parent = int(path.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(path.parent.name))
    found = [process]
    for each in found:
        found += children.get(each, [])
    return found


def _memory(process: int) -> float:
    """Return the PSS of a process, in megabytes."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
