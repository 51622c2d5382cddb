"""The client: what it requests from Discord, what it registers, and what a restart keeps."""

from __future__ import annotations

from pathlib import Path

from tests.app.conftest import Scene, at_work
from tests.conftest import SEEDS
from tests.discord_server import LoopbackDiscord


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
            opened = await ada.press(answer, label="Tweet 1")
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
            assert "chip__" in newest.text.lower() or "**chip**" in newest.text.lower()
            why = await (await ada.press(newest, label="Why these?")).reply()
            assert "**Figures**" in why.text
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
