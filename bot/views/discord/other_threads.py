"""Adds to a thread's page what else a reference may mean."""

from __future__ import annotations

import discord
from discord import ui

from bot.i18n.messages import Language
from bot.models import ThreadMatches
from bot.views import wording
from bot.views.discord import custom_id
from bot.views.discord.parts import CHOICE, CHOICES, menu, small


def add_other_threads(layout: ui.LayoutView, matches: ThreadMatches, say: Language) -> None:
    """Add a note and a menu of the other threads that have the words in their title, if any."""
    note = wording.matches_note(matches, say)
    if note:
        layout.add_item(ui.TextDisplay(small(note)))
    if matches.others:
        options = [
            discord.SelectOption(
                label=wording.short(each.title, CHOICE) or each.id,
                value=each.id,
                description=wording.size(each.tweets, say, complete=each.complete),
            )
            for each in matches.others[:CHOICES]
        ]
        layout.add_item(menu(custom_id.pick(), say("Choose another thread"), options))
