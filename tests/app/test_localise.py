"""Commands in other languages: complete, and within Discord's limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.app.localise import catalogues
from tests.app.conftest import Scene

LANGUAGES = ("de", "es-419", "es-ES", "fr", "ja", "zh-CN")


def texts(command: dict[str, Any], *, top: bool = True) -> Iterator[tuple[str, dict[str, str]]]:
    """Each text of a command that is translated, with its translations."""
    is_menu = command.get("type") == 3 and top
    is_command = top or command.get("type") == 1
    if is_menu or not is_command:
        yield command["name"], command.get("name_localizations") or {}
    if command.get("description"):
        yield command["description"], command.get("description_localizations") or {}
    for option in command.get("options") or []:
        yield from texts(option, top=False)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_text_is_in_every_language(scene: Scene, language: str) -> None:
    known = catalogues()[language]
    used = set()
    for command in scene.server.commands:
        for english, translated in texts(command):
            used.add(english)
            assert translated.get(language) == known[english]
    assert set(known) == used, "a catalogue has no text that nobody uses"


async def test_the_names_of_commands_are_the_same_everywhere(scene: Scene) -> None:
    for command in scene.server.commands:
        if command.get("type") != 3:
            assert not command.get("name_localizations")
