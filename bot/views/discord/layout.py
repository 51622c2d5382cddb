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
    small,
)

LONGEST_LINE = 400
"""Longest line of a report, in characters."""
NOTICES = 5
"""Most notices that a message shows; if there are more, an attached file has all of them."""


def preview_layout(
    report: LoadReport, upload: str, say: Language, *, shared: bool = False
) -> ui.LayoutView:
    """A preview of a load, with buttons to apply or cancel it, and its notices.

    `shared`: whether the shared threads are reloaded.
    """
    asked = report_text.question(report, say, shared=shared)
    notices = report_text.notice_lines(report, say)
    first, *rest = [*filter(None, [asked]), *report_text.preview_lines(report, say)]
    data = "\n".join(notices).encode()
    files = [discord.File(io.BytesIO(data), "notices.txt")] if len(notices) > NOTICES else []
    layout = WithFiles(files)
    shown = [
        f"**{markdown.escape(wording.short(first, LONGEST_LINE))}**",
        *_escaped(rest),
        *_noticed(report, notices[:NOTICES], say),
    ]
    layout.add_item(ui.TextDisplay("\n".join(fitting(shown, TEXT_UNITS, say))))
    for each in files:
        layout.add_item(ui.File(each))
    if report.changed:
        apply, cancel = (custom_id.decide(what, upload) for what in ("apply", "cancel"))
        is_doubtful = any(each.dump.doubt for each in report.dumps)
        label = report_text.confirming(say, shared=shared, doubtful=is_doubtful)
        buttons = (button(label, apply, main=not is_doubtful), button(say("Cancel"), cancel))
        add_row(layout, buttons)
    return layout


def list_layout(
    title: str, every: Sequence[str], say: Language, *, note: str | None = None
) -> ui.LayoutView:
    """A titled list, as much of it as fits, with a note below it."""
    return _list(title, _bullets(_escaped(every)), say, below=small(note) if note else "")


def history_layout(
    events: Sequence[Event], say: Language, *, following: Event | None = None
) -> ui.LayoutView:
    """The history, as much of it as fits; with a button that undoes the change `following`."""
    events_shown = report_text.history_lines(
        events,
        say,
        written=lambda who: markdown.escape(wording.short(who)),
        moment=markdown.minute,
    )
    title, shown = say("History, latest first"), _bullets(events_shown)
    if not following:
        return _list(title, shown, say)
    change = report_text.event_line(following, say)
    layout = _list(title, shown, say, below=small(say("Undo takes this back: {what}", what=change)))
    add_row(layout, (button(say("Undo"), custom_id.undo(events[0].generation, "g")),))
    return layout


def _list(title: str, every: Sequence[str], say: Language, *, below: str = "") -> ui.LayoutView:
    """A titled list of lines in Markdown, with a line `below` that always fits."""
    head = f"**{markdown.escape(title)}**"
    room = TEXT_UNITS - markdown.units(head) - markdown.units(below)
    return lines(head, *fitting(every, room, say), *filter(None, [below]))


def _escaped(every: Iterable[str]) -> list[str]:
    return [markdown.escape(wording.short(each, LONGEST_LINE)) for each in every]


def _noticed(report: LoadReport, every: Sequence[str], say: Language) -> list[str]:
    """Lines in Markdown, with what the loader has to say about readable files in small print."""
    notices = set(report_text.notice_lines(report, say)[len(report.errors) :])
    return [small(each, LONGEST_LINE) if each in notices else _escaped([each])[0] for each in every]


def _bullets(every: Sequence[str]) -> list[str]:
    """Lines of Markdown as a list, unless it is only one line."""
    return [f"- {each}" for each in every] if len(every) > 1 else list(every)


def report_layout(
    report: LoadReport,
    say: Language,
    *,
    undo: str | None,
    command: Callable[[Sentence], str] | None = None,
    event: Event | None = None,
) -> ui.LayoutView:
    """What a load changed, and what to do next.

    Args:
        report: what it changed.
        say: the reader's language.
        undo: what the button “Undo” is for: s shared threads, g the guild's; None for no button.
        command: names a command as a link to tap.
        event: what the history says of it.
    """
    done = report_text.event_line(event, say) if event else report_text.heading(report, say)
    first, *rest = [*filter(None, [done]), *report_text.report_lines(report, say)]
    following = report_text.next_step(report, say, command) if command else None
    layout = _list(
        wording.short(first, LONGEST_LINE),
        _noticed(report, rest, say),
        say,
        below=f"-# {following}" if following else "",
    )
    if undo and report.changed:
        add_row(layout, (button(say("Undo"), custom_id.undo(report.generation, undo)),))
    return layout


def step_layout(step: Step, load: str, say: Language) -> ui.LayoutView:
    """The progress of the load with the key `load`, with a button that ends it."""
    layout = note_layout(report_text.step_line(step, say))
    add_row(layout, [button(say("Cancel"), custom_id.end(load))])
    return layout


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
    add_questions(layout, examples_asked(examples, say))
    return layout


def examples_asked(examples: Sequence[str], say: Language) -> dict[str, str]:
    """Example questions, by the words that they search for."""
    return {each: say("What about {words}?", words=each) for each in examples}


def choices(threads: Iterable[ThreadSummary]) -> list[discord.app_commands.Choice[str]]:
    """Threads as autocomplete choices."""
    return [
        discord.app_commands.Choice(
            name=wording.short(each.title, CHOICE) or each.id, value=each.id
        )
        for each in threads
    ][:CHOICES]
