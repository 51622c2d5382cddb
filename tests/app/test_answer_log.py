"""One line for each answer, with an id, and without what somebody asked."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest

from bot.app.client import Interaction
from bot.app.reply import reply
from bot.logs import set_up
from tests.app.conftest import Scene, command, scene_with
from tests.conftest import SEEDS


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """The log of the bot."""
    out = io.StringIO()
    handler = set_up("INFO", "json", out)
    yield out
    logging.getLogger().removeHandler(handler)


def answered(out: io.StringIO) -> list[dict[str, object]]:
    """The lines of answers."""
    found = [json.loads(each) for each in out.getvalue().splitlines()]
    return [each for each in found if each["message"] == "answered"]


async def test_commands_and_buttons_are_logged_without_questions(
    lines: io.StringIO, scene: Scene
) -> None:
    message = await (await scene.ada.slash("ask", question="chip export controls")).reply()
    await (await scene.ada.press(message, label="Why these?")).reply()
    first, second = answered(lines)
    assert first["what"] == "application_command ask"
    assert second["what"] == "component tb1:why"
    assert re.fullmatch("[0-9a-f]{8}", str(first["answer"]))
    assert first["answer"] != second["answer"]
    assert isinstance(first["took_ms"], int)
    assert "export" not in lines.getvalue()
    assert str(scene.ada.id) not in lines.getvalue()


async def test_the_code_of_an_error_is_the_id_in_the_log(
    lines: io.StringIO, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async def fails(interaction: Interaction) -> None:
        async def work() -> object:
            raise ZeroDivisionError

        await reply(interaction, work())  # type: ignore[arg-type]  # it returns nothing

    async with scene_with(tmp_path_factory.mktemp("data"), SEEDS, [command(fails)]) as scene:
        message = await (await scene.ada.slash("test")).reply()
    (code,) = re.findall(r"\b[0-9a-f]{8}\b", message.text)
    assert [each["answer"] for each in answered(lines)] == [code]
    found = [json.loads(each) for each in lines.getvalue().splitlines()]
    (error,) = [each for each in found if "exception" in each]
    assert (error["answer"], error["level"]) == (code, "ERROR")
    assert "ZeroDivisionError" in error["exception"]
