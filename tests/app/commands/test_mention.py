"""Mentions of the bot, as members use them."""

from __future__ import annotations

import asyncio

from tests.app.conftest import Scene
from tests.discord_server import Message


async def direct_messages(scene: Scene, number: int) -> list[Message]:
    """What the bot wrote to ada alone, once it is as much as `number`."""
    channel = scene.server.world.direct(scene.ada.account)
    for _ in range(500):
        if len(scene.server.messages_in(channel)) >= number:
            break
        await asyncio.sleep(0.01)
    return scene.server.messages_in(channel)


async def reactions(scene: Scene, message: Message) -> list[str]:
    """How the bot reacted to a message, once it did."""
    for _ in range(500):
        if found := scene.server.message(message.id).reactions:
            return found
        await asyncio.sleep(0.01)
    return []


async def answers(scene: Scene, number: int) -> list[Message]:
    """What the bot wrote in the channel, once it is as much as `number`."""
    for _ in range(500):
        messages = scene.server.messages_in(scene.ada.channel)
        me = scene.server.world.bot.id
        mine = [each for each in messages if each.author_id == me and not each.ephemeral]
        if len(mine) >= number:
            break
        await asyncio.sleep(0.01)
    return mine


async def test_a_question_that_mentions_the_bot_is_answered_for_everyone(scene: Scene) -> None:
    me = f"<@{scene.server.world.bot.id}>"
    await scene.ada.say(f"{me} chip export controls?")
    (answer,) = await answers(scene, 1)
    assert "**15 tweets in 4 threads**" in answer.text
    assert not answer.ephemeral
    assert answer.pings == set()
    turned = await scene.grace.press(answer, label="Newest first")
    assert not turned.updated
    assert (await turned.reply()).ephemeral
    await scene.ada.say(me)
    help_ = (await answers(scene, 2))[-1]
    assert "`/ask`" in help_.text


async def test_other_messages_are_left_alone(scene: Scene) -> None:
    await scene.ada.say("chip export controls?")
    await scene.ada.say(f"<@{scene.grace.id}> chip export controls?")
    await scene.ada.say(f"<@{scene.server.world.bot.id}> zebra")
    (why,) = await direct_messages(scene, 1)
    assert "Nothing matches" in why.text
    await asyncio.sleep(0.1)
    assert await answers(scene, 0) == []


async def test_who_mentions_it_without_end_is_left_alone_for_a_while(scene: Scene) -> None:
    for _ in range(17):
        await scene.ada.say(f"<@{scene.server.world.bot.id}> hard drives")
    assert len(await answers(scene, 15)) == 15
    await asyncio.sleep(0.1)
    assert len(await answers(scene, 15)) == 15
    await scene.grace.say(f"<@{scene.server.world.bot.id}> hard drives")
    assert len(await answers(scene, 16)) == 16
