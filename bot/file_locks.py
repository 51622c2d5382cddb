"""Locks on files, by which processes of one machine see each other. They end with their process."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import BinaryIO

if sys.platform != "win32":
    import fcntl

SECONDS = 0.01
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


def wait_to_lock(file: BinaryIO) -> None:
    """Wait until nobody else has locked an open file, and lock it; for locks of a moment."""
    while not lock(file):
        time.sleep(SECONDS)


def is_abandoned(path: Path) -> bool:
    """Whether no living process has locked `path`.

    Raises:
        OSError: the file is gone, or cannot be opened.
    """
    with path.open("rb") as file:
        return lock(file)
