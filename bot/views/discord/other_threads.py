"""Adds to a thread's page what else a reference may mean."""

from __future__ import annotations

from discord import ui

from bot.i18n.messages import Language
from bot.models import ThreadMatches
from bot.views import wording
from bot.views.discord import custom_id
from bot.views.discord.parts import CHOICES, menu, small, thread_option


def add_other_threads(
    layout: ui.LayoutView, matches: ThreadMatches, words: str, say: Language
) -> None:
    """Add a note above, and a menu of the other threads that have the words in their title, if any.

    The menu stands above the last one, which is rarely needed.
    """
    note = wording.matches_note(matches, say, words)
    if note:
        _insert(layout, 0, ui.TextDisplay(small(note)))
    if matches.others:
        options = [thread_option(each, say) for each in matches.others[:CHOICES]]
        other = menu(custom_id.pick(), say("Choose another thread"), options)
        _insert(layout, len(layout.children) - 1, other)


def _insert(layout: ui.LayoutView, place: int, item: ui.Item[ui.LayoutView]) -> None:
    """Add `item` to `layout`, before the child that is at `place`."""
    after = layout.children[place:]
    for each in after:
        layout.remove_item(each)
    for each in (item, *after):
        layout.add_item(each)
