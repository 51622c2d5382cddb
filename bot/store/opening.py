"""Where a store is, whether it may be written, and what must be so before it is opened.

A store that cannot be written is opened to be read. A file marks each program that has a store
open; one whose program is gone shows that it did not end cleanly.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import file_locks
from bot.arrays import atomic_file
from bot.errors import StoreMissing
from bot.store.faults import clear, no_folder
from bot.store.migrations import FILE

NEWEST = "threadbot.newest"
"""The file beside it that says how many generations were stored; see `newest.py`."""
MARK = "open-*.lock"
"""The files that mark the programs which have the store open."""
OURS = (
    *("index-*", "media", "open-*.lock", "uploads", "replaced-*", ".restore-*", ".repair-*"),
    *(f"{FILE}*", f"{NEWEST}*", "copies.sqlite3*", "limits.sqlite3"),
)
"""What Threadbot makes in its folder."""
FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO
"""The permissions of everybody but the owner."""


def make_ready(path: Path) -> None:
    """Make the store's folder and file, for the owner alone, unless they are there.

    Raises:
        StoreMissing: the file is missing or empty, but others show that a library was here.
        StoreError: the folder cannot be made.
    """
    folder = path.parent
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise no_folder(path, error) from error
    require_present(path)
    if not is_writable(path):
        return
    with clear(path):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    _make_private(path)
    with suppress(OSError):  # what is left of killed processes can wait
        atomic_file.sweep(folder)
        atomic_file.sweep(folder / "media")


def require_present(path: Path) -> None:
    """Check that no library was here, if the store's file is missing or empty.

    Raises:
        StoreMissing: there was one.
    """
    beside = [path.with_name(f"{path.name}-wal"), path.with_name(NEWEST)]
    found = next((each for each in beside if _size(each)), None)
    found = found or next(iter(sorted(path.parent.glob("index-*.bin"))), None)
    # Asked last: another process may be making the library just now, its database first.
    if found is not None and not _size(path):
        raise StoreMissing(path, found.name)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _make_private(path: Path) -> None:
    """Take a store's file from everybody but its owner, and its folder if all in it is ours."""
    if sys.platform == "win32":
        return
    with suppress(OSError):  # the file system has no permissions
        for each in (path, *path.parent.glob(f"{path.name}-*")):
            _tighten(each)
        entries = list(path.parent.iterdir())
        if all(any(each.match(one) for one in OURS) for each in entries):
            _tighten(path.parent)


def _tighten(path: Path) -> None:
    found = path.stat()
    if found.st_mode & FOR_OTHERS and found.st_uid == os.geteuid():
        path.chmod(stat.S_IMODE(found.st_mode) & ~FOR_OTHERS)


def is_writable(path: Path) -> bool:
    """Whether the store at `path`, and files beside it, can be written."""
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def write_uri(path: Path) -> str:
    """Return what SQLite opens to read and write the store. It never makes the file."""
    return f"{path.absolute().as_uri()}?mode=rw"


def read_uri(path: Path) -> str:
    """Return what SQLite opens to read the store, whether it can be written or not."""
    if is_writable(path):
        return write_uri(path)
    return read_only_uri(path)


def read_only_uri(path: Path) -> str:
    """Return what SQLite opens to read the store where no file can be made beside it."""
    # Beside a database that nobody writes, no file may be needed, and none can be made.
    is_at_rest = not _size(path.with_name(f"{path.name}-wal"))
    return f"{path.absolute().as_uri()}?{'immutable=1' if is_at_rest else 'mode=ro'}"


def needs_copy(path: Path) -> bool:
    """Whether a store that cannot be written cannot be read where it is, either.

    Its last changes are in the log, and the log's index, which is missing, cannot be made.
    """
    log, index = (path.with_name(f"{path.name}-{each}") for each in ("wal", "shm"))
    return bool(_size(log)) and not index.exists()


@contextmanager
def copied(path: Path) -> Iterator[Path]:
    """Yield a copy of the store in a folder of its own, which is deleted at the end.

    Raises:
        StoreError: it cannot be copied.
    """
    with TemporaryDirectory() as folder:
        with clear(path):
            for each in (path, path.with_name(f"{path.name}-wal")):
                if each.exists():
                    shutil.copyfile(each, Path(folder, each.name))
        yield Path(folder, path.name)


@contextmanager
def readable(path: Path) -> Iterator[str]:
    """Yield what SQLite opens to read the store, although no file can be made beside it.

    Raises:
        StoreError: it cannot be copied, where it must be.
    """
    if not needs_copy(path):
        yield read_only_uri(path)
        return
    with copied(path) as copy:
        yield write_uri(copy)


@contextmanager
def marked(folder: Path) -> Iterator[list[Path]]:
    """Mark a folder as open while inside; yield the marks of programs that did not end cleanly."""
    left = [each for each in folder.glob(MARK) if _is_left(each)]
    path = folder / MARK.replace("*", f"{os.getpid()}-{secrets.token_hex(4)}")
    try:
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except OSError:  # the disk is full; the mark is not worth an error
        yield left
        return
    try:
        with file:
            file_locks.lock(file)
            yield left
    finally:
        with suppress(OSError):
            path.unlink()


def _is_left(mark: Path) -> bool:
    try:
        return file_locks.is_abandoned(mark)
    except OSError:
        return False
