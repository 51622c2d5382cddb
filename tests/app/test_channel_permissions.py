"""Permissions in a channel, of members and of the bot."""

from __future__ import annotations

from pathlib import Path

import pytest
from discord import Permissions

from bot.app.channel_permissions import NAMES, require_can_send, require_permissions
from bot.app.client import Interaction
from bot.app.reply import notice, reply
from bot.errors import NotAllowedHere
from bot.i18n.messages import sentence
from tests.app.conftest import command, scene_with
from tests.conftest import SEEDS


def test_every_named_permission_is_one_of_discords() -> None:
    assert set(NAMES) <= set(Permissions.VALID_FLAGS)


def test_all_missing_permissions_are_named() -> None:
    granted = Permissions(view_channel=True)
    with pytest.raises(NotAllowedHere) as raised:
        require_permissions(granted, "view_channel", "send_messages", "attach_files")
    missing = [NAMES["send_messages"], NAMES["attach_files"]]
    assert str(raised.value) == str(NotAllowedHere(missing))
    assert "“Send Messages” and “Attach Files”" in str(raised.value)


def test_the_bots_own_permissions_are_said_to_be_the_bots() -> None:
    with pytest.raises(NotAllowedHere) as raised:
        require_permissions(Permissions(), "attach_files", of_the_bot=True)
    assert str(raised.value) == str(NotAllowedHere([NAMES["attach_files"]], of_the_bot=True))
    assert str(raised.value) != str(NotAllowedHere([NAMES["attach_files"]]))


@pytest.mark.parametrize(
    "granted", [Permissions(send_messages=True), Permissions(administrator=True)]
)
def test_what_is_granted_passes_and_administrators_always_do(granted: Permissions) -> None:
    require_permissions(granted, "send_messages")


async def test_members_who_may_not_write_in_the_channel_are_refused(tmp_path: Path) -> None:
    async def post(interaction: Interaction) -> None:
        try:
            require_can_send(interaction)
            text = "yes"
        except NotAllowedHere as error:
            text = str(error)
        await reply(interaction, notice(interaction, sentence("{said}", said=text)))

    async with scene_with(tmp_path, SEEDS, [command(post)]) as scene:
        mute = scene.guild.add_member("mute", without=Permissions(send_messages=True))
        eve = scene.server.add_user("eve")
        for member in (scene.ada, eve):
            assert (await (await member.slash("test")).reply()).text == "yes"
        assert "“Send Messages”" in (await (await mute.slash("test")).reply()).text
