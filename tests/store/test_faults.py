"""The boundary for errors: what SQLite and the system refuse is said with what to do."""

from __future__ import annotations

import errno
import os
import sqlite3
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import StoreDamaged, StoreError
from bot.store import faults
from bot.store.checksums import Changed
from bot.store.faults import clear, decoding
from bot.store.migrations import FILE


def busy(path: Path) -> None:
    holder = sqlite3.connect(path)
    other = sqlite3.connect(path, timeout=0)
    try:
        holder.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")
    finally:
        other.close()
        holder.close()


def full(path: Path) -> None:
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA max_page_count = 2")
        connection.execute("CREATE TABLE large AS SELECT randomblob(100000)")
    finally:
        connection.close()


def no_database(path: Path) -> None:
    path.write_bytes(b"no database, " * 100)
    connection = sqlite3.connect(path)
    try:
        connection.execute("SELECT * FROM dump")
    finally:
        connection.close()


def read_only(path: Path) -> None:
    sqlite3.connect(path).close()
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        connection.execute("CREATE TABLE dump (id)")
    finally:
        connection.close()


def nowhere(path: Path) -> None:
    sqlite3.connect(path / "nowhere" / FILE)


def of_another_kind(path: Path) -> None:
    connection = sqlite3.connect(path)
    try:
        connection.execute("SELECT * FROM dump")
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("fails", "reason"),
    [
        (busy, "another Threadbot is writing to the store. Try again in a moment"),
        (full, "the disk is full. Free some space and try again; the store is unchanged"),
        (no_database, "this file is not a store, or it is damaged"),
        (read_only, "the store cannot be opened for writing. Make the folder writable"),
        (nowhere, "the file is missing. Put it back, or restore a backup"),
        (of_another_kind, "it is damaged (no such table: dump). Restore a backup"),
    ],
)
def test_what_sqlite_refuses_is_said_with_what_to_do(
    fails: Callable[[Path], None], reason: str, tmp_path: Path
) -> None:
    path = tmp_path / FILE
    with pytest.raises(StoreError) as refused, clear(path):
        fails(path)
    assert reason in str(refused.value)
    assert str(path) in str(refused.value)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG])
def test_a_full_disk_is_said_to_be_so(tmp_path: Path, number: int) -> None:
    with pytest.raises(StoreError, match="the disk is full"), clear(tmp_path / FILE):
        raise OSError(number, os.strerror(number))


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.EACCES, "Permission denied: b.bin. Make the folder writable"),
        (errno.EIO, "the system reports an error (Input/output error: b.bin). Check the disk"),
    ],
)
def test_what_the_system_refuses_is_said(tmp_path: Path, number: int, reason: str) -> None:
    with pytest.raises(StoreError) as refused, clear(tmp_path / FILE):
        raise OSError(number, os.strerror(number), "b.bin")
    assert reason in str(refused.value)


def disk_error(name: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = name
    return error


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("SQLITE_IOERR_WRITE", "the disk reports an error"),
        ("SQLITE_CANTOPEN", "the store cannot be opened for writing"),
    ],
)
def test_an_error_of_the_disk_is_told_from_a_full_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, reason: str
) -> None:
    path = tmp_path / FILE
    path.write_bytes(bytes(5000))
    with pytest.raises(StoreError, match=reason), clear(path):
        raise disk_error(name)
    monkeypatch.setattr(faults, "_largest", lambda: 6000)  # as `ulimit -f` does
    with pytest.raises(StoreError, match="the disk is full"), clear(path):
        raise disk_error(name)


def test_what_cannot_be_written_says_so_or_that_the_disk_is_full(tmp_path: Path) -> None:
    error = OSError(errno.EIO, "Input/output error")
    said = str(faults.unwritten(tmp_path, error, "a file cannot be moved"))
    assert "a file cannot be moved (Input/output error)." in said
    full = OSError(errno.ENOSPC, "No space left on device")
    assert "the disk is full" in str(faults.unwritten(tmp_path, full, "a file cannot be moved"))


@pytest.mark.parametrize(
    "error", [ValueError(), KeyError("a"), TypeError(), zlib.error(), Changed("it changed")]
)
def test_a_row_that_cannot_be_decoded_is_damage(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(StoreDamaged), decoding(tmp_path / FILE):
        raise error
    with pytest.raises(type(error)), clear(tmp_path / FILE):
        raise error


def test_text_that_is_not_utf_8_is_damage(tmp_path: Path) -> None:
    connection = sqlite3.connect(":memory:")
    with pytest.raises(StoreDamaged), clear(tmp_path / FILE):
        connection.execute("SELECT CAST(x'ff' AS TEXT)").fetchone()
    connection.close()
    with pytest.raises(StoreDamaged), clear(tmp_path / FILE):
        b"\xff".decode()


def test_a_fault_of_the_program_stays_one(tmp_path: Path) -> None:
    connection = sqlite3.connect(":memory:")
    connection.close()
    with pytest.raises(sqlite3.ProgrammingError), clear(tmp_path / FILE):
        connection.execute("SELECT 1")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_the_limit_of_the_process_counts() -> None:
    assert faults._largest() > 0  # noqa: SLF001  # what the system says
