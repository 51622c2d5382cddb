"""Replaces files atomically and durably, and deletes what killed processes left of that.

A temporary file is named `NAME.PID.RANDOM.tmp` and locked while its process writes it, so that
another process can tell whether the writer still lives.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from bot.file_locks import is_abandoned, lock

TEMPORARY = re.compile(r".+\.(?P<pid>[0-9]+)\.[0-9a-f]{16}\.tmp")
EARLIER = re.compile(r"index-.+\.bin\.[a-z0-9_]{8}|[0-9a-f]{64}\.(?:jpg|png|gif|webp)\.[0-9]+")
"""Names of temporary files that earlier versions of Threadbot made, without a lock."""
OLD = 3_600
"""Seconds after which nobody writes a temporary file any more."""
_writing: set[Path] = set()
"""The temporary files of this process."""


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Yield a file to write; when the block ends it replaces `path`.

    After that, the file and its name survive a power cut. If the block raises, `path` stays as it
    was and nothing is left behind.

    Raises:
        OSError: the file cannot be written.
    """
    partial = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(8)}.tmp")
    _writing.add(partial)
    try:
        descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            lock(out)
            yield out
            out.flush()
            os.fsync(out.fileno())
            if sys.platform != "win32":  # there, an open file cannot be renamed
                partial.replace(path)
        if sys.platform == "win32":
            partial.replace(path)
    except BaseException:
        with suppress(OSError):
            partial.unlink()
        raise
    finally:
        _writing.discard(partial)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names of files in `folder` survive a power cut. Windows does so by itself.

    Raises:
        OSError: the folder cannot be written.
    """
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(folder: Path) -> int:
    """Delete the temporary files of processes that were killed, and return how many.

    Files of living processes stay, whatever the machine or container that these run in.
    """
    deleted = 0
    for path in folder.iterdir() if folder.is_dir() else ():
        written = TEMPORARY.fullmatch(path.name)
        if written or EARLIER.fullmatch(path.name):
            with suppress(OSError):
                writer = int(written["pid"]) if written else None
                if _is_left(path, writer):
                    path.unlink()
                    deleted += 1
    return deleted


def _is_left(path: Path, writer: int | None) -> bool:
    """Whether the process that wrote the temporary file `path` is gone.

    A writer that has just made its file has not locked it yet, so its number counts, too.
    """
    if time.time() - path.stat().st_mtime > OLD:
        return is_abandoned(path)
    if writer is None or path in _writing:
        return False
    # A container often gives the number of the killed process to the next one.
    return (writer == os.getpid() or not _is_running(writer)) and is_abandoned(path)


def _is_running(pid: int) -> bool:
    """Whether there is a process with that number."""
    if sys.platform == "win32":
        return True  # `os.kill` would end it
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it belongs to somebody else
        return True
    return True
