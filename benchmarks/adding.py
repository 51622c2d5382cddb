"""Adds 1,000 tweets to a large library: the time until they are found, and of questions meanwhile.

`ADD_TO=100000` sets the library's size in tweets; `ADD_DATA=folder` keeps the library for the next
run. Also measures `threadbot stats` for as many tweets.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import tempfile
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from benchmarks.archive import write
from bot.i18n.messages import ENGLISH
from bot.library.guilds import GuildLibraries
from bot.library.library import Library
from bot.library.snapshot.filter_columns import FilterColumnsBuilder
from bot.library.snapshot.layered import Part
from bot.library.snapshot.snapshot import Snapshot
from bot.library.stats import stats_of
from bot.models import Link, Tweet
from bot.views.discord.picture import drawn

TWEETS = int(os.environ.get("ADD_TO", "100000"))
DATA = os.environ.get("ADD_DATA")
BYTES_A_TWEET = 1_140
ADDED = 1_000
HOSTS = 50_000
TIMES = 3
IDLE = 5.0
"""Seconds of asking without a load."""
WORDS = [f"{'bcdfgklmnprst'[number % 13]}{number:x}" for number in range(3_000)]


def main() -> None:
    """Print the times of three loads, without and with questions asked one after the other."""
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(_measure(Path(DATA or name)))
    _figures()


async def _measure(folder: Path) -> None:
    async with Library.open(folder / "data", folder / "none", may_be_empty=True) as library:
        if not library.tweets:
            write(folder / "archive.zip", TWEETS * BYTES_A_TWEET)
            await library.load([folder / "archive.zip"], "bench")
        print(f"{library.tweets:,} tweets; {ADDED:,} are added")
        await library.load([_dump(folder, 0)], "bench")  # to warm the caches
        for number in range(1, TIMES + 1):
            await library.settled()  # wait until the previous load is saved
            print(f"alone: served after {await _added(library, _dump(folder, number)):.2f} s")
        await library.settled()
        idle: list[float] = []
        asking = asyncio.create_task(_asking(library, idle))
        await asyncio.sleep(IDLE)
        asking.cancel()
        beside: list[float] = []
        for number in range(1, TIMES + 1):
            await library.settled()
            dump = _dump(folder, number)  # not part of the load
            asking = asyncio.create_task(_asking(library, beside))
            print(f"beside asking: served after {await _added(library, dump):.2f} s")
            asking.cancel()
        _print_latencies("asked with nothing beside", idle)
        _print_latencies("asked beside the load", beside)
        await _two_scopes(library, folder)


async def _two_scopes(shared: Library, folder: Path) -> None:
    """Measure a guild's library on top of the shared one: opening it, and questions to both."""
    libraries = GuildLibraries(shared)
    guild = await libraries.own(1)
    await guild.load([_dump(folder, TIMES + 2)], "bench")
    await guild.settled()
    started = time.perf_counter()
    opened = await GuildLibraries(shared).own(1)
    seconds = time.perf_counter() - started
    print(f"a guild's library of {opened.tweets:,} tweets is made in {seconds:.2f} s")
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(5):
        for library, times in zip((shared, guild), took, strict=True):
            asking = asyncio.create_task(_asking(library, times))
            await asyncio.sleep(IDLE / 5)
            asking.cancel()
    _print_latencies("asked of the shared library", took[0])
    _print_latencies("asked of the guild's", took[1])


def _figures() -> None:
    """Measure the statistics of as many tweets over twelve years: counting and drawing."""
    dice = random.Random(5)  # noqa: S311  # a fixed seed: the same tweets each time
    builder = FilterColumnsBuilder()
    plain = Tweet("", (), (), None, None, None, None, "a.json", 1)
    for _ in range(TWEETS):
        day = date(2013, 1, 1) + timedelta(dice.randrange(12 * 365))
        links = (Link(f"host{int(dice.random() ** 3 * HOSTS)}.org/a"),)
        written = replace(plain, created_at=day.isoformat(), links=links)
        builder.add(written, f"author{dice.randrange(50)}")
    empty = Snapshot.build(1, []).parts[0].layer
    snapshot = Snapshot(1, [Part(replace(empty, filter_columns=builder.done()))])
    counted, drawing = [], []
    for _ in range(10):
        started = time.perf_counter()
        stats = stats_of(snapshot, 1)
        counted.append((time.perf_counter() - started) * 1000)
        started = time.perf_counter()
        drawn(stats, ENGLISH)
        drawing.append((time.perf_counter() - started) * 1000)
    print(f"{stats.tweets:,} tweets, {stats.all_hosts:,} hosts, {len(stats.months)} months")
    _print_latencies("figures counted", counted)
    _print_latencies("figures drawn", drawing)


async def _added(library: Library, dump: Path) -> float:
    """Return the seconds from the start of a load until its tweets are found."""
    before, started = library.generation, time.perf_counter()
    loading = asyncio.create_task(library.load([dump], "bench"))
    while library.generation == before:  # noqa: ASYNC110  # measures from the outside
        await asyncio.sleep(0.002)
    took = time.perf_counter() - started
    await loading
    return took


async def _asking(library: Library, took: list[float]) -> None:
    dice = random.Random(5)  # noqa: S311  # a fixed seed: the same questions each time
    while True:
        started = time.perf_counter()
        await library.ask(" ".join(dice.choices(WORDS, k=dice.randint(1, 4))))
        took.append((time.perf_counter() - started) * 1000)


def _print_latencies(what: str, took: list[float]) -> None:
    p50, p99 = np.percentile(took, (50, 99))
    print(f"{what}: {len(took):,} times, p50 {p50:.1f} ms, p99 {p99:.1f} ms")


def _dump(folder: Path, number: int) -> Path:
    """Write a file of single tweets in the format of X's API."""
    dice = random.Random(time.time_ns())  # noqa: S311  # different tweets each time
    first = time.time_ns() // 1_000
    posts = [
        {
            "id_str": str(first + place),
            "full_text": " ".join(dice.choices(WORDS, k=24)),
            "created_at": "Wed Jan 29 15:19:44 +0000 2020",
            "user": {"screen_name": "bird"},
        }
        for place in range(ADDED)
    ]
    path = folder / f"added-{number}.json"
    path.write_text(json.dumps(posts), encoding="utf-8")
    return path
