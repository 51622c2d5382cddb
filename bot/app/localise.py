"""In whose language things are said, and what commands are called there.

What one person sees is in their language, what everyone sees in the server's.
https://docs.discord.com/developers/interactions/application-commands#localization
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.language import Language
from bot.languages import Translated, language_of, languages

if TYPE_CHECKING:
    from bot.app.respond import Interaction

NAMES = (
    app_commands.TranslationContextLocation.command_name,
    app_commands.TranslationContextLocation.group_name,
)


def readers(interaction: Interaction) -> Language:
    """The language of whoever acted."""
    return language_of(interaction.locale.value)


def everyones(interaction: Interaction) -> Language:
    """The language of the server; in direct messages that of whoever acted."""
    place = interaction.guild_locale
    return language_of(place.value) if place else readers(interaction)


def language_for(interaction: Interaction, *, public: bool) -> Language:
    """The language of an answer: for everyone, if it is `public`."""
    return everyones(interaction) if public else readers(interaction)


class Catalogues(app_commands.Translator):
    """Gives discord.py the texts of the catalogues; a command's name is in them with its slash."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The text in that language; none where it stays as it is."""
        language = languages().get(locale.value)
        if not isinstance(language, Translated):
            return None
        named = context.data
        if context.location in NAMES and isinstance(
            named, (app_commands.Command, app_commands.Group)
        ):
            known = language.catalogue.get(f"/{named.qualified_name}")
            return known.split()[-1].removeprefix("/") if isinstance(known, str) else None
        known = language.catalogue.get(string.message)
        return known if isinstance(known, str) else None
