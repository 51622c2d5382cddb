"""Several bots over one library on one host: their memory, answers, and time until all are current.

Each bot is `threadbot run` in a process of its own, with a part of the servers by its shards;
Discord is the server from the tests, in this process. `PROCESSES_DATA` is the data folder of a
library, which is copied; without it one is made. `PROCESSES_COUNTS` and `PROCESSES_DATABASES`
choose what is measured.

- Memory is that of a bot with the helpers that it has started, after it has answered questions and
  was quiet for a moment. The kernel divides pages that several processes use among them (PSS), so
  the sum says what all take together. USS is what would be free without the process.
- Answers: some members of each process's server ask again as soon as they are answered.
- A generation: `threadbot load` of one small file, in a process of its own, from the moment that
  the database notes for the generation until `/healthz` of every bot shows it.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

import aiohttp
import numpy as np

from benchmarks.archive import vocabulary, write
from benchmarks.discord_load import BOT
from bot.background.giving_back import EVERY_SECONDS
from bot.library.library import Library
from bot.store.postgres.copies import FILE as COPIES
from tests import postgres_server
from tests.discord_server import LoopbackDiscord, Member

TWEETS = int(os.environ.get("PROCESSES_TWEETS", "1000000"))
DATA = os.environ.get("PROCESSES_DATA")
COUNTS = tuple(map(int, os.environ.get("PROCESSES_COUNTS", "1,2,4").split(",")))
DATABASES = tuple(os.environ.get("PROCESSES_DATABASES", "SQLite,PostgreSQL").split(","))
RUNS = int(os.environ.get("PROCESSES_RUNS", "5"))
"""How often answers are counted."""
LOADS = int(os.environ.get("PROCESSES_LOADS", "40"))
"""Generations whose time is measured: as many with nothing beside, and beside questions."""
BYTES_A_TWEET = 1_140
QUESTIONS = 200
"""Questions that each process answers before its memory is measured."""
SECONDS = 8.0
"""How long answers are counted."""
AT_ONCE = 10
"""Members of each process's server who ask at the same time."""
PAUSE_BESIDE = 1.0
"""Seconds between two questions of a member, while generations are measured."""
LOOK = 0.02
"""Seconds between two looks at `/healthz`."""
MEMBERS = 400
"""Members of each server; they take turns, because of the rate limit per person."""
PATIENCE = 300.0
LOST_AFTER = 10.0
"""Seconds after which a question counts as not answered; Discord forgets it after three."""
WORDS = vocabulary()[:3_000]
Settings = Mapping[str, str]
NotedAt = Callable[[int], float]
"""Returns the moment that the database notes for a generation, in seconds since 1970."""


def main() -> None:
    """Print what one, two and four bots take and do, on each database."""
    for database in DATABASES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            data = folder / "data"
            if DATA:
                _copy(Path(DATA), data)
            # In a process of its own, which then maps no page of the library any more.
            making = multiprocessing.get_context("spawn").Process(target=_make, args=(folder,))
            making.start()
            making.join()
            print(f"\n{database}", flush=True)
            with _database(database, data) as (settings, noted_at):
                for count in COUNTS:
                    asyncio.run(_measure(folder, count, settings, noted_at))


def _copy(source: Path, target: Path) -> None:
    """Copy a folder; its files share their blocks where the file system can do that."""
    if cp := shutil.which("cp"):
        subprocess.run([cp, "--recursive", "--reflink=auto", str(source), str(target)], check=True)
    else:
        shutil.copytree(source, target)


def _make(folder: Path) -> None:
    asyncio.run(_made(folder))


async def _made(folder: Path) -> None:
    async with Library.open(folder / "data", folder / "none", may_be_empty=True) as library:
        if not library.tweets:
            write(folder / "archive.zip", TWEETS * BYTES_A_TWEET)
            await library.load([folder / "archive.zip"], "bench")
        await library.settled()
        print(f"{library.tweets:,} tweets", flush=True)


@contextmanager
def _database(name: str, data: Path) -> Iterator[tuple[Settings, NotedAt]]:
    """Have the library in that database while inside; yields the bots' settings for it."""
    settings = {"THREADBOT_SEEDS": str(data.parent / "none"), "THREADBOT_DATA": str(data)}
    if name == "SQLite":
        yield settings, lambda number: _noted_in(data / "threadbot.sqlite3", number)
        return
    if reason := postgres_server.why_not():
        raise SystemExit(reason)
    with postgres_server.primary(durable=True) as server:
        settings["DATABASE_URL"] = server.url
        started = time.perf_counter()
        asyncio.run(_command(settings, "migrate"))
        print(f"migrate took {time.perf_counter() - started:.0f} s", flush=True)
        sql = "SELECT created_at FROM generation WHERE scope = 0 AND number = "
        yield settings, lambda number: _moment(server.sql(f"{sql}{number}"))


def _noted_in(file: Path, number: int) -> float:
    with closing(sqlite3.connect(file)) as connection:
        sql = "SELECT created_at FROM generation WHERE scope = 0 AND number = ?"
        return _moment(connection.execute(sql, (number,)).fetchone()[0])


def _moment(noted: str) -> float:
    return datetime.fromisoformat(noted.replace("Z", "+00:00")).astimezone(UTC).timestamp()


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot in a process of its own."""

    process: asyncio.subprocess.Process
    """`threadbot run`."""
    health: str
    """The address of its `/healthz`."""
    members: Sequence[Member]
    """The members of its server."""


async def _measure(folder: Path, count: int, settings: Settings, noted_at: NotedAt) -> None:
    async with _bots(count, settings) as bots, aiohttp.ClientSession() as session:
        for bot in bots:
            await _asked(bot.members)
        await _copied(folder / "data" / COPIES)
        await asyncio.sleep(1.5 * EVERY_SECONDS)
        _print_memory(bots)
        await _print_answers(bots)
        generations = _Generations(folder, bots, settings, session, noted_at)
        await generations.measured("nothing")
        stop = asyncio.Event()
        asking = [
            asyncio.create_task(_asked_until(stop, bot.members, each, PAUSE_BESIDE))
            for bot in bots
            for each in range(AT_ONCE)
        ]
        await generations.measured(f"{AT_ONCE * count} members who ask every {PAUSE_BESIDE:.0f} s")
        stop.set()
        await asyncio.gather(*asking)


async def _copied(file: Path) -> None:
    """Wait until bots have copied what they serve, if they do that."""
    before, now = -1, 0
    while before < now:
        await asyncio.sleep(5)
        with suppress(sqlite3.Error):
            with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
                before, now = now, connection.execute("SELECT count(*) FROM copy").fetchone()[0]
            continue
        return


def _print_memory(bots: Sequence[Bot]) -> None:
    families = [_family(bot.process.pid) for bot in bots]
    for kind, of in (("PSS", ("Pss",)), ("USS", ("Private_Clean", "Private_Dirty"))):
        sizes = [sum(_memory(each, of) for each in family) for family in families]
        listed = ", ".join(f"{size:.1f}" for size in sizes)
        print(f"{len(bots)} processes, {kind}: {sum(sizes):.1f} MB ({listed})", flush=True)


async def _print_answers(bots: Sequence[Bot]) -> None:
    """Print how many answers a second all bots give, and what one takes of the processor."""
    rates, spent, beside = [], [], []
    for _ in range(RUNS):
        before, own = _cpu(bots), time.process_time()
        started = time.perf_counter()
        stop = asyncio.Event()
        asking = [
            asyncio.create_task(_asked_until(stop, bot.members, each))
            for bot in bots
            for each in range(AT_ONCE)
        ]
        await asyncio.sleep(SECONDS)
        stop.set()
        answers = sum(await asyncio.gather(*asking))
        rates.append(answers / (time.perf_counter() - started))
        spent.append((_cpu(bots) - before) * 1000 / answers)
        beside.append((time.process_time() - own) * 1000 / answers)
    _print(f"{len(bots)} processes: answers a second", rates, 0)
    _print("… processor time of the bots for each, ms", spent, 1)
    _print("… processor time of Discord's stand-in for each, ms", beside, 1)


async def _asked_until(
    stop: asyncio.Event, members: Sequence[Member], start: int, pause: float = 0.0
) -> int:
    """Have every AT_ONCE-th member ask in turn; return how many answers there were."""
    dice = random.Random(start)  # noqa: S311  # a fixed seed: the same questions each time
    answers = lost = 0
    for member in cycle(members[start::AT_ONCE]):
        if stop.is_set():
            break
        if await _ask(member, dice):
            answers += 1
        else:
            lost += 1
        if pause:
            await asyncio.sleep(pause)
    if lost:
        print(f"{lost} questions were not answered in time", flush=True)
    return answers


async def _asked(members: Sequence[Member]) -> None:
    """Have members ask in turn."""
    dice = random.Random(5)  # noqa: S311  # a fixed seed: the same questions each time
    for member in islice(cycle(members), QUESTIONS):
        await _ask(member, dice)


async def _ask(member: Member, dice: random.Random) -> bool:
    """Have a member ask; return whether there was an answer in time."""
    question = " ".join(dice.choices(WORDS, k=dice.randint(1, 4)))
    with suppress(AssertionError):
        await (await member.slash("ask", question=question)).reply(within=LOST_AFTER)
        return True
    return False


@dataclass(frozen=True, slots=True)
class _Generations:
    """Loads small files, and waits until all bots serve them."""

    folder: Path
    bots: Sequence[Bot]
    settings: Settings
    session: aiohttp.ClientSession
    noted_at: NotedAt

    async def measured(self, beside: str) -> None:
        """Print how long it takes until all serve a generation, beside what is said."""
        took, commands = [], []
        for number in range(LOADS):
            file = self.folder / "small.txt"
            file.write_text(f"Okapi {beside} {number} {time.time()}, a thread\nIt is shy\n")
            target = await self._generation(self.bots[0]) + 1
            started = time.time()
            seen, _ = await asyncio.gather(
                self._seen(target), _command(self.settings, "load", str(file))
            )
            commands.append(time.time() - started)
            took.append(seen - await asyncio.to_thread(self.noted_at, target))
            await asyncio.sleep(random.random())  # noqa: S311  # wherever a bot's second is
        p50, p99 = (float(np.percentile(took, percent)) for percent in (50, 99))
        print(
            f"{len(self.bots)} processes: {LOADS} generations beside {beside} are served by all "
            f"after {p50:.2f} s (p50), {p99:.2f} s (p99), {max(took):.2f} s (most); "
            f"threadbot load {statistics.median(commands):.2f} s",
            flush=True,
        )

    async def _seen(self, generation: int) -> float:
        """Return the moment when every bot serves that generation."""
        return max(await asyncio.gather(*(self._seen_in(bot, generation) for bot in self.bots)))

    async def _seen_in(self, bot: Bot, generation: int) -> float:
        async with asyncio.timeout(PATIENCE):
            while await self._generation(bot) < generation:  # noqa: ASYNC110  # no event
                await asyncio.sleep(LOOK)
        return time.time()

    async def _generation(self, bot: Bot) -> int:
        async with self.session.get(bot.health) as response:
            return int((await response.json())["generation"])


async def _command(settings: Settings, *arguments: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        env={**os.environ, **settings},
        stdout=asyncio.subprocess.DEVNULL,
    )
    if await process.wait():
        raise SystemExit(f"{' '.join(arguments)} failed")


@asynccontextmanager
async def _bots(count: int, settings: Settings) -> AsyncIterator[list[Bot]]:
    """Run so many bots, each with a shard."""
    async with LoopbackDiscord(check_schema=False) as server:
        server.patience, server.ack_timeout = PATIENCE, LOST_AFTER
        places = [server.add_guild(f"Chips {n}", shard=(n, count)) for n in range(count)]
        members = [[each.add_member(f"member{n}") for n in range(MEMBERS)] for each in places]
        bots = [
            await _started(server, settings, shard, count, members[shard]) for shard in range(count)
        ]
        try:
            await server.ready(PATIENCE)
            await server.commands_synced(seconds=PATIENCE)
            yield bots
        finally:
            for bot in bots:
                bot.process.terminate()
            await asyncio.gather(*(bot.process.wait() for bot in bots))


async def _started(
    server: LoopbackDiscord, settings: Settings, shard: int, count: int, members: Sequence[Member]
) -> Bot:
    address = f"127.0.0.1:{_free_port()}"
    own = {
        **settings,
        "DISCORD_TOKEN": server.token,
        "THREADBOT_LOG": "WARNING",
        "THREADBOT_HTTP": address,
        "THREADBOT_SHARDS": str(count),
        "THREADBOT_SHARD_IDS": str(shard),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", BOT, server.url, server.gateway.url), env={**os.environ, **own}
    )
    return Bot(process, f"http://{address}/healthz", members)


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        return int(found.getsockname()[1])


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


def _memory(process: int, kinds: Sequence[str]) -> float:
    """Return the memory of those kinds that a process has, in megabytes."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    fields = dict(line.split(":", 1) for line in lines[1:])
    return sum(int(fields[kind].split()[0]) for kind in kinds) / 1024


def _cpu(bots: Sequence[Bot]) -> float:
    """Return the processor time that the bots have used, in seconds."""
    ticks = 0
    for bot in bots:
        stat = Path(f"/proc/{bot.process.pid}/stat").read_text(encoding="utf-8")
        ticks += sum(map(int, stat.rpartition(")")[2].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _print(what: str, values: Sequence[float], digits: int) -> None:
    middle = statistics.median(values)
    least, most = min(values), max(values)
    print(f"{what}: {middle:.{digits}f} ({least:.{digits}f} to {most:.{digits}f})", flush=True)
