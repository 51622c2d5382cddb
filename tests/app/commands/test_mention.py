"""Mentions of the bot, as members use them."""

from __future__ import annotations

import asyncio

import pytest

from bot.app.commands import mention
from tests.app.conftest import Scene, reloaded
from tests.discord_server import Message
from tests.linked import link, save_linked_thread


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


async def test_a_mention_over_the_limit_gets_a_reaction(scene: Scene) -> None:
    said = [await scene.ada.say(f"<@{scene.server.world.bot.id}> hard drives") for _ in range(16)]
    await answers(scene, 15)
    assert await reactions(scene, said[15]) == ["⏳"]
    assert scene.server.message(said[0].id).reactions == []


async def test_the_bot_types_before_it_answers(scene: Scene) -> None:
    await scene.ada.say(f"<@{scene.server.world.bot.id}> hard drives")
    await answers(scene, 1)
    paths = [each.path for each in scene.server.requests]
    posts = [each.rsplit("/", 1)[1] for each in paths if each.startswith("/channels")]
    assert posts == ["typing", "messages"]


async def test_an_answer_needs_no_typing(scene: Scene) -> None:
    scene.server.fail_next("POST", r"/typing$", status=403)
    await scene.ada.say(f"<@{scene.server.world.bot.id}> hard drives")
    assert len(await answers(scene, 1)) == 1


async def test_what_is_not_found_is_a_reaction_and_a_direct_message(scene: Scene) -> None:
    said = await scene.ada.say(f"<@{scene.server.world.bot.id}> zebra")
    assert await reactions(scene, said) == ["🤷"]
    (why,) = await direct_messages(scene, 1)
    assert "Nothing matches" in why.text
    assert f"/{said.channel_id}/{said.id}" in why.text
    assert why.buttons == []
    assert await answers(scene, 0) == []


async def test_who_takes_no_direct_messages_sees_it_for_a_moment(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mention, "SECONDS_SHOWN", 0.2)
    scene.server.close_direct_messages(scene.ada)
    await scene.ada.say(f"<@{scene.server.world.bot.id}> zebra")
    (shown,) = await answers(scene, 1)
    assert "Nothing matches" in shown.text
    for _ in range(500):
        if shown.id not in {each.id for each in scene.server.messages}:
            break
        await asyncio.sleep(0.01)
    assert await answers(scene, 0) == []
    (refused,) = scene.server.violations
    assert "50007" in refused
    scene.server.violations.clear()


async def test_a_mention_with_a_link_opens_the_tweet(scene: Scene) -> None:
    save_linked_thread(scene.seeds)
    await reloaded(scene)
    me = f"<@{scene.server.world.bot.id}>"
    await scene.ada.say(f"{me} {link(25)}")
    (answer,) = await answers(scene, 1)
    assert "-# ▶ **25**" in answer.text
    said = await scene.ada.say(f"{me} {link(99)}")
    assert await reactions(scene, said) == ["🤷"]
    (why,) = await direct_messages(scene, 1)
    assert "That tweet is not in the loaded files." in why.text


async def test_a_mention_without_words_asks_about_the_message_it_replies_to(scene: Scene) -> None:
    me = f"<@{scene.server.world.bot.id}>"
    first = await scene.grace.say(f"Ask {me} about hard drives in suitcases")
    await answers(scene, 1)
    await scene.ada.say(me, reply_to=first)
    answer = (await answers(scene, 2))[-1]
    assert "**drives**" in answer.text
    pictured = await scene.ada.say(me, files={"a.png": "hard drives"})
    assert pictured.content == me
    assert "**drives**" in (await answers(scene, 3))[-1].text


async def test_a_message_that_discord_hides_is_told_of(scene: Scene) -> None:
    hidden = await scene.grace.say("hard drives in suitcases")
    await scene.ada.say(f"<@{scene.server.world.bot.id}>", reply_to=hidden)
    (why,) = await direct_messages(scene, 1)
    assert "Apps \\> Find threads about this" in why.text


async def test_a_forward_in_a_direct_message_is_a_question(scene: Scene) -> None:
    user = scene.server.add_user("zoe")
    said = await scene.grace.say("Hard drives in suitcases")
    await user.forward(said)
    for _ in range(500):
        found = scene.server.messages_in(user.channel)
        if len(found) > 1:
            break
        await asyncio.sleep(0.01)
    assert "**drives**" in found[-1].text


async def test_buttons_of_an_old_answer_to_a_mention_open_a_copy_for_each(scene: Scene) -> None:
    await scene.ada.say(f"<@{scene.server.world.bot.id}> china")
    (answer,) = await answers(scene, 1)
    stored = scene.server.message(answer.id).raw["components"]
    for row in stored:
        row["components"] = [
            each
            for each in row.get("components", ())
            if not each.get("custom_id", "").startswith("tb1:delete")
        ]
    stored[:] = [row for row in stored if row["type"] != 1 or row["components"]]
    turned = await scene.ada.press(answer, label="Newest first")
    assert not turned.updated
    copy = await turned.reply()
    assert copy.ephemeral
    assert "These tweets have no date, so they are not sorted by date." in copy.text
