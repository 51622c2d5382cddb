"""The button under everything that the bot posts for everyone: Delete."""

from __future__ import annotations

import discord
from discord import ui

from bot.i18n.messages import Language
from bot.views import wording
from bot.views.discord import custom_id
from bot.views.discord.parts import LABEL

MOST = 40
"""Components of a message."""
IN_ROW = 3
"""Buttons of a row; more do not fit side by side on a phone."""


def add_delete_button(layout: ui.LayoutView, user: int, say: Language) -> None:
    """Add a button that deletes the message, which `user` asked for, if there is room for one.

    It goes beside the last buttons, or into a row of its own.
    """
    label = wording.short(say("Delete"), LABEL)
    button: ui.Button[ui.LayoutView] = ui.Button(
        label=label, custom_id=custom_id.delete(user), style=discord.ButtonStyle.secondary
    )
    room = MOST - layout.total_children_count
    last = layout.children[-1] if layout.children else None
    if isinstance(last, ui.ActionRow) and _has_room(last):
        if room:
            last.add_item(button)
    elif room > 1:
        layout.add_item(ui.ActionRow(button))


def room_for_delete(below: ui.LayoutView, more: int = 0) -> int:
    """The number of components to keep free for the button under `below`.

    `more` components that take no buttons will follow.
    """
    last = below.children[-1] if below.children and not more else None
    return 1 if isinstance(last, ui.ActionRow) and _has_room(last) else 2


def _has_room(row: ui.ActionRow[ui.LayoutView]) -> bool:
    """Whether `row` has buttons only, and not too many."""
    return len(row.children) < IN_ROW and all(isinstance(each, ui.Button) for each in row.children)
