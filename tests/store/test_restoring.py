"""Taking over what another store has, as new generations."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.store.migrations import FILE
from bot.store.places import SQLiteFolder
from bot.store.restoring import Relation, Restored
from bot.store.rows import Forgotten
from tests.databases import at
from tests.store.stored import SHELF, bytes_of, new, versions_in
from tests.store.test_erasing import GUILD, commit

pytestmark = pytest.mark.usefixtures("each_database")


async def test_each_library_gets_what_the_other_store_has_and_can_go_back(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    hidden = [Forgotten("author", "1", "@anna")]
    async with SQLiteFolder(there).open() as store:
        await commit(store, 1, b"Okapis are shy", b"Zebras are not", hidden=hidden)
        await commit(store, 1, b"Quaggas are gone", scope=GUILD)
    async with at(here).open() as store:
        await commit(store, 1, b"Lions sleep", b"Zebras are not")
        found = at(here).relations(there / FILE)
        assert found == [Relation(SHELF, "unrelated"), Relation(GUILD, "new")]
        done = at(here).take_over(there / FILE, "ada")
        assert done == [Restored(SHELF, 2, is_new=True), Restored(GUILD, 1, is_new=True)]
        members = await store.members(SHELF, 2)
        texts = [each.thread.tweets[0].text for each in versions_in(store, *members)]
        assert texts == ["Okapis are shy", "Zebras are not"]
        assert [bytes_of(store, each.sha256) for each in members] == [
            b"Okapis are shy",
            b"Zebras are not",
        ]
        assert await store.forgotten(SHELF, 2) == hidden
        assert await store.parent(SHELF, 2) == 1
        (event, _) = await store.history(SHELF, 9)
        assert (event.action, event.actor) == ("restore", "ada")
        assert len(await store.members(SHELF, 1)) == 2
        again = at(here).take_over(there / FILE, "ada")
        assert again == [Restored(SHELF, 2, is_new=False), Restored(GUILD, 1, is_new=False)]
    assert at(here).damage(full=True) == []
    assert at(here).counts()["dump"] == 4  # the same dump is not stored twice


async def test_a_later_library_is_known_to_be_newer(tmp_path: Path) -> None:
    place, copy = at(tmp_path), tmp_path / "copy" / FILE
    copy.parent.mkdir()
    async with at(tmp_path).open() as store:
        await commit(store, 1, b"Okapis are shy")
        place.copy(copy)
        assert place.relations(copy) == [Relation(SHELF, "same")]
        await commit(store, 2, b"Zebras are not")
        await commit(store, 3, b"Lions sleep")
        assert place.relations(copy) == [Relation(SHELF, "newer", 2)]


async def test_rows_in_use_here_are_not_taken(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    async with SQLiteFolder(there).open() as store:
        for number in range(1, 6):
            await commit(store, number, f"Okapi {number} is shy".encode())
    async with at(here).open() as store:
        await store.commit(SHELF, 0, [new(b"Lions sleep")], actor="me", action="load")
        at(here).take_over(there / FILE, "ada")
        (lions,), (okapi,) = await store.members(SHELF, 1), await store.members(SHELF, 2)
        (version,) = versions_in(store, lions)
        assert version.thread.tweets[0].text == "Lions sleep"
        (version,) = versions_in(store, okapi)
        assert version.thread.tweets[0].text == "Okapi 5 is shy"
