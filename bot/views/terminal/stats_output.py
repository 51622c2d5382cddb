"""Statistics for a terminal: bars with rich, else plain lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from bot.i18n.messages import ENGLISH
from bot.reports import LibraryStats, Tally
from bot.views import stats_text
from bot.views.terminal.output import BLANK, text_row, write
from bot.views.terminal.sink import styled
from bot.views.terminal.visible import visible

BAR_WIDTH = 40


@dataclass(frozen=True, slots=True)
class _Chart:
    """A series of bars."""

    title: str
    """Its title."""
    bars: tuple[Tally, ...]
    """Its bars."""


def write_stats(stats: LibraryStats, stream: TextIO) -> None:
    """Print the statistics."""
    summary = stats_text.summary(stats, ENGLISH, how=stats_text.HOW_IN_TERMINAL)
    charts = _charts(stats)
    notes = []
    if stats.tweets:
        notes += [] if stats.hosts else [str(stats_text.NO_LINKS)]
        notes += [each for each in (stats_text.unknown(stats, ENGLISH),) if each]
    if stream.isatty():
        _write_bars(summary, charts, notes, stream)
        return
    lines = list(summary)
    for chart in charts:
        most = max(len(f"{each.tweets:,}") for each in chart.bars)
        lines += ["", chart.title, *(f"{each.tweets:>{most},}  {each.name}" for each in chart.bars)]
    if notes:
        lines += ["", *notes]
    stream.write("".join(f"{visible(each)}\n" for each in lines))


def _charts(stats: LibraryStats) -> list[_Chart]:
    line = stats_text.timeline(stats.months)
    charts = []
    if line:
        bars = tuple(
            Tally(stats_text.period(line, each, ENGLISH), each.tweets) for each in line.bars
        )
        charts.append(_Chart(str(line.title), bars))
    handles = tuple(Tally(f"@{each.name}", each.tweets) for each in stats.authors)
    charts += [
        _Chart(stats_text.hosts_title(stats, ENGLISH), stats.hosts),
        _Chart(stats_text.authors_title(stats, ENGLISH), handles),
    ]
    return [each for each in charts if each.bars]


def _write_bars(
    summary: Sequence[str], charts: Sequence[_Chart], notes: Sequence[str], stream: TextIO
) -> None:
    # Imported here: importing rich takes longer than counting.
    from rich.bar import Bar
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=styled(stream), highlight=False)
    first, *rest = summary
    write([text_row(first, "title"), *(text_row(each, "quiet") for each in rest)], stream)
    for chart in charts:
        console.print(Text(f"\n{visible(chart.title)}", "bold"))
        table = Table.grid(padding=(0, 1))
        table.add_column(overflow="fold")
        table.add_column(justify="right", no_wrap=True)
        table.add_column(width=min(BAR_WIDTH, console.width // 3))
        most = max(each.tweets for each in chart.bars)
        for each in chart.bars:
            bar = Bar(most, 0, each.tweets, color="cyan")
            table.add_row(Text(visible(each.name)), f"{each.tweets:,}", bar)
        console.print(table)
    if notes:
        write([BLANK, *(text_row(each, "quiet") for each in notes)], stream)
