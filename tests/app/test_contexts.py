"""Where commands can be used, and how often."""

from __future__ import annotations

from pathlib import Path

from discord import app_commands

from bot.app.client import Feature, Interaction
from bot.app.rate_limit import CHANGES, LIMITED_AS_CHANGE, QUESTIONS
from bot.app.reply import notice, reply
from bot.errors import TooOften
from bot.i18n.messages import sentence
from tests.app.conftest import Scene, scene_with
from tests.conftest import SEEDS

GUILD, BOT_DM, PRIVATE_CHANNEL = range(3)
GUILD_INSTALL, USER_INSTALL = range(2)
MANAGERS = {"reload", "library"}
"""Commands that change what a guild has, so only there."""


async def test_commands_can_be_used_everywhere_but_those_of_managers(scene: Scene) -> None:
    everywhere = {
        command["name"]
        for command in scene.server.commands
        if command["contexts"] == [GUILD, BOT_DM, PRIVATE_CHANNEL]
        and command["integration_types"] == [GUILD_INSTALL, USER_INSTALL]
    }
    assert everywhere == {each["name"] for each in scene.server.commands} - MANAGERS
    for command in scene.server.commands:
        if command["name"] in MANAGERS:
            assert command["dm_permission"] is False


async def test_a_command_is_refused_over_the_limit_and_changes_are_counted_apart(
    tmp_path: Path,
) -> None:
    @app_commands.command(name="limited", description="Counts")
    async def limited(interaction: Interaction) -> None:
        await reply(interaction, notice(interaction, sentence("/ask")))

    extras = {LIMITED_AS_CHANGE: True}

    @app_commands.command(name="change", description="Counts apart", extras=extras)
    async def change(interaction: Interaction) -> None:
        await reply(interaction, notice(interaction, sentence("/ask")))

    async with scene_with(tmp_path, SEEDS, [Feature(commands=(limited, change))]) as scene:
        texts = [
            (await (await scene.ada.slash("limited")).reply()).text for _ in range(QUESTIONS + 1)
        ]
        assert texts[:-1] == ["/ask"] * QUESTIONS
        assert texts[-1] in {str(TooOften(seconds)) for seconds in range(1, 21)}
        changes = [
            (await (await scene.ada.slash("change")).reply()).text for _ in range(CHANGES + 1)
        ]
        assert changes[:-1] == ["/ask"] * CHANGES
        assert changes[-1].startswith("You are asking too fast.")
        assert (await (await scene.grace.slash("limited")).reply()).text == "/ask"
