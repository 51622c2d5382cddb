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


async def test_processes_do_not_undo_each_others_roles(tmp_path: Path) -> None:
    async with Library.open(tmp_path, SEEDS) as library, Library.open(tmp_path, SEEDS) as another:
        ours, theirs = GuildSettings(library), GuildSettings(another)
        await ours.load()
        await theirs.load()
        await ours.set_loading_role(CHIPS, 7)
        await theirs.set_loading_role(SHIPS, 8)
        await ours.load()
        assert (ours.loading_role(CHIPS), ours.loading_role(SHIPS)) == (7, 8)
