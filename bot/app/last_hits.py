"""Remembers, in memory only, the first hit of each user's last answer, for `/thread` to reopen."""

from __future__ import annotations

from collections import OrderedDict
from typing import TypeAlias

CAPACITY = 10_000
"""Users to remember; the least recent are dropped."""

UserKey: TypeAlias = tuple[int, int | None]
"""A user's ID, and the ID of the guild where they asked: hits of one guild stay in it."""
Hit: TypeAlias = tuple[str, int]
"""A thread's ID, and the position of a tweet in it."""


class LastHits:
    """The first hit of each user's last answer."""

    def __init__(self) -> None:
        """Start empty."""
        self._hits: OrderedDict[UserKey, Hit] = OrderedDict()

    def put(self, user: UserKey, hit: Hit) -> None:
        """Replace the hit of `user`."""
        self._hits[user] = hit
        self._hits.move_to_end(user)
        if len(self._hits) > CAPACITY:
            self._hits.popitem(last=False)

    def get(self, user: UserKey) -> Hit | None:
        """Return the hit of `user`, or None if none is remembered."""
        return self._hits.get(user)
