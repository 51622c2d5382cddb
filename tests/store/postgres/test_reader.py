"""The reader in PostgreSQL, in other processes. The rest: tests/store/test_bulk_reader.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.background.helper import Helper, Send
from bot.errors import StoreDamaged
from bot.store.protocol import Readers
from tests.databases import at, change
from tests.store.stored import SHELF, new

pytestmark = pytest.mark.usefixtures("in_postgres")


def titles(send: Send, _: Iterator[Any], readers: Readers, dump: int) -> None:
    with readers() as reader:
        for each in reader.versions(reader.roots([dump]).rows.tolist()):
            send(each.thread.title)


async def test_a_helper_reads_with_a_connection_of_its_own(tmp_path: Path) -> None:
    async with at(tmp_path).open() as store:
        await store.commit(SHELF, 0, [new(b"Okapis are shy")], actor="me", action="load")
        (member,) = await store.members(SHELF, 1)
        with Helper() as helper:
            assert [*helper.run(titles, store.readers, member.id)] == ["Okapis are shy"]


async def test_a_dump_that_is_not_what_was_stored_is_damage(tmp_path: Path) -> None:
    async with at(tmp_path).open() as store:
        await store.commit(SHELF, 0, [new(b"Okapis are shy")], actor="me", action="load")
        (member,) = await store.members(SHELF, 1)
        change(at(tmp_path), "UPDATE version SET root = root + 1")
        with store.readers() as reader, pytest.raises(StoreDamaged, match="not what was stored"):
            reader.roots([member.id])
        change(at(tmp_path), "DELETE FROM version")
        with store.readers() as reader, pytest.raises(StoreDamaged):
            reader.roots([member.id])
