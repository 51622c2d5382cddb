"""Limits how often one user may ask, press, complete or change something per `SECONDS`."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Protocol

from discord import app_commands

from bot.errors import ThreadbotError

SECONDS = 20.0
QUESTIONS = 15
"""Commands and mentions."""
CHANGES = 15
"""Commands that change a library or its settings: they are counted apart from questions."""
PRESSES = 30
"""Buttons, menus and forms."""
COMPLETIONS = 100
"""Lists of choices; Discord asks for one with nearly every letter that is typed."""
LIMITED_AS_CHANGE = "counts as a change"
"""The key in the extras of commands that count as changes."""
CAPACITY = 10_000
"""Users to keep count of; the least recent are dropped."""

SHARED_SECONDS = 0.5
"""How long to wait for what other processes counted."""


class Shared(Protocol):
    """Counts together with other processes."""

    async def used(self, key: str, most: int, seconds: float) -> float | None:
        """Count a use; return None, or the seconds until the next one is within the limit."""
        ...


class RateLimit:
    """Counts the questions of each user.

    discord.py's own cooldowns iterate over all users at every use.
    """

    def __init__(
        self, questions: int = QUESTIONS, seconds: float = SECONDS, name: str = ""
    ) -> None:
        """Allow each user so many `questions` per `seconds`.

        Args:
            questions: how many.
            seconds: in how many seconds.
            name: what other processes call the same limit; without one, each counts alone.
        """
        self.name = name
        self.questions = questions
        self.seconds = seconds
        self._users: OrderedDict[int, app_commands.Cooldown] = OrderedDict()

    def retry_after(self, user: int) -> float | None:
        """Count a question of `user`.

        Returns None if it is within the limit, else the seconds until they may ask again.
        """
        cooldown = self._users.setdefault(user, self.cooldown())
        self._users.move_to_end(user)
        if len(self._users) > CAPACITY:
            self._users.popitem(last=False)
        return cooldown.update_rate_limit()

    def cooldown(self) -> app_commands.Cooldown:
        """Return the limit in discord.py's terms, with nothing counted."""
        return app_commands.Cooldown(self.questions, self.seconds)


class RateLimits:
    """The limits of each user, by what they do."""

    def __init__(self, shared: Shared | None = None) -> None:
        """Start with nothing counted.

        Args:
            shared: what counts together with other processes, if there are any elsewhere.
        """
        self._shared = shared
        self.questions = RateLimit(name="questions")
        self.changes = RateLimit(CHANGES, name="changes")
        self.presses = RateLimit(PRESSES, name="presses")
        self.completions = RateLimit(COMPLETIONS, name="completions")

    async def retry_after(self, limit: RateLimit, user: int) -> float | None:
        """Count what `user` does, here and with other processes; see `RateLimit.retry_after`.

        If these cannot be asked, what this process counted decides.
        """
        seconds = limit.retry_after(user)
        if seconds is not None or self._shared is None or not limit.name:
            return seconds
        used = self._shared.used(f"{limit.name} {user}", limit.questions, limit.seconds)
        try:
            return await asyncio.wait_for(used, SHARED_SECONDS)
        except (ThreadbotError, TimeoutError):
            return None
