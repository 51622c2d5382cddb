"""What happened to a library, on each database."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.store.rows import NO_UNDO, Forgotten
from tests.databases import at
from tests.store.stored import SHELF, new

pytestmark = pytest.mark.usefixtures("each_database")
HIDDEN = Forgotten("author", "7", "@ben")


async def test_events_name_what_they_brought_and_took(tmp_path: Path) -> None:
    async with at(tmp_path).open() as store:
        okapis, zebras = new(b"Okapis", "o.txt"), new(b"Zebras", "z.txt")
        await store.commit(SHELF, 0, [okapis, zebras], actor="ada", action="load")
        first, second = await store.members(SHELF, 1)
        await store.commit(SHELF, 1, [second], actor="ben", action="remove")
        await store.commit(SHELF, 2, [second], actor="ada", action="forget", forgotten=[HIDDEN])
        await store.commit(SHELF, 3, [second], actor="ada", action="undo", parent=1, forgotten=[])
        undone, forgot, removed, loaded = await store.history(SHELF, 9)
        assert (loaded.loaded, loaded.dumps, loaded.actor) == (("o.txt", "z.txt"), 2, "ada")
        assert removed.removed == ("o.txt",)
        assert forgot.hidden_authors == ("@ben",)
        assert undone.undone == forgot
        assert [each.generation for each in await store.history(SHELF, 2)] == [4, 3]
        assert await store.change_behind(SHELF, 4) == removed
        assert await store.parent(SHELF, 4) == 1
        assert await store.made_at(SHELF, 1) == loaded.at
        assert loaded.at < removed.at
        assert loaded.at.endswith("Z")
        assert first.file == "o.txt"


async def test_what_was_erased_or_repaired_is_known(tmp_path: Path) -> None:
    async with at(tmp_path).open() as store:
        assert await store.history(SHELF, 9) == []
        assert await store.change_behind(SHELF, 0) is None
        assert (await store.made_at(SHELF, 1), await store.parent(SHELF, 1)) == (None, 0)
        await store.commit(SHELF, 0, [], actor="ada", action="repair", parent=NO_UNDO)
        assert await store.was_repaired(SHELF)
        assert not await store.erased_since(SHELF, 0)
        await store.commit(SHELF, 1, [], actor="ada", action="erase", parent=NO_UNDO)
        assert await store.erased_since(SHELF, 1)
        assert not await store.was_repaired(SHELF)
        assert await store.change_behind(SHELF, 2) is None
        assert await store.newest() == {SHELF: 2}
