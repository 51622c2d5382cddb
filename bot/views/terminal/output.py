"""Rows of output, written as plain text or styled with rich; and lists and reports as rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple, TextIO

from bot import web_addresses
from bot.i18n.messages import ENGLISH
from bot.models import (
    AccountLine,
    Progress,
    Step,
    ThreadSummary,
)
from bot.reports import DumpSummary, LoadReport
from bot.views import report_text, wording
from bot.views.format_names import format_names
from bot.views.terminal.sink import styled
from bot.views.terminal.visible import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

LABELS = {"source": "Source", "find": "Find on X", "printed": "As printed", "dump": "File"}
STYLES = {
    "title": "bold",
    "match": "bold yellow",
    "link": "cyan",
    "command": "cyan",
    "path": "",
    "quiet": "dim",
    "": "",
}
ACCOUNT_STYLES = {"tweet": "", "boilerplate": "quiet", "notice": "match"}
WIDEST = 100
NARROWEST = 24
"""Least width of a text beside its lead; a text with less room is put below it."""
SHORT_LEAD = 8
"""Columns of a lead that text always stays beside."""
TITLE = 140
"""Most characters of a title."""
DOING = 50
"""Most columns for what is being done, beside a progress bar."""
LEAST_BAR = 20
"""Columns: with less room than this there is no bar, and no time that remains."""
MOST_THREADS = 200_000
"""Threads of a file that `check` lists."""
LINE = re.compile(r"\n(?=[^\n])")
"""Where a line begins that is not blank."""
QUOTED = re.compile(r"`[^`\n]+`")
"""A command within a sentence."""
COPIED = re.compile(r"(?<!\S)[(“]?(?:https?:/)?/[^\s/]+/\S*\s?")
"""An address or a path, with the space that ends it."""
HELD = "\ue000"
"""Stands for a space at which no line is broken."""
URL = re.compile(
    r"https?://[^\s\x00-\x20\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+",
    re.IGNORECASE,
)
"""What may become a link that a terminal opens."""


class Span(NamedTuple):
    """A part of a row."""

    text: str
    """Its text."""
    style: str = ""
    """The name of its style in STYLES."""
    url: str | None = None
    """The URL that it links to. Where it cannot be a link, the URL is written out."""


NO_LEAD = Span("")
HOW_TO_SHOW = "`threadbot unhide` lists what is hidden, and shows it again."
"""How to show again what is hidden."""


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph of output."""

    indent: int
    """Spaces before each of its lines."""
    spans: tuple[Span, ...]
    """Its text; empty for a blank line."""
    lead: Span = NO_LEAD
    """What its first line starts with, such as a number; other lines are indented as far."""


BLANK = Row(0, ())


def threads_rows(threads: Sequence[ThreadSummary]) -> list[Row]:
    """All threads, a line each: id, number of tweets, title."""
    return [
        Row(
            0,
            (
                Span(wording.short(each.title, 80), "title"),
                Span("" if each.complete else "  (preview)", "quiet"),
            ),
            Span(f"{each.id}  {wording.tweets(each.tweets, ENGLISH):>10}  ", "quiet"),
        )
        for each in threads
    ]


def dumps_rows(dumps: Sequence[DumpSummary], width: int | None) -> list[Row]:
    """The loaded files, each after the number by which it can be removed.

    Args:
        dumps: the files.
        width: the columns of the screen, where a file that needs more has its folder on a line of
            its own; None for no limit.
    """
    lead = max((len(str(each.id)) for each in dumps), default=0)
    return [
        Row(0, (Span(_dump(each, width and width - lead - 2)),), Span(f"{each.id:>{lead}}  "))
        for each in dumps
    ]


def _dump(dump: DumpSummary, width: int | None) -> str:
    (line,) = report_text.dump_lines([dump], ENGLISH)
    folder, slash, _ = dump.file.rpartition("/")
    if width is None or not slash or len(line) <= width:
        return line
    return f"{_shortened(folder, width - 1)}/\n{line[len(folder) + 1 :]}"


def _shortened(folder: str, width: int) -> str:
    """A folder in at most `width` columns: its first part, then as many of its last as fit."""
    first, *others = folder.split("/")
    if not first and others:  # an absolute path
        first, others = f"/{others[0]}", others[1:]
    while len(folder) > width and len(others) > 1:
        others = others[1:]
        folder = "/".join((first, "…", *others))
    return folder


def report_rows(report: LoadReport) -> list[Row]:
    """What a load changed."""
    first, *rest = report_text.report_lines(report, ENGLISH)
    rows = [text_row(first, "title"), *(text_row(each) for each in rest)]
    return [*rows, *([text_row(HOW_TO_SHOW, "quiet")] if report.hidden else [])]


def check_rows(report: LoadReport) -> Iterator[Row]:
    """What a load would change: for each file its threads, then the loader's notices."""
    for each in report.dumps:
        counts = f"{each.added} new, {each.changed} changed, {each.unchanged} already loaded"
        names = format_names(each.dump.format)
        file = ENGLISH("{file} ({format})", file=each.dump.file, format=names)
        yield text_row(f"{file}: {counts}", "title")
        for thread in islice(each.dump.threads, MOST_THREADS):
            mark = "" if thread.complete else " (preview)"
            number = wording.tweets(len(thread.tweets), ENGLISH)
            yield text_row(f"{number}: {wording.short(thread.title, 80)}{mark}", indent=2)
        if (rest := len(each.dump.threads) - MOST_THREADS) > 0:
            yield text_row(f"and {wording.threads(rest, ENGLISH)} more", indent=2)
        if each.dump.doubt:
            yield text_row(f"doubtful: {each.dump.doubt}", "match", indent=2)
        for notice in each.dump.notices:
            where = "" if notice.line is None else f"line {notice.line}: "
            yield text_row(f"{where}{notice.message}", "match", indent=2)
        if each.dump.account:
            yield BLANK
            yield from map(_account_row, each.dump.account)
            yield BLANK
    for fault in report.errors:
        yield text_row(report_text.could_not_read(fault, ENGLISH), "match")
    for line in report_text.hidden_lines(report, ENGLISH):
        yield text_row(line, "match")


def _account_row(one: AccountLine) -> Row:
    """What became of a line: its tweet, its kind of boilerplate, or why it was ignored."""
    what = one.what if one.kind == "tweet" else wording.short(one.what, 40)
    style = ACCOUNT_STYLES[one.kind]
    text = wording.short(one.said, 80)
    number = Span(f"{one.line:>6}  ", style or "quiet")
    spans = (Span(f"{what:<8}  ", style or "quiet"), Span(text, style))
    return Row(2, spans, number) if text else Row(2, (spans[0]._replace(text=what),), number)


@contextmanager
def bar(stream: TextIO) -> Iterator[Progress | None]:
    """Show a progress bar on `stream`; None if it is not a terminal.

    On a narrow terminal, what is done and its percentage take the room of the bar.
    """
    if not stream.isatty():
        yield None
        return
    from rich import progress as rich_progress
    from rich.console import Console

    console = Console(file=styled(stream))
    columns: list[rich_progress.ProgressColumn] = [
        rich_progress.TextColumn("{task.description}", markup=False),
        rich_progress.TaskProgressColumn(),
    ]
    room = console.width - len(" 100%")
    if room > DOING + LEAST_BAR:
        columns.insert(1, rich_progress.BarColumn())
        columns.append(rich_progress.TimeRemainingColumn())
        room = DOING
    shown = rich_progress.Progress(*columns, console=console, transient=True)
    with shown:
        tasks: dict[str, rich_progress.TaskID] = {}

        def tell(step: Step) -> None:
            doing = str(step.doing)
            if doing not in tasks:
                for task in tasks.values():
                    shown.remove_task(task)
                tasks.clear()
                tasks[doing] = shown.add_task(_doing(step, room))
            shown.update(tasks[doing], completed=step.done, total=step.of)

        yield tell


def _doing(step: Step, room: int) -> str:
    """What is being done, in so many columns: a file without its folders, cut in the middle."""
    from rich.cells import cell_len, set_cell_size

    file = step.doing.fields.get("file")
    doing = replace(step.doing, fields={"file": PurePath(str(file)).name}) if file else step.doing
    line = visible(" ".join(str(doing).split()))
    if cell_len(line) <= room:
        return line
    end = set_cell_size(line[::-1], room // 2)[::-1].strip()
    return f"{set_cell_size(line, room - 1 - cell_len(end)).rstrip()}…{end}"


def text_row(text: str, style: str = "", indent: int = 0) -> Row:
    """A row of one style."""
    return Row(indent, (Span(text, style),))


def write(rows: Iterable[Row], stream: TextIO) -> None:
    """Print `rows`: wrapped and styled on a terminal, plain and unwrapped elsewhere.

    All output passes here, so no control character of a text, title or name reaches a terminal.
    """
    if not stream.isatty():
        for row in rows:
            stream.write(f"{_plain(row)}\n")
        return
    console = _console(stream)
    for row in rows:
        for line in _lines(row, console):
            console.print(line, soft_wrap=True)


def height(rows: Sequence[Row], stream: TextIO) -> int:
    """How many lines `rows` take on the terminal `stream`."""
    console = _console(stream)
    lines = [line for row in rows for line in _lines(row, console)]
    return sum(max(-(-line.cell_len // console.width), 1) for line in lines)


def wrapped(text: str, stream: TextIO) -> list[str]:
    """`text` in lines that fit on the terminal `stream`, with a column left for the cursor."""
    from rich.text import Text

    console = _console(stream)
    return [each.plain for each in _wrapped(Text(text), min(console.width, WIDEST) - 1, console)]


def width(stream: TextIO) -> int | None:
    """How many columns a text may have on `stream`; None if it is not a terminal."""
    return min(_console(stream).width, WIDEST) if stream.isatty() else None


def screen(stream: TextIO) -> int:
    """How many lines the terminal `stream` has."""
    return _console(stream).height


def _plain(row: Row) -> str:
    """A row as text; the lines of a tweet start below each other."""
    hang = " " * (row.indent + len(row.lead.text))
    text = visible("".join(_written_out(each) for each in row.spans))
    text = LINE.sub(f"\n{hang}", text)
    return f"{' ' * row.indent}{visible(row.lead.text)}{text}"


def _written_out(span: Span) -> str:
    """A span, or its URL if the text is the URL or a part of it, else both."""
    span = _safe(span)
    if not span.url:
        return span.text
    shortened = "." in span.text and span.text.rstrip("…") in span.url
    return span.url if shortened else f"{span.text}: {span.url}"


def _console(stream: TextIO) -> Console:
    # Imported here: importing rich takes longer than an answer.
    from rich.console import Console

    return Console(file=styled(stream), highlight=False)


def _lines(row: Row, console: Console) -> list[Text]:
    """The lines of a row on a terminal. Nothing that is to be copied is broken."""
    from rich.text import Text

    indent = Text(" " * row.indent)
    lead = Text(visible(row.lead.text), STYLES[row.lead.style])
    body = Text.assemble(*(_styled(each, console) for each in row.spans))
    if any(_is_whole(span, console) for span in row.spans):
        return [indent + lead + body]
    width = min(console.width, WIDEST) - row.indent
    if lead.cell_len > SHORT_LEAD and width - lead.cell_len < NARROWEST:
        below = [Text(" " * (row.indent + 2)) + each for each in _wrapped(body, width - 2, console)]
        return [indent + lead, *below]
    hang = Text(" " * (row.indent + lead.cell_len))
    first, *rest = _wrapped(body, width - lead.cell_len, console)
    return [indent + lead + first, *(hang + each if each else each for each in rest)]


def _wrapped(body: Text, width: int, console: Console) -> list[Text]:
    """`body` in lines of at most `width` columns, broken between words where possible.

    An address or a path that is longer stays whole, as people copy it: the terminal breaks it.
    """
    from rich.cells import cell_len

    held = body.copy()
    held.plain = QUOTED.sub(lambda found: _held(found[0], width), body.plain)
    lines: list[Text] = []
    at = 0
    for found in COPIED.finditer(held.plain):
        if cell_len(found[0].rstrip()) > width:
            if before := held[at : max(found.start() - 1, at)]:
                lines += before.wrap(console, max(width, 1))
            lines.append(held[found.start() : found.end()])
            at = found.end()
    if at < len(held) or not lines:
        lines += list(held[at:].wrap(console, max(width, 1))) or [held]
    for line in lines:
        line.rstrip()
        line.plain = line.plain.replace(HELD, " ")
    return lines


def _held(command: str, width: int) -> str:
    """A quoted command that is not broken, if it fits into a line of `width` columns."""
    return command.replace(" ", HELD) if len(command) <= width else command


def _styled(span: Span, console: Console) -> Text:
    """A span with its style; a link if the terminal has links, else with its URL written out."""
    span = _safe(span)
    from rich.style import Style
    from rich.text import Text

    style = Style.parse(STYLES[span.style])
    if not _is_link(span, console):
        return Text(visible(_written_out(span)), style)
    return Text(visible(span.text), style + Style(link=span.url))


def _safe(span: Span) -> Span:
    """A span whose URL is safe to follow, and to show where it is the text; see `web_addresses`."""
    if span.url is None:
        return span
    address = web_addresses.safe(span.url)
    return Span(address if address and span.text == span.url else span.text, span.style, address)


def _is_link(span: Span, console: Console) -> bool:
    """Whether a span is shown as a link: only to the web, and only where colours work too."""
    return bool(span.url and URL.fullmatch(span.url) and console.color_system)


def _is_whole(span: Span, console: Console) -> bool:
    """Whether a span must not be broken: a command, a path or a URL, which people copy."""
    written = span.url and (span.url == span.text or not _is_link(span, console))
    return span.style in ("command", "path") or bool(written)
