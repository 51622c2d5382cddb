"""Checks a store's file: SQLite's own check, and every checksum."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, closing, suppress
from itertools import islice
from pathlib import Path
from typing import Protocol

from bot.errors import StoreDamaged, StoreError
from bot.store.bulk_reader import BulkReader
from bot.store.checksums import RECORD, Changed, Record
from bot.store.faults import clear, decoding
from bot.store.opening import read_uri
from bot.store.rows import Roots

BATCH = 500
"""Threads that are read at a time."""
STEPS = 10_000
"""Steps of SQLite between two looks whether to stop."""
SHOWN = 3
"""Faults that a message names."""

log = logging.getLogger(__name__)
Stop = Callable[[], bool]
"""Whether to end the check."""


class Readable(Protocol):
    """What a reader of any kind of store has for the check of its threads."""

    def roots(self, dumps: Sequence[int]) -> Roots:
        """Return the roots of all versions in `dumps`."""
        ...

    def versions(self, rows: Sequence[int]) -> object:
        """Read the versions in those rows."""
        ...


class _Ended(Exception):  # not an error
    """The check was stopped."""


def damage(path: Path, stop: Stop = lambda: False) -> list[str]:
    """Return what is wrong with the store at `path`, in short sentences; nothing if it is whole.

    Args:
        path: its file.
        stop: whether to stop; asked now and then. The rest is then not checked.
    """
    found: list[str] = []
    try:
        for each in _faults(path, stop):
            found.append(each)  # noqa: PERF402  # what was found before it stops counts, too
    except _Ended:
        pass
    except StoreError as error:
        found.append(_short(error))
    return found


def _faults(path: Path, stop: Stop) -> Iterator[str]:
    with clear(path), closing(sqlite3.connect(read_uri(path), uri=True)) as connection:
        connection.set_progress_handler(lambda: int(stop()), STEPS)
        try:
            checked = connection.execute("PRAGMA quick_check")
            yield from (said for (said,) in checked if said != "ok")
        except sqlite3.OperationalError as error:
            if stop():
                raise _Ended from error
            raise
    yield from changed(path, stop)


def changed(path: Path, stop: Stop = lambda: False) -> Iterator[str]:
    """Say what is not as it was written: generations, threads, and the bytes of dumps.

    Args:
        path: the store's file.
        stop: whether to stop; asked now and then.

    Raises:
        StoreError: the file cannot be read.
    """
    with decoding(path), closing(sqlite3.connect(read_uri(path), uri=True)) as connection:
        for row in connection.execute(RECORD):
            try:
                Record.of(row)
            except Changed as error:
                yield str(error)
        dumps = connection.execute(
            "SELECT id, file, sha256, sha256 IN (SELECT sha256 FROM piece) FROM dump ORDER BY id"
        ).fetchall()
    with BulkReader(path) as reader:
        for dump, file, sha256, is_kept in dumps:
            yield from faults_of(reader, dump, file, stop)
            if is_kept:  # `erase` deletes the bytes of some
                with suppress(StoreError):
                    if reader.content(sha256).sha256 == sha256:
                        continue
                yield f"the bytes of {file} have changed"


def faults_of(reader: Readable, dump: int, file: str, stop: Stop = lambda: False) -> Iterator[str]:
    """Yield what is wrong with the threads of a dump."""
    try:
        rows = iter(reader.roots([dump]).rows.tolist())
    except StoreDamaged as error:
        yield f"{file}: {error.found}"
        return
    while some := list(islice(rows, BATCH)):
        if stop():
            raise _Ended
        try:
            reader.versions(some)
        except StoreDamaged as error:
            yield error.found


def _short(error: StoreError) -> str:
    return error.found if isinstance(error, StoreDamaged) else error.reason


@asynccontextmanager
async def checking(path: Path, marks: Sequence[Path]) -> AsyncIterator[None]:
    """Check a store in the background while inside, after programs were killed.

    Args:
        path: its file.
        marks: what they left; deleted when the check is done.
    """
    stop = threading.Event()

    def check() -> None:
        found = damage(path, stop.is_set)
        if stop.is_set():
            return
        if found:
            more = f"; {len(found) - SHOWN} more" if len(found) > SHOWN else ""
            log.error("%s", StoreDamaged(path, "; ".join(found[:SHOWN]) + more))
            return
        for each in marks:
            with suppress(OSError):
                each.unlink()

    task = asyncio.create_task(asyncio.to_thread(check))
    try:
        yield
    finally:
        stop.set()
        await task
