"""The statistics as a Discord message: text and a picture."""

from __future__ import annotations

import io
from collections.abc import Sequence

import discord
from discord import ui

from bot.i18n.messages import Language
from bot.reports import LibraryStats, Tally
from bot.views import markdown, stats_text
from bot.views.discord.parts import TEXT_UNITS, WithFiles, fitting
from bot.views.wording import short

PICTURE = "stats.png"
DESCRIPTION = 1000
WRITTEN = 24
"""Longest name, in characters, that the picture has room for."""
NAME_LENGTHS = (253, 100, 40)
"""Lengths of names to try, until all statistics fit; 253 is the longest host."""


def stats_layout(stats: LibraryStats, drawn: bytes | None, say: Language) -> ui.LayoutView:
    """The statistics as the picture `drawn`, or as text if there is none."""
    layout = WithFiles([discord.File(io.BytesIO(drawn), PICTURE)] if drawn else [])
    summary = stats_text.summary(
        stats,
        say,
        how=stats_text.HOW_ON_DISCORD,
        day=lambda each: markdown.written_day(each, say),
    )
    first, *rest = map(markdown.escape, summary)
    head = "\n".join([f"**{first}**", *rest])
    layout.add_item(ui.TextDisplay(head))
    if drawn:
        description = short(stats_text.described(stats, say), DESCRIPTION)
        item = discord.MediaGalleryItem(f"attachment://{PICTURE}", description=description)
        layout.add_item(ui.MediaGallery(item))
    budget = TEXT_UNITS - markdown.units(head)
    figures = (
        [*_beside_picture(stats, say), *_months(stats, say)]
        if drawn
        else _figures(stats, budget, say)
    )
    if figures:
        layout.add_item(ui.TextDisplay("\n".join(fitting(figures, budget, say))))
    return layout


def _beside_picture(stats: LibraryStats, say: Language) -> list[str]:
    """What the picture lacks: names that it cuts or cannot write, and tweets without an author."""
    lines: list[str] = []
    for title, tallies, sign in (
        (stats_text.hosts_title(stats, say), stats.hosts, ""),
        (stats_text.authors_title(stats, say), stats.authors, "@"),
    ):
        missing = [
            line
            for each, line in zip(
                tallies, _numbered(tallies, sign, NAME_LENGTHS[-1] * 2, say), strict=True
            )
            if not each.name.isascii() or len(each.name) > WRITTEN
        ]
        lines += [_title(title), *missing] if missing else []
    if stats.tweets and not stats.hosts:
        lines.append(say.say(stats_text.NO_LINKS))
    unknown = stats_text.unknown(stats, say)
    return [*lines, unknown] if unknown else lines


def _figures(stats: LibraryStats, budget: int, say: Language) -> list[str]:
    """All statistics as lines of Markdown, with names as long as fit."""
    lines: list[str] = []
    for longest in NAME_LENGTHS:
        lines = [*_ranked(stats, longest, say), *_months(stats, say)]
        if sum(markdown.units(each) + 1 for each in lines) <= budget:
            break
    return lines


def _ranked(stats: LibraryStats, longest: int, say: Language) -> list[str]:
    if not stats.tweets:
        return []
    lines = []
    if stats.hosts:
        lines.append(_title(stats_text.hosts_title(stats, say)))
        lines += _numbered(stats.hosts, "", longest, say)
    else:
        lines.append(say.say(stats_text.NO_LINKS))
    if stats.authors:
        lines.append(_title(stats_text.authors_title(stats, say)))
        lines += _numbered(stats.authors, "@", longest, say)
    unknown = stats_text.unknown(stats, say)
    return [*lines, unknown] if unknown else lines


def _months(stats: LibraryStats, say: Language) -> list[str]:
    line = stats_text.timeline(stats.months)
    if line is None:
        return []
    periods = [
        f"**{year}** ({say.number(tweets)}): {say(', ').join(each)}"
        if year
        else say(", ").join(each)
        for year, tweets, each in stats_text.by_year(line, say)
    ]
    rest = [] if all(each.tweets for each in line.bars) else [say.say(stats_text.REST_EMPTY)]
    return [_title(say.say(line.title)), *periods, *rest]


def _title(text: str) -> str:
    return f"**{markdown.escape(text)}**"


def _numbered(tallies: Sequence[Tally], sign: str, longest: int, say: Language) -> list[str]:
    """A numbered list, with the ranks of the picture."""
    return [
        f"{number}. {markdown.escape(short(f'{sign}{each.name}', longest))}: "
        f"{say.number(each.tweets)}"
        for number, each in enumerate(tallies, start=1)
    ]
