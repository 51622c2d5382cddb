"""Reports, notes and help as Discord messages."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence

import discord
from discord import ui

from bot.i18n.messages import ENGLISH, Language, Sentence
from bot.models import Step, ThreadSummary
from bot.reports import Event, LoadReport
from bot.views import help_text, markdown, report_text, wording
from bot.views.discord import custom_id
from bot.views.discord.parts import (
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
"""Most notices that a message shows; if there are more, an attached file has all of them."""


def preview_layout(report: LoadReport, upload: str, say: Language) -> ui.LayoutView:
    """A preview of a load, with buttons to apply or cancel it, and its notices."""
    notices = report_text.notice_lines(report, say)
    first, *rest = report_text.preview_lines(report, say)
    data = "\n".join(notices).encode()
    files = [discord.File(io.BytesIO(data), "notices.txt")] if len(notices) > NOTICES else []
    layout = WithFiles(files)
    shown = [f"**{markdown.escape(first)}**", *_escaped([*rest, *notices[:NOTICES]])]
    layout.add_item(ui.TextDisplay("\n".join(fitting(shown, TEXT_UNITS, say))))
    for each in files:
        layout.add_item(ui.File(each))
    if report.changed:
        apply, cancel = (custom_id.decide(what, upload) for what in ("apply", "cancel"))
        is_doubtful = any(each.dump.doubt for each in report.dumps)
        label = say("Apply anyway") if is_doubtful else say("Apply")
        buttons = (button(label, apply, main=not is_doubtful), button(say("Cancel"), cancel))
        add_row(layout, buttons)
    return layout


def list_layout(title: str, every: Sequence[str], say: Language) -> ui.LayoutView:
    """A titled list, as much of it as fits."""
    return _list(title, _escaped(every), say)


def history_layout(events: Sequence[Event], say: Language) -> ui.LayoutView:
    """The history, as much of it as fits."""
    events_shown = report_text.history_lines(
        events,
        say,
        written=lambda who: markdown.escape(wording.short(who)),
        moment=lambda at: markdown.day(at, say),
    )
    return _list(say("History, latest first"), events_shown, say)


def _list(title: str, every: Sequence[str], say: Language) -> ui.LayoutView:
    """A titled list of lines in Markdown."""
    head = f"**{markdown.escape(title)}**"
    return lines(head, *fitting(every, TEXT_UNITS - markdown.units(head), say))


def _escaped(every: Iterable[str]) -> list[str]:
    return [markdown.escape(wording.short(each, 400)) for each in every]


def report_layout(report: LoadReport, say: Language, *, undo: str | None) -> ui.LayoutView:
    """What a load changed, with an Undo button unless `undo` is None: s shared, g the guild's."""
    first, *rest = report_text.report_lines(report, say)
    layout = list_layout(first, rest, say)
    if undo and report.changed:
        add_row(layout, (button(say("Undo"), custom_id.undo(report.generation, undo)),))
    return layout


def step_layout(step: Step, say: Language) -> ui.LayoutView:
    """The progress of a load."""
    return note_layout(report_text.step_line(step, say))


def note_layout(text: str) -> ui.LayoutView:
    """A short text."""
    return lines(markdown.excerpt(text, (), TEXT_UNITS))


def text_only(layout: ui.LayoutView, *, above: str) -> ui.LayoutView:
    """The text of `layout`, without its buttons and menus, below a line in Markdown."""
    texts = [each.content for each in layout.walk_children() if isinstance(each, ui.TextDisplay)]
    return lines(*fitting([above, *texts], TEXT_UNITS, ENGLISH))


def help_layout(
    examples: Sequence[str], say: Language, command: Callable[[Sentence], str] | None = None
) -> ui.LayoutView:
    """The help, with example questions as buttons; `command` names a command as a link to tap."""
    shown = help_text.help_lines(say, command)
    layout = lines(*(shown if examples else shown[:-1]))
    add_questions(layout, {each: each for each in examples})
    return layout


def choices(threads: Iterable[ThreadSummary]) -> list[discord.app_commands.Choice[str]]:
    """Threads as autocomplete choices."""
    return [
        discord.app_commands.Choice(
            name=wording.short(each.title, CHOICE) or each.id, value=each.id
        )
        for each in threads
    ][:CHOICES]
