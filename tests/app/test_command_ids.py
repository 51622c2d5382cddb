"""The ids of commands: stored, and shown as links to tap."""

from __future__ import annotations

from pathlib import Path

from bot.app.command_ids import CommandIds
from bot.i18n.messages import ENGLISH, sentence
from bot.library.library import Library
from tests.conftest import SEEDS


async def test_ids_survive_a_restart_and_an_unknown_command_is_shown_as_code(
    tmp_path: Path,
) -> None:
    async with Library.open(tmp_path, SEEDS) as library:
        await CommandIds(library).save(7, {"library": 42})
        ids = CommandIds(library)
        await ids.load(7)
        assert ids.known
        assert not CommandIds(library).known
    assert ids.mention(sentence("/library role"), ENGLISH) == "</library role:42>"
    assert ids.mention(sentence("/ask"), ENGLISH) == "`/ask`"
    assert ids.names(ENGLISH)(sentence("/library role")) == "</library role:42>"
