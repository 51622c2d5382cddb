"""Which library an interaction is about, and who may change it."""

from __future__ import annotations

from pathlib import Path

import discord
import pytest

from bot.app.client import Interaction
from bot.app.permissions import can_manage, guild_library, library_for, require_manager, user_key
from bot.app.reply import notice, reply
from bot.errors import NotAllowed
from bot.i18n.messages import sentence
from bot.library.library import Library
from tests.app.conftest import Handler, command, scene_with
from tests.conftest import SEEDS


class Seen:
    """The last interaction's library and permission."""

    library: Library
    can_manage: bool
    key: tuple[int, int | None]

    def handler(self) -> Handler:
        """What `/test` does: look at the interaction."""

        async def look(interaction: Interaction) -> None:
            self.library = await library_for(interaction)
            self.can_manage = can_manage(interaction)
            self.key = user_key(interaction)
            await reply(interaction, notice(interaction, sentence("/ask")))

        return look


async def test_only_managers_and_administrators_of_a_guild_can_manage_it(tmp_path: Path) -> None:
    seen = Seen()
    async with scene_with(tmp_path, SEEDS, [command(seen.handler())]) as scene:
        root = scene.guild.add_member("root", permissions=discord.Permissions(administrator=True))
        eve = scene.server.add_user("eve")
        for member, can in ((scene.ada, False), (scene.grace, True), (root, True)):
            await (await member.slash("test")).reply()
            assert seen.can_manage == can, member.name
            assert seen.key == (member.id, scene.guild.id)
        await (await eve.slash("test")).reply()
        assert not seen.can_manage
        assert seen.key == (eve.id, None)


async def test_a_guild_without_dumps_of_its_own_searches_the_shared_library(
    tmp_path: Path,
) -> None:
    seen = Seen()
    async with scene_with(tmp_path, SEEDS, [command(seen.handler())]) as scene:
        for member in (scene.ada, scene.server.add_user("eve")):
            await (await member.slash("test")).reply()
            assert seen.library is scene.library


async def test_a_member_without_the_permission_is_refused(tmp_path: Path) -> None:
    errors: list[NotAllowed] = []

    async def change(interaction: Interaction) -> None:
        try:
            require_manager(interaction, sentence("/reload"))
        except NotAllowed as error:
            errors.append(error)
        await reply(interaction, notice(interaction, sentence("/ask")))

    async with scene_with(tmp_path, SEEDS, [command(change)]) as scene:
        await (await scene.grace.slash("test")).reply()
        assert errors == []
        await (await scene.ada.slash("test")).reply()
    (error,) = errors
    assert "/reload" in str(error)


async def test_in_direct_messages_there_is_no_guild_library(tmp_path: Path) -> None:
    libraries: list[Library] = []

    async def change(interaction: Interaction) -> None:
        if interaction.guild_id is None:
            with pytest.raises(NotAllowed):
                await guild_library(interaction)
        else:
            libraries.append(await guild_library(interaction))
        await reply(interaction, notice(interaction, sentence("/ask")))

    async with scene_with(tmp_path, SEEDS, [command(change)]) as scene:
        for member in (scene.ada, scene.grace, scene.server.add_user("eve")):
            assert "/ask" in (await (await member.slash("test")).reply()).text
        assert libraries[0] is libraries[1]
        assert libraries[0] is not scene.library
