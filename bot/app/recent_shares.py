"""Remembers, in memory only, who shared what where, so that sharing twice posts once."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TypeAlias

SECONDS = 600.0
"""How long sharing the same again posts nothing."""
CAPACITY = 10_000
"""Shares to remember; the oldest are dropped."""

Share: TypeAlias = tuple[int, int | None, str]
"""The IDs of a user and of a channel, and the hit."""


class RecentShares:
    """What was shared lately."""

    def __init__(self, seconds: float = SECONDS) -> None:
        """Remember a share for so many seconds."""
        self._seconds = seconds
        self._shared: OrderedDict[Share, float] = OrderedDict()

    def add(self, share: Share) -> bool:
        """Remember `share`; return whether it is the first of its kind in that time."""
        now = time.monotonic()
        while self._shared and now - next(iter(self._shared.values())) > self._seconds:
            self._shared.popitem(last=False)
        if share in self._shared:
            return False
        self._shared[share] = now
        if len(self._shared) > CAPACITY:
            self._shared.popitem(last=False)
        return True

    def remove(self, share: Share) -> None:
        """Forget `share`, because it was not posted or is deleted."""
        self._shared.pop(share, None)

    def remove_all(self, user: int, channel: int | None) -> None:
        """Forget what `user` shared in `channel`, because a message of theirs there is deleted."""
        for share in [each for each in self._shared if each[:2] == (user, channel)]:
            del self._shared[share]
