"""Which library an interaction is about, and who may change it."""

from __future__ import annotations

import discord

from bot.app.client import Interaction
from bot.app.last_hits import UserKey
from bot.errors import NotAllowed, NotOperator
from bot.i18n.messages import Sentence, sentence
from bot.library.library import Library


async def library_for(interaction: Interaction) -> Library:
    """Return the library to search: a guild's own if it has one, else the shared one."""
    return await interaction.client.libraries.of(interaction.guild_id)


async def guild_library(interaction: Interaction) -> Library:
    """Return the guild's own library, which its managers may change.

    Raises:
        NotAllowed: the interaction is not in a guild.
    """
    if interaction.guild_id is None:
        raise NotAllowed(sentence("This"))
    return await interaction.client.libraries.own(interaction.guild_id)


def can_manage_server(interaction: Interaction) -> bool:
    """Return whether the member has the Manage Server permission."""
    granted = interaction.permissions
    return interaction.guild_id is not None and (granted.manage_guild or granted.administrator)


def loading_role(interaction: Interaction) -> discord.Role | None:
    """Return the role that may manage the guild's library, if one was chosen and still exists."""
    if interaction.guild_id is None or interaction.guild is None:
        return None
    role = interaction.client.guild_settings.loading_role(interaction.guild_id)
    return None if role is None else interaction.guild.get_role(role)


def can_manage(interaction: Interaction) -> bool:
    """Return whether the member may manage the guild's library.

    They need the Manage Server permission or the role that the guild chose. This is checked for
    every interaction: a guild's admins decide who sees a command.
    """
    if can_manage_server(interaction):
        return True
    role, member = loading_role(interaction), interaction.user
    return role is not None and isinstance(member, discord.Member) and role in member.roles


def require_manager(interaction: Interaction, action: Sentence) -> None:
    """Check that the member may manage the guild's library.

    Raises:
        NotAllowed: they may not; the message names `action`, and the role if there is one.
    """
    if not can_manage(interaction):
        role = loading_role(interaction)
        raise NotAllowed(action, role.name if role else None, a_role_may=True)


def require_operator(interaction: Interaction, action: Sentence) -> None:
    """Check that the user is an operator of the bot, who may change the shared library.

    What they may do in the server does not matter: the shared library is everybody's.

    Raises:
        NotOperator: they are none; the message names `action`.
    """
    if interaction.user.id not in interaction.client.operators:
        raise NotOperator(action)


def require_server_manager(interaction: Interaction, action: Sentence) -> None:
    """Check that the member has the Manage Server permission.

    Raises:
        NotAllowed: they lack it; the message names `action`.
    """
    if not can_manage_server(interaction):
        raise NotAllowed(action)


def user_key(interaction: Interaction) -> UserKey:
    """Return the key of the user in this guild for `LastHits`."""
    return interaction.user.id, interaction.guild_id
