"""Threads on ports and rice, and a snapshot that holds them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from bot.library.answers import AnswerOptions, Found, search
from bot.library.snapshot.served import Served
from bot.library.snapshot.snapshot import Snapshot
from bot.models import Thread
from bot.search.query import Query, parse
from bot.store.rows import COLUMNS, Roots, ThreadVersions, Version
from bot.thread_ids import is_cut, key64, root_text, stem_key, tweet_key
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


class Shelf:
    """Dumps of threads, and what a library reads of them."""

    def __init__(self) -> None:
        self._threads: list[Thread] = []
        self._dumps: list[range] = []
        self.read: list[int] = []
        """The rows of the versions that were read."""

    def add(self, *threads: Thread) -> int:
        """Add a dump, and return its row."""
        first = len(self._threads)
        self._threads += threads
        self._dumps.append(range(first, len(self._threads)))
        return len(self._dumps) - 1

    def roots(self, dumps: Sequence[int]) -> Roots:
        """Return how the versions of `dumps` begin."""
        rows = [row for dump in dumps for row in self._dumps[dump]]
        threads = [self._threads[row] for row in rows]
        ids = [[tweet.tweet_id for tweet in each.tweets if tweet.tweet_id] for each in threads]
        columns = (
            rows,
            [key64(root_text(each.tweets)) for each in threads],
            [key64(each.author.lower()) if each.author else 0 for each in threads],
            [tweet_key(id_) if (id_ := each.tweets[0].tweet_id) else 0 for each in threads],
            [stem_key(each.tweets[0].text) for each in threads],
            [is_cut(each.tweets[0].text) for each in threads],
            [*map(len, ids)],
            [tweet_key(each) for own in ids for each in own],
        )
        return Roots(
            *(np.array(each, kind) for each, kind in zip(columns, COLUMNS.values(), strict=True))
        )

    def versions(self, rows: Sequence[int]) -> list[Version]:
        """Return the versions in those rows."""
        return [Version(row, self._threads[row]) for row in rows]

    def threads(self, threads: ThreadVersions) -> Iterator[list[Version]]:
        """Yield the versions of each thread, in order."""
        for start, end in zip(threads.starts[:-1], threads.starts[1:], strict=True):
            rows = threads.rows[start:end].tolist()
            self.read += rows
            yield self.versions(rows)

    def found(
        self, snapshot: Served, question: str, options: AnswerOptions
    ) -> tuple[Query, Found, list[Version]]:
        """Search `snapshot`; return the query, what it finds, and its threads' versions."""
        query = parse(question, snapshot.index.analyzer)
        found = search(snapshot, query, options)
        rows = [snapshot.catalogue.versions(each.thread) for each in found.ranking.threads]
        chosen = ThreadVersions(
            np.array([row for some in rows for row in some], np.int64),
            np.cumsum([0, *map(len, rows)]),
        )
        return query, found, [version for some in self.threads(chosen) for version in some]
