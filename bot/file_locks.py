"""Locks on files, by which processes of one machine see each other. They end with their process."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO

if sys.platform != "win32":
    import fcntl

WAIT = 0.05
"""Seconds between two attempts to lock a file."""


def lock(file: BinaryIO) -> bool:
    """Lock an open file until it is closed; return whether nobody else had locked it.

    Windows needs no lock: there, nobody can delete a file that is open.
    """
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # the file system has no locks
        return True
    return True


@asynccontextmanager
async def locked(path: Path) -> AsyncIterator[None]:
    """Wait until nobody else has locked `path`, and lock it while inside.

    Where no file can be made, nobody waits.
    """
    file = await asyncio.to_thread(_opened, path)
    if file is None:
        yield
        return
    with file:
        while not lock(file):  # noqa: ASYNC110  # another process has it, and sets no event
            await asyncio.sleep(WAIT)
        yield


def _opened(path: Path) -> BinaryIO | None:
    try:
        path.touch(0o600)
        return path.open("rb")
    except OSError:
        return None


def is_abandoned(path: Path) -> bool:
    """Whether no living process has locked `path`.

    Raises:
        OSError: the file is gone, or cannot be opened.
    """
    with path.open("rb") as file:
        return lock(file)
