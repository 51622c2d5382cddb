"""Copies, on this machine, of the threads that are served: questions need no database.

Rows never change once they are stored, so a copy is right as long as nothing was erased. Each has
the checksum of what was stored, which is compared whenever it is read.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.store.bulk_reader import checked_versions
from bot.store.checksums import Row
from bot.store.faults import DECODING
from bot.store.rows import Version

FILE = "copies.sqlite3"
"""The file in the data folder."""
TABLES = """
CREATE TABLE IF NOT EXISTS copy (version INTEGER PRIMARY KEY, packed BLOB NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS copy_version ON copy (version);
CREATE TABLE IF NOT EXISTS of (state TEXT NOT NULL) STRICT;
"""
"""The index is a hundredth of the table, and says which copies there are."""
FEW = 500
"""Values in a statement."""

log = logging.getLogger(__name__)


class Copies:
    """The copies in a folder. Whatever happens to their file, there are just none then."""

    def __init__(self, folder: Path) -> None:
        """Open or make the file in `folder`."""
        self._path = folder / FILE
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._state: str | None = None
        self._whole: set[str] = set()
        """The names of the layers whose versions all have copies."""

    def belong_to(self, state: str) -> None:
        """Delete all copies unless they were made in that state.

        Args:
            state: names the database, and what was erased from it.
        """
        with self._lock:
            if state != self._state:  # another process may have deleted the copies
                self._state = state
                self._whole.clear()
            try:
                connection = self._opened()
                found = connection.execute("SELECT state FROM of").fetchall()
                if found != [(state,)]:
                    connection.execute("PRAGMA secure_delete = ON")
                    with connection:
                        connection.execute("DELETE FROM copy")
                        connection.execute("DELETE FROM of")
                        connection.execute("INSERT INTO of VALUES (?)", (state,))
                    connection.execute("VACUUM")
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.Error as error:
                self._give_up(error)

    def versions(self, rows: Sequence[int]) -> list[Version] | None:
        """Return the versions in those rows, in that order; None unless there are good copies."""
        order = {row: place for place, row in enumerate(rows)}
        try:
            found = [json.loads(zlib.decompress(packed)) for packed in self._packed([*order])]
            heads = sorted((tuple(head) for head, _ in found), key=lambda head: order[head[0]])
            tweets = sorted((tuple(row) for _, tweets in found for row in tweets), key=_version)
            return checked_versions(rows, heads, tweets) if len(found) == len(order) else None
        except DECODING as error:
            log.info("a copy cannot be read: %r", error)
            return None

    def _packed(self, rows: Sequence[int]) -> list[bytes]:
        """Return the copies of those rows that there are."""
        with self._lock:
            if self._connection is None:
                return []
            try:
                return [
                    packed
                    for start in range(0, len(rows), FEW)
                    for (packed,) in self._connection.execute(
                        "SELECT packed FROM copy WHERE version IN (SELECT value FROM json_each(?))",
                        (json.dumps(rows[start : start + FEW]),),
                    )
                ]
            except sqlite3.Error as error:
                self._give_up(error)
                return []

    def missing(self, layers: Mapping[str, NDArray[np.int64]]) -> list[int]:
        """Return which versions of those layers have no copy, in order.

        Questions can read copies meanwhile, as this uses a connection of its own.

        Args:
            layers: the rows of the versions, by the layer's name.
        """
        with self._lock:
            new = [rows for name, rows in layers.items() if name not in self._whole]
            if not new:
                return []
            try:
                self._opened()
            except sqlite3.Error as error:
                self._give_up(error)
                return []
        try:
            with closing(sqlite3.connect(self._path)) as connection:
                found = connection.execute("SELECT version FROM copy")
                there = np.fromiter((row for (row,) in found), np.int64)
        except sqlite3.Error as error:
            with self._lock:
                self._give_up(error)
            return []
        missing: list[int] = np.setdiff1d(np.concatenate(new), there).tolist()
        return missing

    def are_whole(self, layers: Iterable[str]) -> None:
        """Note that all versions of those layers have copies."""
        with self._lock:
            if self._connection is not None:
                self._whole.update(layers)

    def keep(self, heads: Sequence[Row], tweets: Iterable[Row]) -> None:
        """Keep copies of versions.

        Args:
            heads: rows of `queries.HEADS`.
            tweets: rows of `queries.TWEETS` for them.
        """
        of: defaultdict[int, list[Row]] = defaultdict(list)
        for row in tweets:
            of[row[0]].append(row)
        packed = [
            (head[0], zlib.compress(json.dumps([head, of[head[0]]]).encode(), 1)) for head in heads
        ]
        with self._lock:
            try:
                connection = self._opened()
                with connection:
                    connection.executemany("INSERT OR REPLACE INTO copy VALUES (?, ?)", packed)
            except sqlite3.Error as error:
                self._give_up(error)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = sqlite3.connect(self._path, check_same_thread=False)
            with suppress(OSError):  # the file system has no permissions
                self._path.chmod(0o600)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = OFF")  # it can be made again
            self._connection.executescript(TABLES)
        return self._connection

    def _give_up(self, error: sqlite3.Error) -> None:
        """Do without copies, and begin anew if the file is damaged."""
        log.warning("cannot keep copies of threads: %s", error)
        self._whole.clear()
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if "malformed" in str(error) or "not a database" in str(error):
            for suffix in ("", "-wal", "-shm"):
                with suppress(OSError):
                    self._path.with_name(FILE + suffix).unlink()


def _version(row: Row) -> int:
    return int(row[0])
