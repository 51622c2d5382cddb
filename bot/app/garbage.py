"""Decides when Python collects garbage: no full collection while a dump is being loaded.

A full collection stops every thread. A load creates many long-lived objects, which would trigger
one of a tenth of a second every few seconds. https://docs.python.org/3/library/gc.html
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

THRESHOLDS = gc.get_threshold()
"""Python's default thresholds, one per generation."""
NO_FULL_COLLECTION = 1_000_000
"""A threshold of the oldest generation that is never reached."""
LOAD_THRESHOLDS = (*THRESHOLDS[:2], NO_FULL_COLLECTION)
"""The thresholds while a load runs."""


class GarbagePolicy:
    """Postpones full collections until loads are done."""

    def __init__(self, until_quiet: Callable[[], Awaitable[object]]) -> None:
        """`until_quiet` waits for a moment when a pause delays nobody."""
        self._until_quiet = until_quiet
        self._loads = 0
        self._collecting: asyncio.Task[None] | None = None

    @contextmanager
    def loading(self) -> Iterator[None]:
        """While inside, a load runs, and there is no full collection."""
        self._loads += 1
        gc.set_threshold(*LOAD_THRESHOLDS)
        try:
            yield
        finally:
            self._loads -= 1
            if not self._loads:
                self._collecting = asyncio.create_task(self._collect())

    async def _collect(self) -> None:
        """Collect what the loads left behind, unless another load has started."""
        await self._until_quiet()
        if not self._loads:
            collect_and_freeze()
            gc.set_threshold(*THRESHOLDS)


def collect_and_freeze() -> None:
    """Collect garbage, then exempt what is left, such as the library, from later collections."""
    gc.collect()
    gc.freeze()
