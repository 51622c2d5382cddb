"""Looks after the store's file beside a running bot: checks it, counts it, copies it, compacts it.

Each function has a connection of its own and blocks; call it in a thread.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.errors import StoreDamaged, StoreError
from bot.store.faults import DISK_FULL, NOT_WRITABLE, clear
from bot.store.integrity import changed
from bot.store.migrations import BUSY_MS, MIGRATIONS
from bot.store.opening import readable, write_uri

TABLES = (
    "blob",
    "part",
    "piece",
    "picture",
    "dump",
    "notice",
    "version",
    "tweet",
    "generation",
    "generation_dump",
    "forgotten",
    "setting",
)
"""The tables of the current schema; those that others refer to come first."""
OWNER_ONLY = 0o600
"""Permissions of a file that only the person who runs the bot may read."""


SHARED_FIRST, SHARED_BYTES = 0x40000002, 510
"""The bytes of a file on which SQLite has its shared locks."""


@dataclass(frozen=True, slots=True)
class Vacuumed:
    """What compacting the store's file came to."""

    before: int
    """Bytes of the file and its write-ahead log before."""
    after: int
    """The same afterwards."""
    is_log_empty: bool
    """Whether the write-ahead log was emptied too; another process may have been reading."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a store's file says of itself."""

    schema: int
    """How many migrations were applied to it."""
    parsers: tuple[int, ...]
    """The versions of the loader that read the dumps of the newest generations."""
    newest: str | None
    """When the last change was made: ISO 8601 in UTC. None if there was none."""


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the file at `path`, which must exist; close it at the end.

    Raises:
        StoreError: it cannot be opened, or a statement inside fails.
    """
    with clear(path):
        connection = sqlite3.connect(write_uri(path), uri=True, isolation_level=None)
        with closing(connection):
            connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
            yield connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit what the block writes, all of it, or nothing if it raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def facts(path: Path) -> Facts:
    """Return what the store's file says of itself.

    Raises:
        StoreError: it cannot be read.
    """
    with connected(path) as connection:
        (schema,) = connection.execute("PRAGMA user_version").fetchone()
        (newest,) = connection.execute("SELECT max(created_at) FROM generation").fetchone()
        parsers = connection.execute(
            "SELECT DISTINCT parser_version FROM dump WHERE id IN (SELECT dump FROM"
            " generation_dump JOIN (SELECT scope, max(number) AS number FROM generation"
            " GROUP BY scope) AS newest ON (generation_dump.scope, generation) ="
            " (newest.scope, newest.number)) ORDER BY 1"
        ).fetchall()
    return Facts(schema, tuple(each for (each,) in parsers), newest)


def newest_generations(path: Path) -> dict[int, int]:
    """Return the number of the newest generation of each library.

    Raises:
        StoreError: it cannot be read.
    """
    with connected(path) as connection:
        return dict(connection.execute("SELECT scope, max(number) FROM generation GROUP BY scope"))


def damage(path: Path, *, full: bool = False) -> list[str]:
    """Return what is wrong with the store's file; an empty list if nothing is.

    Args:
        path: the file.
        full: whether to compare indexes with tables and all checksums, follow references, and read
            each dump's bytes.

    Raises:
        StoreError: it cannot be opened at all.
    """
    try:
        with connected(path) as connection:
            return _damage(path, connection, full=full)
    except StoreError as error:
        if isinstance(error, StoreDamaged):
            return [error.found]
        raise


def _damage(path: Path, connection: sqlite3.Connection, *, full: bool) -> list[str]:
    check = "integrity_check" if full else "quick_check"
    found = [each for (each,) in connection.execute(f"PRAGMA {check}") if each != "ok"]
    if found or not full:
        return found
    rows = connection.execute("PRAGMA foreign_key_check").fetchall()
    found = [f"a row of {table} refers to one of {to} that is gone" for table, _, to, _ in rows]
    (schema,) = connection.execute("PRAGMA user_version").fetchone()
    return [*found, *(changed(path) if schema == len(MIGRATIONS) else ())]


def counts(path: Path) -> dict[str, int]:
    """Return the number of rows of each table.

    Raises:
        StoreError: it cannot be read.
    """
    with connected(path) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM pragma_table_list")}
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in TABLES
            if table in names
        }


def pictures(path: Path) -> list[str]:
    """Return the names of the picture files that the store's dumps have, in order.

    Raises:
        StoreError: it cannot be read.
    """
    with connected(path) as connection:
        return [
            each for (each,) in connection.execute("SELECT DISTINCT file FROM picture ORDER BY 1")
        ]


def copy(path: Path, target: Path) -> None:
    """Write a copy of the store as of one moment to `target`, a new file for its owner alone.

    https://www.sqlite.org/backup.html

    Raises:
        StoreError: the store cannot be read, or the copy cannot be written.
    """
    with clear(target):
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
    try:
        with connected(path) as source:
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            _copy(source, target)
    except StoreDamaged as error:  # a new file is not damaged
        raise StoreDamaged(path, error.found) from error
    except StoreError as error:
        if error.path == target or error.reason not in (DISK_FULL, NOT_WRITABLE):
            raise
        with (
            readable(path) as address,
            clear(path),
            closing(sqlite3.connect(address, uri=True)) as source,
        ):
            _copy(source, target)


def _copy(source: sqlite3.Connection, target: Path) -> None:
    with clear(target), closing(sqlite3.connect(target)) as made:
        source.backup(made)
        made.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it


def vacuum(path: Path) -> Vacuumed:
    """Rewrite the store's file without free space, and empty its write-ahead log.

    Raises:
        StoreError: another process writes, or the disk is full; the file is as it was.
    """
    before = size(path)
    with connected(path) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("VACUUM")
        is_log_empty = empty_log(connection)
    return Vacuumed(before, size(path), is_log_empty)


def empty_log(connection: sqlite3.Connection) -> bool:
    """Move the write-ahead log into the file and empty it, unless others are reading it."""
    (is_busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not is_busy


def size(path: Path) -> int:
    """Return the bytes of the store's file and its write-ahead log."""
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(each.stat().st_size for each in files if each.exists())


def is_open_elsewhere(path: Path) -> bool:
    """Whether another process has the store open. Nothing is written, as it may be damaged.

    Each connection in the write-ahead mode holds a shared lock.
    https://www.sqlite.org/lockingv3.html
    """
    if os.name == "nt":  # there, files that are open cannot be moved anyway
        return False
    import fcntl

    with path.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, SHARED_BYTES, SHARED_FIRST)
        except OSError:
            return True
    return False
