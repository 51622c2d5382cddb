"""A thread as pages of whole tweets, in Discord's Markdown. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from bot.i18n.messages import ENGLISH, Language, sentence
from bot.models import Source, Thread, Tweet
from bot.views import markdown, wording

PAGE_UNITS = 2800
"""Longest page, in UTF-16 units: little enough to need no scrolling."""
LINK_UNITS = 400
"""Longest clickable link, in UTF-16 units; a longer one shows only its label."""
PRINTED_LINKS = 2
LABELS = {"source": sentence("Source"), "find": sentence("Find on X")}
"""Labels of these kinds of sources; the others carry their own labels."""


@dataclass(frozen=True, slots=True)
class Block:
    """A tweet, or a part of one that is too long for a page."""

    position: int
    """The tweet's position in the thread, from 1."""
    shown: str
    """Its Markdown."""
    units: int
    """Its length in English, in UTF-16 units, so that pages are equal in every language."""


def blocks(thread: Thread, sources: dict[int, tuple[Source, ...]], say: Language) -> list[Block]:
    """All tweets of `thread` in order; `sources` maps positions to sources."""
    found: list[Block] = []
    for position, tweet in enumerate(thread.tweets, start=1):
        head = partial(_head, position, tweet, sources[position])
        first, later = (markdown.units(head(ENGLISH, continued=again)) for again in (False, True))
        for number, part in enumerate(_slices(tweet.text, PAGE_UNITS - later - 2)):
            body = markdown.escape(part)
            units = (later if number else first) + markdown.units(body)
            found.append(Block(position, f"{head(say, continued=number > 0)}{body}", units))
    return found


def pages(every: list[Block]) -> list[list[Block]]:
    """The blocks on pages of at most PAGE_UNITS."""
    found: list[list[Block]] = [[]]
    room = PAGE_UNITS
    for block in every:
        size = block.units + 2
        if found[-1] and size > room:
            found.append([])
            room = PAGE_UNITS
        found[-1].append(block)
        room -= size
    return found


def page_of(thread_pages: list[list[Block]], position: int) -> int:
    """The number, from 1, of the page where the tweet at `position` starts."""
    return next(
        (
            number
            for number, page in enumerate(thread_pages, start=1)
            if any(block.position >= position for block in page)
        ),
        len(thread_pages),
    )


def source_line(sources: tuple[Source, ...], say: Language) -> str:
    """Sources on one line, best first; those with a URL are links."""
    printed = [source for source in sources if source.kind == "printed"]
    shown = [
        source
        for source in sources
        if source.kind != "printed" or source in printed[:PRINTED_LINKS]
    ]
    return " · ".join(_source(each, say) for each in shown)


def _source(source: Source, say: Language) -> str:
    label = say.say(LABELS.get(source.kind, wording.short(source.label, 60)))
    if source.url:
        link = markdown.link(label, source.url)
        if markdown.units(link) <= LINK_UNITS:
            return link
    return markdown.escape(label)


def _head(
    position: int, tweet: Tweet, sources: tuple[Source, ...], say: Language, *, continued: bool
) -> str:
    """The line above a tweet or a further part of it."""
    parts = [f"**{position}**"]
    if tweet.created_at:
        parts.append(markdown.day(tweet.created_at, say))
    if continued:
        parts.append(say("continued"))
    return f"-# {' · '.join([*parts, source_line(sources, say)])}\n"


def _slices(text: str, room: int) -> list[str]:
    """`text` cut at white space into parts that fit; joined, they equal `text`."""
    parts: list[str] = []
    rest = text
    while len(rest) > room or markdown.units(markdown.escape(rest)) > room:
        cut = min(len(rest), room)
        while markdown.units(markdown.escape(rest[:cut])) > room:
            cut = cut * 9 // 10
        space = max(rest.rfind(" ", cut // 2, cut), rest.rfind("\n", cut // 2, cut))
        cut = space + 1 if space > 0 else cut
        parts.append(rest[:cut])
        rest = rest[cut:]
    return [*parts, rest]
