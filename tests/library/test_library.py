"""The library: loading, reloading, undoing and asking, on a real store."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.errors import ThreadNotFound, TweetNotLoaded
from bot.library.library import Library
from bot.models import Location
from tests.conftest import SEEDS
from tests.linked import FIRST, link, save_linked_thread


async def test_an_empty_library_loads_the_seeds_first(tmp_path: Path) -> None:
    async with Library.open(tmp_path, SEEDS) as library:
        assert library.first_load is not None
        assert (library.generation, library.tweets, len(library.threads())) == (1, 37, 7)
    async with Library.open(tmp_path, tmp_path / "nowhere") as library:
        assert library.first_load is None
        assert library.tweets == 37


@pytest.mark.parametrize("reference", ["", "zebra", "https://x.com/a/status/1", "0" * 12, "//["])
async def test_no_reference_breaks_it(tmp_path: Path, reference: str) -> None:
    async with Library.open(tmp_path, SEEDS) as library:
        with pytest.raises(ThreadNotFound):
            await library.thread(reference)


async def test_remembering_and_loading_do_not_get_in_each_other_s_way(
    tmp_path: Path, seeds: Path
) -> None:
    (tmp_path / "more.txt").write_text("Okapis are shy\n", encoding="utf-8")
    async with Library.open(tmp_path / "data", seeds) as library:
        writes = [library.remember("key", str(number)) for number in range(20)]
        await asyncio.gather(library.load([tmp_path / "more.txt"], "me"), *writes)
        assert await library.setting("key") == "19"
        assert library.tweets == 38


async def test_a_link_leads_to_exactly_its_tweet(tmp_path: Path, seeds: Path) -> None:
    save_linked_thread(seeds)
    async with Library.open(tmp_path / "data", seeds) as library:
        found = await library.locate(f"see {link(25)}, please")
        assert found
        assert found.position == 25
        thread = await library.thread(found.thread_id)
        assert thread.tweets[24].permalink == link(25)
        page = await library.locate(f"https://threadreaderapp.com/thread/{FIRST}.html")
        assert page == Location(found.thread_id, 1)
        assert await library.locate(link(99)) is None
        assert await library.locate("harbour") is None
        with pytest.raises(TweetNotLoaded):
            await library.thread(link(99))
        followed = await library.follow(f"{link(99)} the")
        assert followed
        assert (followed.location, followed.rest) == (None, "")
        assert [each.id for each in followed.threads] == [found.thread_id]
