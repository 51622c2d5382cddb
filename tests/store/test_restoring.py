"""Taking over what another store has, as new generations."""

from __future__ import annotations

from pathlib import Path

from bot.store import restoring, upkeep
from bot.store.bulk_reader import content
from bot.store.migrations import FILE
from bot.store.restoring import Relation, Restored
from bot.store.rows import Forgotten
from bot.store.store import Store
from tests.store.stored import SHELF, new, versions_in
from tests.store.test_erasing import GUILD, commit


async def test_each_library_gets_what_the_other_store_has_and_can_go_back(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    hidden = [Forgotten("author", "1", "@anna")]
    async with Store.open(there) as store:
        await commit(store, 1, b"Okapis are shy", b"Zebras are not", hidden=hidden)
        await commit(store, 1, b"Quaggas are gone", scope=GUILD)
    async with Store.open(here) as store:
        await commit(store, 1, b"Lions sleep", b"Zebras are not")
        found = restoring.relations(here / FILE, there / FILE)
        assert found == [Relation(SHELF, "unrelated"), Relation(GUILD, "new")]
        done = restoring.take_over(here / FILE, there / FILE, "ada")
        assert done == [Restored(SHELF, 2, is_new=True), Restored(GUILD, 1, is_new=True)]
        members = await store.members(SHELF, 2)
        texts = [each.thread.tweets[0].text for each in versions_in(store, *members)]
        assert texts == ["Okapis are shy", "Zebras are not"]
        assert [content(store.path, each.sha256).read() for each in members] == [
            b"Okapis are shy",
            b"Zebras are not",
        ]
        assert await store.forgotten(SHELF, 2) == hidden
        assert await store.parent(SHELF, 2) == 1
        (event, _) = await store.history(SHELF, 9)
        assert (event.action, event.actor) == ("restore", "ada")
        assert len(await store.members(SHELF, 1)) == 2
        again = restoring.take_over(here / FILE, there / FILE, "ada")
        assert again == [Restored(SHELF, 2, is_new=False), Restored(GUILD, 1, is_new=False)]
    assert upkeep.damage(here / FILE, full=True) == []
    assert upkeep.counts(here / FILE)["dump"] == 4  # the same dump is not stored twice


async def test_a_later_library_is_known_to_be_newer(tmp_path: Path) -> None:
    path = tmp_path / FILE
    async with Store.open(tmp_path) as store:
        await commit(store, 1, b"Okapis are shy")
        upkeep.copy(path, tmp_path / "copy")
        assert restoring.relations(path, tmp_path / "copy") == [Relation(SHELF, "same")]
        await commit(store, 2, b"Zebras are not")
        await commit(store, 3, b"Lions sleep")
        assert restoring.relations(path, tmp_path / "copy") == [Relation(SHELF, "newer", 2)]


async def test_rows_in_use_here_are_not_taken(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    async with Store.open(there) as store:
        for number in range(1, 6):
            await commit(store, number, f"Okapi {number} is shy".encode())
    async with Store.open(here) as store:
        await store.commit(SHELF, 0, [new(b"Lions sleep")], actor="me", action="load")
        restoring.take_over(here / FILE, there / FILE, "ada")
        (lions,), (okapi,) = await store.members(SHELF, 1), await store.members(SHELF, 2)
        (version,) = versions_in(store, lions)
        assert version.thread.tweets[0].text == "Lions sleep"
        (version,) = versions_in(store, okapi)
        assert version.thread.tweets[0].text == "Okapi 5 is shy"
