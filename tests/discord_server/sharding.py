"""The rules of sharding: which shard an event belongs to, and which sessions may begin.

https://docs.discord.com/developers/events/gateway#sharding
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

GUILDS_PER_SHARD = 2500
IDENTIFY_SECONDS = 5.0
MESSAGES, MESSAGE_SECONDS = 120, 60.0
"""How many messages a connection may send in so many seconds."""


class Close(Exception):
    """The connection has to be closed."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Identified:
    """A session that began."""

    at: float
    """When, on the clock `time.monotonic`."""
    shard: int
    """Which shard it serves."""
    count: int
    """How many shards there are, as the client says."""


@dataclass(slots=True)
class SessionStarts:
    """How many sessions may begin, and how fast; a test changes what it wants to be different."""

    recommended: int = 1
    """How many shards Discord recommends."""
    total: int = 1000
    """How many sessions may begin in a day."""
    remaining: int = 1000
    """How many of them are left."""
    reset_after: float = 14_400.0
    """Seconds until there are as many as at first."""
    max_concurrency: int = 1
    """How many buckets there are; a shard is in the bucket of its number modulo this."""
    seconds: float = IDENTIFY_SECONDS
    """Seconds between two sessions of a bucket."""
    guilds_per_shard: int = GUILDS_PER_SHARD
    """How many guilds a session may be told of."""
    identified: list[Identified] = field(default_factory=list)
    """The sessions that began, the oldest first."""
    _last: dict[int, float] = field(default_factory=dict)

    @property
    def payload(self) -> dict[str, Any]:
        """What `/gateway/bot` says, without the address."""
        limit = {
            "total": self.total,
            "remaining": self.remaining,
            "reset_after": int(self.reset_after * 1000),
            "max_concurrency": self.max_concurrency,
        }
        return {"shards": self.recommended, "session_start_limit": limit}

    def begin(self, shard: int, count: int) -> float | None:
        """Count a session; return how many seconds after another it is, if that is too soon."""
        now, bucket = time.monotonic(), shard % self.max_concurrency
        passed = now - self._last.get(bucket, float("-inf"))
        self.remaining -= 1
        if passed < self.seconds:
            return passed
        self._last[bucket] = now
        self.identified.append(Identified(now, shard, count))
        return None

    def rest(self) -> None:
        """Have the last sessions be long ago, so that the next ones are not too soon."""
        self._last.clear()

    def spacing(self) -> dict[int, list[float]]:
        """The seconds between sessions that began in the same bucket, by bucket."""
        moments: dict[int, list[float]] = {}
        for each in self.identified:
            moments.setdefault(each.shard % self.max_concurrency, []).append(each.at)
        return {
            bucket: [late - early for early, late in pairwise(found)]
            for bucket, found in moments.items()
        }


def shard_of(guild_id: int | None, count: int) -> int:
    """The shard that a guild belongs to; direct messages have none and belong to the first."""
    return 0 if guild_id is None else (guild_id >> 22) % count


def shard_in(data: dict[str, Any]) -> tuple[int, int]:
    """The shard that an identify asks for, and how many there are.

    Raises:
        Close: it is no shard.
    """
    shard = data.get("shard", [0, 1])
    if (
        not isinstance(shard, list)
        or len(shard) != 2
        or not all(type(each) is int for each in shard)
        or not 0 <= shard[0] < shard[1]
    ):
        raise Close(4010, "Invalid shard.")
    return shard[0], shard[1]


def guilds_of(shard: int, count: int, guilds: Collection[int], most: int) -> Iterable[int]:
    """The guilds that a shard is told of.

    Raises:
        Close: these are too many.
    """
    found = [each for each in guilds if shard_of(each, count) == shard]
    if len(found) > most:
        raise Close(4011, "Sharding required.")
    return found


def guild_in(event: str, data: dict[str, Any]) -> int | None:
    """The guild that an event is about, None for direct messages."""
    if event in ("GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE"):
        return int(data["id"])
    guild = data.get("guild_id")
    return None if guild is None else int(guild)
