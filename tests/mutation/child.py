"""Runs work in a forked process and stops it when it falls silent."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

Say = Callable[[str], None]
"""Sends one line to the parent."""
HUNG, BROKEN = -1, 99


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a child ended."""

    status: int
    """What its work returned, or `HUNG`, or `BROKEN` if it raised."""
    lines: list[str]
    """What it sent."""


def run(
    work: Callable[[Say], int],
    *,
    patience: Callable[[str | None], float | None] = lambda _: None,
    heard: Say = lambda _: None,
) -> Outcome:
    """Fork, do `work`, and return how it ended.

    `patience` is asked with the last line sent and returns the seconds to wait for the next
    (None: forever). A child that waits longer is killed with all that it started.
    `heard` is called with each line as it arrives.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work(work, writing)
    os.close(writing)
    try:
        lines, ended = _listen(reading, patience, heard)
    except BaseException:
        _kill(child)
        raise
    finally:
        os.close(reading)
    if not ended:
        _kill(child)
    _, status = os.waitpid(child, 0)
    return Outcome(os.waitstatus_to_exitcode(status) if ended else HUNG, lines)


def _work(work: Callable[[Say], int], writing: int) -> None:
    """Do the work in the child, its own output thrown away; never return."""
    status = BROKEN
    try:
        os.setpgid(0, 0)
        nothing = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(nothing, standard)
        status = work(lambda line: _send(writing, line))
    except BaseException as error:  # noqa: BLE001 - the parent is told, whatever it is
        _send(writing, f"! {type(error).__name__}: {error}")
    finally:
        os._exit(status)


def _send(writing: int, line: str) -> None:
    data = (line.replace("\n", " ") + "\n").encode("utf-8", "replace")
    while data:
        data = data[os.write(writing, data) :]


def _listen(
    reading: int, patience: Callable[[str | None], float | None], heard: Say
) -> tuple[list[str], bool]:
    """Return the lines that came, and whether the child closed its end in time."""
    lines: list[str] = []
    rest = b""
    limit = patience(None)
    until = None if limit is None else time.monotonic() + limit
    while True:
        wait = None if until is None else max(0.0, until - time.monotonic())
        if not select.select([reading], [], [], wait)[0]:
            return lines, False
        got = os.read(reading, 1 << 16)
        if not got:
            return lines, True
        *whole, rest = (rest + got).split(b"\n")
        for line in whole:
            lines.append(line.decode())
            heard(lines[-1])
        if whole:
            limit = patience(lines[-1])
            until = None if limit is None else time.monotonic() + limit


def _kill(child: int) -> None:
    for kill in (os.killpg, os.kill):
        try:
            kill(child, signal.SIGKILL)
        except ProcessLookupError:
            continue
