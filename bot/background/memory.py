"""Gives memory back to the system that Python has freed."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

SELDOM = 100_000
"""Objects made since the last search for unreachable cycles; Python's own number is 700."""
ONE_ARENA = -8
"""M_ARENA_MAX, https://man7.org/linux/man-pages/man3/mallopt.3.html"""


def use_little_memory() -> None:
    """Have the C library keep free memory in one place; for services, when they start.

    By default each thread gets a place of its own, and what questions free there is not used by
    other threads: after 600 questions over a million tweets that was 20 MB.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library than glibc
            ctypes.CDLL(None).mallopt(ONE_ARENA, 1)


def give_back() -> None:
    """Have the C library return its free memory; for use after a step that needed a lot.

    Without it the memory of large arrays, once they were freed, stays with the process.
    https://man7.org/linux/man-pages/man3/malloc_trim.3.html
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library than glibc
            ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Search seldom for unreachable cycles of objects; for processes that only load.

    Loads make millions of objects that stay, and are no cycles. Searching them again and again took
    a fifth of the time. https://docs.python.org/3/library/gc.html#gc.set_threshold
    """
    before = gc.get_threshold()
    gc.set_threshold(SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
