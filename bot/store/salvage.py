"""Reads what can be read of a damaged store, for `repair`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from bot.errors import StoreError
from bot.loader.raw.content import Content
from bot.models import Metadata, Thread
from bot.store.bulk_reader import BulkReader
from bot.store.checksums import Row
from bot.store.faults import DECODING, clear
from bot.store.opening import read_uri
from bot.store.rows import Forgotten

BATCH = 100
"""Threads that are read at a time."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """A dump of a damaged store."""

    id: int
    """Its row."""
    file: str
    """Its name."""
    origin: str
    """Where it came from."""
    sha256: str
    """The hash of its bytes."""
    metadata: Metadata
    """What it was loaded with."""
    parser_version: int
    """The version of the loader that read it."""
    format: str
    """Its detected format."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A library in a damaged store."""

    scope: int
    """Whose it is."""
    dumps: tuple[Salvaged, ...]
    """The dumps of its newest generation; all that it ever had, if that cannot be read."""
    forgotten: tuple[Forgotten, ...]
    """What it hides."""
    is_sure: bool
    """Whether these are the dumps of the newest generation."""


@dataclass(frozen=True, slots=True)
class Threads:
    """The threads of a dump that are as they were stored."""

    threads: tuple[Thread, ...]
    """The threads."""
    lost: int
    """How many are not, as far as is known."""


@dataclass(frozen=True, slots=True)
class Salvage:
    """A damaged store, open to be read."""

    path: Path
    """Its file."""
    connection: sqlite3.Connection
    """A connection to it."""
    gaps: list[str] = field(default_factory=list)
    """The tables of which rows cannot be read."""

    def rows(self, table: str, columns: str, order: str) -> list[Row]:
        """Return the rows of a table that can be read: from both ends, up to what is damaged."""
        found: dict[Row, None] = {}
        for direction in ("", " DESC"):
            keys = ", ".join(f"{each}{direction}" for each in order.split(", "))
            sql = f"SELECT {columns} FROM {table} ORDER BY {keys}"  # noqa: S608  # constants
            try:
                for row in self.connection.execute(sql):
                    found[tuple(row)] = None
                break
            except (sqlite3.Error, UnicodeDecodeError):
                self.gaps.append(table)
        return list(found)

    def scopes(self) -> list[Scope]:
        """Return the libraries that it has."""
        dumps = {each.id: (scope, each) for scope, each in self._dumps()}
        numbers: dict[int, int] = {}
        for scope, number in self.rows("generation", "scope, number", "scope, number"):
            numbers[scope] = max(number, numbers.get(scope, 0))
        members = self.rows(
            "generation_dump", "scope, generation, place, dump", "scope, generation, place"
        )
        hidden = self.rows(
            "forgotten", "scope, generation, kind, key, said", "scope, generation, kind, key"
        )
        is_sure = not {"generation", "generation_dump", "forgotten"} & {*self.gaps}
        found = []
        for scope in sorted({*numbers, *(scope for scope, _ in dumps.values())}):
            newest = numbers.get(scope, 0)
            own = [
                dump
                for each, number, _, dump in sorted(members)
                if (each, number) == (scope, newest)
            ]
            if not is_sure:
                own = sorted({*own, *(row for row, (each, _) in dumps.items() if each == scope)})
            labels = [
                row[2:] for row in hidden if row[0] == scope and (row[1] == newest or not is_sure)
            ]
            found.append(
                Scope(
                    scope,
                    tuple(dumps[row][1] for row in own if row in dumps),
                    tuple(Forgotten(*row) for row in dict.fromkeys(labels)),
                    is_sure and all(row in dumps for row in own),
                )
            )
        return found

    def _dumps(self) -> Iterator[tuple[int, Salvaged]]:
        columns = "id, scope, file, origin, sha256, metadata, parser_version, format"
        for row, scope, file, origin, sha256, metadata, version, kind in self.rows(
            "dump", columns, "id"
        ):
            try:
                described = Metadata(**json.loads(metadata))
            except DECODING:
                described = Metadata()
            yield scope, Salvaged(row, file, origin, sha256, described, version, kind)

    def threads(self, dump: int) -> Threads:
        """Return the threads of a dump that are as they were stored."""
        with BulkReader(self.path) as reader:
            try:
                rows = reader.roots([dump]).rows.tolist()
                lost = 0
            except StoreError:
                found = self.rows("version", "id, dump, place", "id")
                rows = [
                    row for row, each, _ in sorted(found, key=lambda row: row[2]) if each == dump
                ]
                lost = 1  # at least one
            threads: list[Thread] = []
            each = iter(rows)
            while some := list(islice(each, BATCH)):
                kept = _whole(reader, some)
                threads += kept
                lost += len(some) - len(kept)
        return Threads(tuple(threads), lost)

    def content(self, sha256: str) -> Content | None:
        """Return the bytes of a dump; None if they are not what they were."""
        with BulkReader(self.path) as reader:
            try:
                content = reader.content(sha256)
                return content if content.parts and content.sha256 == sha256 else None
            except StoreError:
                return None

    def pictures(self, sha256: str) -> dict[str, str]:
        """Return the picture files that were inside a dump, by their paths there."""
        rows = self.rows("picture", "sha256, name, file", "sha256, name")
        return {name: file for each, name, file in rows if each == sha256}


def _whole(reader: BulkReader, rows: Sequence[int]) -> list[Thread]:
    """Return the threads in these rows that are as they were stored."""
    try:
        return [each.thread for each in reader.versions(rows)]
    except StoreError:
        if len(rows) == 1:
            return []
        middle = len(rows) // 2
        return [*_whole(reader, rows[:middle]), *_whole(reader, rows[middle:])]


@contextmanager
def salvaging(path: Path) -> Iterator[Salvage]:
    """Open a damaged store to be read.

    Raises:
        StoreError: nothing of it can be read.
    """
    # Used by one thread at a time.
    connect = partial(sqlite3.connect, uri=True, check_same_thread=False)
    with clear(path), closing(connect(read_uri(path))) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield Salvage(path, connection)


def carry_over(path: Path, salvage: Salvage) -> None:
    """Write the settings and the names of pictures into the store at `path`.

    Raises:
        StoreError: it cannot be written.
    """
    settings = salvage.rows("setting", "key, value", "key")
    pictures = salvage.rows("picture", "sha256, name, file", "sha256, name")
    with clear(path), closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany("INSERT OR REPLACE INTO setting VALUES (?, ?)", settings)
        known = {row[0] for row in connection.execute("SELECT sha256 FROM blob")}
        connection.executemany(
            "INSERT OR IGNORE INTO picture VALUES (?, ?, ?)",
            [row for row in pictures if row[0] in known],
        )
