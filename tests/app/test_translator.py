"""Commands in other languages: complete, within Discord's limits, and named so in replies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.i18n.catalogues import Translated, languages
from tests.app.conftest import Scene
from tests.phrases import phrases

LANGUAGES = ("de", "es-419", "es-ES", "fr", "ja", "zh-CN")
SUBCOMMAND, MESSAGE_MENU = 1, 3

Texts = Iterator[tuple[str, str, dict[str, str]]]
"""What catalogues know a text by, the text, and its translations as Discord has them."""


def texts(command: dict[str, Any], above: str = "/") -> Texts:
    """Each text of a command that is translated."""
    is_option = above != "/" and command.get("type") != SUBCOMMAND
    is_menu = above == "/" and command.get("type") == MESSAGE_MENU
    name = command["name"]
    key = name if is_option or is_menu else f"{above}{name}"
    yield key, name, command.get("name_localizations") or {}
    if command.get("description"):
        said = command["description"]
        yield said, said, command.get("description_localizations") or {}
    for option in command.get("options") or []:
        yield from texts(option, f"/{name} ")


@pytest.mark.parametrize("tag", LANGUAGES)
async def test_every_text_is_in_every_language(scene: Scene, tag: str) -> None:
    language = languages()[tag]
    assert isinstance(language, Translated)
    used = set(phrases())
    for command in scene.server.commands:
        for key, _, translated in texts(command):
            used.add(key)
            known = language.catalogue[key]
            assert isinstance(known, str)
            is_name = key.startswith("/")
            assert translated[tag] == (known.split()[-1].removeprefix("/") if is_name else known)
    assert set(language.catalogue) == used, "a catalogue has no text that nobody uses"


async def test_every_language_of_the_catalogues_is_told_to_discord(scene: Scene) -> None:
    for command in scene.server.commands:
        for _, text, translated in texts(command):
            assert sorted(translated) == sorted(LANGUAGES), text
