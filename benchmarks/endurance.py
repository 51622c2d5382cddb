"""Two hundred members ask for minutes, while files are loaded and the gateway drops.

`ENDURANCE_MINUTES=10` sets how long. The bot is `threadbot run` in a process of its own, with
100,000 tweets. Every 30 seconds somebody reloads the seeds, to which a file was added, and every
minute the gateway's connection is cut.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import time
from collections import Counter
from pathlib import Path

from benchmarks.discord_load import SERVED, WORDS, service, write_dumps
from tests.discord_server import LoopbackDiscord, Member

MINUTES = float(os.environ.get("ENDURANCE_MINUTES", "10"))
MEMBERS = 200
PAUSE = 12.0
"""Seconds between two questions of a member, on average; fewer would meet the rate limit."""
RELOAD_EVERY = 30.0
DROP_EVERY = 60.0
DEADLINE = 3.0
"""Seconds within which Discord wants an acknowledgement."""
PATIENCE = 60.0
KILOBYTES = 1024


class Tally:
    """What became of the questions."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.waits: list[float] = []
        self.memory: list[int] = []


def main() -> None:
    """Print what became of all questions, and the bot's memory."""
    asyncio.run(_measure())


async def _measure() -> None:
    tally = Tally()
    async with service(MEMBERS, PATIENCE) as at:
        until = time.monotonic() + MINUTES * 60
        await asyncio.gather(
            *(_ask(each, tally, until, number) for number, each in enumerate(at.members)),
            _reload(at.grace, at.seeds, tally, until),
            _drop(at.server, tally, until),
            _watch(at.bot.pid, tally, until),
        )
    tally.counts[f"exit status {at.bot.returncode}"] += 1
    _print(tally, at.server)


async def _ask(member: Member, tally: Tally, until: float, seed: int) -> None:
    """Ask until the time is over."""
    dice = random.Random(seed)  # noqa: S311  # a fixed seed: the same questions each time
    await asyncio.sleep(dice.uniform(0, PAUSE))
    while time.monotonic() < until:
        tally.counts["asked"] += 1
        try:
            exchange = await member.slash("ask", question=" ".join(dice.choices(WORDS, k=3)))
            tally.waits.append(exchange.acknowledged_after)
            await exchange.reply(within=PATIENCE)
        except AssertionError as error:
            tally.counts["lost"] += 1
            print(f"lost: {str(error)[:200]}")
        else:
            tally.counts["answered"] += 1
        await asyncio.sleep(dice.uniform(0, 2 * PAUSE))


async def _reload(grace: Member, seeds: Path, tally: Tally, until: float) -> None:
    """Add a file and reload, again and again."""
    number = SERVED
    while time.monotonic() + RELOAD_EVERY < until:
        await asyncio.sleep(RELOAD_EVERY)
        write_dumps(seeds, range(number, number + 1))
        number += 1
        try:
            shown = await grace.slash("reload")
            preview = await shown.reply(until=lambda it: len(it.buttons) > 1, within=PATIENCE)
            applied = await grace.press(preview, label=preview.buttons[0].label)
            await applied.reply(until=lambda it: "The library now has" in it.text, within=PATIENCE)
        except AssertionError as error:
            tally.counts["reloads lost"] += 1
            print(f"reload: {str(error)[:200]}")
        else:
            tally.counts["reloads"] += 1


async def _drop(server: LoopbackDiscord, tally: Tally, until: float) -> None:
    """Cut the gateway's connection, again and again."""
    while time.monotonic() + DROP_EVERY < until:
        await asyncio.sleep(DROP_EVERY)
        tally.counts["gateway drops"] += 1
        await server.drop_gateway()


async def _watch(process: int, tally: Tally, until: float) -> None:
    """Note the bot's memory every few seconds."""
    while time.monotonic() < until:
        tally.memory.append(_resident(process))
        await asyncio.sleep(5)


def _resident(process: int) -> int:
    """Return the memory of a process, in megabytes, without what is mapped from files."""
    with Path(f"/proc/{process}/status").open(encoding="ascii") as facts:
        return next(int(line.split()[1]) for line in facts if "RssAnon" in line) // KILOBYTES


def _print(tally: Tally, server: LoopbackDiscord) -> None:
    late = sum(each > DEADLINE for each in tally.waits)
    print(", ".join(f"{what}: {count:,}" for what, count in sorted(tally.counts.items())))
    print(
        f"acknowledged: median {statistics.median(tally.waits):.3f} s, p99 "
        f"{statistics.quantiles(tally.waits, n=100)[-1]:.3f} s, max {max(tally.waits):.3f} s, "
        f"late {late}"
    )
    minutes = [max(tally.memory[at : at + 12]) for at in range(0, len(tally.memory), 12)]
    print(f"memory by minute, in MB: {minutes}")
    print(f"refused by Discord: {server.violations or 'nothing'}")


if __name__ == "__main__":
    main()
