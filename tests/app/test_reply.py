"""Responding to interactions: in time, and with readable errors."""

from __future__ import annotations

import asyncio
import logging
import re
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from discord import ui

from bot.app import reply as reply_module
from bot.app import turns
from bot.app.client import Interaction
from bot.app.reply import Private, reply
from bot.errors import NoLongerThere, StoreError
from bot.store.migrations import FILE
from bot.views.discord.layout import note_layout
from tests.app.conftest import Handler, Scene, command, scene_with
from tests.conftest import SEEDS
from tests.store.test_checksums import change


def bot_with(handler: Handler, data: Path) -> AbstractAsyncContextManager[Scene]:
    """A bot whose `/test` calls `handler`."""
    return scene_with(data, SEEDS, [command(handler)])


async def hello() -> ui.LayoutView:
    """Work that is done at once."""
    return note_layout("Hello")


async def test_work_that_is_done_soon_is_the_first_response(tmp_path: Path) -> None:
    async with bot_with(lambda it: reply(it, hello()), tmp_path) as scene:
        exchange = await scene.ada.slash("test")
        message = await exchange.reply()
    assert not exchange.deferred
    assert (message.text, message.ephemeral) == ("Hello", True)


async def test_work_that_takes_longer_is_deferred(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reply_module, "PATIENCE", 0.0)
    deferred = asyncio.Event()

    async def slow() -> ui.LayoutView:
        await deferred.wait()
        return await hello()

    async with bot_with(lambda it: reply(it, slow(), public=True), tmp_path) as scene:
        exchange = await scene.ada.slash("test")
        assert exchange.deferred
        deferred.set()
        message = await exchange.reply()
    assert (message.text, message.ephemeral) == ("Hello", False)


async def test_defer_first_acknowledges_before_the_work_starts(tmp_path: Path) -> None:
    async def handler(interaction: Interaction) -> None:
        async def work() -> ui.LayoutView:
            assert interaction.response.is_done()
            return await hello()

        await reply(interaction, work(), defer_first=True)

    async with bot_with(handler, tmp_path) as scene:
        exchange = await scene.ada.slash("test")
        message = await exchange.reply()
    assert exchange.deferred
    assert message.text == "Hello"


async def test_a_busy_bot_acknowledges_before_the_work_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "CROWD", 0)
    async with bot_with(lambda it: reply(it, hello()), tmp_path) as scene:
        exchange = await scene.ada.slash("test")
        message = await exchange.reply()
    assert exchange.deferred
    assert (message.text, message.ephemeral) == ("Hello", True)


async def test_an_expected_error_is_shown_to_the_user_alone(tmp_path: Path) -> None:
    async def fails() -> ui.LayoutView:
        raise NoLongerThere

    async with bot_with(lambda it: reply(it, fails(), public=True), tmp_path) as scene:
        message = await (await scene.ada.slash("test")).reply()
    assert (message.text, message.ephemeral) == (str(NoLongerThere()), True)


async def test_details_for_the_operator_are_logged_and_not_shown(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails() -> ui.LayoutView:
        raise StoreError(Path("secret/threadbot.db"), "disk I/O error")

    async with bot_with(lambda it: reply(it, fails()), tmp_path) as scene:
        message = await (await scene.ada.slash("test")).reply()
    assert "secret" not in message.text
    logged = next(each for each in caplog.records if each.name == reply_module.log.name)
    assert "secret/threadbot.db: disk I/O error" in logged.getMessage()
    assert "application_command test" in logged.getMessage()


async def test_an_unexpected_error_has_an_id_in_the_reply_and_a_traceback_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails() -> ui.LayoutView:
        raise ZeroDivisionError("zebra")

    async with bot_with(lambda it: reply(it, fails()), tmp_path) as scene:
        message = await (await scene.ada.slash("test")).reply()
    assert message.ephemeral
    assert "zebra" not in message.text
    (incident,) = re.findall(r"\b[0-9a-f]{8}\b", message.text)
    (logged,) = [each for each in caplog.records if incident in each.getMessage()]
    assert logged.levelno == logging.ERROR
    assert logged.exc_info
    assert isinstance(logged.exc_info[1], ZeroDivisionError)


async def test_an_error_outside_of_a_reply_is_answered_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def handler(_: Interaction) -> None:
        raise ZeroDivisionError("zebra")

    async with bot_with(handler, tmp_path) as scene:
        message = await (await scene.ada.slash("test")).reply()
    assert message.ephemeral
    (incident,) = re.findall(r"\b[0-9a-f]{8}\b", message.text)
    assert incident in caplog.text


async def test_an_answer_that_discord_refuses_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    returned = asyncio.Event()

    async def handler(interaction: Interaction) -> None:
        await reply(interaction, hello(), defer_first=True)
        returned.set()

    async with bot_with(handler, tmp_path) as scene:
        scene.server.fail_next("PATCH", r"/messages/@original$", status=404)
        await scene.ada.slash("test")
        await returned.wait()
    assert "cannot deliver an answer: 404" in caplog.text


@pytest.mark.parametrize("crowd", [0, 3])
async def test_no_work_starts_where_the_acknowledgement_is_refused(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    crowd: int,
) -> None:
    monkeypatch.setattr(turns, "CROWD", crowd)
    started = False

    async def work() -> ui.LayoutView:
        nonlocal started
        started = True
        return await hello()

    async with bot_with(lambda it: reply(it, work(), defer_first=crowd != 0), tmp_path) as scene:
        scene.server.ack_timeout = 0.2
        scene.server.fail_next("POST", r"/callback$", status=404)
        with pytest.raises(AssertionError, match="not answered"):
            await scene.ada.slash("test")
    assert "cannot deliver an answer: 404" in caplog.text
    assert not started


@pytest.mark.parametrize("crowd", [0, 3])
async def test_a_failure_is_never_public_even_after_a_public_deferral(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crowd: int
) -> None:
    monkeypatch.setattr(turns, "CROWD", crowd)

    async def fails() -> ui.LayoutView:
        raise NoLongerThere

    async def handler(interaction: Interaction) -> None:
        await reply(interaction, fails(), defer_first=crowd != 0, public=True)

    async with bot_with(handler, tmp_path) as scene:
        exchange = await scene.ada.slash("test")
        message = await exchange.followup()
        public = [each for each in scene.server.messages if not each.ephemeral]
    assert exchange.deferred
    assert (message.text, message.ephemeral) == (str(NoLongerThere()), True)
    assert public == []
    assert exchange.history == []


async def test_a_private_result_is_told_although_a_moderator_deleted_the_placeholder(
    tmp_path: Path,
) -> None:
    proceed = asyncio.Event()

    async def finds_nothing() -> Private:
        await proceed.wait()
        return Private(note_layout("Nothing"))

    async def handler(interaction: Interaction) -> None:
        await reply(interaction, finds_nothing(), defer_first=True, public=True)

    async with bot_with(handler, tmp_path) as scene:
        exchange = await scene.ada.slash("test")
        (placeholder,) = scene.server.messages
        await scene.server.delete(placeholder)
        proceed.set()
        message = await exchange.followup()
        assert scene.server.violations.pop().startswith("DELETE")
    assert (message.text, message.ephemeral) == ("Nothing", True)


async def test_a_changed_word_is_never_shown(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    path = scene.library.folder / FILE
    whole = await (await scene.ada.slash("ask", question="hard drives")).reply()
    assert "four different suitcases" in whole.text
    await asyncio.to_thread(change, path, "UPDATE tweet SET text = replace(text, 'four', 'five')")
    for name, words in (
        ("ask", {"question": "hard drives"}),
        ("thread", {"thread": "suitcases"}),
    ):
        message = await (await scene.ada.slash(name, **words)).reply()
        assert message.ephemeral
        assert "The library cannot be read or changed right now." in message.text
        assert str(path) not in message.text
    assert "is not what was stored" in caplog.text
    assert "threadbot repair" in caplog.text
