"""Taking over the pictures of a backup. The rest, on both databases: tests/store."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.loader.raw.pictures import Pictures, Source
from bot.store.migrations import FILE
from bot.store.places import SQLiteFolder
from tests.databases import at
from tests.pictures import JPEG
from tests.store.stored import SHELF, new

pytestmark = pytest.mark.usefixtures("in_postgres")


async def test_the_pictures_of_a_backup_are_known_again(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    pictures = Pictures(Source({"pics/a.jpg": len(JPEG)}, lambda _: JPEG))
    name = pictures.file_for("a.jpg") or ""
    dump = replace(new(b"Okapis are shy"), pictures=pictures)
    async with SQLiteFolder(there).open() as store:
        await store.commit(SHELF, 0, [dump], actor="me", action="load")
    shutil.copytree(there / "media", here / "media")
    at(here).take_over(there / FILE, "ada")
    assert at(here).pictures() == [name]
    async with at(here).open() as store:
        assert await store.pictures(dump.dump.sha256) == {"pics/a.jpg": name}
