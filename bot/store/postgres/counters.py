"""What all processes of a bot count together: how often a person does something, and turns.

The database's clock decides, so the clocks of the processes may differ.
"""

from __future__ import annotations

from bot.store.postgres.connecting import Server

USED = (
    "INSERT INTO use AS u (key, since, times) VALUES ($1, clock_timestamp(), 1)"
    " ON CONFLICT (key) DO UPDATE SET"
    " since = CASE WHEN u.since + make_interval(secs => $2) <= clock_timestamp()"
    " THEN clock_timestamp() ELSE u.since END,"
    " times = CASE WHEN u.since + make_interval(secs => $2) <= clock_timestamp()"
    " THEN 1 ELSE u.times + 1 END"
    " RETURNING times, extract(epoch FROM"
    " since + make_interval(secs => $2) - clock_timestamp())::float8 AS seconds_left"
)
RESERVED = (
    "INSERT INTO turn AS t (name, free_at)"
    " VALUES ($1, clock_timestamp() + make_interval(secs => $2))"
    " ON CONFLICT (name) DO UPDATE SET"
    " free_at = greatest(t.free_at, clock_timestamp()) + make_interval(secs => $2)"
    " RETURNING extract(epoch FROM"
    " free_at - make_interval(secs => $2) - clock_timestamp())::float8"
)
SWEEP = "DELETE FROM use WHERE since < clock_timestamp() - interval '1 hour'"


class PostgresCounters:
    """Counts in the primary; see `protocol.Counters`."""

    def __init__(self, primary: Server) -> None:
        """Count with connections to `primary`."""
        self._primary = primary

    async def used(self, key: str, most: int, seconds: float) -> float | None:
        """Count a use of `key`; return None, or in how many seconds it may be used again."""
        async with self._primary.connection() as connection:
            (row,) = await connection.fetch(USED, key, seconds)
        return None if row["times"] <= most else max(float(row["seconds_left"]), 0.0)

    async def reserved(self, name: str, seconds: float) -> float:
        """Reserve the next turn of `name`; return in how many seconds it is."""
        async with self._primary.connection() as connection:
            return max(float(await connection.fetchval(RESERVED, name, seconds)), 0.0)

    async def sweep(self) -> None:
        """Delete what was counted long ago."""
        async with self._primary.connection() as connection:
            await connection.execute(SWEEP)
