"""The welcome: where it goes, what it says, and that it comes once."""

from __future__ import annotations

from pathlib import Path

import discord

from tests.app.conftest import Scene, at_work
from tests.conftest import SEEDS
from tests.discord_server import EVERYONE, LoopbackDiscord, Message, Place


async def joined(scene: Scene, place: Place) -> list[Message]:
    """What the bot has written after it joined `place`."""
    eve = scene.server.add_user("eve")
    await scene.server.tell()
    # The answer comes after the welcome was remembered; the welcome may take a moment longer.
    await (await eve.slash("about")).reply()
    for _ in range(100):
        if any(request.path.endswith("/messages") for request in scene.server.requests):
            break
        await (await eve.slash("about")).reply()
    ids = {each.id for each in place.guild.channels.values()}
    return [each for each in scene.server.messages if each.channel_id in ids]


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
    assert "1." in (await answer.reply()).text


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
        async with at_work(server, tmp_path / "data", SEEDS) as library:
            place = server.add_guild("New")
            await server.tell()
            while not server.messages:
                await (await ada.slash("about")).reply()
            assert await library.setting(f"welcomed {place.id}") == "yes"
            await server.outage(place)
            await (await ada.slash("about")).reply()
        async with at_work(server, tmp_path / "data", SEEDS):
            await server.gateway.dispatch("GUILD_DELETE", {"id": str(place.id)})
            server.announce("GUILD_CREATE", {**place.guild.payload, "unavailable": None}, 1)
            await server.tell()
            await (await ada.slash("about")).reply()
        welcomes = [each for each in server.messages if "Threadbot is now" in each.text]
        assert [each.channel_id for each in welcomes] == [place.channel.id]
        assert server.violations == []
