"""Erasing from the store what a library no longer shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store.protocol import LibraryStore
from bot.store.rows import ERASED_NAME, NO_UNDO, Forgotten
from tests.databases import at
from tests.store.stored import SHELF, bytes_of, new

pytestmark = pytest.mark.usefixtures("each_database")

GUILD = 77


async def commit(
    store: LibraryStore,
    number: int,
    *dumps: bytes,
    scope: int = SHELF,
    hidden: Sequence[Forgotten] = (),
) -> None:
    """Make generation `number` of just these dumps."""
    made = [new(each, f"{each[:6].decode()}.txt") for each in dumps]
    await store.commit(scope, number - 1, made, actor="me", action="load", forgotten=hidden)


async def test_the_dumps_of_earlier_generations_go_and_the_history_stays(tmp_path: Path) -> None:
    place = at(tmp_path)
    async with at(tmp_path).open() as store:
        await commit(store, 1, b"Okapis are shy", b"Zebras are not")
        await commit(store, 2, b"Zebras are not")
        found = place.erasable(SHELF, ())
        assert found.files == ("Okapis.txt",)
        assert (found.tweets, found.generation, found.is_empty) == (1, 2, False)
        assert place.erase(found, "ada") == 3
        assert await store.generation(SHELF) == 3
        assert await store.parent(SHELF, 3) == NO_UNDO
        (kept,) = await store.members(SHELF, 3)
        assert kept.file == "Zebras.txt"
        assert [each.action for each in await store.history(SHELF, 9)] == ["erase", "load", "load"]
        assert place.erasable(SHELF, ()).is_empty
    counts = place.counts()
    assert (counts["blob"], counts["piece"], counts["tweet"], counts["version"]) == (1, 1, 1, 1)
    assert place.damage(full=True) == []


async def test_the_bytes_of_a_dump_go_with_the_hidden_versions_in_it(tmp_path: Path) -> None:
    place = at(tmp_path)
    hidden = [Forgotten("thread", "1:0", "Okapis are shy")]
    async with at(tmp_path).open() as store:
        await commit(store, 1, b"Okapis are shy", b"Zebras are not", hidden=hidden)
        okapis, zebras = await store.members(SHELF, 1)
        with store.readers() as reader:
            rows = reader.roots([okapis.id]).rows.tolist()
        assert place.candidates(SHELF).forgotten == tuple(hidden)
        found = place.erasable(SHELF, rows)
        assert (found.parted, found.labels, found.files) == (
            ("Okapis.txt",),
            ("Okapis are shy",),
            (),
        )
        place.erase(found, "ada")
        assert await store.members(SHELF, 2) == [okapis, zebras]
        assert bytes_of(store, okapis.sha256) == b""
        assert bytes_of(store, zebras.sha256) == b"Zebras are not"
        assert await store.forgotten(SHELF, 2) == [Forgotten("thread", "1:0", ERASED_NAME)]
        assert await store.size(okapis.id) == (0, 0)
    assert place.damage(full=True) == []


async def test_what_another_library_has_stays_there(tmp_path: Path) -> None:
    place = at(tmp_path)
    async with at(tmp_path).open() as store:
        await commit(store, 1, b"Okapis are shy")
        await commit(store, 1, b"Okapis are shy", scope=GUILD)
        await commit(store, 2)
        await commit(store, 2, b"Zebras are not", scope=GUILD)
        await commit(store, 3, b"Okapis are shy", scope=GUILD)
        place.erase(place.erasable(SHELF, ()), "ada")
        (member,) = await store.members(GUILD, 3)
        assert bytes_of(store, member.sha256) == b"Okapis are shy"
        assert await store.members(GUILD, 2) != []
        assert await store.parent(GUILD, 3) == 2
        with store.readers() as reader:
            rows = reader.roots([member.id]).rows.tolist()
        await commit(store, 4, b"Okapis are shy")
        place.erase(place.erasable(GUILD, rows), "ada")
        assert bytes_of(store, member.sha256) == b"Okapis are shy"  # for the shared library


async def test_what_has_changed_meanwhile_is_not_erased(tmp_path: Path) -> None:
    place = at(tmp_path)
    async with at(tmp_path).open() as store:
        await commit(store, 1, b"Okapis are shy")
        await commit(store, 2)
        found = place.erasable(SHELF, ())
        await commit(store, 3, b"Okapis are shy")
        with pytest.raises(StoreError, match="changed meanwhile"):
            place.erase(found, "ada")
        assert await store.generation(SHELF) == 3
    assert place.counts()["dump"] == 1


async def test_only_the_files_of_pictures_that_a_dump_has_stay(tmp_path: Path) -> None:
    async with at(tmp_path).open() as store:
        await commit(store, 1, b"Okapis are shy")
    media = tmp_path / "media"
    media.mkdir()
    stray, note = media / f"{'a' * 64}.png", media / "note.txt"
    stray.write_bytes(b"")
    note.write_bytes(b"")
    at(tmp_path).sweep_erased_pictures()
    assert [*media.iterdir()] == [note]
