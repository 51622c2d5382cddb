"""Guilds with tweets of their own beside a large shared library: memory, and the time to be ready.

`GUILDS_SHARED=1000000` sets the size of the shared library in tweets; `GUILDS_DATA=folder` keeps it
for the next run.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import random
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.archive import vocabulary, write
from bot.library.guilds import GuildLibraries
from bot.library.library import Library

SHARED = int(os.environ.get("GUILDS_SHARED", "1000000"))
DATA = os.environ.get("GUILDS_DATA")
BYTES_A_TWEET = 1_140
GUILDS = 50
OWN = 1_000
IN_A_THREAD = 4
AT_ONCE = 20
QUESTIONS = 200
WORDS = vocabulary()[:3_000]


def main() -> None:
    """Print the memory of all libraries, and how long guilds wait for their first answers."""
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(_measure(Path(DATA or name)))


async def _measure(folder: Path) -> None:
    async with Library.open(folder / "data", folder / "none", may_be_empty=True) as library:
        if not library.tweets:
            write(folder / "archive.zip", SHARED * BYTES_A_TWEET)
            await library.load([folder / "archive.zip"], "bench")
        libraries = GuildLibraries(library)
        for guild in range(1, GUILDS + 1):
            if not await library.has_own(guild):
                own = await libraries.own(guild)
                await own.load([_dump(folder, guild)], "bench")
        await library.settled()
    started = time.perf_counter()
    async with Library.open(folder / "data", folder / "none") as library:
        await library.ask(WORDS[0])
        print(f"{library.tweets:,} shared tweets: first answer after {_since(started):.2f} s")
        await _asked(library)
        alone = _resident()
        print(f"the shared library alone: {alone} MB resident")
        libraries = GuildLibraries(library)
        began = time.perf_counter()
        waits = await asyncio.gather(
            *(_first_answer(libraries, guild, began) for guild in range(1, AT_ONCE + 1))
        )
        print(f"{AT_ONCE} guilds at once: first {min(waits):.2f} s, last {max(waits):.2f} s")
        ready = []
        for guild in range(AT_ONCE + 1, GUILDS + 1):
            started = time.perf_counter()
            await libraries.own(guild)
            ready.append(_since(started) * 1000)
        print(
            f"a guild is ready: median {statistics.median(ready):.0f} ms, max {max(ready):.0f} ms"
        )
        for guild in range(1, GUILDS + 1):
            await _asked(await libraries.own(guild), 5)
        everything = _resident()
        print(f"with {GUILDS} guilds: {everything} MB, {everything / alone:.2f} times as much")
        for name, each in (("shared", library), ("a guild's", await libraries.own(1))):
            took = await _asked(each)
            cuts = statistics.quantiles(took, n=100)
            print(f"questions, {name}: p50 {cuts[49]:.2f} ms, p99 {cuts[98]:.2f} ms")


async def _first_answer(libraries: GuildLibraries, guild: int, began: float) -> float:
    library = await libraries.own(guild)
    await library.ask(" ".join(WORDS[1:3]))
    return _since(began)


async def _asked(library: Library, times: int = QUESTIONS) -> list[float]:
    """Ask questions, and return how long each took in milliseconds."""
    dice = random.Random(5)  # noqa: S311  # a fixed seed: the same questions each time
    took = []
    for _ in range(times):
        started = time.perf_counter()
        await library.ask(" ".join(dice.choices(WORDS, k=dice.randint(1, 4))))
        took.append(_since(started) * 1000)
    return took


def _dump(folder: Path, number: int) -> Path:
    dice = random.Random(1000 + number)  # noqa: S311  # the same dumps each time
    path = folder / f"own-{number}.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for at in range(OWN):
            thread = 10**18 + number * 10**6 + at - at % IN_A_THREAD
            record = {
                "id_str": str(thread + at % IN_A_THREAD),
                "conversation_id_str": str(thread),
                "full_text": " ".join(dice.choices(WORDS, k=20)),
                "user": {"screen_name": f"bird{number}"},
            }
            if at % IN_A_THREAD:
                record["in_reply_to_status_id_str"] = str(thread + at % IN_A_THREAD - 1)
                record["in_reply_to_screen_name"] = f"bird{number}"
            file.write(json.dumps(record) + "\n")
    return path


def _since(started: float) -> float:
    return time.perf_counter() - started


def _resident() -> int:
    """Return the resident memory of this process, in MB."""
    gc.collect()
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) // 1024
    return 0
