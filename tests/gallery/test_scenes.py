"""The scenes and their pages, and the pictures with their captions."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.errors import DiskFull, Restarting, UploadsFull
from tests.conftest import ROOT
from tests.gallery import __main__ as gallery
from tests.gallery import shoot
from tests.gallery.markdown import CannotShow
from tests.gallery.page import page
from tests.gallery.scenes import failing, faults, loading, play, reading, refusing, telling
from tests.gallery.screen import Post, Screen
from tests.gallery.stage import Stage

PICTURES = ROOT / "docs" / "pictures"
IN_LIST = re.compile(r"!\[(?P<said>[^\]]*)\]\((?P<name>[\w-]+\.png)\)")
IN_README = re.compile(r'<img src="docs/pictures/(?P<name>[^"]*)" alt="(?P<said>[^"]*)">')


class Words(HTMLParser):
    """Collects the text of a page."""

    def __init__(self, shown: str) -> None:
        super().__init__()
        self.said = ""
        self.feed(shown.partition("<body>")[2])

    def handle_data(self, data: str) -> None:
        self.said += data


async def test_scenes_are_played_and_rendered(tmp_path: Path) -> None:
    screens = {each.name: each for each in await play(tmp_path, [reading, loading, telling])}
    pages = {name: page(each) for name, each in screens.items()}
    thread = Words(pages["thread"]).said
    assert "Ada used /threadthread flying suitcases" in thread
    assert "each carrying a suitcase packed with 15 hard drives" in thread
    assert "Only you can see this" in thread
    assert "Submit" in Words(pages["go-to-tweet"]).said
    assert '<div class="file">' in pages["saved"]
    assert "Grace used /reloadfile night_trains.jsonl" in Words(pages["reload"]).said
    assert "night_trains.jsonl:3:" in Words(pages["reload"]).said
    assert "/ask" in Words(pages["help"]).said
    for each in pages.values():
        assert re.findall(r'<(?:link|script|iframe)|url\(|src="(?!data:)', each) == []


async def test_scenes_do_not_meet_the_rate_limit_but_the_one_about_it(tmp_path: Path) -> None:
    screens = await play(tmp_path, [refusing])
    assert faults(screens) == []
    shown = {each.name: Words(page(each)).said for each in screens}
    assert "You are asking too fast." in shown["too-fast"]
    assert "No thread matches “zebra”" in shown["no-such-thread"]
    assert "Curators" in shown["refused"]


async def test_files_that_cannot_be_taken_and_a_stop_have_screens(tmp_path: Path) -> None:
    screens = await play(tmp_path, [failing])
    assert faults(screens) == []
    shown = {each.name: Words(page(each)).said for each in screens}
    assert "this server has room for 1.50 of 1.50 MB" in shown["over-quota"]
    assert "Only the operators of this bot can do that" in shown["not-an-operator"]
    for name, error in {
        "uploads-full": UploadsFull(),
        "disk-full": DiskFull(),
        "restarting": Restarting(),
    }.items():
        assert str(error)[:30] in shown[name]


def test_a_screen_with_an_unexpected_error_ends_the_gallery(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def failing(on: Stage) -> AsyncIterator[Screen]:
        raw = {"content": "An unexpected error occurred. Give this code"}
        yield on.screen("a", "a", Post(raw, {}))

    monkeypatch.setattr(gallery, "SCENES", (failing,))
    assert gallery.main([]) == 1
    assert "a shows: An unexpected error occurred." in capsys.readouterr().err


def test_an_embed_is_refused() -> None:
    author = {"username": "bot", "global_name": None, "bot": True}
    raw = {"author": author, "flags": 0, "content": "", "embeds": [{}], "components": []}
    with pytest.raises(CannotShow):
        page(Screen("a", "a", "# a", {}, (Post(raw, {}),)))


def test_without_a_browser_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shoot, "BROWSERS", ("no-such-browser",))
    monkeypatch.setattr(gallery, "SCENES", (telling,))
    monkeypatch.setattr(gallery, "PAGES", tmp_path / "pages")
    assert gallery.main([]) == 1
    assert "apt-get install chromium" in capsys.readouterr().err
    assert len(list((tmp_path / "pages").iterdir())) == 2
    assert gallery.main(["nowhere"]) == 2
    assert "No screen is named nowhere" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("readme", "picture", "images", "least"),
    [
        (ROOT / "README.md", IN_README, "<img", 1),
        (PICTURES / "README.md", IN_LIST, "![", 30),
    ],
)
def test_every_picture_is_there_and_described(
    readme: Path, picture: re.Pattern[str], images: str, least: int
) -> None:
    text = readme.read_text(encoding="utf-8")
    shown = list(picture.finditer(text))
    assert len(shown) == text.count(images) >= least
    for each in shown:
        assert len(each["said"]) > 10
        assert (PICTURES / each["name"]).stat().st_size < 140_000


def test_no_picture_is_left_over() -> None:
    listed = (PICTURES / "README.md").read_text(encoding="utf-8")
    assert [each.name for each in PICTURES.glob("*.png") if f"({each.name})" not in listed] == []
