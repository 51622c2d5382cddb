"""Builds the shim that makes the system fail, and arms it in a process that has loaded it."""

from __future__ import annotations

import atexit
import ctypes
import os
import shutil
import struct
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


def arm(folder: Path, fault: Fault, counts: Path) -> None:
    """Have the fault happen to this process and those that it starts, below `folder`.

    Args:
        folder: where.
        fault: what.
        counts: a file, which gets the counts of all these processes.
    """
    shim = ctypes.CDLL(None)
    counts.write_bytes(bytes(3 * struct.calcsize("l")))
    text, number = ctypes.c_char_p, ctypes.c_int
    shim.shim_arm.argtypes = [text, number, ctypes.c_long, number, text, text]
    paths = [os.fsencode(each) for each in (folder, fault.journal, counts)]
    shim.shim_arm(paths[0], fault.mode, fault.at, fault.error, paths[1], paths[2])


def counted(counts: Path) -> list[int]:
    """Return how many writes, syncs and operations there were since `arm`; none if never armed."""
    return [each for (each,) in struct.iter_unpack("l", counts.read_bytes())]
