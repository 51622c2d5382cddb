"""Gives interactive requests priority over background work in other threads.

Python's threads share one lock. An answer releases and takes it dozens of times, and each time it
waits for a thread that computes: 2 ms become 12. So long work pauses while an answer is computed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

MOST_WAITED = 0.006
"""Seconds of the longest pause, if one request waits. Work then goes on, so it never starves."""
CROWD = 4
"""With more requests pauses get shorter, down to a CROWD-th: they wait for each other anyway."""
LEAST_WORKED = 0.001
"""Seconds that work runs between two pauses."""

T = TypeVar("T")


class _Askers:
    """Counts the requests that wait for an answer, in all event loops."""

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
    """State of one thread."""

    askers = 0
    """Requests that its event loop answers; such a thread never pauses."""
    until = 0.0
    """When its work may pause again, by `time.perf_counter`."""


_ASKERS = _Askers()
_HERE = _Here()
_WAITED_FOR: ContextVar[bool] = ContextVar("waited for", default=False)
"""Whether this work is part of a request. `asyncio.to_thread` passes it on to other threads."""


@contextmanager
def interactive() -> Iterator[None]:
    """Mark the block as part of a request: background work elsewhere pauses for it.

    Do not start background work inside: it would never pause.
    """
    _ASKERS.add(1)
    before = _WAITED_FOR.set(True)
    try:
        yield
    finally:
        _WAITED_FOR.reset(before)
        _ASKERS.add(-1)


def yield_to_requests() -> None:
    """Pause if a request waits. Call it for each step of long work in a thread."""
    if _ASKERS.none.is_set() or _WAITED_FOR.get() or _HERE.askers:
        return
    if time.perf_counter() < _HERE.until:
        return
    _ASKERS.none.wait(MOST_WAITED / min(max(_ASKERS.count, 1), CROWD))
    _HERE.until = time.perf_counter() + LEAST_WORKED


def yielding(steps: Iterable[T]) -> Iterator[T]:
    """Yield each of `steps`, calling `yield_to_requests` before it."""
    for step in steps:
        yield_to_requests()
        yield step
