"""Settings of guilds: whether answers are public by default."""

from __future__ import annotations

from pathlib import Path

from bot.app.guild_settings import GuildSettings
from bot.library.library import Library
from tests.conftest import SEEDS

CHIPS, SHIPS = 101, 102


async def test_answers_are_private_unless_a_guild_or_a_question_says_otherwise(
    tmp_path: Path,
) -> None:
    async with Library.open(tmp_path, SEEDS) as library:
        settings = GuildSettings(library)
        assert not await settings.answers_are_public(CHIPS)
        assert await settings.answers_are_public(CHIPS, override=True)
        await settings.set_answers_public(CHIPS, public=True)
        assert await settings.answers_are_public(CHIPS)
        assert not await settings.answers_are_public(CHIPS, override=False)
        assert not await settings.answers_are_public(SHIPS)


async def test_answers_in_direct_messages_are_private(tmp_path: Path) -> None:
    async with Library.open(tmp_path, SEEDS) as library:
        settings = GuildSettings(library)
        assert not await settings.answers_are_public(None)
        assert await settings.answers_are_public(None, override=True)


async def test_settings_survive_a_restart(tmp_path: Path) -> None:
    for public in (True, False):
        async with Library.open(tmp_path, SEEDS) as library:
            await GuildSettings(library).set_answers_public(CHIPS, public=public)
        async with Library.open(tmp_path, SEEDS) as library:
            assert await GuildSettings(library).answers_are_public(CHIPS) == public
