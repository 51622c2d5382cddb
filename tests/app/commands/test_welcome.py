"""The welcome: where it goes, what it says, and that it comes once."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import discord

from tests.app.conftest import Scene, at_work
from tests.conftest import SEEDS
from tests.discord_server import EVERYONE, LoopbackDiscord, Message, Place


async def joined(scene: Scene, place: Place) -> list[Message]:
    """What the bot has written in the channels of `place` after it joined."""
    await scene.server.tell()
    async with asyncio.timeout(10):
        while not welcomes(scene.server):  # noqa: ASYNC110  # no event tells of it
            await asyncio.sleep(0.02)
    ids = place.guild.channels
    return [each for each in welcomes(scene.server) if each.channel_id in ids]


def welcomes(server: LoopbackDiscord) -> list[Message]:
    """The messages that introduce the bot."""
    return [each for each in server.messages if "</library role:" in each.text]


async def test_a_new_server_is_greeted_where_the_bot_may_write(scene: Scene) -> None:
    def arrange(place: Place) -> None:
        place.add_channel("news")
        place.guild.system_channel = place.add_channel("lobby").id
        place.guild.locale = "de"

    place = scene.server.add_guild("Chip & Co", arrange=arrange)
    (message,) = await joined(scene, place)
    assert message.channel_id == place.guild.system_channel
    assert "Threadbot ist jetzt auf Chip & Co" in message.text
    assert "</reload:" in message.text
    assert "</library role:" in message.text
    assert len(message.buttons) == 3
    answer = await place.add_member("hedy").press(message, label=message.buttons[0].label)
    assert re.search(r"\*\*\d+ Tweets? in \d+ Thread", (await answer.reply()).text)


async def test_a_missing_permission_is_named_with_its_purpose(scene: Scene) -> None:
    without = EVERYONE & ~discord.Permissions(create_public_threads=True)
    place = scene.server.add_guild("Bare", bot_permissions=without)
    (message,) = await joined(scene, place)
    assert "Create Public Threads** to post a saved thread" in message.text
    assert "Attach Files" not in message.text


async def test_without_a_channel_to_write_to_the_owner_is_told(scene: Scene) -> None:
    mute = EVERYONE & ~discord.Permissions(send_messages=True)
    place = scene.server.add_guild("Mute", bot_permissions=mute)
    assert await joined(scene, place) == []
    (message,) = scene.server.messages_in(scene.server.world.direct(scene.server.world.owner))
    assert "Send Messages" in message.text


async def test_whoever_added_the_bot_is_told_if_the_audit_log_may_be_read(scene: Scene) -> None:
    mute = EVERYONE & ~discord.Permissions(send_messages=True)
    hedy = scene.server.world.add_account("hedy")

    def arrange(place: Place) -> None:
        place.guild.added_by = hedy

    readable = mute | discord.Permissions(view_audit_log=True)
    place = scene.server.add_guild("Mute", bot_permissions=readable, arrange=arrange)
    assert await joined(scene, place) == []
    assert len(scene.server.messages_in(scene.server.world.direct(hedy))) == 1


async def test_an_outage_a_restart_and_a_second_invitation_bring_no_second_welcome(
    tmp_path: Path,
) -> None:
    async with LoopbackDiscord() as server:
        server.add_guild("Old")
        ada = server.add_user("ada")
        async with at_work(server, tmp_path / "data", SEEDS) as client:
            place = server.add_guild("New")
            await server.tell()
            async with asyncio.timeout(10):
                while not welcomes(server):  # noqa: ASYNC110  # no event tells of it
                    await asyncio.sleep(0.02)
            assert await client.library.setting(f"welcomed {place.id}") == "yes"
            await server.outage(place)
            await (await ada.slash("about")).reply()
        async with at_work(server, tmp_path / "data", SEEDS):
            await server.gateway.dispatch("GUILD_DELETE", {"id": str(place.id)})
            joined_again = {**place.guild.payload, "unavailable": None}
            await server.gateway.dispatch("GUILD_CREATE", joined_again)
            await (await ada.slash("about")).reply()
        assert [each.channel_id for each in welcomes(server)] == [place.channel.id]
        assert server.violations == []
