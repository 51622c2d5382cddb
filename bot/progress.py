"""Long work in threads: it tells how far it is, and can be stopped."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bot.models import Progress, Step


class Stopped(Exception):  # nothing is wrong
    """Raised in work that nobody waits for any more."""


@contextmanager
def watched(progress: Progress | None) -> Iterator[Progress]:
    """What work inside tells its steps to; it is stopped at its next one when this is left."""
    left = threading.Event()

    def tell(step: Step) -> None:
        if left.is_set():
            raise Stopped
        if progress:
            progress(step)

    try:
        yield tell
    finally:
        left.set()
