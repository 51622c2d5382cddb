"""Reports the progress of work in threads, and stops the work when nobody waits for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bot.models import Progress, Step


class Stopped(Exception):  # not an error
    """Raised inside work that nobody waits for any more."""


@contextmanager
def stoppable(progress: Progress | None) -> Iterator[Progress]:
    """Yield a callback for the steps of work in another thread.

    It passes each step on to `progress`. Once the block is left, by cancellation for example, it
    raises Stopped instead, which ends the work at its next step.
    """
    left = threading.Event()

    def step(done: Step) -> None:
        if left.is_set():
            raise Stopped
        if progress:
            progress(done)

    try:
        yield step
    finally:
        left.set()
