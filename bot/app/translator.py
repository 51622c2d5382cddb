"""Gives Discord the names and descriptions of commands in every language of the catalogues.

https://docs.discord.com/developers/interactions/application-commands#localization
"""

from __future__ import annotations

import discord
from discord import app_commands

from bot.i18n.catalogues import Translated, language_of

NAMES = (
    app_commands.TranslationContextLocation.command_name,
    app_commands.TranslationContextLocation.group_name,
)


class CatalogueTranslator(app_commands.Translator):
    """Looks texts up in the catalogues, where a command's name has its slash: `/library dumps`."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return the text in the language of `locale`, or None to leave it as it is."""
        language = language_of(locale.value)
        if not isinstance(language, Translated):
            return None
        command = context.data
        if context.location in NAMES and isinstance(
            command, (app_commands.Command, app_commands.Group)
        ):
            name = language.catalogue.get(f"/{command.qualified_name}")
            return name.split()[-1].removeprefix("/") if isinstance(name, str) else None
        text = language.catalogue.get(string.message)
        return text if isinstance(text, str) else None
