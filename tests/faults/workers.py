"""`kill -9` of the process that loads, while its bot is at work: the bot says so and serves on."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from bot.background.worker import Limits
from bot.library.library import Library
from bot.library.workers import Workers
from bot.store.migrations import FILE
from tests.app.conftest import Scene, scene_with, until
from tests.discord_server import Message, Upload
from tests.faults.scenes import integrity, saved
from tests.library.test_workers import workers_of

POSTS = 5_000
"""How many posts are uploaded: enough for a load of seconds."""
LATEST = 0.7
"""When a worker is killed at the latest, as a share of the time of a load."""
LIMITS = Limits(120, 1000)
WITHIN = 100.0
"""Seconds for an answer of the bot."""
TOLD = "The process that did this ended unexpectedly (status -9). Nothing was changed."
"""What the bot says then."""
LATE = "This was stopped too late: the change is made."
"""What it says if the worker had just made the change."""
DONE = f"+{POSTS:,} tweets"
"""What it says of a load that is done."""


def killed(folder: Path, points: int, seed: int, latest: float = LATEST) -> Counter[str]:
    """Kill the worker of an upload `points` times, each time later or earlier in its load.

    Returns:
        How often the bot told of it, how often it was too late, and how often the load was done
        before.
    """
    return asyncio.run(_killed(folder, points, seed, latest))


async def _killed(folder: Path, points: int, seed: int, latest: float) -> Counter[str]:
    (folder / "seeds").mkdir(parents=True)
    saved(folder / "seeds" / "seed.json", "okapi", 0, 120)
    draw = random.Random(seed)  # noqa: S311  # repeatable
    came: Counter[str] = Counter()
    async with scene_with(folder / "data", folder / "seeds", workers=Workers(LIMITS)) as scene:
        started = time.monotonic()
        await _loaded(scene, "heron")
        took = (time.monotonic() - started) / 2  # the preview takes the other half
        for point in range(points):
            came[await _kill(scene, f"zebra{point}", draw.uniform(0, took * latest))] += 1
            assert integrity(folder / "data" / FILE) == ["ok"]
        assert (await (await _own(scene)).ask("heron")).tweets == POSTS
    return came


async def _kill(scene: Scene, word: str, after: float) -> str:
    """Upload a file, kill the worker `after` seconds of its load, and examine what is left."""
    library = await _own(scene)
    before, generation = await _answer(scene, "okapi shy"), library.generation
    preview = await _previewed(scene, word)
    exchange = await scene.grace.press(preview, label="Load")
    await until(lambda: workers_of(os.getpid()), WITHIN)
    await asyncio.sleep(after)
    for each in workers_of(os.getpid()):
        with suppress(ProcessLookupError):  # it was done before
            os.kill(each, signal.SIGKILL)
    report = await exchange.reply(
        until=lambda message: any(each in message.text for each in (TOLD, LATE, DONE)),
        within=WITHIN,
    )
    is_told = TOLD in report.text
    after_it = await _answer(scene, "okapi shy")
    assert after_it == before, (word, before, after_it)
    now = library.generation
    assert now == generation + (not is_told), (word, generation, now, report.text)
    found = (await library.ask(word)).tweets
    assert found == (0 if is_told else POSTS), (word, found, report.text)
    if is_told:
        await _loaded(scene, word)
        assert library.generation == generation + 1
        assert (await library.ask(word)).tweets == POSTS
    await library.remove(f"{word}.json", "me")
    return "told" if is_told else "too late" if LATE in report.text else "done before"


async def _own(scene: Scene) -> Library:
    """Return the library of the server."""
    return await scene.client.libraries.own(scene.guild.id)


async def _answer(scene: Scene, question: str) -> str:
    return (await (await scene.ada.slash("ask", question=question)).reply(within=WITHIN)).text


async def _previewed(scene: Scene, word: str) -> Message:
    posts = [
        {"id_str": str(15 * 10**17 + hash(word) % 10**9 * 10**6 + at), "full_text": f"{word} {at}"}
        for at in range(POSTS)
    ]
    upload = Upload(f"{word}.json", json.dumps(posts).encode())
    exchange = await scene.grace.slash("reload", file=upload)
    return await exchange.reply(
        until=lambda message: f"{POSTS:,} new tweets" in message.text, within=WITHIN
    )


async def _loaded(scene: Scene, word: str) -> None:
    exchange = await scene.grace.press(await _previewed(scene, word), label="Load")
    await exchange.reply(until=lambda message: DONE in message.text, within=WITHIN)
