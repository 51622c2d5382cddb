"""Copying a whole store between a file and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.loader.raw.pictures import Pictures, Source
from bot.store import upkeep
from bot.store.migrations import FILE
from bot.store.places import SQLiteFolder
from bot.store.postgres import copying
from bot.store.postgres.place import PostgresDatabase
from bot.store.rows import Forgotten
from tests.databases import at, change
from tests.pictures import JPEG
from tests.store.stored import SHELF, bytes_of, new, versions_in

pytestmark = pytest.mark.usefixtures("in_postgres")
GUILD = 1174567567997327360
HIDDEN = [Forgotten("author", "1", "@anna"), Forgotten("thread", "1:0", "Okapis é")]


def database(folder: Path) -> PostgresDatabase:
    place = at(folder)
    assert isinstance(place, PostgresDatabase)
    return place


async def full(folder: Path) -> Path:
    """A store with all that a store can have."""
    pictures = Pictures(Source({"pics/a.jpg": len(JPEG)}, lambda _: JPEG))
    pictures.file_for("a.jpg")
    texts = b"---\nauthor: anna\n---\nOkapis are shy https://zoo.example/a\n\n\nThey live there\n"
    async with SQLiteFolder(folder).open() as store:
        with_pictures = replace(new(texts, "o.txt"), pictures=pictures)
        await store.commit(SHELF, 0, [with_pictures], actor="é", action="load")
        await store.commit(SHELF, 1, [new(b"Zebras\xc3\xa9", "z.txt")], actor="me", action="load")
        await store.commit(SHELF, 2, [], actor="me", action="forget", forgotten=HIDDEN)
        await store.commit(GUILD, 0, [new(texts, "o.txt")], actor="me", action="load")
        await store.remember("answers in 7", "public")
    return folder / FILE


async def test_a_copy_is_the_same_in_all(tmp_path: Path) -> None:
    source = await full(tmp_path)
    there = tmp_path / "there"
    place = database(there)
    counts = place.copy_from(source, tmp_path / "media")
    assert counts == upkeep.counts(source) == place.counts()
    assert place.damage(full=True) == []
    async with SQLiteFolder(tmp_path).open() as old, place.open() as store:
        for scope, numbers in ((SHELF, (1, 2, 3)), (GUILD, (1,))):
            assert await store.history(scope, 9) == await old.history(scope, 9)
            for number in numbers:
                members = await store.members(scope, number)
                assert members == await old.members(scope, number)
                assert versions_in(store, *members) == versions_in(old, *members)
                assert await store.forgotten(scope, number) == await old.forgotten(scope, number)
                for each in members:
                    assert bytes_of(store, each.sha256) == bytes_of(old, each.sha256)
                    assert await store.pictures(each.sha256) == await old.pictures(each.sha256)
        assert await store.setting("answers in 7") == "public"
        await store.fetch_pictures()
        assert [each.read_bytes() for each in store.media.iterdir()] == [JPEG]
        await store.commit(SHELF, 3, [new(b"Tapirs", "t.txt")], actor="me", action="load")
        (member,) = await store.members(SHELF, 4)
        assert versions_in(store, member)[0].thread.title == "Tapirs"  # in rows of its own
    assert place.damage(full=True) == []


async def test_a_database_with_a_library_is_refused(tmp_path: Path) -> None:
    source = await full(tmp_path)
    place = database(tmp_path / "there")
    async with place.open() as store:
        await store.remember("key", "value")
    with pytest.raises(StoreError, match="has a library already"):
        place.copy_from(source, tmp_path / "media")
    assert place.counts()["dump"] == 0


async def test_what_differs_afterwards_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = await full(tmp_path)
    place = database(tmp_path / "there")
    async with place.open():
        pass
    change(
        place,
        "CREATE FUNCTION garble() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN NEW.text = NEW.text || ''!'';RETURN NEW;END'",
        "CREATE TRIGGER garble BEFORE INSERT ON tweet FOR EACH ROW EXECUTE FUNCTION garble()",
    )
    monkeypatch.setattr(copying, "BATCH", 1)
    with pytest.raises(StoreError, match="the table tweet has other rows"):
        place.copy_from(source, tmp_path / "media")
    assert not any(place.counts().values())


async def test_a_copy_in_a_file_is_the_same_again(tmp_path: Path) -> None:
    source = await full(tmp_path)
    place = database(tmp_path / "there")
    place.copy_from(source, tmp_path / "media")
    back = tmp_path / "back"
    back.mkdir()
    place.copy(back / FILE)
    assert upkeep.counts(back / FILE) == upkeep.counts(source)
    assert upkeep.damage(back / FILE, full=True) == []
    with pytest.raises(StoreError):
        place.copy(back / FILE)  # it is there
