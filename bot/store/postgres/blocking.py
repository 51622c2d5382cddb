"""Runs coroutines for code that blocks: in an event loop in a thread of its own.

asyncpg is asynchronous only, and readers and upkeep are called in threads and helper processes.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_lock = threading.Lock()
_loops: dict[int, asyncio.AbstractEventLoop] = {}
"""The loop of this process; a fork has no thread that runs the loop of its parent."""


def run(work: Coroutine[Any, Any, T]) -> T:
    """Do `work` in the loop's thread, wait for it, and return its result."""
    return asyncio.run_coroutine_threadsafe(work, _loop()).result()


def _loop() -> asyncio.AbstractEventLoop:
    with _lock:
        loop = _loops.get(os.getpid())
        if loop is None:
            loop = _loops[os.getpid()] = asyncio.new_event_loop()
            threading.Thread(target=loop.run_forever, name="postgres", daemon=True).start()
        return loop
