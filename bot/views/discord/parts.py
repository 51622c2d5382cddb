"""Building blocks of Discord messages, in Components V2.

Limits: https://discord.com/developers/docs/components/reference. A message has at most 40
components and 4,000 characters in all its text; discord.py counts the components only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import discord
from discord import ui

from bot.i18n.messages import Language
from bot.models import ThreadSummary
from bot.views import markdown, wording
from bot.views.discord import custom_id, long_questions

TEXT_UNITS = 3900
LABEL = 80
BUTTONS = 3
"""Most buttons in a row, so that each can be read on a phone."""
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


def add_row(
    layout: ui.LayoutView | ui.Container[ui.LayoutView], buttons: Iterable[Button | None]
) -> None:
    """Add the buttons that are not None, in rows of at most three."""
    there = [each for each in buttons if each is not None]
    for at in range(0, len(there), BUTTONS):
        layout.add_item(ui.ActionRow(*there[at : at + BUTTONS]))


def page_buttons(
    number: int,
    last: int,
    say: Language,
    carried: Callable[[int], str | None],
    *,
    main: bool = False,
) -> list[Button | None]:
    """Buttons for the previous and next page, around the current page's number.

    `main`: whether the button for the next page stands out, if there is a next page.
    """
    here = custom_id.HERE if carried(number) else None
    following = number < last
    return [
        button(say("◀ Previous"), carried(number - 1), disabled=number == 1),
        button(wording.page_of(number, last, say), here, disabled=True),
        button(say("Next ▶"), carried(number + 1), disabled=not following, main=main and following),
    ]


def add_questions(layout: ui.LayoutView, questions: Mapping[str, str]) -> None:
    """Add a row of buttons that ask `questions`, which maps questions to labels."""
    asked = {each: label for each, label in questions.items() if each.strip()}
    add_row(layout, (button(label, custom_id.ask(each)) for each, label in asked.items()))


def menu(
    carried: str, placeholder: str, options: Sequence[discord.SelectOption]
) -> ui.ActionRow[ui.LayoutView]:
    """A menu, in a row of its own."""
    shown: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=carried, placeholder=placeholder, options=list(options[:CHOICES])
    )
    return ui.ActionRow(shown)


def thread_option(thread: ThreadSummary, say: Language) -> discord.SelectOption:
    """A thread in a menu, with its author and size; its value is its id."""
    size = wording.size(thread.tweets, say, complete=thread.complete)
    by = f"@{thread.author} · " if thread.author else ""
    return discord.SelectOption(
        label=wording.short(thread.title, CHOICE) or thread.id,
        value=thread.id,
        description=wording.short(f"{by}{size}", CHOICE),
    )


def carry(layout: ui.LayoutView, question: str) -> int | None:
    """Spread `question` over the custom ids and values of `layout`, if one of them is marked.

    Returns:
        None if the question fits or nothing is marked; else the number of characters that fit.
    """
    holders: list[tuple[Any, str]] = []
    for each in layout.walk_children():
        if isinstance(each, ui.Button) and _takes_part(each.custom_id or ""):
            holders.append((each, "custom_id"))
        elif isinstance(each, ui.Select):
            holders += [(each, "custom_id"), *((option, "value") for option in each.options)]
    bases = [getattr(each, key) for each, key in holders]
    if not any(each.endswith(long_questions.MARK) for each in bases):
        return None
    carriers = long_questions.spread(bases, question)
    if carriers is None:
        return long_questions.room(bases, question)
    for (each, key), carried in zip(holders, carriers, strict=True):
        setattr(each, key, carried)
    return None


def _takes_part(base: str) -> bool:
    return base.endswith(long_questions.MARK) or base.startswith(custom_id.HOLDERS)


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
