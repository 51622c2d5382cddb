"""The queries that the store and its readers share."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.store.checksums import Record, Row

HEADS = (
    "SELECT version.id, dump, place, file, thread_id, aliases, title, author, complete, source_url,"
    " author_name, version.checksum FROM version JOIN dump ON dump.id = version.dump"
    " WHERE version.id = ANY($1::bigint[])"
)
"""The heads of versions, as `bulk_reader.HEADS` gives them."""
TWEETS = (
    "SELECT version, text, mentions, links, author, created_at, permalink, tweet_id, line, part,"
    " extras FROM tweet WHERE version = ANY($1::bigint[]) ORDER BY version, position"
)
"""The tweets of versions, as `bulk_reader.TWEETS` gives them."""
SIZE = (
    "SELECT (SELECT count(*) FROM version WHERE dump = $1), (SELECT count(*) FROM tweet"
    " JOIN version ON version.id = tweet.version WHERE dump = $1)"
    " WHERE EXISTS (SELECT 1 FROM dump WHERE id = $1)"
)
"""How many threads and tweets a dump has."""
RECORD = (
    "SELECT scope, number, parent, created_at, actor, action, checksum, ("
    " SELECT coalesce(array_agg(ARRAY[dump.id::text, file, origin, sha256, metadata,"
    " parser_version::text, format, dump.checksum::text] ORDER BY generation_dump.place), '{}')"
    " FROM generation_dump JOIN dump ON dump.id = generation_dump.dump"
    " WHERE (generation_dump.scope, generation_dump.generation) = (generation.scope, number)"
    "), ("
    " SELECT coalesce(array_agg(ARRAY[kind, key, said] ORDER BY kind, key), '{}') FROM forgotten"
    " WHERE (forgotten.scope, forgotten.generation) = (generation.scope, number)"
    ") FROM generation"
)
"""Reads generations, each with its dumps and what it hides; see `record_row`."""
NUMBERS = (0, 5, 7)
"""The columns of a dump in RECORD that are numbers."""


def record_row(row: Row) -> Row:
    """Return a row of RECORD as SQLite gives it, so that its checksum is the same."""
    dumps = [
        [int(value) if place in NUMBERS else value for place, value in enumerate(each)]
        for each in row[7]
    ]
    return (*row[:7], _json(dumps), _json(row[8]))


def record_of(row: Row) -> Record:
    """Return the record in a row of RECORD.

    Raises:
        Changed: it is not what was written.
    """
    return Record.of(record_row(row))


def _json(values: Sequence[Sequence[object]]) -> str:
    """Write JSON as SQLite's `json_group_array` does."""
    return json.dumps([list(each) for each in values], ensure_ascii=False, separators=(",", ":"))
