"""How the bot is doing: its connection to Discord, and how many interactions it has answered.

The client has a `HealthRecord`, and `Threadbot.health` is the state of that and of the connection.
Nothing here names a user or a question.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""The upper bounds, in seconds, of the histogram of acknowledgements. Discord's deadline is 3 s."""


@dataclass(frozen=True, slots=True)
class ShardHealth:
    """The state of a shard at a moment."""

    id: int
    """Its number, from 0 on."""
    ready: bool
    """Whether it is connected, and has told the bot of its servers."""
    heartbeat_age: float | None
    """Seconds since the gateway last acknowledged its heartbeat; None without a connection."""
    servers: int
    """How many servers it has."""


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the bot at a moment."""

    shards: tuple[ShardHealth, ...]
    """The shards of this process; none before Discord said how many there are."""
    answered: int
    """Interactions and mentions that were answered since the start, also by an expected error."""
    failed: int
    """Those whose answer could not be delivered, or was an unexpected error."""
    acknowledgements: tuple[int, ...]
    """How many interactions were acknowledged within each of `BUCKETS` and not within the one
    before; the last number counts those that took longer than all."""
    acknowledgement_seconds: float
    """The sum of the times until they were acknowledged, in seconds."""
    stopping: bool = False
    """Whether the bot is about to stop, and takes on no more work."""
    shard_count: int | None = None
    """How many shards there are in all processes, once that is known."""

    @property
    def ready(self) -> bool:
        """Whether all shards of this process are connected, and have told of their servers."""
        return bool(self.shards) and all(each.ready for each in self.shards)

    @property
    def heartbeat_age(self) -> float | None:
        """The longest time without an acknowledged heartbeat; None if a connection is missing."""
        ages = [each.heartbeat_age for each in self.shards]
        known = [each for each in ages if each is not None]
        return max(known) if known and len(known) == len(ages) else None


class HealthRecord:
    """Counts answers and the time until interactions are acknowledged."""

    def __init__(self) -> None:
        """Start with nothing counted."""
        self._answered = self._failed = 0
        self._acknowledgements = [0] * (len(BUCKETS) + 1)
        self._seconds = 0.0

    def acknowledged(self, seconds: float) -> None:
        """Count an interaction that was acknowledged so many seconds after it arrived."""
        self._acknowledgements[bisect_left(BUCKETS, seconds)] += 1
        self._seconds += seconds

    def answered(self, *, well: bool) -> None:
        """Count an answer; `well`: whether it was delivered, and no unexpected error."""
        if well:
            self._answered += 1
        else:
            self._failed += 1

    def state(
        self, shards: Iterable[ShardHealth], *, shard_count: int | None, stopping: bool
    ) -> Health:
        """Return the state, given that of the shards."""
        return Health(
            shards=tuple(shards),
            shard_count=shard_count,
            answered=self._answered,
            failed=self._failed,
            acknowledgements=tuple(self._acknowledgements),
            acknowledgement_seconds=self._seconds,
            stopping=stopping,
        )
