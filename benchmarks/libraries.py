"""Large libraries: their start, a load of one tweet, and questions beside a load.

`LIBRARIES=1000000,5000000` sets the sizes in tweets; `LIBRARIES_DATA=folder` keeps the libraries
for the next run. Everything is measured `RUNS` times; a figure is the median, with the lowest and
the highest.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.archive import vocabulary, write
from bot.background.worker import Limits, get_ready
from bot.library.library import Library
from bot.library.workers import Workers

SIZES = [int(each) for each in os.environ.get("LIBRARIES", "1000000").split(",")]
DATA = os.environ.get("LIBRARIES_DATA")
BYTES_A_TWEET = 1_140
RUNS = 5
BESIDE = 20_000
"""Tweets of the load beside which questions are asked."""
IDLE_SECONDS = 5.0
PAUSE = 0.002
"""Seconds between two questions."""
WORDS = vocabulary()[:3_000]
FIRST_ID = 1_600_000_000_000_000_000
MEGABYTE = 1024
"""Kilobytes, which `wait4` counts."""


def main() -> None:
    """Print the figures of each size."""
    with tempfile.TemporaryDirectory() as name:
        for size in SIZES:
            folder = Path(DATA or name) / str(size)
            folder.mkdir(parents=True, exist_ok=True)
            _apart(_build, folder, size)
            _measure_terminal(folder)
            _apart(_measure_bot, folder)


def _apart(measure: Callable[..., Coroutine[Any, Any, None]], *arguments: object) -> None:
    """Call `measure` in a process of its own, as its peak memory would count for commands too."""
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_run, args=(measure, *arguments))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)


def _run(measure: Callable[..., Coroutine[Any, Any, None]], *arguments: object) -> None:
    asyncio.run(measure(*arguments))


async def _build(folder: Path, size: int) -> None:
    async with Library.open(folder / "data", folder / "none", may_be_empty=True) as library:
        if not library.tweets:
            write(folder / "archive.zip", size * BYTES_A_TWEET)
            started = time.perf_counter()
            await library.load([folder / "archive.zip"], "bench")
            print(f"{library.tweets:,} tweets were loaded in {_since(started):.0f} s")
            (folder / "archive.zip").unlink()
        print(f"\n{library.tweets:,} tweets")


def _measure_terminal(folder: Path) -> None:
    """Measure whole commands: `ask`, and `load` of one tweet."""
    asked = [_command(folder, "ask", WORDS[40 + run]) for run in range(RUNS)]
    _print("threadbot ask", [each[0] for each in asked], "s", 2)
    _print("… its peak memory", [each[1] for each in asked], "MB", 0)
    loads = [_command(folder, "load", str(_dump(folder, run, 1))) for run in range(RUNS)]
    _print("threadbot load of one tweet", [each[0] for each in loads], "s", 2)
    _print("… its peak memory", [each[1] for each in loads], "MB", 0)


async def _measure_bot(folder: Path) -> None:
    """Measure what a running bot does."""
    started = time.perf_counter()
    async with Library.open(folder / "data", folder / "none", workers=Workers(Limits())) as library:
        await library.ask(WORDS[7])
        print(f"opened and answered in the same process: {_since(started):.3f} s")
        print(f"layers: {[len(each.layer.index) for each in library.current.whole.parts]}")
        await get_ready()
        await library.load([_dump(folder, 0, 1)], "bench")  # the first worker imports more
        loads = []
        for run in range(RUNS):
            dump = _dump(folder, run, 1)
            started = time.perf_counter()
            await library.load([dump], "bench")
            loads.append(_since(started))
        _print("one tweet, until it is served", loads, "s", 3)
        idle, beside = [], []
        for run in range(RUNS):
            idle.append(await _asked_for(library, IDLE_SECONDS))
            loading = asyncio.create_task(library.load([_dump(folder, run, BESIDE)], "bench"))
            beside.append(await _asked_while(library, loading))
        for percent in (50, 99):
            for what, took in (("idle", idle), (f"beside loads of {BESIDE:,}", beside)):
                found = [float(np.percentile(each, percent)) for each in took]
                _print(f"p{percent} of questions, {what}", found, "ms", 2)
        _print_memory()


def _print_memory() -> None:
    with Path("/proc/self/status").open(encoding="ascii") as facts:
        rows = [line.split() for line in facts if line.startswith(("VmRSS", "RssAnon"))]
    print("; ".join(f"{name} {int(size) // MEGABYTE} MB" for name, size, _ in rows))


async def _asked_for(library: Library, seconds: float) -> list[float]:
    return await _asked_while(library, asyncio.create_task(asyncio.sleep(seconds)))


async def _asked_while(library: Library, task: asyncio.Task[object]) -> list[float]:
    """Return how many milliseconds each question took until `task` was done."""
    dice = random.Random(5)  # noqa: S311  # a fixed seed: the same questions each time
    took = []
    while not task.done():
        started = time.perf_counter()
        await library.ask(" ".join(dice.choices(WORDS, k=dice.randint(1, 4))))
        took.append(_since(started) * 1000)
        await asyncio.sleep(PAUSE)
    await task
    return took


def _command(folder: Path, *arguments: str) -> tuple[float, float]:
    """Run a command; return the seconds that it took, and its peak memory in megabytes."""
    environment = {**os.environ, "THREADBOT_DATA": str(folder / "data"), "DISCORD_TOKEN": ""}
    started = time.perf_counter()
    with (folder / "output.txt").open("w", encoding="utf-8") as out:
        command = [sys.executable, "-m", "bot", *arguments]
        process = os.posix_spawn(
            sys.executable,
            command,
            environment,
            file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), number) for number in (1, 2)],
        )
        _, status, usage = os.wait4(process, 0)
    took = _since(started)
    if status:
        raise SystemExit((folder / "output.txt").read_text(encoding="utf-8"))
    return took, usage.ru_maxrss / MEGABYTE


def _dump(folder: Path, number: int, tweets: int) -> Path:
    """Write a file of single tweets in the format of X's API; they are different each time."""
    dice = random.Random(time.time_ns())  # noqa: S311  # no secret
    first = FIRST_ID + time.time_ns() // 1_000 % 10**15
    posts = [
        {
            "id_str": str(first + place),
            "full_text": " ".join(dice.choices(WORDS, k=24)),
            "created_at": "Wed Jan 29 15:19:44 +0000 2020",
            "user": {"screen_name": "bird"},
        }
        for place in range(tweets)
    ]
    path = folder / f"added-{first}-{number}.json"  # a load by the same name would replace it
    path.write_text(json.dumps(posts), encoding="utf-8")
    return path


def _print(what: str, figures: Sequence[float], unit: str, digits: int) -> None:
    least, most = min(figures), max(figures)
    middle = statistics.median(figures)
    print(f"{what}: {middle:.{digits}f} {unit} ({least:.{digits}f} to {most:.{digits}f})")


def _since(started: float) -> float:
    return time.perf_counter() - started
