"""Reads whole generations and the bytes of dumps from the store, in one thread and bounded memory.

Rows never change once they are committed, so reading needs no transaction.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType

import numpy as np

from bot.errors import StoreError
from bot.loader.intake import Loaded
from bot.loader.raw.content import Content, Part, Stream
from bot.models import Dump, Notice
from bot.store.checksums import Changed, DumpChecksum, Row, checked
from bot.store.faults import DISK_FULL, clear, decoding
from bot.store.opening import needs_copy, read_only_uri, read_uri
from bot.store.rows import Member, RootColumns, Roots, ThreadVersions, Version, assemble

HEADS = (
    "SELECT id, dump, place, file, thread_id, aliases, title, author, complete, source_url,"
    " author_name, checksum FROM version_head WHERE id IN (SELECT value FROM json_each(?))"
)
TWEETS = (
    "SELECT version, text, mentions, links, author, created_at, permalink, tweet_id, line, part,"
    " extras"
    " FROM tweet WHERE version IN (SELECT value FROM json_each(?)) ORDER BY version, position"
)
VERSIONS = (
    "SELECT id, root, author, root_tweet, stem, cut, checksum FROM version WHERE dump = ?"
    " ORDER BY place"
)
IDS = (
    "SELECT (SELECT json_group_array(tweet_id) FROM tweet WHERE version = version.id"
    " AND tweet_id IS NOT NULL) FROM version WHERE dump = ? ORDER BY place"
)
"""For each version of a dump, the known ids of its tweets, as a JSON array."""
SIZES = (
    "SELECT (SELECT count(*) FROM version WHERE dump = :dump), (SELECT count(*) FROM tweet"
    " JOIN version ON version.id = tweet.version WHERE dump = :dump)"
    " WHERE EXISTS (SELECT 1 FROM piece WHERE sha256 = :sha256)"
)
"""How many threads and tweets a dump has; nothing if its bytes were erased."""
NOTICES = "SELECT line, message FROM notice WHERE dump = ? ORDER BY place"
PICTURES = "SELECT name, file FROM picture WHERE sha256 = ?"
BATCH = 2_000
"""Threads whose versions are in memory at a time."""


class BulkReader:
    """A read-only connection. Use it and close it in one thread."""

    def __init__(self, path: Path) -> None:
        """Open the store at `path`."""
        self._path = path
        self._connection = _connected(path)

    def __enter__(self) -> BulkReader:
        """Return the reader."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self._connection.close()

    def roots(self, dumps: Sequence[int]) -> Roots:
        """Return the roots of all versions in `dumps`, dump after dump.

        Raises:
            StoreDamaged: a dump is not what was stored.
        """
        columns = RootColumns()
        with decoding(self._path):
            for dump in dumps:
                whole = DumpChecksum()
                found = self._connection.execute(VERSIONS, (dump,))
                for each in found:
                    whole.add(each)
                    columns.add(each)
                found = self._connection.execute(IDS, (dump,))
                for known in found:
                    mine = json.loads(known[0])
                    whole.add_ids(mine)
                    columns.add_ids(mine)
                self._compare(dump, whole)
        return columns.roots()

    def _compare(self, dump: int, found: DumpChecksum) -> None:
        """Compare the checksum of a dump.

        Raises:
            Changed: it is not what was written.
        """
        stored = self._connection.execute("SELECT checksum FROM dump WHERE id = ?", (dump,))
        checksum = next(iter(stored), (0,))[0]
        if checksum and checksum != found.value:
            raise Changed(f"file {dump} is not what was stored")

    def versions(self, rows: Sequence[int]) -> list[Version]:
        """Return the versions in those rows, in that order.

        Raises:
            StoreDamaged: one is missing, or is not what was stored.
        """
        asked = (json.dumps(list(rows)),)
        order = {row: place for place, row in enumerate(rows)}
        with decoding(self._path):
            heads = sorted(self._connection.execute(HEADS, asked), key=lambda head: order[head[0]])
            tweets = self._connection.execute(TWEETS, asked)
            return checked_versions(rows, heads, tweets)

    def threads(self, threads: ThreadVersions) -> Iterator[list[Version]]:
        """Yield the versions of each thread, in order."""
        return by_thread(self.versions, threads)

    def loaded(self, members: Iterable[Member]) -> Iterator[Loaded]:
        """Yield what is known of dumps, except those whose bytes were erased."""
        with decoding(self._path):
            for each in members:
                asked = {"dump": each.id, "sha256": each.sha256}
                for threads, tweets in self._connection.execute(SIZES, asked):
                    found = self._connection.execute(NOTICES, (each.id,))
                    notices = tuple(Notice(each.file, line, message) for line, message in found)
                    pictures = self._connection.execute(PICTURES, (each.sha256,))
                    dump = Dump(each.file, each.format, each.sha256, each.metadata, (), notices)
                    yield Loaded(dump, threads, tweets, dict(pictures))

    def content(self, sha256: str) -> Content:
        """Return the bytes of the dump with that hash. They are read from the store on demand."""
        with clear(self._path):
            parts = self._connection.execute(
                "SELECT place, name, size FROM part WHERE sha256 = ? ORDER BY place", (sha256,)
            )
            return Content(tuple(self._part(sha256, *each) for each in parts))

    def _part(self, sha256: str, place: int, name: str, size: int) -> Part:
        return Part(name, lambda: _stored(self._path, sha256, place), size)


def _stored(path: Path, sha256: str, part: int) -> Stream:
    """Return a file of a dump in the store, open to be read."""
    connection = _connected(path)
    with clear(path):
        pieces = connection.execute(
            "SELECT packed FROM piece WHERE (sha256, part) = (?, ?) ORDER BY place", (sha256, part)
        )
    rest = b""

    def read(size: int) -> bytes:
        nonlocal rest
        with decoding(path):
            while not rest and (row := pieces.fetchone()):
                rest = zlib.decompress(row[0])
        found, rest = rest[:size], rest[size:]
        return found

    return Stream(read, connection.close)


def content(path: Path, sha256: str) -> Content:
    """Return the bytes of a dump in the store at `path`; see `BulkReader.content`."""
    with BulkReader(path) as reader:
        return reader.content(sha256)


def checked_versions(
    asked: Sequence[int], heads: Sequence[Row], tweets: Iterable[Row]
) -> list[Version]:
    """Build versions from rows, after comparing their checksums.

    Args:
        asked: the rows of the versions.
        heads: what HEADS gives for them.
        tweets: what TWEETS gives for them.

    Raises:
        Changed: one is missing, or is not what was written.
    """
    if len(heads) != len(set(asked)):
        raise Changed("threads are missing")
    return assemble([head[:-1] for head in heads], checked(heads, tweets))


def by_thread(
    read: Callable[[Sequence[int]], list[Version]], threads: ThreadVersions
) -> Iterator[list[Version]]:
    """Yield the versions of each thread, in order.

    Args:
        read: returns the versions in some rows, in order.
        threads: the rows of each thread.
    """
    for start in range(0, len(threads), BATCH):
        borders = threads.starts[start : start + BATCH + 1]
        found = iter(read(threads.rows[borders[0] : borders[-1]].tolist()))
        for size in np.diff(borders).tolist():
            yield list(islice(found, size))


def _connected(path: Path) -> sqlite3.Connection:
    with clear(path):
        connection = _connected_to(read_uri(path))
    if _meets_full_disk(connection, path) and not needs_copy(path):
        connection.close()
        with clear(path):
            connection = _connected_to(read_only_uri(path))
    return connection


def _connected_to(address: str) -> sqlite3.Connection:
    # A stream is read in whatever thread is free, one at a time.
    connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA cell_size_check = ON")
    return connection


def _meets_full_disk(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the files that SQLite needs beside the store cannot be made for want of room."""
    try:
        with clear(path):
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    except StoreError as error:
        return error.reason == DISK_FULL
    return False
