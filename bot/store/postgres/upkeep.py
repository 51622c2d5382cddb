"""Looks after the tables beside a running bot: counts, checks and compacts them, and erases.

Each function has a connection of its own and blocks; call it in a thread.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

import asyncpg

from bot.errors import StoreDamaged, StoreError
from bot.store import picture_files
from bot.store.checksums import Changed, DumpChecksum, Row, with_checksums
from bot.store.erasing import Erasable, Found
from bot.store.integrity import faults_of
from bot.store.postgres.address import READ_SETTING, Address, redacted
from bot.store.postgres.announcing import announce
from bot.store.postgres.blocking import run
from bot.store.postgres.connecting import connected
from bot.store.postgres.copies import Copies
from bot.store.postgres.faults import clear
from bot.store.postgres.migrations import MIGRATIONS, schema_of
from bot.store.postgres.queries import RECORD, record_of
from bot.store.postgres.reader import PostgresReader
from bot.store.postgres.store import ERASING, WAIT, seal
from bot.store.rows import ERASED_NAME, NO_UNDO, Forgotten
from bot.store.upkeep import TABLES, Facts, Vacuumed

T = TypeVar("T")

BATCH = 500
"""Threads that are read at a time."""
BEHIND = 60.0
"""Seconds by which a replica may be behind."""
OWN = (*TABLES, "upload", "upload_piece", "media")
"""All tables."""
MEMBERS = (
    "SELECT dump FROM generation_dump WHERE scope = $1 AND generation ="
    " (SELECT max(number) FROM generation WHERE scope = $1)"
)
"""The dumps of the newest generation."""
UNSEEN = (
    "DELETE FROM picture WHERE sha256 = (SELECT sha256 FROM dump WHERE id = $1) AND NOT EXISTS ("
    "SELECT 1 FROM tweet JOIN version ON version.id = tweet.version JOIN dump ON dump.id ="
    " version.dump WHERE dump.sha256 = picture.sha256 AND strpos(extras, picture.file) > 0)"
)
"""Takes from a dump the pictures that no tweet shows that was read from its bytes."""


class Upkeep:
    """Looks after the store at an address."""

    def __init__(self, address: Address, folder: Path) -> None:
        """Look after the store at `address`, whose pictures are below `folder`."""
        self._address = address
        self._name = address.name
        self._folder = folder

    def _run(self, work: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
        """Do `work` with a connection to the primary."""

        async def with_connection() -> T:
            async with self._connection() as connection:
                return await work(connection)

        return run(with_connection())

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await connected(self._address.url, self._name)
        try:
            with clear(self._name):
                yield connection
        finally:
            connection.terminate()

    def _rows(self, sql: str, *values: object) -> list[Row]:
        async def read(connection: asyncpg.Connection) -> list[Row]:
            return [tuple(row) for row in await connection.fetch(sql, *values)]

        return self._run(read)

    def schema(self) -> int:
        """Return how many migrations were applied; 0 if there is no store."""
        return self._run(schema_of)

    def doubts(self) -> list[tuple[str, str]]:
        """Return what is doubtful about the read replica, with advice."""
        url = self._address.read_url
        if url is None:
            return []
        name = redacted(url)
        try:
            is_replica, behind = run(_of_replica(url, name))
        except StoreError as error:
            return [(f"the read replica {name}: {error.reason}", "")]
        if not is_replica:
            advice = "Name a streaming replica of DATABASE_URL, or unset DATABASE_READ_URL."
            return [(f"{name} in DATABASE_READ_URL is no replica", advice)]
        if behind > BEHIND:
            advice = "Answers come from the primary meanwhile. Check the replication."
            return [(f"the read replica {name} is {behind:.0f} s behind", advice)]
        return []

    def require_writable(self) -> None:
        """Check that the database can be written.

        Raises:
            StoreError: it cannot.
        """
        if self._rows("SELECT pg_is_in_recovery()")[0][0]:
            raise StoreError(self._name, "this is a replica. Set DATABASE_URL to the primary.")

    def facts(self) -> Facts:
        """Return what the store says of itself."""
        schema = self.schema()
        if not schema or schema > len(MIGRATIONS):
            return Facts(schema, (), None)
        newest = self._rows("SELECT max(created_at) FROM generation")[0][0]
        parsers = self._rows(
            "SELECT DISTINCT parser_version FROM dump WHERE id IN (SELECT dump FROM"
            " generation_dump JOIN (SELECT scope, max(number) AS number FROM generation"
            " GROUP BY scope) AS newest ON (generation_dump.scope, generation) ="
            " (newest.scope, newest.number)) ORDER BY 1"
        )
        return Facts(schema, tuple(each for (each,) in parsers), newest)

    def newest_generations(self) -> dict[int, int]:
        """Return the number of the newest generation of each library."""
        return dict(self._rows("SELECT scope, max(number) FROM generation GROUP BY scope"))

    def counts(self) -> dict[str, int]:
        """Return the number of rows of each table."""
        return {
            table: self._rows(f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608  # constants
            for table in TABLES
        }

    def pictures(self) -> list[str]:
        """Return the names of the picture files that the store's dumps have, in order."""
        return [file for (file,) in self._rows("SELECT DISTINCT file FROM picture ORDER BY 1")]

    def size(self) -> int:
        """Return the bytes of the tables and their indexes."""
        sql = (
            "SELECT sum(pg_total_relation_size(each::regclass))::bigint"
            " FROM unnest($1::text[]) AS each"
        )
        return int(self._rows(sql, [*OWN])[0][0])

    def vacuum(self) -> Vacuumed:
        """Rewrite the tables without the rows that were deleted."""
        before = self.size()

        async def rewrite(connection: asyncpg.Connection) -> None:
            for table in OWN:
                await connection.execute(f"VACUUM (FULL, ANALYZE) {table}")

        self._run(rewrite)
        return Vacuumed(before, self.size(), is_log_empty=True)

    # Damage

    def damage(self, *, full: bool) -> list[str]:
        """Return what is wrong: with generations, and if `full`, with every thread and file."""
        try:
            return list(self._faults(full=full))
        except StoreDamaged as error:
            return [error.found]

    def _faults(self, *, full: bool) -> Iterator[str]:
        for row in self._rows(RECORD):
            try:
                record_of(row)
            except Changed as error:
                yield str(error)
        if not full:
            return
        dumps = self._rows(
            "SELECT id, file, sha256, EXISTS (SELECT 1 FROM piece WHERE piece.sha256 = dump.sha256)"
            " FROM dump ORDER BY id"
        )
        with PostgresReader(Address(self._address.url)) as reader:
            for dump, file, sha256, is_kept in dumps:
                yield from faults_of(reader, dump, file)
                if is_kept:  # `erase` deletes the bytes of some
                    with suppress(StoreError):
                        if reader.content(sha256).sha256 == sha256:
                            continue
                    yield f"the bytes of {file} have changed"

    # Erasing

    def candidates(self, scope: int) -> Found:
        """Return the versions that `scope` has now, and what it hides."""
        members = [each for (each,) in self._rows(MEMBERS, scope)]
        forgotten = self._rows(
            "SELECT kind, key, said FROM forgotten WHERE scope = $1 AND generation ="
            " (SELECT max(number) FROM generation WHERE scope = $1)",
            scope,
        )
        with PostgresReader(Address(self._address.url)) as reader:
            roots = reader.roots(members)
        return Found(roots, tuple(Forgotten(*each) for each in forgotten))

    def erasable(self, scope: int, hidden: Iterable[int]) -> Erasable:
        """Return what `erase` would erase from `scope`."""
        rows = tuple(hidden)

        async def find(connection: asyncpg.Connection) -> Erasable:
            return await _erasable(connection, scope, rows)

        return self._run(find)

    def erase_was_last(self, scope: int) -> bool:
        """Whether the last change of `scope` was an `erase`."""
        found = self._rows(
            "SELECT action FROM generation WHERE scope = $1 ORDER BY number DESC LIMIT 1", scope
        )
        return bool(found and found[0][0] == "erase")

    def erase(self, expected: Erasable, actor: str) -> int:
        """Erase what `erasable` found, as a generation that cannot be undone."""
        scope, made = expected.scope, expected.generation + 1

        async def write(connection: asyncpg.Connection) -> int:
            async with connection.transaction():
                await connection.execute(WAIT)
                await connection.execute(f"SELECT pg_advisory_xact_lock({ERASING})")
                if await _erasable(connection, scope, expected.hidden) != expected:
                    reason = "the library has changed meanwhile. Run the command again."
                    raise StoreError(self._name, reason)
                await _without_earlier(connection, scope, expected.generation, actor)
                await _delete(connection, expected)
                for row in await connection.fetch(f"{RECORD} WHERE checksum = 0"):
                    await seal(connection, row[0], row[1])
                await announce(connection, scope, made)
            return made

        number = self._run(write)
        copies = Copies(self._folder)
        copies.belong_to("nobody")  # deletes all of them; a running bot makes them again
        copies.close()
        return number

    def sweep_erased_pictures(self) -> None:
        """Delete the pictures that no dump has, here and in the database."""

        async def delete(connection: asyncpg.Connection) -> set[str]:
            async with connection.transaction():
                await connection.execute(f"SELECT pg_advisory_xact_lock({ERASING})")
                await connection.execute(
                    "DELETE FROM media WHERE file NOT IN (SELECT file FROM picture)"
                )
                return {row[0] for row in await connection.fetch("SELECT file FROM picture")}

        kept = self._run(delete)
        picture_files.delete_others(self._folder / picture_files.FOLDER, kept)


async def _of_replica(url: str, name: str) -> tuple[bool, float]:
    """Return whether a server is a replica, and by how many seconds it is behind."""
    connection = await connected(url, name, setting=READ_SETTING)
    try:
        with clear(name, READ_SETTING):
            found = await connection.fetchrow(
                "SELECT pg_is_in_recovery(), CASE WHEN pg_last_wal_receive_lsn()"
                " = pg_last_wal_replay_lsn() THEN 0 ELSE coalesce(extract(epoch FROM"
                " clock_timestamp() - pg_last_xact_replay_timestamp()), 0) END::float8"
            )
            return bool(found and found[0]), float(found[1] if found else 0)
    finally:
        connection.terminate()


async def _erasable(
    connection: asyncpg.Connection, scope: int, hidden: tuple[int, ...]
) -> Erasable:
    generation = await connection.fetchval(
        "SELECT coalesce(max(number), 0) FROM generation WHERE scope = $1", scope
    )
    gone = await connection.fetch(
        f"SELECT id, file FROM dump WHERE scope = $1 AND id NOT IN ({MEMBERS}) ORDER BY id",  # noqa: S608
        scope,
    )
    parted = await connection.fetch(
        "SELECT file FROM dump WHERE id IN"
        " (SELECT dump FROM version WHERE id = ANY($1::bigint[])) ORDER BY id",
        [*hidden],
    )
    labels = await connection.fetch(
        'SELECT DISTINCT said COLLATE "C" AS said FROM forgotten WHERE scope = $1 ORDER BY said',
        scope,
    )
    tweets = await connection.fetchval(
        "SELECT count(*) FROM tweet JOIN version ON version.id = tweet.version"  # noqa: S608
        " JOIN dump ON dump.id = version.dump WHERE version.id = ANY($2::bigint[])"
        f" OR (scope = $1 AND dump NOT IN ({MEMBERS}))",
        *(scope, [*hidden]),
    )
    return Erasable(
        scope=scope,
        generation=int(generation),
        files=tuple(str(row[1]) for row in gone),
        gone=tuple(int(row[0]) for row in gone),
        hidden=hidden,
        parted=tuple(dict.fromkeys(str(row[0]) for row in parted)),
        labels=tuple(str(row[0]) for row in labels),
        tweets=int(tweets),
    )


async def _without_earlier(
    connection: asyncpg.Connection, scope: int, last: int, actor: str
) -> None:
    """Copy the newest generation without names, and take everything from the earlier ones."""
    made = last + 1
    await connection.execute(
        "INSERT INTO generation (scope, number, parent, actor, action)"
        " VALUES ($1, $2, $3, $4, 'erase')",
        *(scope, made, NO_UNDO, actor),
    )
    for table in ("generation_dump", "forgotten"):
        await connection.execute(
            f"UPDATE {table} SET generation = $3 WHERE (scope, generation) = ($1, $2)",  # noqa: S608
            *(scope, last, made),
        )
        await connection.execute(
            f"DELETE FROM {table} WHERE scope = $1 AND generation <> $2",  # noqa: S608
            *(scope, made),
        )
    await connection.execute("UPDATE forgotten SET said = $2 WHERE scope = $1", scope, ERASED_NAME)
    await connection.execute("UPDATE generation SET checksum = 0 WHERE scope = $1", scope)


async def _delete(connection: asyncpg.Connection, erased: Erasable) -> None:
    """Delete dumps, versions and bytes. Their tweets and notices go with them."""
    hidden = [*erased.hidden]
    parted = [
        int(row[0])
        for row in await connection.fetch(
            "SELECT DISTINCT dump FROM version WHERE id = ANY($1::bigint[])", hidden
        )
    ]
    await connection.execute("DELETE FROM dump WHERE id = ANY($1::bigint[])", [*erased.gone])
    await connection.execute("DELETE FROM version WHERE id = ANY($1::bigint[])", hidden)
    await connection.execute("DELETE FROM notice WHERE dump = ANY($1::bigint[])", parted)
    await connection.execute(
        "DELETE FROM piece WHERE sha256 IN (SELECT sha256 FROM dump WHERE id = ANY($1::bigint[]))"
        " AND sha256 NOT IN (SELECT sha256 FROM dump WHERE scope <> $2)",
        *(parted, erased.scope),
    )
    for dump in parted:
        await connection.execute(UNSEEN, dump)
        await _sum_up(connection, dump)
    await connection.execute("DELETE FROM blob WHERE sha256 NOT IN (SELECT sha256 FROM dump)")


async def _sum_up(connection: asyncpg.Connection, dump: int) -> None:
    """Compute the checksum of a dump some of whose versions were deleted."""
    whole = DumpChecksum()
    columns = (
        "id, dump, place, thread_id, aliases, title, author, complete, source_url, root,"
        " root_tweet, author_name, stem, cut, checksum"
    )
    start = 0
    while found := await connection.fetch(
        f"SELECT {columns} FROM version WHERE dump = $1 AND place >= $2 ORDER BY place LIMIT $3",  # noqa: S608
        *(dump, start, BATCH),
    ):
        versions: Sequence[Row] = [tuple(row) for row in found]
        tweets = await connection.fetch(
            "SELECT version, position, text, mentions, links, author, created_at, permalink,"
            " tweet_id, line, part, extras FROM tweet WHERE version = ANY($1::bigint[])"
            " ORDER BY version, position",
            [row[0] for row in versions],
        )
        with_checksums(versions, [tuple(row) for row in tweets], "", whole)
        start = versions[-1][2] + 1
    await connection.execute("UPDATE dump SET checksum = $2 WHERE id = $1", dump, whole.value)
