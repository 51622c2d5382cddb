"""Who waits for an answer goes first: long work in other threads gives way.

Threads of Python share one lock, and an answer gives it back and takes it again some dozens of
times. Beside a thread that computes it waits for it each time: 2 ms become 12.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

MOST_WAITED = 0.006
"""Seconds that work stands still at a time, at most, for one who asks: it goes on however long."""
CROWD = 4
"""The more ask, the less it stands still, down to this part: they wait for each other anyhow."""
LEAST_WORKED = 0.001
"""Seconds that work goes on before it stands still again."""

T = TypeVar("T")


class _Askers:
    """How many wait for an answer, in whatever event loop."""

    def __init__(self) -> None:
        self.count = 0
        self._lock = threading.Lock()
        self.none = threading.Event()
        self.none.set()

    def add(self, more: int) -> None:
        _HERE.askers += more
        with self._lock:
            self.count += more
            if self.count:
                self.none.clear()
            else:
                self.none.set()


class _Here(threading.local):
    """What is so of this thread."""

    askers = 0
    """How many wait for an answer of its event loop, which therefore never stands still."""
    until = 0.0
    """When its work may stand still again, by `time.perf_counter`."""


_ASKERS = _Askers()
_HERE = _Here()
_WAITED_FOR: ContextVar[bool] = ContextVar("waited for", default=False)
"""Whether this very work is waited for; threads that asyncio has it done in know it too."""


@contextmanager
def waited_for() -> Iterator[None]:
    """While inside, somebody waits: long work but what is done in here stands still.

    What is begun inside and goes on after belongs outside, for it would never stand still.
    """
    _ASKERS.add(1)
    before = _WAITED_FOR.set(True)
    try:
        yield
    finally:
        _WAITED_FOR.reset(before)
        _ASKERS.add(-1)


def give_way() -> None:
    """Stand still for a while if anybody waits: for each step of long work in a thread."""
    if _ASKERS.none.is_set() or _WAITED_FOR.get() or _HERE.askers:
        return
    if time.perf_counter() < _HERE.until:
        return
    _ASKERS.none.wait(MOST_WAITED / min(max(_ASKERS.count, 1), CROWD))
    _HERE.until = time.perf_counter() + LEAST_WORKED


def politely(steps: Iterable[T]) -> Iterator[T]:
    """Each of `steps`, after giving way."""
    for step in steps:
        give_way()
        yield step
