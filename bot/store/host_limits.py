"""How often a person does something, counted by all processes of one machine, in a small file.

It has ids of people and counts, for an hour at most, and is of no use later. So it never waits for
the disk, and whatever happens to it, each process then counts alone.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

from bot.errors import StoreError

FILE = "limits.sqlite3"
"""The file in the data folder."""
TABLE = """
CREATE TABLE IF NOT EXISTS use (
    key   TEXT PRIMARY KEY,
    since REAL NOT NULL,     -- seconds since 1970
    times INTEGER NOT NULL
) STRICT, WITHOUT ROWID
"""
USED = (
    "INSERT INTO use VALUES (?, ?, 1) ON CONFLICT (key) DO UPDATE SET times ="
    " CASE WHEN excluded.since BETWEEN since AND since + ? THEN times + 1 ELSE 1 END, since ="
    " CASE WHEN excluded.since BETWEEN since AND since + ? THEN since ELSE excluded.since END"
    " RETURNING times, since"
)
"""Counts anew once the time is over, and if the clock was set back."""
SWEEP = "DELETE FROM use WHERE NOT since BETWEEN ? AND ?"
SWEEP_SECONDS = 3600.0
"""How long counts are kept, and how often old ones are deleted."""
WAIT_SECONDS = 0.4
"""How long to wait for other processes."""


class HostLimits:
    """Counts together with the other processes that use a data folder."""

    def __init__(self, folder: Path) -> None:
        """Count in a file in `folder`, which is made at the first use."""
        self._path = folder / FILE
        self._lock = threading.Lock()
        self._swept = 0.0

    async def used(self, key: str, most: int, seconds: float) -> float | None:
        """Count a use of `key`; return None, or in how many seconds it may be used again.

        Raises:
            StoreError: it cannot be counted.
        """
        return await asyncio.to_thread(self._used, key, most, seconds)

    def _used(self, key: str, most: int, seconds: float) -> float | None:
        now = time.time()
        with self._lock:
            try:
                with closing(self._opened()) as connection, connection:
                    if not self._swept <= now < self._swept + SWEEP_SECONDS:
                        connection.execute(SWEEP, (now - SWEEP_SECONDS, now))
                        self._swept = now
                    values = (key, now, seconds, seconds)
                    times, since = connection.execute(USED, values).fetchone()
            except sqlite3.Error as error:
                self._drop(error)
                raise StoreError(self._path, f"nothing can be counted there ({error}).") from error
        return None if times <= most else max(since + seconds - now, 0.0)

    def _opened(self) -> sqlite3.Connection:
        is_new = not self._path.exists()
        connection = sqlite3.connect(self._path, timeout=WAIT_SECONDS)
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = MEMORY")
        if is_new:
            with suppress(OSError):  # the file system has no permissions
                self._path.chmod(0o600)
        connection.execute(TABLE)
        return connection

    def _drop(self, error: sqlite3.Error) -> None:
        """Begin anew if the file is damaged."""
        if not isinstance(error, sqlite3.OperationalError):  # such as one that is locked
            with suppress(OSError):
                self._path.unlink()
