"""The names of formats."""

from __future__ import annotations

import re

import pytest

from bot.i18n.catalogues import languages
from bot.i18n.messages import sentence
from bot.views.format_names import NAMES, format_names
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("format_", "english", "german"),
    [
        ("x-json", "JSON with tweets", "JSON mit Tweets"),
        ("mastodon", "Mastodon", "Mastodon"),
        (
            "thread-reader-text+markdown",
            "text from Thread Reader and Markdown",
            "Text von Thread Reader und Markdown",
        ),
        ("threadbot-text+threadbot-json", "saved by Threadbot", "von Threadbot gespeichert"),
        ("of-a-later-version", "of-a-later-version", "of-a-later-version"),
    ],
)
def test_formats_have_plain_names(format_: str, english: str, german: str) -> None:
    message = sentence("{file} ({format})", file="a", format=format_names(format_))
    assert str(message) == f"a ({english})"
    assert languages()["de"].say(message) == f"a ({german})"


def test_every_format_of_the_loader_has_one() -> None:
    loader = ROOT / "bot" / "loader"
    named = re.compile(
        r"^(?:FORMAT|UNROLLER|BY_HAND|MARKDOWN) = \"(.+)\"|^    format=\"(.+)\"|"
        r"^(?:X_ARCHIVE, X_JSON|TEXT, JSON) = \"(.+)\", \"(.+)\"",
        re.MULTILINE,
    )
    found = {
        name
        for path in loader.rglob("*.py")
        for groups in named.findall(path.read_text(encoding="utf-8"))
        for name in groups
        if name
    }
    assert found == NAMES.keys()
