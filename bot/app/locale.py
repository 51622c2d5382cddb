"""Chooses the language of an answer: the reader's if it is private, the guild's if it is public.

https://docs.discord.com/developers/reference#locales
"""

from __future__ import annotations

from bot.app.client import Interaction
from bot.i18n.catalogues import language_of
from bot.i18n.messages import Language


def reader_language(interaction: Interaction) -> Language:
    """Return the language of the user who acted."""
    return language_of(interaction.locale.value)


def guild_language(interaction: Interaction) -> Language:
    """Return the language of the guild; in direct messages, that of the user."""
    locale = interaction.guild_locale
    return language_of(locale.value) if locale else reader_language(interaction)


def answer_language(interaction: Interaction, *, public: bool) -> Language:
    """Return the guild's language for a public answer, else the user's."""
    return guild_language(interaction) if public else reader_language(interaction)
