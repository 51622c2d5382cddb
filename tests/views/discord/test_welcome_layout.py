"""The welcome as a message."""

from __future__ import annotations

from discord import ui

from bot.i18n.messages import ENGLISH
from bot.views.discord.welcome_layout import welcome_layout

MENTIONS = {
    "ask": "</ask:1>",
    "reload": "</reload:2>",
    "role": "`/library role`",
    "help": "`/help`",
}


def text(layout: ui.LayoutView) -> str:
    """All text of a message."""
    return "\n".join(e.content for e in layout.walk_children() if isinstance(e, ui.TextDisplay))


def test_a_server_s_name_is_escaped_and_nothing_is_said_to_lack_if_nothing_does() -> None:
    shown = text(welcome_layout("*Chips*", ["chip"], [], MENTIONS, ENGLISH))
    assert "\\*Chips\\*" in shown
    assert "lacks" not in shown
    assert "Try one" in shown


def test_an_empty_library_has_no_questions_to_try() -> None:
    layout = welcome_layout("Chips", [], [], MENTIONS, ENGLISH)
    assert "No threads are loaded." in text(layout)
    assert not [each for each in layout.walk_children() if isinstance(each, ui.Button)]
