"""Migrates the tables in PostgreSQL to the current schema, one process at a time."""

from __future__ import annotations

from pathlib import Path

from bot.errors import StoreTooNew
from bot.store.postgres.connecting import Connection

MIGRATIONS = ("schema_1.sql",)
"""Scripts, in order. The table `schema_version` says how many of them were applied."""
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('threadbot schema ' || current_schema(), 0))"
IS_THERE = (  # not `to_regclass`, which may know only what was there when a transaction began
    "SELECT EXISTS (SELECT 1 FROM pg_tables"
    " WHERE schemaname = current_schema() AND tablename = 'schema_version')"
)
VERSION = "SELECT version FROM schema_version"


async def prepare(connection: Connection, name: str) -> None:
    """Bring the tables up to this program's schema.

    Args:
        connection: a connection to the primary.
        name: what to call the database.

    Raises:
        StoreTooNew: a newer version of the program made them.
    """
    if await schema_of(connection) == len(MIGRATIONS):
        return
    async with connection.transaction():
        await connection.execute(LOCK)
        found = await schema_of(connection)  # again: another process may have migrated them
        if found > len(MIGRATIONS):
            raise StoreTooNew(name, found=found, known=len(MIGRATIONS))
        if not found:
            await connection.execute(
                "CREATE TABLE schema_version ("
                "version integer NOT NULL, library uuid NOT NULL DEFAULT gen_random_uuid());"
                "INSERT INTO schema_version (version) VALUES (0)"
            )
        for script in MIGRATIONS[found:]:
            path = Path(__file__).parent / "schema" / script
            await connection.execute(path.read_text(encoding="utf-8"))
        await connection.execute("UPDATE schema_version SET version = $1", len(MIGRATIONS))


async def schema_of(connection: Connection) -> int:
    """Return how many migrations were applied; 0 if there are no tables of Threadbot."""
    if not await connection.fetchval(IS_THERE):
        return 0
    return int(await connection.fetchval(VERSION) or 0)
