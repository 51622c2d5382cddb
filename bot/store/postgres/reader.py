"""Reads whole generations and the bytes of dumps from PostgreSQL, in bounded memory.

Rows never change once they are committed, so reading needs no transaction.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType

from bot.loader.intake import Loaded
from bot.loader.raw.content import Content, Part, Stream
from bot.models import Dump, Notice
from bot.store.bulk_reader import by_thread, checked_versions
from bot.store.checksums import Changed, DumpChecksum, Row
from bot.store.postgres.address import Address
from bot.store.postgres.blocking import run
from bot.store.postgres.connecting import LONG_SECONDS, Servers
from bot.store.postgres.faults import decoding
from bot.store.postgres.queries import HEADS, SIZE, TWEETS
from bot.store.rows import Member, RootColumns, Roots, ThreadVersions, Version

VERSIONS = (
    "SELECT place, id, root, author, root_tweet, stem, cut, checksum, ("
    " SELECT array_agg(tweet_id ORDER BY position) FROM tweet WHERE version = version.id"
    " AND tweet_id IS NOT NULL"
    ") FROM version WHERE dump = $1 AND place >= $2 ORDER BY place LIMIT $3"
)
"""Versions of a dump, and the known ids of the tweets of each."""
ROOTS = 10_000
"""Versions of a dump whose roots are read at a time."""


class PostgresReader:
    """Reads with connections of its own. Use it and close it in one thread."""

    def __init__(self, address: Address) -> None:
        """Read from the database at `address`, once it is entered."""
        self._name = address.name
        self._address = address
        self._servers = Servers(address, LONG_SECONDS)

    def __enter__(self) -> PostgresReader:
        """Return the reader."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        run(self._servers.close())

    def _read(
        self, sql: str, *values: object, is_enough: Callable[[list[Row]], bool] = bool
    ) -> list[Row]:
        """Return rows that never change; see `Servers.rows`."""
        return run(self._servers.rows(sql, values, is_enough))

    def roots(self, dumps: Sequence[int]) -> Roots:
        """Return the roots of all versions in `dumps`, dump after dump.

        Raises:
            StoreDamaged: a dump is not what was stored.
        """
        columns = RootColumns()
        with decoding(self._name):
            for dump in dumps:
                checksum = self._checksum(dump)
                whole = DumpChecksum()
                for each, known in self._versions(dump):
                    whole.add(each)
                    columns.add(each)
                    whole.add_ids(known)
                    columns.add_ids(known)
                if checksum and checksum != whole.value:
                    raise Changed(f"file {dump} is not what was stored")
        return columns.roots()

    def _checksum(self, dump: int) -> int:
        """Return the checksum of a dump; 0 if it is unknown."""
        found = self._read("SELECT checksum FROM dump WHERE id = $1", dump)
        return int(found[0][0]) if found else 0

    def _versions(self, dump: int) -> Iterator[tuple[Row, list[str]]]:
        """Yield the versions of a dump, as `DumpChecksum.add` wants them, with known ids."""
        start = 0
        while found := self._read(VERSIONS, dump, start, ROOTS):
            for row in found:
                yield row[1:8], row[8] or []
            start = found[-1][0] + 1
            if len(found) < ROOTS:
                return

    def versions(self, rows: Sequence[int]) -> list[Version]:
        """Return the versions in those rows, in that order.

        Raises:
            StoreDamaged: one is missing, or is not what was stored.
        """
        order = {row: place for place, row in enumerate(rows)}
        asked = [*map(int, rows)]
        with decoding(self._name):
            heads = self._read(HEADS, asked, is_enough=lambda found: len(found) == len(order))
            heads.sort(key=lambda head: order[head[0]])
            known = {head[0] for head in heads}
            tweets = self._read(
                TWEETS, asked, is_enough=lambda found: {row[0] for row in found} >= known
            )
            return checked_versions(rows, heads, tweets)

    def threads(self, threads: ThreadVersions) -> Iterator[list[Version]]:
        """Yield the versions of each thread, in order."""
        return by_thread(self.versions, threads)

    def loaded(self, members: Iterable[Member]) -> Iterator[Loaded]:
        """Yield what is known of dumps, except those whose bytes were erased."""
        has_bytes = "SELECT 1 FROM piece WHERE sha256 = $1 LIMIT 1"
        notices = "SELECT line, message FROM notice WHERE dump = $1 ORDER BY place"
        pictures = "SELECT name, file FROM picture WHERE sha256 = $1"
        with decoding(self._name):
            for each in members:
                sizes = self._read(SIZE, each.id)
                if not sizes or not self._read(has_bytes, each.sha256):
                    continue
                found = run(self._servers.newest(notices, each.id))
                told = tuple(Notice(each.file, line, message) for line, message in found)
                kept: dict[str, str] = dict(run(self._servers.newest(pictures, each.sha256)))
                dump = Dump(each.file, each.format, each.sha256, each.metadata, (), told)
                yield Loaded(dump, sizes[0][0], sizes[0][1], kept)

    def content(self, sha256: str) -> Content:
        """Return the bytes of the dump with that hash. They are read on demand."""
        sql = "SELECT place, name, size FROM part WHERE sha256 = $1 ORDER BY place"
        return Content(tuple(self._part(sha256, *each) for each in self._read(sql, sha256)))

    def _part(self, sha256: str, place: int, name: str, size: int) -> Part:
        address = self._address
        return Part(name, lambda: _stored(address, sha256, place), size)


def _stored(address: Address, sha256: str, part: int) -> Stream:
    """Return a file of a dump in the store, open to be read."""
    servers, place, rest = Servers(address), 0, b""
    sql = "SELECT packed FROM piece WHERE (sha256, part, place) = ($1, $2, $3)"

    def read(size: int) -> bytes:
        nonlocal place, rest
        with decoding(address.name):
            while not rest:
                packed = run(servers.rows(sql, (sha256, part, place), bool))
                if not packed:
                    break
                place += 1
                rest = zlib.decompress(packed[0][0])
        found, rest = rest[:size], rest[size:]
        return found

    return Stream(read, lambda: run(servers.close()))
