"""Where a store is: what the operations may ask of it."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from bot.errors import StoreError, StoreMissing
from bot.store.migrations import FILE, MIGRATIONS
from bot.store.opening import NEWEST
from bot.store.places import SQLiteFolder, place_of
from bot.store.protocol import Place
from tests.store.stored import SHELF, new


async def test_a_folder_is_a_place_that_other_processes_open_too(tmp_path: Path) -> None:
    place: Place = SQLiteFolder(tmp_path)
    assert place_of(tmp_path) == place_of(place) == pickle.loads(pickle.dumps(place))  # noqa: S301  # ours
    assert not place.exists()
    async with place.open() as store:
        await store.commit(SHELF, 0, [new(b"Okapis are shy")], actor="me", action="load")
        assert (store.folder, place.exists()) == (tmp_path, True)
    place.require(writable=True)
    place.require_present()
    place.require_newest()
    assert place.newest_generations() == {SHELF: 1}
    assert (place.counts()["tweet"], place.facts().schema) == (1, place.schema)
    assert place.damage(full=True) == []
    assert place.schema == len(MIGRATIONS)


def test_a_place_without_a_store_says_so(tmp_path: Path) -> None:
    place = SQLiteFolder(tmp_path)
    with pytest.raises(StoreError, match="there is no store here"):
        place.require()
    (tmp_path / NEWEST).write_text("something")
    with pytest.raises(StoreMissing, match=NEWEST):
        place.require_present()
    assert place.path == tmp_path / FILE
