"""Answers, threads and reports as rows for a terminal: plain text, or styled with rich."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

from bot.i18n.messages import ENGLISH
from bot.models import (
    AccountLine,
    Answer,
    Hit,
    Progress,
    Source,
    Step,
    Thread,
    ThreadSummary,
    Tweet,
)
from bot.reports import LoadReport
from bot.views import answer_text, report_text, wording

LABELS = {"source": "Source", "find": "Find on X", "printed": "As printed", "dump": "File"}
STYLES = {"title": "bold", "match": "bold yellow", "link": "cyan", "quiet": "dim", "": ""}
ACCOUNT_STYLES = {"tweet": "", "boilerplate": "quiet", "notice": "match"}
WIDEST = 100

Span = tuple[str, str]
"""A text, and the name of its style in STYLES."""


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph of output."""

    indent: int
    """Spaces before each of its lines."""
    spans: tuple[Span, ...]
    """Its text; empty for a blank line."""


BLANK = Row(0, ())


def answer_rows(answer: Answer) -> list[Row]:
    """An answer: the number of matches, then each thread with its best tweet and sources."""
    rows = [_row(0, answer_text.found(answer, ENGLISH), "quiet" if answer.hits else "title")]
    rows += [_row(0, each, "quiet") for each in answer_text.beneath(answer, ENGLISH)]
    rows += [_row(0, str(each), "match") for each in answer.hints]
    if not answer.hits:
        rows.append(_row(0, f"Searched for: {answer_text.understood(answer, ENGLISH)}", ""))
    elif any(hit.best.explanation for hit in answer.hits):
        words = answer_text.understood(answer, ENGLISH)
        text = f"Words, with the number of tweets that contain each: {words}"
        rows.append(_row(0, text, "quiet"))
    rows += [_row(0, f"Did you mean: {each}", "match") for each in answer.suggestions]
    if answer.wider:
        rows.append(_row(0, f"Only the words: {answer.wider}", "match"))
    if answer.titles:
        rows.append(_row(0, "The loaded threads include:", "quiet"))
        rows += [_row(2, wording.short(each.title), "") for each in answer.titles]
    for hit in answer.hits:
        rows += [BLANK, *_hit_rows(hit)]
    return rows


def thread_rows(thread: Thread, start: int = 1, *, marked: int | None = None) -> list[Row]:
    """A thread, from its tweet `start`, with a mark before the tweet at `marked`."""
    head = [wording.tweets(len(thread.tweets), ENGLISH), f"id {thread.id}", ", ".join(thread.dumps)]
    if thread.author:
        head.insert(0, f"@{thread.author}")
    rows = [_row(0, wording.short(thread.title), "title"), _row(0, " · ".join(head), "quiet")]
    banner = wording.preview_banner(thread, ENGLISH)
    if banner:
        rows.append(_row(0, banner, "match"))
    if thread.source_url:
        rows.append(Row(0, (("Source: ", "quiet"), (thread.source_url, "link"))))
    for position, tweet in enumerate(thread.tweets[start - 1 :], start=start):
        mark = ((f"{wording.MARK} ", "match"),) if position == marked else ()
        number = (f"{position}. ", "quiet")
        rows += [BLANK, Row(0, (*mark, number, (_indented(tweet.text, 3), "")))]
        links = " ".join(link.url or link.printed for link in tweet.links)
        if links:
            rows.append(_row(3, links, "quiet"))
        if tweet.permalink:
            rows.append(_row(3, tweet.permalink, "link"))
    return rows


def threads_rows(threads: Sequence[ThreadSummary]) -> list[Row]:
    """All threads, a line each: id, number of tweets, title."""
    return [
        Row(
            0,
            (
                (f"{each.id}  ", "quiet"),
                (f"{wording.tweets(each.tweets, ENGLISH):>10}  ", ""),
                (wording.short(each.title, 80), "title"),
                ("" if each.complete else "  (preview)", "quiet"),
            ),
        )
        for each in threads
    ]


def report_rows(report: LoadReport) -> list[Row]:
    """What a load changed."""
    first, *rest = report_text.report_lines(report, ENGLISH)
    return [_row(0, first, "title"), *(_row(0, each, "") for each in rest)]


def check_rows(report: LoadReport) -> list[Row]:
    """What a load would change: for each file its threads, then the loader's notices."""
    rows: list[Row] = []
    for each in report.dumps:
        counts = f"{each.added} new, {each.changed} changed, {each.unchanged} already loaded"
        rows += [_row(0, f"{each.dump.file} ({each.dump.format}): {counts}", "title")]
        for thread in each.dump.threads:
            mark = "" if thread.complete else " (preview)"
            number = wording.tweets(len(thread.tweets), ENGLISH)
            rows.append(_row(2, f"{number}: {wording.short(thread.title, 80)}{mark}", ""))
        for notice in each.dump.notices:
            where = "" if notice.line is None else f"line {notice.line}: "
            rows.append(_row(2, f"{where}{notice.message}", "match"))
        if each.dump.account:
            rows += [BLANK, *map(_account_row, each.dump.account), BLANK]
    rows += [_row(0, report_text.could_not_read(each, ENGLISH), "match") for each in report.errors]
    return rows


def _account_row(one: AccountLine) -> Row:
    """What became of a line: its tweet, its kind of boilerplate, or why it was ignored."""
    what = one.what if one.kind == "tweet" else wording.short(one.what, 40)
    style = ACCOUNT_STYLES[one.kind]
    text = wording.short(one.said, 80)
    return Row(2, ((f"{one.line:>6}  ", "quiet"), (f"{what:<8}  ", style), (text, style)))


@contextmanager
def bar(stream: TextIO) -> Iterator[Progress | None]:
    """Show a progress bar on `stream`; None if it is not a terminal."""
    if not stream.isatty():
        yield None
        return
    from rich import progress as rich_progress
    from rich.console import Console

    columns = (
        rich_progress.TextColumn("{task.description}"),
        rich_progress.BarColumn(),
        rich_progress.TaskProgressColumn(),
        rich_progress.TimeRemainingColumn(),
    )
    shown = rich_progress.Progress(*columns, console=Console(file=stream), transient=True)
    with shown:
        tasks: dict[str, rich_progress.TaskID] = {}

        def tell(step: Step) -> None:
            doing = str(step.doing)
            if doing not in tasks:
                for task in tasks.values():
                    shown.remove_task(task)
                tasks.clear()
                tasks[doing] = shown.add_task(wording.short(doing, 50))
            shown.update(tasks[doing], completed=step.done, total=step.of)

        yield tell


def write(rows: Sequence[Row], stream: TextIO) -> None:
    """Print `rows`: wrapped and styled on a terminal, plain and unwrapped elsewhere."""
    if not stream.isatty():
        for row in rows:
            stream.write(f"{' ' * row.indent}{''.join(each for each, _ in row.spans)}\n")
        return
    # Imported here: importing rich takes longer than an answer.
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = Console(file=stream, highlight=False)
    width = min(console.width, WIDEST)
    for row in rows:
        line = Text.assemble(*((text, STYLES[style]) for text, style in row.spans))
        if any(style == "link" for _, style in row.spans):
            # A wrapped link cannot be clicked or copied.
            console.print(Text(" " * row.indent) + line, soft_wrap=True)
            continue
        console.print(Padding(line, (0, 0, 0, row.indent)), width=width)


def _hit_rows(hit: Hit) -> Iterator[Row]:
    best = hit.best
    yield Row(0, ((f"{hit.rank}. ", "quiet"), (wording.short(hit.thread.title), "title")))
    yield _row(3, wording.about(hit, best, ENGLISH), "quiet")
    yield Row(3, tuple(_marked(best.tweet, best.highlights)))
    if hit.beside:
        yield _row(3, wording.beside(hit.beside.position, ENGLISH), "quiet")
        yield Row(3, tuple(_marked(hit.beside.tweet, hit.beside.highlights)))
    if best.explanation:
        yield _row(3, answer_text.explained(best.explanation, ENGLISH), "quiet")
    for source in best.sources:
        yield _source_row(source)
    rest = wording.more(hit, ENGLISH)
    if rest:
        yield _row(3, rest, "quiet")
    yield _row(3, f"Read on: threadbot thread {hit.thread.id} --from {best.position}", "quiet")


def _source_row(source: Source) -> Row:
    label = f"{LABELS[source.kind]}: "
    if source.kind in ("source", "find") and source.url:
        return Row(3, ((label, "quiet"), (source.url, "link")))
    return Row(3, ((label, "quiet"), (source.url or source.label, "quiet")))


def _marked(tweet: Tweet, highlights: Sequence[tuple[int, int]]) -> Iterator[Span]:
    at = 0
    for start, end in highlights:
        yield _indented(tweet.text[at:start], 3), ""
        yield tweet.text[start:end], "match"
        at = end
    yield _indented(tweet.text[at:], 3), ""


def _indented(text: str, indent: int) -> str:
    return text.replace("\n", "\n" + " " * indent)


def _row(indent: int, text: str, style: str) -> Row:
    return Row(indent, ((text, style),))
