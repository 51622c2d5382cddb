"""A real Ray on this machine, for all tests of this folder, and a library whose layers it holds."""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cluster.driver import LOCAL
from bot.cluster.ray_hosts import RayHosts, RemotePart, connected
from bot.library.library import Library
from bot.library.snapshot import stacking
from bot.library.spread.snapshot import SpreadSnapshot
from bot.library.spread.spreading import Spreader
from bot.thread_ids import key64

PARTS = 2
"""Actors that hold layers."""
WORDS = """
    port ship crane rice yard tariff harbour queue dawn price export chip drive night train valley
    river bridge market winter letter garden museum engine signal border island copper cotton
""".split()


@pytest.fixture(scope="session")
def hosts() -> Iterator[RayHosts]:
    """Actors of a Ray that was started for the tests."""
    pytest.importorskip("ray", reason="ray is not installed: pip install 'threadbot[cluster]'")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Ray's own
        with connected(LOCAL, PARTS) as found:
            yield found


@dataclass(frozen=True, slots=True)
class Shelf:
    """A library in files, of several layers."""

    data: Path
    """Its folder."""
    seeds: Path
    """An empty folder."""

    @asynccontextmanager
    async def open(self, hosts: RayHosts | None = None, least: int = 1) -> AsyncIterator[Library]:
        """Open it, with all layers in this process; or those of `least` tweets held by `hosts`."""
        spreader = Spreader(hosts, least) if hosts else None
        async with Library.open(
            self.data, self.seeds, may_be_empty=True, spreader=spreader
        ) as library:
            yield library

    async def load(self, library: Library, name: str, threads: int) -> None:
        """Load a file of so many threads."""
        file = self.data.parent / name
        file.write_text(json.dumps(written(name, threads)), encoding="utf-8")
        await library.load([file], "test")


def written(name: str, threads: int) -> list[object]:
    """Return posts of threads for a file, made of WORDS, in X's JSON."""
    dice = random.Random(name)  # noqa: S311  # not a secret
    posts: list[object] = []
    ids = itertools.count(int(key64(name)) % 10**9 * 10**6)
    for _ in range(threads):
        author, parent = dice.choice(("anna", "ben", "zoe")), None
        for _ in range(dice.randint(1, 4)):
            post = str(next(ids))
            day = f"2{dice.randint(0, 8)}"
            posts.append(
                {
                    "id_str": post,
                    "full_text": " ".join(dice.choices(WORDS, k=dice.randint(3, 12))),
                    "created_at": f"Mon Sep {day} 10:00:00 +0000 202{dice.randint(0, 5)}",
                    "user": {"screen_name": author},
                    "in_reply_to_status_id_str": parent,
                    "in_reply_to_screen_name": parent and author,
                }
            )
            parent = post
    return posts


@pytest.fixture
async def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """A library of three layers."""
    monkeypatch.setattr(stacking, "_go_together", lambda *_: False)
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    made = Shelf(tmp_path / "data", seeds)
    async with made.open() as library:
        for name, threads in (("one.json", 60), ("two.json", 50), ("three.json", 40)):
            await made.load(library, name, threads)
            await library.settled()
    return made


def pids(library: Library, hosts: RayHosts) -> list[int]:
    """Return the processes of the actors that hold layers of a library."""
    snapshot = library.current.snapshot
    assert isinstance(snapshot, SpreadSnapshot)
    remote = [each for each in snapshot.parts if isinstance(each, RemotePart)]
    assert len(remote) == hosts.count
    return [each["pid"] for each in hosts.memory()]


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """Let a process stand still."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
