"""What members see of what others do in the middle of a change or an answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import PartUnreachable
from bot.library.library import Library
from bot.library.spread.spreading import Spreader
from tests import meanwhile
from tests.app.conftest import Scene, scene_with
from tests.conftest import SEED
from tests.discord_server import Message, Upload

OKAPIS = Upload("okapi.txt", b"Okapis are shy\n")


async def loaded(scene: Scene, upload: Upload = OKAPIS) -> Message:
    """The report of a load."""
    preview = await (await scene.grace.slash("reload", file=upload)).reply()
    return await (await scene.grace.press(preview, label="Load")).reply()


async def test_an_undo_that_another_process_overtakes_changes_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = await loaded(scene)
    meanwhile.another_process_commits(monkeypatch.setattr)
    told = await (await scene.grace.press(report, label="Undo")).reply()
    assert told.text == "Another process is changing the library. Try again when that is done."
    answer = await (await scene.ada.slash("ask", question="okapis")).reply()
    assert "__Okapis__ are shy" in answer.text


async def test_a_file_that_changes_during_the_load_is_not_loaded(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = await (await scene.grace.slash("reload", file=OKAPIS)).reply()
    meanwhile.a_file_changes(monkeypatch.setattr, str(scene.library.folder), OKAPIS.filename)
    told = await (await scene.grace.press(preview, label="Load")).reply()
    assert told.text.startswith("A file changed during the load, so nothing was loaded.")
    answer = await (await scene.ada.slash("ask", question="okapis")).reply()
    assert "Nothing matches" in answer.text
    monkeypatch.undo()
    assert "+1 tweet" in (await loaded(scene)).text


async def test_an_answer_names_the_part_of_the_library_that_was_not_searched(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile.layers_are_filed(monkeypatch.setattr)
    async with Library.open(tmp_path, seeds):
        pass
    spreader = Spreader(meanwhile.LostHosts(), meanwhile.LEAST)
    async with scene_with(tmp_path, seeds, spreader=spreader) as scene:
        await loaded(scene, Upload("okapi.txt", b"Okapis carry suitcases\n"))
        answer = (await (await scene.ada.slash("ask", question="suitcases")).reply()).text
        plain = answer.replace("\\", "")
        assert f"37 tweets were not searched, from {SEED.name}: this part of the" in plain
        assert "Okapis carry __suitcases__" in plain
        eve = scene.server.add_user("eve")
        told = (await (await eve.slash("ask", question="suitcases")).reply()).text
        assert told == str(PartUnreachable(None))
