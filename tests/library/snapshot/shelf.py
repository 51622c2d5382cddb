"""Threads on ports and rice, and a snapshot that holds them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from bot.library.snapshot.snapshot import Snapshot
from bot.models import Thread
from bot.store.rows import ThreadVersions, Version
from tests.strategies import families_of, thread, tweet

PORTS = thread(
    tweet("Ports grow quiet as tariffs bite across three harbours", tweet_id="1900"),
    tweet("On Monday no ship came.", permalink="https://x.com/anna/status/1901"),
    author="anna",
    source_url="https://www.threads.example/thread/77.html",
)

RICE = thread("Rice prices double: “the queues begin at dawn”", "Nobody had seen the like.")

CAFE = thread("Café owners of the port await the ships", complete=False, file="b.txt")


def snapshot_of(*threads: Thread) -> Snapshot:
    """A generation that holds `threads`."""
    return Snapshot.build(1, families_of(threads, first=10))


class Rows:
    """Families as rows of a store, and their versions."""

    def __init__(self, threads: Sequence[Thread], rows: dict[int, int]) -> None:
        made = families_of(threads)
        self._versions = {}
        every = []
        for family in made:
            for each in family:
                row = rows[id(each.thread)]
                self._versions[row] = Version(row, each.thread)
                every.append(row)
        ends = np.cumsum([0, *(len(family) for family in made)])
        self.threads = ThreadVersions(np.array(every, np.int64), ends)
        self.read: list[int] = []

    def versions(self, families: ThreadVersions) -> Iterator[list[Version]]:
        for start, end in zip(families.starts[:-1], families.starts[1:], strict=True):
            rows = families.rows[start:end].tolist()
            self.read += rows
            yield [self._versions[row] for row in rows]
