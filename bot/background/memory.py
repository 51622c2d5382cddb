"""Gives memory back to the system that Python has freed."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

SELDOM = 100_000
"""Objects made since the last search for unreachable cycles; Python's own number is 700."""
ONE_ARENA, MAPPED_FROM = -8, -3
"""M_ARENA_MAX and M_MMAP_THRESHOLD, https://man7.org/linux/man-pages/man3/mallopt.3.html"""
LARGE = 1 << 20
"""Bytes of an array that a load takes from the system, and gives back once it is freed."""


def use_little_memory() -> None:
    """Have the C library keep free memory in one place; for services, when they start.

    By default each thread gets a place of its own, and what questions free there is not used by
    other threads: after 600 questions over a million tweets that was 20 MB.
    """
    _call("mallopt", ONE_ARENA, 1)


def give_back() -> None:
    """Have the C library return its free memory; for use after a step that needed a lot.

    Without it the memory of large arrays, once they were freed, stays with the process.
    https://man7.org/linux/man-pages/man3/malloc_trim.3.html
    """
    _call("malloc_trim", 0)


def _call(name: str, *values: int) -> None:
    """Call a function of the C library that manages memory, if it has it."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library than glibc
            getattr(ctypes.CDLL(None), name)(*values)


@contextmanager
def loading() -> Iterator[None]:
    """Use memory as loads do; for processes that do nothing else.

    Loads make millions of objects that stay, and are no cycles. Searching them for unreachable ones
    again and again took a fifth of the time, so that is done seldom.
    https://docs.python.org/3/library/gc.html#gc.set_threshold

    They also make large arrays. Once some were freed, the C library puts new ones of up to 32 MB
    among small objects, where gaps stay: 100 MB when five million tweets were loaded. So each is
    taken from the system, for as long as the process runs; that costs 2 % of the time.
    """
    _call("mallopt", MAPPED_FROM, LARGE)
    before = gc.get_threshold()
    gc.set_threshold(SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
