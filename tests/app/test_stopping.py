"""Stopping: acknowledged work is finished, and whoever waits for more is told."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import discord
import pytest
from discord import ui

from bot.app import turns
from bot.app.client import Interaction
from bot.app.reply import reply
from bot.app.stopping import FINISH_SECONDS, TELL_SECONDS
from bot.errors import Restarting
from bot.library.library import Library
from bot.models import ThreadSummary
from bot.views.discord.layout import note_layout
from tests.app.conftest import Scene, command, scene_with, until
from tests.conftest import ROOT, SEEDS
from tests.discord_server import LoopbackDiscord, Upload

RESTARTING = str(Restarting())
RUN = """
import sys
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
Route.BASE = sys.argv[1] + "/api/v10"
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sys.argv[2])
from bot.terminal.main import main
sys.exit(main(["run"]))
"""


@dataclass
class Slow:
    """Work that is done when a test says so."""

    finish: asyncio.Event = field(default_factory=asyncio.Event)
    """Set to let it finish."""
    public: bool = False
    """Whether the answer is for everyone."""

    async def handle(self, interaction: Interaction) -> None:
        """What `/test` does."""
        await reply(interaction, self._work(), defer_first=True, public=self.public)

    async def _work(self) -> ui.LayoutView:
        await self.finish.wait()
        return note_layout("Finished")


@asynccontextmanager
async def slow_bot(data: Path, slow: Slow) -> AsyncIterator[Scene]:
    """A bot whose `/test` is slow."""
    async with scene_with(data, SEEDS, [command(slow.handle)]) as scene:
        yield scene


def test_all_is_over_before_a_container_is_killed() -> None:
    assert FINISH_SECONDS + TELL_SECONDS <= 10


async def test_acknowledged_work_is_finished_and_new_work_is_told(tmp_path: Path) -> None:
    slow = Slow()
    async with slow_bot(tmp_path, slow) as scene:
        asked = await scene.ada.slash("test")
        stopping = asyncio.create_task(scene.client.stopping.stop())
        await asyncio.sleep(0)
        assert scene.client.health.stopping
        refused = await (await scene.grace.slash("test")).reply()
        assert (refused.text, refused.ephemeral) == (RESTARTING, True)
        assert not stopping.done()
        slow.finish.set()
        assert (await asked.reply()).text == "Finished"
        await asyncio.wait_for(stopping, 20)


@pytest.mark.parametrize("public", [False, True])
async def test_work_that_takes_too_long_is_told_to_whoever_waits(
    tmp_path: Path, *, public: bool
) -> None:
    async with slow_bot(tmp_path, Slow(public=public)) as scene:
        asked = await scene.ada.slash("test")
        await scene.client.stopping.stop(finish_seconds=0.2, tell_seconds=20)
        assert scene.client.stopping.answers == 0, "it waited until that was told"
        told = await (asked.followup() if public else asked.reply())
        assert (told.text, told.ephemeral) == (RESTARTING, True)
        assert [each for each in scene.server.messages if not each.ephemeral] == []
        assert scene.client.health.failed == 0


async def test_an_acknowledged_answer_that_waits_for_its_turn_is_told_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "CROWD", 0)
    slow = Slow()

    async def handler(interaction: Interaction) -> None:
        await reply(interaction, slow._work())  # noqa: SLF001 - the same class, as it were

    async with scene_with(tmp_path, SEEDS, [command(handler)]) as scene:
        people = [scene.guild.add_member(f"member{n}") for n in range(turns.CONCURRENT_ANSWERS + 2)]
        asked = [await each.slash("test") for each in people]
        await scene.client.stopping.stop(finish_seconds=0.2)
        assert {(await each.reply()).text for each in asked} == {RESTARTING}


async def test_a_page_stays_when_its_button_is_pressed_too_late(scene: Scene) -> None:
    answer = await (await scene.ada.slash("ask", question="Dalai Lama")).reply()
    opened = await (await scene.ada.slash("thread", thread="suitcases")).reply()
    await scene.client.stopping.stop()
    pressed = await (await scene.ada.press(answer, label="Newest first")).reply()
    assert (pressed.text, pressed.ephemeral) == (RESTARTING, True)
    assert scene.server.message(answer.id).text == answer.text
    form = await scene.ada.press(opened, label="Go to tweet…")
    assert (await form.reply()).text == RESTARTING
    assert form.modal is None
    late = await scene.ada.slash("thread", thread="Dalai Lama")
    assert (await late.reply()).text == RESTARTING


@pytest.mark.parametrize("is_over", [True, False])
async def test_a_mention_that_comes_too_late_is_told(scene: Scene, *, is_over: bool) -> None:
    with scene.client.stopping.answering() if not is_over else nullcontext():
        stopping = asyncio.create_task(scene.client.stopping.stop())
        await (stopping if is_over else asyncio.sleep(0))
        said = await scene.ada.say(f"<@{scene.server.world.bot.id}> Dalai Lama")
        await until(lambda: any(RESTARTING in each.text for each in scene.server.messages))
    await stopping
    (told,) = [each for each in scene.server.messages if RESTARTING in each.text]
    assert told.channel_id != said.channel_id, "a direct message"


async def test_no_thread_is_posted_when_its_button_is_pressed_too_late(scene: Scene) -> None:
    opened = await (await scene.ada.slash("thread", thread="suitcases")).reply()
    menu = next(each.custom_id for each in opened.selects if each.custom_id.startswith("tb1:more"))
    asked = await (await scene.ada.choose(opened, values=["post"], custom_id=menu)).reply()
    await scene.client.stopping.stop()
    assert (await (await scene.ada.press(asked, label="Post it")).reply()).text == RESTARTING
    assert not scene.guild.threads


async def test_sigterm_tells_who_waits_and_ends_in_ten_seconds(tmp_path: Path) -> None:
    async with LoopbackDiscord() as server:
        guild = server.add_guild("Chips")
        grace = guild.add_member("grace", permissions=discord.Permissions(manage_guild=True))
        program = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", RUN, server.url, server.gateway.url),
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "DISCORD_TOKEN": server.token,
                "THREADBOT_SEEDS": str(SEEDS),
                "THREADBOT_DATA": str(tmp_path / "data"),
            },
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            await server.ready(30)
            await server.commands_synced(seconds=30)
            server.fail_files("stalled")
            server.patience = 60
            asked = await grace.slash("reload", file=Upload("a.txt", b"Okapis, a thread\n" * 99))
            begun = time.monotonic()
            program.send_signal(signal.SIGTERM)
            told = await asked.reply(until=lambda message: "In progress" not in message.text)
            assert told.text == RESTARTING
            _, said = await asyncio.wait_for(program.communicate(), 40)
            assert time.monotonic() - begun < 40, "the file would take longer"
        finally:
            if program.returncode is None:
                program.kill()
    assert program.returncode == 0
    assert b"Traceback" not in said
    assert list((tmp_path / "data" / "uploads").iterdir()) == []


async def test_what_is_under_way_ends_before_the_library_closes(
    tmp_path: Path, seeds: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with AsyncExitStack() as stack:
        async with scene_with(tmp_path / "data", seeds) as scene:
            own = await scene.client.libraries.own(scene.guild.id)
            (seeds / "more.txt").write_text("Okapis, a thread\n", encoding="utf-8")
            preview = await (await scene.grace.slash("reload")).reply()
            # The server's library catches up only after it has changed, which is too late.
            await stack.enter_async_context(own.current.exclusively("Ada"))
            pressed = await scene.grace.press(preview, label="Reload")
            await until(lambda: scene.library.generation == 2)
        assert (await pressed.reply()).text == RESTARTING
    assert not [each for each in caplog.records if each.exc_info]


async def test_suggestions_end_before_the_library_closes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, ended = asyncio.Event(), asyncio.Event()

    async def titles(_: Library, __: str, ___: int) -> list[ThreadSummary]:
        asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return []

    monkeypatch.setattr(Library, "titles", titles)
    async with scene_with(tmp_path, SEEDS) as scene:
        typing = asyncio.create_task(scene.ada.autocomplete("thread", option="thread", text="s"))
        await asked.wait()
        await scene.client.close()
        assert ended.is_set()
        typing.cancel()
