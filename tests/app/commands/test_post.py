"""Posting a thread as a Discord thread, by those who may and those who may not."""

from __future__ import annotations

import asyncio

import discord

from bot.views.discord import custom_id
from tests.app.conftest import Scene, reloaded
from tests.app.test_forged import pressed
from tests.discord_server import Message


async def offered(scene: Scene) -> Message:
    """The question whether the long thread is to be posted."""
    page = await (await scene.ada.slash("thread", thread="suitcases")).reply()
    return await (await scene.ada.choose(page, values=["post"])).reply()


async def test_it_asks_first_and_then_posts_every_page(scene: Scene) -> None:
    question = await offered(scene)
    assert question.ephemeral
    assert "for everyone in <#" in question.text
    assert "This creates a Discord thread with 4 messages" in question.text
    assert [each.style for each in question.buttons] == [1, 2]  # the first stands out
    assert scene.guild.threads == []
    pressed = await scene.ada.press(question, label="Post it")
    done = await pressed.reply(until=lambda message: message.text.startswith("Posted all 4"))
    (place,) = scene.guild.threads
    assert done.text == f"Posted all 4 messages in <#{place.id}>."
    assert place.name.startswith("Chinese AI Companies Dodge")
    messages = scene.server.messages_in(place)
    said = "\n".join(each.text for each in messages)
    assert len(messages) == 4
    assert all(f"-# **{number}** · " in said for number in range(1, 20))
    assert all(each.pings == set() for each in messages)


async def test_it_is_not_posted_if_not_wanted(scene: Scene) -> None:
    question = await offered(scene)
    answer = await scene.ada.press(question, label="Not now")
    assert answer.updated
    assert (await answer.reply()).text == "Nothing was posted."
    assert scene.guild.threads == []


async def test_it_can_be_stopped_and_taken_up_again(scene: Scene) -> None:
    question = await offered(scene)
    pressed = await scene.ada.press(question, label="Post it")
    shown = await pressed.reply(
        until=lambda message: "Posting in <#" in message.text and ">: 0 of" in message.text
    )
    await scene.ada.press(shown, label="Stop")
    stopped = await pressed.reply(until=lambda message: "You stopped posting" in message.text)
    (place,) = scene.guild.threads
    before = len(scene.server.messages_in(place))
    assert before < 4
    assert f"Posted {before} of 4 messages in <#{place.id}>" in stopped.text
    going_on = await scene.ada.press(stopped, label="Continue")
    await going_on.reply(until=lambda message: message.text.startswith("Posted all 4"))
    said = "\n".join(each.text for each in scene.server.messages_in(place))
    assert [number for number in range(1, 20) if said.count(f"-# **{number}** · ") == 1] == [
        *range(1, 20)
    ]
    assert len(scene.guild.threads) == 1


async def test_only_who_asked_posts_and_only_who_posts_stops(scene: Scene) -> None:
    question = await offered(scene)
    refused = await pressed(scene.grace, question, question.buttons[0].custom_id or "")
    assert "Only the person who asked can use this" in refused
    assert scene.guild.threads == []
    place = scene.guild.id + 1
    with scene.client.posts_under_way.register(place, scene.ada.id) as post:
        assert post is not None
        told = await pressed(scene.grace, question, custom_id.stop(place))
        assert told == "You are not posting anything there."
        assert not post.stopped


async def test_it_stops_when_the_bot_does_and_says_how_far_it_came(scene: Scene) -> None:
    question = await offered(scene)
    pressed = await scene.ada.press(question, label="Post it")
    await pressed.reply(until=lambda message: ">: 0 of" in message.text)
    stopping = asyncio.create_task(scene.client.stopping.stop())
    told = await pressed.reply(until=lambda message: "of 4 messages in" in message.text)
    assert "Threadbot is restarting." in told.text
    await stopping


async def test_how_far_it_came_is_told_where_discord_refuses(scene: Scene) -> None:
    question = await offered(scene)
    scene.server.fail_next("POST", r"/channels/\d+/messages$", status=403)
    pressed = await scene.ada.press(question, label="Post it")
    told = await pressed.reply(until=lambda message: "Discord returned an error" in message.text)
    assert told.text.startswith("Posted 0 of 4 messages in <#")
    going_on = await scene.ada.press(told, label="Continue")
    await going_on.reply(until=lambda message: message.text.startswith("Posted all 4"))


async def test_who_may_make_no_threads_is_told_what_is_missing(scene: Scene) -> None:
    mute = scene.guild.add_member("eve", without=discord.Permissions(create_public_threads=True))
    page = await (await mute.slash("thread", thread="suitcases")).reply()
    refused = await (await mute.choose(page, values=["post"])).reply()
    assert "You need the permission “Create Public Threads”" in refused.text


async def test_a_bot_that_may_not_says_what_it_needs(scene: Scene) -> None:
    quiet = scene.guild.add_channel(
        "quiet", bot_permissions=discord.Permissions(view_channel=True, send_messages=True)
    )
    ada = scene.ada.at(quiet)
    page = await (await ada.slash("thread", thread="suitcases")).reply()
    refused = await (await ada.choose(page, values=["post"])).reply()
    assert "The bot needs the permission “Create Public Threads”" in refused.text


async def test_in_direct_messages_there_are_no_threads(scene: Scene) -> None:
    eve = scene.server.add_user("eve")
    page = await (await eve.slash("thread", thread="suitcases")).reply()
    refused = await (await eve.choose(page, values=["post"])).reply()
    assert "only in text channels of servers" in refused.text


async def test_an_offer_of_before_a_reload_is_withdrawn(scene: Scene) -> None:
    question = await offered(scene)
    (scene.seeds / "okapi.txt").write_text("Okapis are shy\n", encoding="utf-8")
    await reloaded(scene)
    pressed = await scene.ada.press(question, label="Post it")
    assert "The library was reloaded since" in (await pressed.reply()).text
    assert scene.guild.threads == []


async def test_pressed_twice_it_is_posted_once(scene: Scene) -> None:
    question = await offered(scene)
    await asyncio.gather(*(scene.ada.press(question, label="Post it") for _ in range(2)))
    for _ in range(1_000):  # either of the two may be the one that posts
        if scene.server.message(question.id).text.startswith("Posted all 4"):
            break
        await asyncio.sleep(0.01)
    assert scene.server.message(question.id).text.startswith("Posted all 4")
    (place,) = scene.guild.threads
    assert len(scene.server.messages_in(place)) == 4
