"""Builds the shim that makes the system fail, and arms it in a process that has loaded it."""

from __future__ import annotations

import atexit
import ctypes
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")
COUNT, FAIL_WRITE, FAIL_WRITES, FAIL_SYNC, FAIL_SYNCS, KILL, KILL_TORN = range(7)
"""What happens at an operation; with an S at the end, from there on."""
WRITES, SYNCS, ALL = range(3)
"""Which operations `counted` counts."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to a process."""

    mode: int = COUNT
    """What."""
    at: int = 0
    """At which operation, from 1."""
    error: int = 0
    """The errno of what fails."""
    journal: str = ""
    """The file that gets a journal of all operations."""


@cache
def built() -> Path | None:
    """Return the shim; None if it cannot be built here."""
    compiler = shutil.which((sysconfig.get_config_var("CC") or "cc").split()[0]) or shutil.which(
        "cc"
    )
    if not sys.platform.startswith("linux") or compiler is None:
        return None
    path = Path(tempfile.mkdtemp(prefix="threadbot-shim-")) / "shim.so"
    atexit.register(shutil.rmtree, path.parent, ignore_errors=True)
    command = [
        compiler,
        "-shared",
        "-fPIC",
        "-O1",
        "-o",
        str(path),
        str(SOURCE),
        "-ldl",
        "-lpthread",
    ]
    done = subprocess.run(command, capture_output=True, check=False)
    return path if done.returncode == 0 else None


def arm(folder: Path, fault: Fault) -> None:
    """Have the fault happen to this process, below `folder`."""
    shim = ctypes.CDLL(None)
    journal = os.fsencode(fault.journal) if fault.journal else None
    shim.shim_arm.argtypes = [
        ctypes.c_char_p,
        ctypes.c_int,
        ctypes.c_long,
        ctypes.c_int,
        ctypes.c_char_p,
    ]
    shim.shim_arm(os.fsencode(folder), fault.mode, fault.at, fault.error, journal)


def counted() -> list[int]:
    """Return how many writes, syncs and operations there were since `arm`."""
    shim = ctypes.CDLL(None)
    shim.shim_count.restype = ctypes.c_long
    return [shim.shim_count(each) for each in (WRITES, SYNCS, ALL)]
