"""Commands in the languages of those who use them: a catalogue file for each, beside English.

The names of commands stay as they are, for replies and help name them; those of options, and every
description, are translated. https://docs.discord.com/developers/interactions/application-commands#localization
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import discord
from discord import app_commands

FOLDER = Path(__file__).parent.parent / "locales"
ALSO = {"es-419": "es-ES"}
"""Languages that are served by another's catalogue."""


@cache
def catalogues() -> dict[str, dict[str, str]]:
    """For each language, by Discord's name for it, what each English text is there."""
    found = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(FOLDER.glob("*.json"))
    }
    return found | {locale: found[other] for locale, other in ALSO.items()}


class Catalogues(app_commands.Translator):
    """Gives discord.py the texts of the catalogues."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The text in that language; none where it stays as it is."""
        kept = app_commands.TranslationContextLocation
        if context.location in (kept.command_name, kept.group_name) and " " not in string.message:
            return None
        return catalogues().get(locale.value, {}).get(string.message)
