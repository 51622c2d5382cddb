"""Building blocks of Discord messages, in Components V2.

Limits: https://discord.com/developers/docs/components/reference. A message has at most 40
components and 4,000 characters in all its text; discord.py counts the components only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import discord
from discord import ui

from bot.i18n.messages import Language
from bot.views import markdown, wording
from bot.views.discord import custom_id

TEXT_UNITS = 3900
LABEL = 80
BUTTONS = 5
MORE_LINES = 40
"""UTF-16 units reserved for the line that counts what does not fit."""
CHOICES = 25
CHOICE = 100

Button = ui.Button[ui.LayoutView]


class WithFiles(ui.LayoutView):
    """A message with attached files."""

    def __init__(self, files: Sequence[discord.File]) -> None:
        """Start empty, with `files` attached."""
        super().__init__(timeout=None)
        self.files = list(files)


def lines(*every: str) -> ui.LayoutView:
    """A message of lines in Markdown."""
    layout = ui.LayoutView(timeout=None)
    layout.add_item(ui.TextDisplay("\n".join(every)))
    return layout


def button(
    label: str, carried: str | None, *, disabled: bool = False, main: bool = False
) -> Button | None:
    """A button; None if `carried` is None. The `main` button stands out."""
    if carried is None:
        return None
    style = discord.ButtonStyle.primary if main else discord.ButtonStyle.secondary
    return ui.Button(
        label=wording.short(label, LABEL), custom_id=carried, disabled=disabled, style=style
    )


def add_row(layout: ui.LayoutView, buttons: Iterable[Button | None]) -> None:
    """Add a row of the buttons that are not None, as many as fit."""
    there = [each for each in buttons if each is not None]
    if there:
        layout.add_item(ui.ActionRow(*there[:BUTTONS]))


def page_buttons(
    number: int, last: int, say: Language, carried: Callable[[int], str | None]
) -> list[Button | None]:
    """Buttons for the previous and next page, around the current page's number."""
    here = custom_id.HERE if carried(number) else None
    return [
        button(say("◀ Previous"), carried(number - 1), disabled=number == 1),
        button(wording.page_of(number, last, say), here, disabled=True),
        button(say("Next ▶"), carried(number + 1), disabled=number == last),
    ]


def add_questions(layout: ui.LayoutView, questions: Mapping[str, str]) -> None:
    """Add a row of buttons that ask `questions`, which maps questions to labels."""
    add_row(layout, (button(label, custom_id.ask(each)) for each, label in questions.items()))


def menu(
    carried: str, placeholder: str, options: Sequence[discord.SelectOption]
) -> ui.ActionRow[ui.LayoutView]:
    """A menu, in a row of its own."""
    shown: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=carried, placeholder=placeholder, options=list(options[:CHOICES])
    )
    return ui.ActionRow(shown)


def small(text: str, limit: int = 300) -> str:
    """A line of small print."""
    return f"-# {markdown.escape(wording.short(text, limit))}"


def fitting(every: Sequence[str], budget: int, say: Language) -> list[str]:
    """As many lines of Markdown as fit in `budget` units, and a count of the others."""
    shown: list[str] = []
    for place, line in enumerate(every):
        budget -= markdown.units(line) + 1
        if budget < MORE_LINES:
            rest = say.count(
                len(every) - place, "… and {count} more line", "… and {count} more lines"
            )
            return [*shown, rest]
        shown.append(line)
    return shown
