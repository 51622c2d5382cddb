"""The permissions that the bot needs."""

from __future__ import annotations

import discord

from bot.app.needed_permissions import least_permissions, missing_permissions


def test_what_is_not_granted_is_missing_except_for_an_administrator() -> None:
    assert missing_permissions(least_permissions()) == []
    assert missing_permissions(discord.Permissions(administrator=True)) == []
    without = least_permissions()
    without.attach_files = False
    assert [str(name) for name, _ in missing_permissions(without)] == ["Attach Files"]
