"""Keeps track of threads that are being posted to Discord, so that they can be stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class PostUnderWay:
    """A thread that is being posted."""

    user: int
    """The ID of the user who posts it; only they can stop it."""
    stopped: bool = False
    """Whether to send no further message."""


class PostsUnderWay:
    """Posts by ID: of the message with the buttons, and of the Discord thread being written."""

    def __init__(self) -> None:
        """Start empty."""
        self._posts: dict[int, PostUnderWay] = {}

    def get(self, key: int) -> PostUnderWay | None:
        """Return the post registered under `key`, or None."""
        return self._posts.get(key)

    @contextmanager
    def register(self, key: int, user: int) -> Iterator[PostUnderWay | None]:
        """Register a post of `user` under `key` while inside; None if `key` is already in use."""
        if key in self._posts:
            yield None
            return
        self._posts[key] = post = PostUnderWay(user)
        try:
            yield post
        finally:
            del self._posts[key]
