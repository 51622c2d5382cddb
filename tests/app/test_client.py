"""The bot's connection to Discord: what it asks for, registers and says when refused."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path

import pytest
import yarl
from discord.gateway import DiscordWebSocket

from bot import precedence
from bot.app.client import COLLECTING, NEVER, Threadbot, serve
from bot.errors import DiscordUnreachable, TokenRefused
from bot.library import Library
from tests.app.conftest import Scene, at_work
from tests.conftest import ROOT, SEEDS, Program
from tests.discord_server import LoopbackDiscord
from tests.threads import A_WHILE, LONG, SOON, begun

RUN = """
import sys
from discord.http import Route
Route.BASE = sys.argv[1] + "/api/v10"
from bot.cli import main
sys.exit(main(["run"]))
"""


async def test_asks_for_no_privileged_intent(scene: Scene) -> None:
    assert scene.server.intents is not None
    asked = {name for name, wanted in scene.server.intents if wanted}
    assert not asked & {"members", "presences", "message_content"}
    assert {"guilds", "guild_messages", "dm_messages"} <= asked


async def test_registers_its_commands_only_when_they_changed(tmp_path: Path) -> None:
    async with LoopbackDiscord() as server:
        for _ in range(2):
            async with at_work(server, tmp_path / "data", SEEDS):
                pass
        assert server.command_syncs == 1
        assert sorted(each["name"] for each in server.commands) == [
            "Find threads about this",
            "about",
            "ask",
            "help",
            "library",
            "reload",
            "thread",
        ]


async def test_buttons_work_after_a_restart(tmp_path: Path) -> None:
    async with LoopbackDiscord() as server:
        ada = server.add_guild("Chips").add_member("ada")
        async with at_work(server, tmp_path / "data", SEEDS):
            answer = await (await ada.slash("ask", question="Dalai Lama")).reply()
        async with at_work(server, tmp_path / "data", SEEDS):
            opened = await ada.press(answer, label="Read from here")
            assert "DHARAMSHALA" in (await opened.reply()).text
        assert server.violations == []


async def test_buttons_of_a_long_question_work_after_a_restart(tmp_path: Path) -> None:
    question = " ".join(f"“word{number}”" for number in range(150)) + " chip"
    async with LoopbackDiscord() as server:
        ada = server.add_guild("Chips").add_member("ada")
        async with at_work(server, tmp_path / "data", SEEDS):
            answer = await (await ada.slash("ask", question=question)).reply()
        async with at_work(server, tmp_path / "data", SEEDS):
            newest = await (await ada.press(answer, label="Newest first")).reply()
            assert "**chip**" in newest.text.lower()
            why = await (await ada.press(newest, label="Why these?")).reply()
            assert "Score" in why.text
            form = (await ada.press(newest, label="Share…")).modal
            assert form is not None
        async with at_work(server, tmp_path / "data", SEEDS):
            chosen = await ada.submit(form, {"said": form.selects[0].options[0][1]})
            assert "Ada shared this answer to:" in (await chosen.reply()).text
        assert server.violations == []


async def test_answers_in_direct_messages_too(tmp_path: Path) -> None:
    async with LoopbackDiscord() as server:
        eve = server.add_user("eve")
        async with at_work(server, tmp_path / "data", SEEDS):
            await server.commands_synced()
            answer = await (await eve.slash("ask", question="Dalai Lama")).reply()
            assert "**Dalai** **Lama**" in answer.text
        assert server.violations == []


async def test_a_dropped_connection_is_taken_up_again(scene: Scene) -> None:
    await scene.server.drop_gateway()
    await scene.server.ready()
    message = await (await scene.ada.slash("ask", question="Dalai Lama")).reply()
    assert "**Dalai** **Lama**" in message.text


async def test_loads_stand_still_while_anybody_is_told_to_wait(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precedence, "MOST_WAITED", LONG)
    client = Threadbot(scene.library)
    with client.acknowledging():
        assert not begun(precedence.give_way).wait(A_WHILE)
    assert begun(precedence.give_way).wait(SOON)


async def test_no_full_collection_while_any_load_runs(scene: Scene) -> None:
    client = Threadbot(scene.library)
    with client.loading():
        with client.loading():
            pass
        assert gc.get_threshold()[2] == NEVER
        acknowledging = client.acknowledging()
        acknowledging.__enter__()
    await asyncio.sleep(0.01)
    assert gc.get_threshold()[2] == NEVER  # not while anybody is to be told to wait
    acknowledging.__exit__(None, None, None)
    await asyncio.sleep(0.01)
    assert gc.get_threshold() == COLLECTING


async def test_a_refused_token_is_said_to_be_refused(tmp_path: Path) -> None:
    async with LoopbackDiscord() as server, Library.open(tmp_path, SEEDS) as library:
        with server.redirect(), pytest.raises(TokenRefused):
            await serve(library, "wrong", "ERROR")


async def test_no_discord_is_said_to_be_none(tmp_path: Path) -> None:
    server = LoopbackDiscord()
    async with server:
        pass
    async with Library.open(tmp_path, SEEDS) as library:
        with server.redirect(), pytest.raises(DiscordUnreachable):
            await serve(library, server.token, "ERROR")


async def test_no_gateway_is_said_to_be_none(tmp_path: Path) -> None:
    async with LoopbackDiscord() as server, Library.open(tmp_path, SEEDS) as library:
        with server.redirect():
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL("ws://127.0.0.1:9")
            with pytest.raises(DiscordUnreachable):
                await serve(library, server.token, "ERROR")


async def test_run_ends_with_a_sentence_and_a_status(threadbot: Program) -> None:
    async with LoopbackDiscord() as server:
        refused = await asyncio.to_thread(
            threadbot,
            server.url,
            settings={"DISCORD_TOKEN": "wrong", "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": ""},
            program=("-c", RUN),
        )
    assert refused.status == 2
    assert "Discord rejected DISCORD_TOKEN" in refused.err
    assert "Traceback" not in refused.err
    assert "wrong" not in refused.err
