"""A process that holds layers of libraries, mapped from their files. Knows nothing of Ray."""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from typing import TypeVar

from bot.library.snapshot.layer import Layer
from bot.library.spread.part import Facts, LocalPart, Request
from bot.library.spread.spreading import View

R = TypeVar("R")
KEPT = 64
"""Views that stay open at most."""
UNUSED_FOR = 600.0
"""Seconds after which a view is closed that nobody asked. Whoever asks later opens it again."""


class UnknownView(Exception):
    """A view is not open here: this process was started again, or nobody had asked for long."""


class LayerHost:
    """Holds layers, and answers requests about what libraries show of them."""

    def __init__(self) -> None:
        """Start without layers."""
        self._views: OrderedDict[str, LocalPart] = OrderedDict()
        self._used: dict[str, float] = {}
        self._layers: dict[str, Layer] = {}
        self._lock = threading.Lock()

    def open(self, key: str, view: View) -> Facts:
        """Hold the layers of a view, and return what is known of it.

        Args:
            key: what the view is asked by.
            view: what a library shows.

        Raises:
            OSError: a layer's file cannot be read here.
        """
        with self._lock:
            if key not in self._views:
                self._views[key] = view.opened(self._layers)
                layers = self._views[key].snapshot.parts
                self._layers.update({each.layer.name: each.layer for each in layers})
            part = self._take(key)
            self._close_unused()
            return part.facts

    def answer(self, key: str, request: Request[R]) -> R:
        """Answer a request about a view.

        Raises:
            UnknownView: it is not open.
        """
        with self._lock:
            part = self._take(key)
        return request.on(part)

    def memory(self) -> dict[str, int]:
        """Return the id of this process, and its memory in bytes: all, and its own."""
        sizes = {"pid": os.getpid()}
        with open("/proc/self/smaps_rollup", encoding="ascii") as file:  # noqa: PTH123
            for line in file:
                name, *rest = line.split()
                if name in ("Rss:", "Pss:", "Private_Dirty:"):
                    sizes[name.rstrip(":").lower()] = int(rest[0]) * 1024
        return sizes

    def _take(self, key: str) -> LocalPart:
        try:
            self._views.move_to_end(key)
        except KeyError:
            raise UnknownView(key) from None
        self._used[key] = time.monotonic()
        return self._views[key]

    def _close_unused(self) -> None:
        """Close views that are unused, and forget layers that no view shows."""
        least = time.monotonic() - UNUSED_FOR
        for key in [*self._views][:-1]:
            if len(self._views) > KEPT or self._used[key] < least:
                del self._views[key], self._used[key]
        shown = {each.layer.name for view in self._views.values() for each in view.snapshot.parts}
        self._layers = {name: each for name, each in self._layers.items() if name in shown}
