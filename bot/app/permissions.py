"""Which library an interaction is about, and who may change it."""

from __future__ import annotations

from bot.app.client import Interaction
from bot.app.last_hits import UserKey
from bot.errors import NotAllowed
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


def can_manage(interaction: Interaction) -> bool:
    """Return whether the member has the Manage Server permission.

    Checked for every interaction: a guild's admins can override a command's default permissions.
    """
    granted = interaction.permissions
    return interaction.guild_id is not None and (granted.manage_guild or granted.administrator)


def require_manager(interaction: Interaction, action: Sentence) -> None:
    """Check that the member has the Manage Server permission.

    Raises:
        NotAllowed: they lack it; the message names `action`.
    """
    if not can_manage(interaction):
        raise NotAllowed(action)


def user_key(interaction: Interaction) -> UserKey:
    """Return the key of the user in this guild for `LastHits`."""
    return interaction.user.id, interaction.guild_id
