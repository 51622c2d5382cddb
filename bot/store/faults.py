"""The boundary for errors below the store: what SQLite and the system refuse becomes a StoreError.

Nothing above the store sees an `sqlite3.Error`, nor what decoding damaged rows raises.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import StoreDamaged, StoreError
from bot.store.checksums import Changed

FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))
"""What the system says when nothing more can be written; EFBIG: a limit on the size of files."""
DECODING = (
    *(ValueError, LookupError, TypeError, AttributeError, ArithmeticError),
    *(EOFError, zlib.error),
)
"""What decoding a row raises that is not what was written."""
NOT_UTF_8 = "text that is not UTF-8"
"""What is wrong with such text, without quoting it."""
NOTICEABLE = 1 << 18
"""Bytes: a disk with less room than this, or a file as near to its limit, is full."""
DISK_FULL = "the disk is full. Free some space and try again; the store is unchanged."
READ_ONLY = (
    "the folder is read-only, so nothing was changed. Make the folder writable for this user, or "
    "set THREADBOT_DATA to a folder that is."
)
"""Why a store in such a folder cannot be changed."""


@contextmanager
def clear(path: Path) -> Iterator[None]:
    """Turn errors of SQLite and of the file system into messages that say what to do.

    Args:
        path: the store's file.

    Raises:
        StoreDamaged: the file is not what Threadbot wrote.
        StoreError: it cannot be read or written.
    """
    try:
        yield
    except sqlite3.ProgrammingError:  # a fault of the program
        raise
    except sqlite3.Error as error:
        raise _translated(path, error) from error
    except UnicodeDecodeError as error:  # SQLite quotes what is damaged in its message
        raise StoreDamaged(path, NOT_UTF_8) from error
    except OSError as error:
        raise StoreError(path, _system_reason(error)) from error


@contextmanager
def decoding(path: Path) -> Iterator[None]:
    """Do as `clear`, around code that also decodes rows, which may be damaged.

    Raises:
        StoreDamaged: the file is not what Threadbot wrote.
        StoreError: it cannot be read or written.
    """
    with decoded(path), clear(path):
        yield


@contextmanager
def decoded(name: Path | str) -> Iterator[None]:
    """Turn what decoding damaged rows raises into a message; for every kind of store.

    Args:
        name: what to call the store.

    Raises:
        StoreDamaged: a row is not what Threadbot wrote.
    """
    try:
        yield
    except Changed as error:
        raise StoreDamaged(name, str(error)) from error
    except DECODING as error:
        raise StoreDamaged(name, f"a row cannot be decoded: {error!r}") from error


def _translated(path: Path, error: sqlite3.Error) -> StoreError:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")) or name == "SQLITE_ERROR" or not name:
        # The program's own SQL is right, so an error in it means that a table is damaged. Text
        # that is not UTF-8 has no name, and its message quotes the text.
        said = str(error)
        return StoreDamaged(path, NOT_UTF_8 if "decode to UTF-8" in said else said)
    return StoreError(path, _reason(path, name, error))


def _reason(path: Path, name: str, error: sqlite3.Error) -> str:
    if name.startswith("SQLITE_CANTOPEN") and path.parent.is_dir() and not path.exists():
        return "the file is missing. Put it back, or restore a backup: threadbot restore FILE."
    if name.startswith("SQLITE_CANTOPEN") and _is_full(path):
        return DISK_FULL
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM")):
        return NOT_WRITABLE
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "another Threadbot is writing to the store. Try again in a moment."
    if name.startswith("SQLITE_FULL") or (name.startswith("SQLITE_IOERR") and _is_full(path)):
        return DISK_FULL
    if name.startswith("SQLITE_IOERR"):
        return (
            f"the disk reports an error ({error}). Check the disk, then try again; if it stays, "
            "restore a backup on another disk: threadbot restore FILE."
        )
    return f"SQLite returned an error: {error}."


def _system_reason(error: OSError) -> str:
    if error.errno in FULL:
        return DISK_FULL
    place = f": {error.filename}" if error.filename else ""
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return cannot(f"{error.strerror}{place}")
    return f"the system reports an error ({error.strerror}{place}). Check the disk, then try again."


def _is_full(path: Path) -> bool:
    """Whether the disk has no room, or a file of the store is as large as a file may be.

    SQLite reports both as errors of the disk in some places, and does not say what the system said.
    """
    try:
        if shutil.disk_usage(path.parent).free < NOTICEABLE:
            return True
        files = [each for each in path.parent.iterdir() if each.name.startswith(path.name)]
        return any(each.stat().st_size + NOTICEABLE > _largest() for each in files)
    except OSError:
        return False


def _largest() -> float:
    """Return the bytes that a file of this process may have."""
    if sys.platform == "win32":
        return float("inf")
    import resource

    limit = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    return float("inf") if limit == resource.RLIM_INFINITY else limit


def cannot(what: str) -> str:
    """Say that `what`, and how a store gets a folder that can be written."""
    return f"{what}. Make the folder writable, or set THREADBOT_DATA to a folder that is."


NOT_WRITABLE = cannot("the store cannot be opened for writing")
"""Why a store cannot be opened."""


def unwritten(path: Path, error: OSError, what: str) -> StoreError:
    """Says that the disk is full, or else `what` happened and why; as when `path` is written."""
    if error.errno in FULL:
        return StoreError(path, DISK_FULL)
    return StoreError(path, f"{what} ({error.strerror}).")


def no_folder(path: Path, error: OSError) -> StoreError:
    """Says that the folder of the store at `path` cannot be created."""
    if error.errno in FULL:
        return StoreError(path, DISK_FULL)
    return StoreError(path, cannot(f"the folder cannot be created ({error.strerror})"))
