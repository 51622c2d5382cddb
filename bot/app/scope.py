"""Which library an interaction is about, and who may change it."""

from __future__ import annotations

from bot.app.respond import Interaction
from bot.errors import NotAllowed
from bot.language import Sentence, sentence
from bot.library import Library


async def library_of(interaction: Interaction) -> Library:
    """What is asked here: in a guild its own library, in direct messages the shared shelf."""
    return await interaction.client.libraries.of(interaction.guild_id)


async def own_library(interaction: Interaction) -> Library:
    """The guild's own library, to be changed.

    Raises:
        NotAllowed: this is no guild.
    """
    if interaction.guild_id is None:
        raise NotAllowed(sentence("This"))
    return await interaction.client.libraries.own(interaction.guild_id)


def may_manage(interaction: Interaction) -> bool:
    """Whether Discord says, with this very interaction, that the member may manage the server.

    A command's default permissions are no proof: a server's admins can override them.
    """
    granted = interaction.permissions
    return interaction.guild_id is not None and (granted.manage_guild or granted.administrator)


def managing(interaction: Interaction, what: Sentence) -> None:
    """Let those pass who may manage the server.

    Raises:
        NotAllowed: they may not do `what`.
    """
    if not may_manage(interaction):
        raise NotAllowed(what)


def asker(interaction: Interaction) -> tuple[int, int | None]:
    """Who asks, and where: what was found in one guild is not opened in another."""
    return interaction.user.id, interaction.guild_id
