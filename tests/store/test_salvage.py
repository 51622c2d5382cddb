"""What can be read of a damaged store."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store.migrations import FILE
from bot.store.salvage import salvaging
from bot.store.store import Store
from tests.store.stored import SHELF, new


async def stored(folder: Path) -> Path:
    """A store with two dumps, the first of them removed again."""
    async with Store.open(folder) as store:
        first, second = new(b"Okapis are shy", "okapi.txt"), new(b"Herons wait", "heron.txt")
        await store.commit(SHELF, 0, [first, second], actor="me", action="load")
        members = await store.members(SHELF, 1)
        await store.commit(SHELF, 1, members[1:], actor="me", action="remove")
    return folder / FILE


def change(path: Path, sql: str) -> None:
    """Change a store behind the back of its checksums."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(sql)


async def test_the_newest_generation_of_a_whole_store_is_read(tmp_path: Path) -> None:
    path = await stored(tmp_path)
    with salvaging(path) as salvage:
        (scope,) = salvage.scopes()
        assert scope.is_sure
        (dump,) = scope.dumps
        assert dump.file == "heron.txt"
        threads = salvage.threads(dump.id)
        assert [each.title for each in threads.threads] == ["Herons wait"]
        assert threads.lost == 0
        content = salvage.content(dump.sha256)
        assert content is not None
        assert content.read() == b"Herons wait"
        assert not salvage.gaps


async def test_threads_and_bytes_that_changed_are_not_read(tmp_path: Path) -> None:
    path = await stored(tmp_path)
    change(path, "UPDATE tweet SET text = replace(text, 'wait', 'bait')")
    change(path, "UPDATE piece SET packed = zeroblob(9)")
    with salvaging(path) as salvage:
        (dump,) = salvage.scopes()[0].dumps
        assert salvage.threads(dump.id).threads == ()
        assert salvage.threads(dump.id).lost
        assert salvage.content(dump.sha256) is None


async def test_what_is_no_database_has_nothing(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database, " * 100)
    with pytest.raises(StoreError), salvaging(tmp_path / FILE):
        pass
