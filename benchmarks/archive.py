"""Loads a generated X archive of 2 GB: time and memory of each step, in all processes."""

from __future__ import annotations

import asyncio
import json
import os
import random
import resource
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bot.library.library import Library
from bot.models import Step

BYTES = int(float(os.environ.get("ARCHIVE_GB", "2")) * 1e9)
PART = 100_000
"""Tweets in each file of the archive."""
IN_A_THREAD = 4
FIRST_ID = 1_200_000_000_000_000_000
VOCABULARY = 60_000
PAD = 700
"""Characters to add to a tweet, in place of X's other fields."""


def main() -> None:
    """Generate the archive, load it in a new process, and print time and memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "archive.zip"
        tweets, size = write(path, BYTES)
        print(
            f"made {tweets:,} tweets, {size / 1e9:.2f} GB ({path.stat().st_size / 1e9:.2f} zipped)"
        )
        child = os.fork()
        if child == 0:
            asyncio.run(_load(path, folder))
            os._exit(0)
        os.waitpid(child, 0)


def write(path: Path, least: int) -> tuple[int, int]:
    """Write an archive of at least `least` bytes. Returns its number of tweets and of bytes."""
    tweets = size = part = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("data/account.js", 'window.YTD.account.part0 = [{"username" : "bird"}]')
        made = _tweets()
        while size < least:
            name = f"data/tweets-part{part}.js" if part else "data/tweets.js"
            with archive.open(name, "w", force_zip64=True) as file:
                file.write(f"window.YTD.tweets.part{part} = [ ".encode())
                for number in range(PART):
                    record = (", " if number else "") + json.dumps(next(made), indent=2)
                    size += file.write(record.encode())
                    tweets += 1
                    if size >= least:
                        break
                file.write(b" ]")
            part += 1
    return tweets, size


def vocabulary() -> list[str]:
    """Return the words of the tweets, the most frequent first."""
    chance = random.Random(7)  # noqa: S311  # a fixed seed: the same words each time
    return [f"{chance.choice('bcdfgklmnprst')}{number:x}" for number in range(VOCABULARY)]


def _tweets() -> Iterator[dict[str, object]]:
    chance = random.Random(8)  # noqa: S311  # a fixed seed: the same tweets each time
    words = vocabulary()
    weights = [1 / (place + 3) for place in range(VOCABULARY)]
    picked = iter(chance.choices(words, weights, k=2_000_000))
    number = 0
    while True:
        said = []
        for _ in range(chance.randint(8, 40)):
            word = next(picked, None)
            if word is None:
                picked = iter(chance.choices(words, weights, k=2_000_000))
                word = next(picked)
            said.append(word)
        above = FIRST_ID + number - 1 if number % IN_A_THREAD else None
        yield {
            "tweet": {
                "id_str": str(FIRST_ID + number),
                "full_text": " ".join(said),
                "created_at": "Wed Jan 29 15:19:44 +0000 2020",
                "in_reply_to_status_id_str": str(above) if above else None,
                "in_reply_to_screen_name": "bird" if above else None,
                "entities": {"urls": [], "user_mentions": [], "hashtags": []},
                "source": "x" * PAD,
            }
        }
        number += 1


def resident() -> int:
    """Return this process's resident memory, in MiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 2**20


def _family() -> list[int]:
    """Return this process and those that it started."""
    found = [os.getpid()]
    for each in found:
        for thread in Path(f"/proc/{each}/task").glob("*/children"):
            with suppress(OSError):  # it has just ended
                found += map(int, thread.read_text(encoding="ascii").split())
    return found


def resident_family() -> int:
    """Return the resident memory of this process and of those that it started, in MiB."""
    pages = 0
    for each in _family():
        with suppress(OSError):
            pages += int(Path(f"/proc/{each}/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 2**20


def _busy() -> tuple[float, float, float]:
    """Return the time, and the CPU seconds of this process and of those that it started."""
    others = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    for each in _family()[1:]:
        with suppress(OSError):
            stat = Path(f"/proc/{each}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
            others += (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
    return time.perf_counter(), time.process_time(), others


async def _load(path: Path, folder: Path) -> None:
    before, peaks = resident(), dict[str, int]()
    began: dict[str, tuple[float, float, float]] = {}
    doing = ["opening"]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.05):
            peaks[doing[0]] = max(peaks.get(doing[0], 0), resident_family())

    def tell(step: Step) -> None:
        doing[0] = str(step.doing).split()[0]
        if doing[0] not in began:
            began[doing[0]] = _busy()

    threading.Thread(target=watch, daemon=True).start()
    started = time.perf_counter()
    async with Library.open(folder / "data", folder / "none", may_be_empty=True) as library:
        report = await library.load([path], "bench", progress=tell)
        end = _busy()
        ended.set()
        took = end[0] - started
        speed = report.tweets_after / took
        print(f"{report.tweets_after:,} tweets in {report.threads_after:,} threads")
        print(f"{took:.1f} s, {speed:,.0f} tweets per second")
        for (step, start), stop in zip(
            began.items(), [*list(began.values())[1:], end], strict=True
        ):
            wall, here, others = (b - a for a, b in zip(start, stop, strict=True))
            print(
                f"{step:>10}: {wall:6.1f} s; CPU {here:5.1f} s here, {others:5.1f} s in others;"
                f" at most {peaks.get(step, 0):5,} MB"
            )
        after, disk = resident(), _disk(folder)
        print(f"{'before':>10}: {before:,} MB; after: {after:,} MB; on disk: {disk:,} MB")


def _disk(folder: Path) -> int:
    return sum(each.stat().st_size for each in (folder / "data").iterdir()) // 2**20
