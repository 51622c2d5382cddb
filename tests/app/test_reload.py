"""`/reload`, by those who may and those who may not."""

from __future__ import annotations

import asyncio

import discord
import pytest

from bot.app import reload
from bot.errors import ReloadRunning
from tests.app.conftest import Scene
from tests.conftest import SEED


async def test_the_difference_is_the_answer_and_can_be_undone(scene: Scene) -> None:
    (scene.seeds / "okapi.txt").write_text("Okapis, a thread\nThey are shy\n", encoding="utf-8")
    exchange = await scene.grace.slash("reload")
    assert exchange.deferred
    report = await exchange.reply()
    assert report.ephemeral
    assert "+2 tweets: now 39 tweets in 8 threads (generation 2)." in report.text.replace("\\", "")
    assert "New: Okapis, a thread" in report.text
    assert (
        "**Okapis**, a thread"
        in (await (await scene.ada.slash("ask", question="okapi")).reply()).text
    )
    undone = await scene.grace.press(report, label="Undo")
    assert "−2 tweets: now 37 tweets" in (await undone.reply()).text
    assert scene.library.generation == 3


async def test_nothing_new_is_said_to_be_nothing(scene: Scene) -> None:
    report = await (await scene.grace.slash("reload")).reply()
    assert "Nothing changed: 37 tweets in 7 threads" in report.text.replace("\\", "")
    assert report.buttons == []


async def test_a_member_is_refused_though_the_command_is_there(scene: Scene) -> None:
    (scene.seeds / "okapi.txt").write_text("Okapis, a thread\n", encoding="utf-8")
    message = await (await scene.ada.slash("reload")).reply()
    assert message.ephemeral
    assert "is for members who may manage this server" in message.text
    assert scene.library.generation == 1


async def test_the_command_is_hidden_from_members_by_default(scene: Scene) -> None:
    (command,) = [each for each in scene.server.commands if each["name"] == "reload"]
    wanted = discord.Permissions(manage_guild=True).value
    assert int(command["default_member_permissions"]) == wanted


async def test_a_dump_that_can_not_be_read_is_named_and_still_served(scene: Scene) -> None:
    (scene.seeds / SEED.name).write_bytes(b"")
    report = await (await scene.grace.slash("reload")).reply()
    plain = report.text.replace("\\", "")
    assert f"Could not read {SEED.name}: the file is empty" in plain
    assert f"Still served as it was before: {SEED.name}" in plain
    assert scene.library.tweets == 37


async def test_seeds_that_are_gone_are_a_sentence_and_the_old_ones_stay(scene: Scene) -> None:
    (scene.seeds / SEED.name).unlink()
    report = await (await scene.grace.slash("reload")).reply()
    assert "this folder holds no dump" in report.text
    answer = await (await scene.ada.slash("ask", question="suitcases")).reply()
    assert "suitcase" in answer.text


async def test_asking_goes_on_while_reloading(scene: Scene) -> None:
    for number in range(200):
        lines = "\n".join(f"Thread {number} says that okapis are shy, part {n}" for n in range(20))
        (scene.seeds / f"{number}.txt").write_text(lines, encoding="utf-8")
    reloading = asyncio.create_task(scene.grace.slash("reload"))
    generations = []
    while not reloading.done() or scene.library.generation == 1:
        asked = await scene.ada.slash("ask", question="suitcases")
        assert "suitcase" in (await asked.reply()).text
        generations.append(scene.library.generation)
    assert generations[0] == 1
    exchange = await reloading
    for _ in range(1_000):  # what is served is told a moment later
        text = (await exchange.reply()).text
        if "generation 2" in text:
            break
        await asyncio.sleep(0.01)
    assert "+4,000 tweets" in text


async def test_one_reload_at_a_time_by_name(scene: Scene) -> None:
    for number in range(100):
        (scene.seeds / f"{number}.txt").write_text(f"Number {number} of many", encoding="utf-8")
    first, second = await asyncio.gather(scene.grace.slash("reload"), scene.grace.slash("reload"))
    texts = sorted([(await first.reply()).text, (await second.reply()).text])
    assert texts[0].replace("\\", "").startswith("**+100 tweets")
    assert texts[1].replace("\\", "") == str(ReloadRunning("Grace"))


async def test_how_far_a_long_reload_is_is_told(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reload, "TELL_SECONDS", 0.02)
    for number in range(300):
        lines = "\n".join(f"Thread {number} says that okapis are shy, part {n}" for n in range(20))
        (scene.seeds / f"{number}.txt").write_text(lines, encoding="utf-8")
    exchange = await scene.grace.slash("reload")
    seen = set()
    while "generation 2" not in (text := (await exchange.reply()).text):
        seen.add(text)
        await asyncio.sleep(0.01)
    assert any("Still at it: reading" in each.replace("\\", "") for each in seen)
