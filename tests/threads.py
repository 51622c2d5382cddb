"""Work in threads of its own, watched from outside."""

from __future__ import annotations

import threading
from collections.abc import Callable

LONG = 60.0
"""Seconds; longer than any test waits."""
SOON = 10.0
A_WHILE = 0.05


def begun(work: Callable[[], object]) -> threading.Event:
    """Set as soon as `work` is done, in a thread of its own."""
    done = threading.Event()

    def run() -> None:
        work()
        done.set()

    threading.Thread(target=run, daemon=True).start()
    return done
