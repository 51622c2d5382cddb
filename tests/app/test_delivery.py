"""Responses arrive although connections break, and none arrives twice."""

from __future__ import annotations

import asyncio
import logging
import types
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from discord import ui
from discord.webhook import async_

from bot.app import delivery, turns
from bot.app import reply as reply_module
from bot.app.client import Interaction
from bot.app.reply import Private, reply
from bot.views.discord.layout import note_layout
from tests.app.conftest import Scene, command, scene_with, until
from tests.conftest import SEEDS

CALLBACK, ORIGINAL, FOLLOW_UP = r"/callback$", r"/messages/@original$", r"^/webhooks/\d+/[^/]+$"
BROKEN = ("dropped", "lost")


@pytest.fixture(autouse=True)
def hasty_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have discord.py's own repetitions wait for a hundredth of their time."""

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds / 100)

    hasty = types.SimpleNamespace(**vars(asyncio) | {"sleep": sleep})
    monkeypatch.setattr(async_, "asyncio", hasty)


async def hello() -> ui.LayoutView:
    """Work that is done at once."""
    return note_layout("Hello")


async def nothing() -> Private:
    """Work that finds nothing."""
    return Private(note_layout("Nothing"))


class Handled:
    """What `/test` does, and what came of it."""

    def __init__(self, respond: Callable[[Interaction], Awaitable[object]]) -> None:
        """Respond with `respond`."""
        self._respond = respond
        self.result: asyncio.Future[object] = asyncio.get_running_loop().create_future()

    async def __call__(self, interaction: Interaction) -> None:
        """Respond, and keep what came of it."""
        self.result.set_result(await self._respond(interaction))


def texts(scene: Scene) -> list[str]:
    """The texts of all messages there are."""
    return [each.text for each in scene.server.messages]


@pytest.mark.parametrize("connection", BROKEN)
async def test_a_first_response_is_sent_again_and_comes_once(
    tmp_path: Path, connection: str
) -> None:
    handled = Handled(lambda it: reply(it, hello()))
    async with scene_with(tmp_path, SEEDS, [command(handled)]) as scene:
        scene.server.break_next("POST", CALLBACK, connection)
        message = await (await scene.ada.slash("test")).reply()
        assert (message.text, message.ephemeral) == ("Hello", True)
        assert await handled.result is True
        assert texts(scene) == ["Hello"]
        assert scene.client.health.answered == 1
        taken_already = [each for each in scene.server.violations if "acknowledged" in each]
        assert len(taken_already) == (1 if connection == "lost" else 0)
        scene.server.violations.clear()


@pytest.mark.parametrize("connection", BROKEN)
async def test_a_deferral_is_sent_again_and_the_answer_takes_its_place(
    tmp_path: Path, connection: str
) -> None:
    handled = Handled(lambda it: reply(it, hello(), defer_first=True))
    async with scene_with(tmp_path, SEEDS, [command(handled)]) as scene:
        scene.server.break_next("POST", CALLBACK, connection, times=2)
        assert (await (await scene.ada.slash("test")).reply()).text == "Hello"
        assert texts(scene) == ["Hello"]
        scene.server.violations.clear()


@pytest.mark.parametrize("defer_first", [True, False])
async def test_where_every_response_to_the_acknowledgement_is_lost_the_answer_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, defer_first: bool
) -> None:
    monkeypatch.setattr(delivery, "FIRST_ATTEMPT_SECONDS", 0.1)
    monkeypatch.setattr(delivery, "DEADLINE_SECONDS", 0.5)
    handled = Handled(lambda it: reply(it, hello(), defer_first=defer_first))
    async with scene_with(tmp_path, SEEDS, [command(handled)]) as scene:
        scene.server.break_next("POST", CALLBACK, "stalled", times=9)
        assert (await (await scene.ada.slash("test")).reply()).text == "Hello"
        assert await handled.result is True
        assert texts(scene) == ["Hello"]
        scene.server.violations.clear()


async def test_an_answer_of_which_no_attempt_arrived_does_not_count_as_delivered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "DEADLINE_SECONDS", 0.5)
    handled = Handled(lambda it: reply(it, hello()))
    async with scene_with(tmp_path, SEEDS, [command(handled)]) as scene:
        scene.server.break_next("POST", CALLBACK, times=99)
        scene.server.ack_timeout = 2.0
        asked = asyncio.create_task(scene.ada.slash("test"))
        assert await asyncio.wait_for(handled.result, 20) is False
        assert scene.client.health.failed == 1
        await asyncio.wait({asked})
        assert asked.exception()
        scene.server.violations.clear()


def test_a_first_response_is_tried_twice_within_discord_s_deadline() -> None:
    assert delivery.DEADLINE_SECONDS <= 3
    assert delivery.FIRST_ATTEMPT_SECONDS + delivery.FIRST_PAUSE < delivery.DEADLINE_SECONDS


@pytest.mark.parametrize("crowd", [0, 3])
@pytest.mark.parametrize("how", [*BROKEN, "six server errors"])
async def test_a_deferred_answer_is_sent_until_it_arrives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str, crowd: int
) -> None:
    monkeypatch.setattr(turns, "CROWD", crowd)
    handled = Handled(lambda it: reply(it, hello(), defer_first=crowd != 0))
    async with scene_with(tmp_path, SEEDS, [command(handled)]) as scene:
        if how in BROKEN:
            scene.server.break_next("PATCH", ORIGINAL, how, times=3)
        else:
            scene.server.fail_next("PATCH", ORIGINAL, times=6)
        exchange = await scene.ada.slash("test")
        assert exchange.deferred
        assert await asyncio.wait_for(handled.result, 20) is True
        assert [each.text for each in exchange.messages] == ["Hello"]
        assert (scene.client.health.answered, scene.client.health.failed) == (1, 0)


async def test_an_answer_is_given_up_when_its_token_is_no_longer_valid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert 14 * 60 < delivery.TOKEN_SECONDS < 15 * 60
    monkeypatch.setattr(delivery, "TOKEN_SECONDS", 1.0)
    handled = Handled(lambda it: reply(it, hello(), defer_first=True))
    async with scene_with(tmp_path, SEEDS, [command(handled)]) as scene:
        scene.server.break_next("PATCH", ORIGINAL, times=99)
        await scene.ada.slash("test")
        assert await asyncio.wait_for(handled.result, 20) is False
        assert scene.client.health.failed == 1
    assert "cannot deliver an answer: Server disconnected" in caplog.text


async def test_a_limit_of_discord_is_waited_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger=delivery.__name__)
    handled = Handled(lambda it: reply(it, hello(), defer_first=True))
    async with scene_with(tmp_path, SEEDS, [command(handled)]) as scene:
        scene.server.fail_next("PATCH", ORIGINAL, status=429, times=7)
        await scene.ada.slash("test")
        assert await asyncio.wait_for(handled.result, 20) is True
    assert "sending again in 1.00 s" in caplog.text, "as long as Discord says"


async def test_an_attempt_that_stalls_is_given_up_and_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert delivery.ATTEMPT_SECONDS <= 60
    monkeypatch.setattr(delivery, "ATTEMPT_SECONDS", 0.1)
    handled = Handled(lambda it: reply(it, hello(), defer_first=True))
    async with scene_with(tmp_path, SEEDS, [command(handled)]) as scene:
        scene.server.break_next("PATCH", ORIGINAL, "stalled")
        await scene.ada.slash("test")
        assert await asyncio.wait_for(handled.result, 20) is True
        assert texts(scene) == ["Hello"]


async def test_a_private_follow_up_is_sent_again_if_discord_failed_and_the_placeholder_goes(
    tmp_path: Path,
) -> None:
    handled = Handled(lambda it: reply(it, nothing(), defer_first=True, public=True))
    async with scene_with(tmp_path, SEEDS, [command(handled)]) as scene:
        scene.server.break_next("DELETE", ORIGINAL, "lost")
        scene.server.fail_next("POST", FOLLOW_UP, times=6)
        exchange = await scene.ada.slash("test")
        assert (await exchange.followup()).text == "Nothing"
        await handled.result
        assert texts(scene) == ["Nothing"]
        scene.server.violations.clear()  # the placeholder was deleted twice


async def test_a_follow_up_whose_response_is_lost_is_not_sent_twice(tmp_path: Path) -> None:
    handled = Handled(lambda it: reply(it, nothing(), defer_first=True, public=True))
    async with scene_with(tmp_path, SEEDS, [command(handled)]) as scene:
        scene.server.break_next("POST", FOLLOW_UP, "lost")
        await scene.ada.slash("test")
        await handled.result
        assert texts(scene) == ["Nothing"]


@pytest.mark.parametrize("path", [CALLBACK, ORIGINAL])
@pytest.mark.parametrize("connection", BROKEN)
async def test_a_page_is_turned_although_the_connection_breaks(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, path: str, connection: str
) -> None:
    answer = await (await scene.ada.slash("ask", question="Dalai Lama")).reply()
    if path == ORIGINAL:
        monkeypatch.setattr(reply_module, "PATIENCE", 0.0)
    scene.server.break_next("POST" if path == CALLBACK else "PATCH", path, connection)
    turned = await (await scene.ada.press(answer, label="Newest first")).reply(
        until=lambda message: "Best match first" in [each.label for each in message.buttons]
    )
    assert turned.id == answer.id
    assert len(scene.server.messages) == 1
    await until(lambda: not scene.client.stopping.answers)  # what was lost is sent again
    scene.server.violations.clear()


async def test_files_are_whole_although_the_first_attempt_broke(scene: Scene) -> None:
    opened = await (await scene.ada.slash("thread", thread="Dalai Lama")).reply()
    menu = next(each.custom_id for each in opened.selects if each.custom_id.startswith("tb1:more"))
    saved = await scene.ada.choose(opened, values=["save"], custom_id=menu)
    whole = {each.filename: each.content for each in (await saved.reply()).files}
    assert whole
    scene.server.break_next("POST", CALLBACK, "dropped", times=2)
    again = await scene.ada.choose(opened, values=["save"], custom_id=menu)
    assert {each.filename: each.content for each in (await again.reply()).files} == whole


async def test_a_form_opens_although_the_connection_breaks(scene: Scene) -> None:
    opened = await (await scene.ada.slash("thread", thread="suitcases")).reply()
    scene.server.break_next("POST", CALLBACK, "dropped")
    assert (await scene.ada.press(opened, label="Go to tweet…")).modal


@pytest.mark.parametrize("connection", BROKEN)
async def test_a_mention_is_answered_once_although_the_connection_breaks(
    scene: Scene, connection: str
) -> None:
    scene.server.break_next("POST", r"^/channels/\d+/messages$", connection, times=2)
    said = await scene.ada.say(f"<@{scene.server.world.bot.id}> Dalai Lama")
    await until(lambda: scene.client.health.answered)
    replies = [each for each in scene.server.messages if each.id != said.id]
    assert len(replies) == 1
    assert "**Dalai** **Lama**" in replies[0].text


@pytest.mark.parametrize("connection", BROKEN)
async def test_each_page_of_a_thread_is_posted_once_although_the_connection_breaks(
    scene: Scene, connection: str
) -> None:
    opened = await (await scene.ada.slash("thread", thread="suitcases")).reply()
    menu = next(each.custom_id for each in opened.selects if each.custom_id.startswith("tb1:more"))
    asked = await scene.ada.choose(opened, values=["post"], custom_id=menu)
    scene.server.break_next("POST", r"^/channels/\d+/messages$", connection, times=2)
    pressed = await scene.ada.press(await asked.reply(), label="Post it")
    await pressed.reply(until=lambda message: "Posted" in message.text, within=20)
    (place,) = scene.guild.threads
    posted = [each.text for each in scene.server.messages_in(place)]
    assert len(posted) == len(set(posted)) > 1


async def test_deleting_is_repeated_until_the_message_is_gone(scene: Scene) -> None:
    answer = await (await scene.ada.slash("ask", question="Dalai Lama", public=True)).reply()
    scene.server.break_next("DELETE", ORIGINAL, times=2)
    await scene.ada.press(answer, label="Delete")
    await until(lambda: not scene.server.messages)


class Broken:
    """A channel that takes nothing."""

    def __init__(self) -> None:
        """Start with no attempt."""
        self.attempts = 0

    async def send(self, **_: object) -> None:
        """Fail."""
        self.attempts += 1
        raise aiohttp.ServerDisconnectedError


async def test_nothing_is_sent_again_once_the_client_is_closed(tmp_path: Path) -> None:
    async with scene_with(tmp_path, SEEDS) as scene:
        client = scene.client
    channel = Broken()
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await asyncio.wait_for(delivery.send_once(client, channel.send, ()), 20)
    assert channel.attempts == 1


async def test_a_message_is_not_sent_again_once_discord_has_forgotten_its_nonce(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert delivery.NONCE_SECONDS <= 120
    monkeypatch.setattr(delivery, "NONCE_SECONDS", 0.1)
    channel = Broken()
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await asyncio.wait_for(delivery.send_once(scene.client, channel.send, ()), 20)
    assert channel.attempts == 1


async def test_what_can_be_sent_again_is_told_from_what_cannot() -> None:
    connector: Any = aiohttp.ClientConnectorError
    assert delivery._is_passing(aiohttp.ServerDisconnectedError())  # noqa: SLF001
    assert delivery._is_passing(TimeoutError())  # noqa: SLF001
    never_left = connector.__new__(connector)
    assert delivery._is_certain_to_have_failed(never_left)  # noqa: SLF001
    assert not delivery._is_certain_to_have_failed(ConnectionResetError())  # noqa: SLF001
