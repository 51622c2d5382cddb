"""Reports, notes and help as Discord messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import discord
from discord import ui

from bot.models import LoadReport, Step, ThreadSummary
from bot.views import custom_id, markdown, text
from bot.views.parts import (
    CHOICE,
    CHOICES,
    TEXT_UNITS,
    add_questions,
    add_row,
    button,
    fitting,
    lines,
)


def report_layout(report: LoadReport, *, undo: bool) -> ui.LayoutView:
    """What a load changed, with a button to take it back."""
    first, *rest = text.report_lines(report)
    head = f"**{markdown.escape(first)}**"
    layout = lines(
        head,
        *fitting(
            [markdown.escape(text.short(each, 400)) for each in rest],
            TEXT_UNITS - markdown.units(head),
        ),
    )
    if undo and report.changed:
        add_row(layout, (button("Undo", custom_id.undo(report.generation)),))
    return layout


def step_layout(step: Step) -> ui.LayoutView:
    """How far a load is."""
    return note_layout(text.step_line(step))


def note_layout(said: str) -> ui.LayoutView:
    """A sentence or two."""
    return lines(markdown.excerpt(said, (), TEXT_UNITS))


def help_layout(examples: Sequence[str]) -> ui.LayoutView:
    """How to ask, with questions that the library has answers to."""
    layout = lines(text.HELP)
    add_questions(layout, "Ask", examples)
    return layout


def choices(threads: Iterable[ThreadSummary]) -> list[discord.app_commands.Choice[str]]:
    """Threads as what Discord offers while somebody types."""
    return [
        discord.app_commands.Choice(name=text.short(each.title, CHOICE) or each.id, value=each.id)
        for each in threads
    ][:CHOICES]
