"""The server's time, which a test may move on, and the ids that are made of it."""

from __future__ import annotations

import datetime
import time

# The first second of 2015, https://discord.com/developers/docs/reference#snowflakes
DISCORD_EPOCH_MS = 1_420_070_400_000


class Clock:
    """Real time plus what a test added to it."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        """Seconds that only ever grow."""
        return time.monotonic() + self._ahead

    def wall(self) -> datetime.datetime:
        """The date, in UTC."""
        return datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=self._ahead)

    def advance(self, seconds: float) -> None:
        """Let this much time go by at once, for the server."""
        self._ahead += seconds


class Snowflakes:
    """Makes ids as Discord does: a date in the upper bits, unique in the lower."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        """A new id, greater than any before it."""
        milliseconds = int(self._clock.wall().timestamp() * 1000) - DISCORD_EPOCH_MS
        self._last = max(self._last + 1, milliseconds << 22)
        return self._last

    def next_on(self, shard: int, count: int) -> int:
        """A new id for a guild of that shard, a few milliseconds ahead of time."""
        milliseconds = (self.next() >> 22) + 1
        milliseconds += (shard - milliseconds) % count
        self._last = milliseconds << 22
        return self._last
