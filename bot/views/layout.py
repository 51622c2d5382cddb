"""Reports, notes and help as Discord messages."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import discord
from discord import ui

from bot.models import Step, ThreadSummary
from bot.reports import LoadReport
from bot.views import custom_id, help_text, markdown, text
from bot.views.parts import (
    CHOICE,
    CHOICES,
    TEXT_UNITS,
    WithFiles,
    add_questions,
    add_row,
    button,
    fitting,
    lines,
)

NOTICES = 5
"""Notices that are shown; where there are more, a file has them all."""


def preview_layout(report: LoadReport, upload: str) -> ui.LayoutView:
    """What a load would change, with buttons to have it or not, and every notice in a file."""
    told = text.notice_lines(report)
    first, *rest = text.preview_lines(report)
    data = "\n".join(told).encode()
    files = [discord.File(io.BytesIO(data), "notices.txt")] if len(told) > NOTICES else []
    layout = WithFiles(files)
    said = [f"**{markdown.escape(first)}**", *_escaped([*rest, *told[:NOTICES]])]
    layout.add_item(ui.TextDisplay("\n".join(fitting(said, TEXT_UNITS))))
    for each in files:
        layout.add_item(ui.File(each))
    if report.changed:
        apply, cancel = (custom_id.decide(what, upload) for what in ("apply", "cancel"))
        add_row(layout, (button("Apply", apply), button("Cancel", cancel)))
    return layout


def list_layout(title: str, said: Sequence[str]) -> ui.LayoutView:
    """A list, as much of it as fits."""
    head = f"**{markdown.escape(title)}**"
    return lines(head, *fitting(_escaped(said), TEXT_UNITS - markdown.units(head)))


def _escaped(said: Iterable[str]) -> list[str]:
    return [markdown.escape(text.short(each, 400)) for each in said]


def report_layout(report: LoadReport, *, undo: str | None) -> ui.LayoutView:
    """What a load changed, with a button to take it back: of the shelf `undo`, if any."""
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
        add_row(layout, (button("Undo", custom_id.undo(report.generation, undo)),))
    return layout


def step_layout(step: Step) -> ui.LayoutView:
    """How far a load is."""
    return note_layout(text.step_line(step))


def note_layout(said: str) -> ui.LayoutView:
    """A sentence or two."""
    return lines(markdown.excerpt(said, (), TEXT_UNITS))


def help_layout(examples: Sequence[str]) -> ui.LayoutView:
    """How to ask, with questions that the library has answers to."""
    layout = lines(help_text.HELP)
    add_questions(layout, "Ask", examples)
    return layout


def choices(threads: Iterable[ThreadSummary]) -> list[discord.app_commands.Choice[str]]:
    """Threads as what Discord offers while somebody types."""
    return [
        discord.app_commands.Choice(name=text.short(each.title, CHOICE) or each.id, value=each.id)
        for each in threads
    ][:CHOICES]
