"""Checksums of what was stored, compared whenever it is read: what is shown is what was written.

SQLite has none of its own, so a page may change unnoticed. Each version has a checksum of its row
and its tweets, each dump one over its versions, and each generation one over its row, its dumps and
what it hides. So nothing that is served can change, or go, without notice. A checksum of 0 is
unknown.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiosqlite

Row = tuple[Any, ...]
"""A row of a table or view."""
Statements = Generator[tuple[str, Sequence[object]], list[Row], None]
"""Statements to execute; each yield gives the rows of the one before."""
RECORD = """
SELECT scope, number, parent, created_at, actor, action, checksum, (
    SELECT json_group_array(json_array(
        id, file, origin, sha256, metadata, parser_version, format, checksum
    )) FROM (
        SELECT dump.* FROM generation_dump JOIN dump ON dump.id = generation_dump.dump
        WHERE (generation_dump.scope, generation_dump.generation)
            = (generation.scope, generation.number) ORDER BY generation_dump.place
    )
), (
    SELECT json_group_array(json_array(kind, key, said)) FROM (
        SELECT * FROM forgotten
        WHERE (forgotten.scope, forgotten.generation) = (generation.scope, generation.number)
        ORDER BY kind, key
    )
) FROM generation
"""
"""Reads generations, each with its dumps and what it hides; see `Record`."""
BATCH = 500
"""Versions whose checksums are computed at a time."""


class Changed(ValueError):
    """What was read is not what was written."""


@dataclass(frozen=True, slots=True)
class Record:
    """A generation as it was written."""

    parent: int
    """The generation that undoing it goes back to."""
    created_at: str
    """When it was created."""
    action: str
    """What was done."""
    dumps: tuple[Row, ...]
    """Its dumps: id, file, origin, sha256, metadata, parser_version, format and checksum."""
    forgotten: tuple[Row, ...]
    """What it hides: kind, key and label."""

    @classmethod
    def of(cls, row: Row) -> Record:
        """Return the record in a row of RECORD.

        Raises:
            Changed: it is not what was written.
        """
        if row[6] and row[6] != of_generation(row):
            raise Changed(f"generation {row[1]} is not what was stored")
        dumps, forgotten = json.loads(row[7]), json.loads(row[8])
        return cls(row[2], row[3], row[5], tuple(map(tuple, dumps)), tuple(map(tuple, forgotten)))


def of_generation(row: Row) -> int:
    """Return the checksum of a row of RECORD."""
    return _known(_line((*row[:6], *row[7:9])))


def with_checksums(
    versions: Sequence[Row], tweets: Iterable[Row], file: str, whole: DumpChecksum
) -> list[Row]:
    """Return new rows of the table `version`, with their checksums at the end.

    Args:
        versions: id, dump, place, thread_id, aliases, title, author, complete, source_url, root,
            root_tweet, author_name, stem and cut of each; and its checksum, if it has one.
        tweets: their rows of the table `tweet`.
        file: the name of their dump.
        whole: the checksum of their dump, which takes them in.
    """
    sums = {each[0]: _line((file, *each[3:9], each[11])) for each in versions}
    ids: dict[int, list[str]] = {each[0]: [] for each in versions}
    for version, _, text, mentions, links, author, at, url, tweet_id, line, part, extras in tweets:
        # The same as _line() of the values, in half the time.
        sums[version] = zlib.crc32(
            (
                f"{text}\x1f{mentions}\x1f{links}\x1f{author}\x1f{at}\x1f{url}\x1f{tweet_id}"
                f"\x1f{line}\x1f{part}\x1f{extras}"
            ).encode("utf-8", "surrogatepass"),
            sums[version],
        )
        if tweet_id is not None:
            ids[version].append(tweet_id)
    rows = [(*each[:14], (*each, 0)[14] or _known(sums[each[0]])) for each in versions]
    for row, _, _, _, _, _, author, _, _, root, root_tweet, _, stem, cut, checksum in rows:
        whole.add((row, root, author, root_tweet, stem, cut, checksum))
        whole.add_ids(ids[row])
    return rows


class DumpChecksum:
    """The checksum of a dump, which grows with its versions."""

    def __init__(self, versions: int = 0, ids: int = 0) -> None:
        """Start with no version, or go on from a `state`."""
        self._versions = versions
        self._ids = ids

    @property
    def state(self) -> tuple[int, int]:
        """What to go on from."""
        return self._versions, self._ids

    def add(self, row: Iterable[object]) -> None:
        """Take in the next version: id, root, author, root_tweet, stem, cut and checksum."""
        self._versions = _line(row, self._versions)

    def add_ids(self, ids: Sequence[str]) -> None:
        """Take in the known ids of the tweets of the next version."""
        self._ids = _line(ids, self._ids)

    @property
    def value(self) -> int:
        """The checksum of all versions so far."""
        return _known(_line((self._versions, self._ids)))


def checked(heads: Sequence[Row], rows: Iterable[Row]) -> Iterator[Row]:
    """Yield `rows`; at the end, compare the checksums of their versions.

    Args:
        heads: rows of the view `version_head`, with their checksums at the end.
        rows: the tweets of these versions, each with its version first.

    Raises:
        Changed: a version is not what was written.
    """
    sums = {each[0]: _line((*each[3:10], each[10])) for each in heads}
    for row in rows:
        version, text, mentions, links, author, at, url, tweet_id, line, part, extras = row
        # The same as _line() of the values, in half the time.
        sums[version] = zlib.crc32(
            (
                f"{text}\x1f{mentions}\x1f{links}\x1f{author}\x1f{at}\x1f{url}\x1f{tweet_id}"
                f"\x1f{line}\x1f{part}\x1f{extras}"
            ).encode("utf-8", "surrogatepass"),
            sums[version],
        )
        yield row
    for head in heads:
        if head[11] and head[11] != _known(sums[head[0]]):
            raise Changed(f"thread {head[4]} in {head[3]} is not what was stored")


def filling() -> Statements:
    """Compute all checksums that are unknown. For use inside a transaction."""
    versions = (
        "SELECT id, version.dump, place, thread_id, aliases, title, author, complete, source_url,"
        " root, root_tweet, author_name, stem, cut, checksum FROM version"
        " WHERE dump = ? AND place >= ? ORDER BY place LIMIT ?"
    )
    for dump, file in (yield "SELECT id, file FROM dump WHERE checksum = 0", ()):
        whole, start = DumpChecksum(), 0
        while found := (yield versions, (dump, start, BATCH)):
            start = found[-1][2] + 1
            tweets = yield (
                (
                    "SELECT version, position, text, mentions, links, author, created_at,"
                    " permalink, tweet_id, line, part, extras FROM tweet"
                    " WHERE version IN (SELECT value FROM json_each(?)) ORDER BY version, position"
                ),
                (json.dumps([each[0] for each in found]),),
            )
            for row in with_checksums(found, tweets, file, whole):
                yield "UPDATE version SET checksum = ? WHERE id = ?", (row[14], row[0])
        yield "UPDATE dump SET checksum = ? WHERE id = ?", (whole.value, dump)
    for row in (yield f"{RECORD} WHERE checksum = 0", ()):
        yield from sealing(row[0], row[1])


def sealing(scope: int, number: int) -> Statements:
    """Compute the checksum of a generation that is complete. For use inside a transaction."""
    for row in (yield f"{RECORD} WHERE (scope, number) = (?, ?)", (scope, number)):
        yield (
            "UPDATE generation SET checksum = ? WHERE (scope, number) = (?, ?)",
            (of_generation(row), scope, number),
        )


def carry_out(connection: sqlite3.Connection, statements: Statements) -> None:
    """Execute statements on a connection."""
    rows: list[Row] | None = None
    with suppress(StopIteration):
        while True:
            sql, values = statements.send(rows) if rows is not None else next(statements)
            rows = [tuple(row) for row in connection.execute(sql, values)]


async def carried_out(connection: aiosqlite.Connection, statements: Statements) -> None:
    """Execute statements on a connection."""
    rows: list[Row] | None = None
    with suppress(StopIteration):
        while True:
            sql, values = statements.send(rows) if rows is not None else next(statements)
            rows = [tuple(row) for row in await connection.execute_fetchall(sql, values)]


def _line(values: Iterable[object], before: int = 0) -> int:
    """Return the checksum `before`, continued over `values`."""
    return zlib.crc32("\x1f".join(map(str, values)).encode("utf-8", "surrogatepass"), before)


def _known(checksum: int) -> int:
    """Return a checksum as it is stored: 0 means unknown."""
    return checksum or 1
