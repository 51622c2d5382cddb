"""Threads of files that stay hidden."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.errors import TweetIsHidden, TweetNotLoaded
from bot.i18n.messages import ENGLISH
from bot.library.library import Library
from bot.models import Followed, Words
from bot.reports import HiddenThreads
from bot.views import report_text
from tests.linked import link, save_linked_thread

ANNA = "---\nauthor: Anna\n---\nHarbours of the north and the south grow quiet this week\n"


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


async def test_a_new_file_of_a_hidden_author_is_said_to_stay_hidden(tmp_path: Path) -> None:
    first = file(tmp_path, "a.txt", ANNA)
    more = file(tmp_path, "b.txt", ANNA.replace("Harbours", "Cranes"))
    other = file(tmp_path, "c.txt", "Okapis walk through the forest at night\n")
    async with Library.open(tmp_path / "data", tmp_path / "none", may_be_empty=True) as library:
        assert (await library.load([first], "me")).hidden == ()
        await library.forget("me", author="anna")
        hidden = (HiddenThreads("@anna", author=True, threads=1),)
        assert (await library.preview([more])).hidden == hidden
        assert (await library.check([more])).hidden == hidden
        report = await library.load([more, other], "me")
        assert report.hidden == hidden
        lines = report_text.report_lines(report, ENGLISH)
        assert lines[1].startswith("@anna is hidden here, so 1 thread of this file is not shown.")
        assert "New: Okapis walk through the forest at night" in lines
        assert (await library.load([more], "me")).hidden == hidden  # though nothing changes
        assert (await library.load([other], "me")).hidden == ()


async def test_a_new_file_of_a_hidden_thread_is_said_to_stay_hidden(tmp_path: Path) -> None:
    seeds = tmp_path / "none"
    async with Library.open(tmp_path / "data", seeds, may_be_empty=True) as library:
        await library.load([file(tmp_path, "a.txt", ANNA)], "me")
        await library.forget("me", thread="harbours")
        again = file(tmp_path, "b.txt", ANNA.replace("---\nauthor: Anna\n---\n", ""))
        report = await library.load([again], "me")
        ((name, is_author, threads),) = ((h.name, h.author, h.threads) for h in report.hidden)
        assert (name[:8], is_author, threads) == ("Harbours", False, 1)
        assert "The thread “Harbours" in report_text.report_lines(report, ENGLISH)[1]
        bens = file(tmp_path, "c.txt", ANNA.replace("Anna", "Ben"))
        assert (await library.load([bens], "me")).hidden == ()


@pytest.mark.parametrize("whole", [True, False])
async def test_a_link_to_a_hidden_tweet_says_so_and_not_that_it_is_not_loaded(
    tmp_path: Path, *, whole: bool
) -> None:
    save_linked_thread(tmp_path)
    other = file(tmp_path, "c.txt", "Okapis walk through the forest at night\n")
    async with Library.open(tmp_path / "data", tmp_path / "none", may_be_empty=True) as library:
        await library.load([tmp_path / "anna.json"], "me")
        await library.load([other], "me")
        if whole:
            await library.forget("me", author="anna")
        else:
            await library.forget("me", thread="harbour")
        for position, error in ((25, TweetIsHidden), (99, TweetNotLoaded)):
            with pytest.raises(error):
                await library.thread(link(position))
            followed = await library.read(link(position))
            assert isinstance(followed, Followed)
            assert followed.is_hidden == (error is TweetIsHidden)
        beside = await library.read(f"{link(25)} okapis")
        assert isinstance(beside, Words)
        assert str(beside.hints[0]).startswith("That tweet is hidden here. The command “unhide”")
        await library.undo("me")
        assert len((await library.thread(link(25))).tweets) > 25


async def test_a_hidden_tweet_is_known_by_its_id(tmp_path: Path) -> None:
    tweets = [
        {
            "id_str": "1900000000000000007",
            "full_text": "Harbours of the north lie quiet",
            "user": {"screen_name": "anna"},
        },
        {
            "id_str": "1900000000000000009",
            "full_text": "Okapis walk at night",
            "user": {"screen_name": "ben"},
        },
    ]
    saved = file(tmp_path, "posts.json", json.dumps(tweets))
    async with Library.open(tmp_path / "data", tmp_path / "none", may_be_empty=True) as library:
        await library.load([saved], "me")
        await library.forget("me", author="anna")
        for number, error in ((7, TweetIsHidden), (8, TweetNotLoaded)):
            with pytest.raises(error):
                await library.thread(f"https://x.com/anna/status/190000000000000000{number}")
        shown = await library.thread("https://x.com/ben/status/1900000000000000009")
        assert shown.author == "ben"
