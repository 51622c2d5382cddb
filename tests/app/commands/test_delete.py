"""*Delete*, on everything that the bot posts for everyone."""

from __future__ import annotations

import asyncio

import discord
import pytest

from tests.app.commands.test_mention import answers
from tests.app.commands.test_post import offered
from tests.app.conftest import Scene
from tests.discord_server import Message


async def deleted(scene: Scene, message: Message) -> bool:
    """Whether a message is gone, or goes within a moment."""
    for _ in range(50):
        if message.id not in {each.id for each in scene.server.messages}:
            return True
        await asyncio.sleep(0.01)
    return False


async def test_the_asker_deletes_a_public_answer_and_nobody_else_does(scene: Scene) -> None:
    message = await (await scene.ada.slash("ask", question="hard drives", public=True)).reply()
    refused = await (await scene.grace.press(message, label="Delete")).reply()
    assert refused.ephemeral
    assert "Only the person who asked" in refused.text
    assert not await deleted(scene, message)
    await scene.ada.press(message, label="Delete")
    assert await deleted(scene, message)


async def test_who_may_manage_messages_deletes_it_too(scene: Scene) -> None:
    moderator = scene.guild.add_member("mo", permissions=discord.Permissions(manage_messages=True))
    message = await (await scene.ada.slash("thread", thread="suitcases", public=True)).reply()
    await moderator.press(message, label="Delete")
    assert await deleted(scene, message)


async def test_a_turned_page_keeps_the_button_and_a_private_one_has_none(scene: Scene) -> None:
    message = await (await scene.ada.slash("ask", question="china", public=True)).reply()
    turned = await (await scene.ada.press(message, label="Newest first")).reply()
    assert [each.label for each in turned.buttons].count("Delete") == 1
    private = await (await scene.ada.slash("ask", question="china")).reply()
    assert "Delete" not in [each.label for each in private.buttons]


async def test_an_answer_to_a_mention_belongs_to_who_mentioned_the_bot(scene: Scene) -> None:
    await scene.ada.say(f"<@{scene.server.world.bot.id}> hard drives")
    (answer,) = await answers(scene, 1)
    assert (await (await scene.grace.press(answer, label="Delete")).reply()).ephemeral
    assert (await scene.ada.press(answer, label="Newest first")).updated
    await scene.ada.press(answer, label="Delete")
    assert await deleted(scene, answer)


@pytest.mark.parametrize("status", [404, 500])
async def test_a_message_that_cannot_be_deleted_breaks_nothing(scene: Scene, status: int) -> None:
    message = await (await scene.ada.slash("ask", question="hard drives", public=True)).reply()
    scene.server.fail_next("DELETE", r"/@original$", status=status, times=5)
    await scene.ada.press(message, label="Delete")
    assert (await (await scene.ada.slash("ask", question="hard drives")).reply()).ephemeral


async def test_each_page_of_a_posted_thread_can_be_deleted_by_who_posted_it(scene: Scene) -> None:
    question = await offered(scene)
    pressed = await scene.ada.press(question, label="Post it")
    await pressed.reply(until=lambda message: message.text.startswith("Posted all 4"))
    (place,) = scene.guild.threads
    page = scene.server.messages_in(place)[1]
    refused = await (await scene.grace.at(place).press(page, label="Delete")).reply()
    assert "Only the person who asked" in refused.text
    await scene.ada.at(place).press(page, label="Delete")
    assert await deleted(scene, page)
    assert len([each for each in scene.server.messages_in(place) if not each.ephemeral]) == 3
