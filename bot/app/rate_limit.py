"""Limits how often one user may ask, press, complete or change something per `SECONDS`."""

from __future__ import annotations

from collections import OrderedDict

from discord import app_commands

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


class RateLimit:
    """Counts the questions of each user.

    discord.py's own cooldowns iterate over all users at every use.
    """

    def __init__(self, questions: int = QUESTIONS, seconds: float = SECONDS) -> None:
        """Allow each user so many `questions` per `seconds`."""
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

    def __init__(self) -> None:
        """Start with nothing counted."""
        self.questions = RateLimit()
        self.changes = RateLimit(CHANGES)
        self.presses = RateLimit(PRESSES)
        self.completions = RateLimit(COMPLETIONS)
