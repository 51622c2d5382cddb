"""Erasing from the store what a library no longer shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store import erasing, upkeep
from bot.store.bulk_reader import BulkReader, content
from bot.store.migrations import FILE
from bot.store.rows import ERASED_NAME, NO_UNDO, Forgotten
from bot.store.store import Store
from tests.store.stored import SHELF, new

GUILD = 77


async def commit(
    store: Store, number: int, *dumps: bytes, scope: int = SHELF, hidden: Sequence[Forgotten] = ()
) -> None:
    """Make generation `number` of just these dumps."""
    made = [new(each, f"{each[:6].decode()}.txt") for each in dumps]
    await store.commit(scope, number - 1, made, actor="me", action="load", forgotten=hidden)


async def test_the_dumps_of_earlier_generations_go_and_the_history_stays(tmp_path: Path) -> None:
    path = tmp_path / FILE
    async with Store.open(tmp_path) as store:
        await commit(store, 1, b"Okapis are shy", b"Zebras are not")
        await commit(store, 2, b"Zebras are not")
        found = erasing.erasable(path, SHELF, ())
        assert found.files == ("Okapis.txt",)
        assert (found.tweets, found.generation, found.is_empty) == (1, 2, False)
        assert erasing.erase(path, found, "ada") == 3
        assert await store.generation(SHELF) == 3
        assert await store.parent(SHELF, 3) == NO_UNDO
        (kept,) = await store.members(SHELF, 3)
        assert kept.file == "Zebras.txt"
        assert [each.action for each in await store.history(SHELF, 9)] == ["erase", "load", "load"]
        assert erasing.erasable(path, SHELF, ()).is_empty
    counts = upkeep.counts(path)
    assert (counts["blob"], counts["piece"], counts["tweet"], counts["version"]) == (1, 1, 1, 1)
    assert upkeep.damage(path, full=True) == []


async def test_the_bytes_of_a_dump_go_with_the_hidden_versions_in_it(tmp_path: Path) -> None:
    path = tmp_path / FILE
    hidden = [Forgotten("thread", "1:0", "Okapis are shy")]
    async with Store.open(tmp_path) as store:
        await commit(store, 1, b"Okapis are shy", b"Zebras are not", hidden=hidden)
        okapis, zebras = await store.members(SHELF, 1)
        with BulkReader(path) as reader:
            rows = reader.roots([okapis.id]).rows.tolist()
        assert erasing.candidates(path, SHELF).forgotten == tuple(hidden)
        found = erasing.erasable(path, SHELF, rows)
        assert (found.parted, found.labels, found.files) == (
            ("Okapis.txt",),
            ("Okapis are shy",),
            (),
        )
        erasing.erase(path, found, "ada")
        assert await store.members(SHELF, 2) == [okapis, zebras]
        assert content(path, okapis.sha256).read() == b""
        assert content(path, zebras.sha256).read() == b"Zebras are not"
        assert await store.forgotten(SHELF, 2) == [Forgotten("thread", "1:0", ERASED_NAME)]
        assert await store.size(okapis.id) == (0, 0)
    assert upkeep.damage(path, full=True) == []


async def test_what_another_library_has_stays_there(tmp_path: Path) -> None:
    path = tmp_path / FILE
    async with Store.open(tmp_path) as store:
        await commit(store, 1, b"Okapis are shy")
        await commit(store, 1, b"Okapis are shy", scope=GUILD)
        await commit(store, 2)
        await commit(store, 2, b"Zebras are not", scope=GUILD)
        await commit(store, 3, b"Okapis are shy", scope=GUILD)
        erasing.erase(path, erasing.erasable(path, SHELF, ()), "ada")
        (member,) = await store.members(GUILD, 3)
        assert content(path, member.sha256).read() == b"Okapis are shy"
        assert await store.members(GUILD, 2) != []
        assert await store.parent(GUILD, 3) == 2
        with BulkReader(path) as reader:
            rows = reader.roots([member.id]).rows.tolist()
        await commit(store, 4, b"Okapis are shy")
        erasing.erase(path, erasing.erasable(path, GUILD, rows), "ada")
        assert content(path, member.sha256).read() == b"Okapis are shy"  # for the shared library


async def test_what_has_changed_meanwhile_is_not_erased(tmp_path: Path) -> None:
    path = tmp_path / FILE
    async with Store.open(tmp_path) as store:
        await commit(store, 1, b"Okapis are shy")
        await commit(store, 2)
        found = erasing.erasable(path, SHELF, ())
        await commit(store, 3, b"Okapis are shy")
        with pytest.raises(StoreError, match="changed meanwhile"):
            erasing.erase(path, found, "ada")
        assert await store.generation(SHELF) == 3
    assert upkeep.counts(path)["dump"] == 1


async def test_only_the_files_of_pictures_that_a_dump_has_stay(tmp_path: Path) -> None:
    async with Store.open(tmp_path) as store:
        await commit(store, 1, b"Okapis are shy")
    media = tmp_path / "media"
    media.mkdir()
    stray, note = media / f"{'a' * 64}.png", media / "note.txt"
    stray.write_bytes(b"")
    note.write_bytes(b"")
    erasing.sweep_pictures(tmp_path / FILE)
    assert [*media.iterdir()] == [note]
