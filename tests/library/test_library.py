"""The library: opened, empty, and with much at a time, on a real store."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.errors import AllHidden, NothingLoaded
from bot.library.library import Library
from tests.conftest import SEEDS
from tests.databases import at

pytestmark = pytest.mark.usefixtures("each_database")


async def test_an_empty_library_loads_the_seeds_first(tmp_path: Path) -> None:
    async with Library.open(at(tmp_path), SEEDS) as library:
        assert library.first_load is not None
        assert (library.generation, library.tweets, len(library.threads())) == (1, 37, 7)
    async with Library.open(at(tmp_path), tmp_path / "nowhere") as library:
        assert library.first_load is None
        assert library.tweets == 37


async def test_remembering_and_loading_do_not_get_in_each_other_s_way(
    tmp_path: Path, seeds: Path
) -> None:
    (tmp_path / "more.txt").write_text("Okapis are shy\n", encoding="utf-8")
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        writes = [library.remember("key", str(number)) for number in range(20)]
        await asyncio.gather(library.load([tmp_path / "more.txt"], "me"), *writes)
        assert await library.setting("key") == "19"
        assert library.tweets == 38


async def test_an_empty_library_is_said_to_be_empty(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    async with Library.open(at(tmp_path / "data"), nowhere, may_be_empty=True) as library:
        with pytest.raises(NothingLoaded, match="Nothing is loaded yet"):
            await library.require_loaded()
        (tmp_path / "a.txt").write_text("Okapis are shy", encoding="utf-8")
        await library.load([tmp_path / "a.txt"], "me")
        await library.require_loaded()
        await library.forget("me", thread="okapis")
        await library.require_loaded()  # what is hidden is loaded
        with pytest.raises(AllHidden, match="All loaded threads are hidden"):
            await library.require_shown()
        await library.undo("me")
        await library.require_shown()
