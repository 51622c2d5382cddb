"""Undoes the last change, says which one it was, and which command makes it again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.i18n.messages import ENGLISH
from bot.library.library import Library
from bot.reports import Event, LoadReport
from bot.terminal.program import called_as, joined
from bot.views import report_text
from bot.views.terminal.output import Row, Span, report_rows, text_row

MOST_FILES = 3
"""Files that a command to load them again may name."""


async def undo(library: Library, actor: str) -> tuple[LoadReport, Event | None]:
    """Undo the last change; return what that changed, and the change, if it is known."""
    report = await library.undo(actor)
    event = await library.undone_by(report)
    return report, event.undone if event else None


def undone_rows(report: LoadReport, undone: Event | None, again: Sequence[str]) -> list[Row]:
    """What an undo took back and changed, and the commands that make the change again."""
    rows = report_rows(report)
    if undone is None:
        return rows
    return [
        text_row(f"Undid: {report_text.event_line(undone, ENGLISH)}.", "title"),
        *rows,
        *(Row(0, (Span("To do it again: ", "quiet"), Span(each, "command"))) for each in again),
    ]


def in_shell(undone: Event | None, guild: int | None) -> list[str]:
    """The commands to paste into a shell that make a change again."""
    library = () if guild is None else ("--guild", str(guild))
    return [
        joined([*called_as(), command, *library, *rest]) for command, *rest in _commands(undone)
    ]


def in_chat(undone: Event | None) -> list[str]:
    """The commands that make a change again, as they are typed in the chat, where it has them."""
    return [
        joined([*called_as(), command, *rest])
        if command == "load" or "--author" in rest
        else " ".join([f"/{command}", *rest[-1:]])
        for command, *rest in _commands(undone)
    ]


def _commands(undone: Event | None) -> list[list[str]]:
    """The words of the commands that make a change again; none if a file is gone."""
    if undone is None:
        return []
    if undone.action == "load":
        files = _on_disk(undone.loaded)
        return [["load", *files]] if files else []
    if undone.action == "reload":
        return [["reload"]]
    return [
        *(["remove", each] for each in undone.removed),
        *(["unhide", each] for each in undone.unhidden),
        *(["forget", "--thread", each] for each in undone.hidden_threads),
        *(["forget", "--author", each] for each in undone.hidden_authors),
    ]


def _on_disk(names: Sequence[str]) -> list[str]:
    """The files, or the archives that they are in; none if one is gone, or if they are many."""
    found: dict[str, None] = {}
    for name in names:
        path = Path(name)
        places = (each for each in (path, *path.parents) if path.is_absolute() and each.is_file())
        place = next(places, None)
        if place is None:
            return []
        found[str(place)] = None
    return list(found) if len(found) <= MOST_FILES else []
