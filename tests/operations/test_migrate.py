"""Copying a library into PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import StoreDamaged, StoreError
from bot.library.library import Library
from bot.operations.migrate import migrate
from bot.store import upkeep
from bot.store.migrations import FILE
from tests.databases import at
from tests.postgres_server import Server
from tests.store.test_checksums import change

pytestmark = pytest.mark.usefixtures("in_postgres")


async def test_a_library_answers_the_same_from_the_database(
    tmp_path: Path, seeds: Path, in_postgres: Server
) -> None:
    data, there = tmp_path / "data", tmp_path / "there"
    (tmp_path / "more.txt").write_text("Okapis are shy\n", encoding="utf-8")
    async with Library.open(data, seeds) as library:
        await library.load([tmp_path / "more.txt"], "ada")
        await library.remember("key", "value")
        answers = [(await library.ask(each)).hits for each in ("okapis", "chips")]
        history = await library.history()
    assert at(there).name
    done = await migrate(data, in_postgres.url_for(there))
    assert done.counts == upkeep.counts(data / FILE)
    async with Library.open(at(there), seeds) as library:
        assert [(await library.ask(each)).hits for each in ("okapis", "chips")] == answers
        assert await library.history() == history
        assert await library.setting("key") == "value"
        await library.undo("ada")
        assert not (await library.ask("okapis")).hits
    with pytest.raises(StoreError, match="has a library already"):
        await migrate(data, in_postgres.url_for(there))


async def test_a_damaged_library_is_not_copied(
    tmp_path: Path, seeds: Path, in_postgres: Server
) -> None:
    async with Library.open(tmp_path / "data", seeds):
        pass
    change(tmp_path / "data" / FILE, "UPDATE tweet SET text = 'garbled'")
    url = in_postgres.url_for(tmp_path / "there")
    assert at(tmp_path / "there").name
    with pytest.raises(StoreDamaged):
        await migrate(tmp_path / "data", url)
    assert not at(tmp_path / "there").exists()


async def test_without_a_library_there_is_nothing_to_copy(
    tmp_path: Path, in_postgres: Server
) -> None:
    with pytest.raises(StoreError, match="there is no store here"):
        await migrate(tmp_path / "data", in_postgres.url)
