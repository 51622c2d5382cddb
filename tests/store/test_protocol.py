"""What the library and the operations need, and what stores and places have."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.store.bulk_reader import BulkReader
from bot.store.places import SQLiteFolder
from bot.store.protocol import LibraryStore, Place, Reader
from bot.store.store import Store


@pytest.mark.parametrize(
    ("needed", "has"), [(LibraryStore, Store), (Reader, BulkReader), (Place, SQLiteFolder)]
)
def test_it_has_all_that_is_needed(needed: type, has: type) -> None:
    names = {each for each in vars(needed) if not each.startswith("_")}
    assert names - {*dir(has)} <= {"media", "readers"}  # attributes of a store that is open


async def test_an_open_store_has_folders_and_readers(tmp_path: Path) -> None:
    place: Place = SQLiteFolder(tmp_path)
    async with place.open() as store:
        assert (store.folder, store.media) == (tmp_path, tmp_path / "media")
        with store.readers() as reader:
            assert reader.versions([]) == []
