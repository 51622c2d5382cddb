"""A thread as pages of whole tweets, in Discord's Markdown. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from bot.i18n.messages import ENGLISH, Language, sentence
from bot.models import Media, Source, Thread, Tweet
from bot.views import markdown, wording
from bot.views.discord import media

PAGE_UNITS = 2200
"""Longest page, in UTF-16 units: about two screens of a phone."""
PAGE_GALLERIES = 7
"""Most tweets with pictures on a page, because a message has at most 40 components."""
PAGE_FILES = 10
"""Most attached pictures on a page, which is Discord's limit for a message."""
EXTRA_UNITS = 1200
"""Longest quote, poll, card and alt texts of a tweet together, in UTF-16 units."""
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
    head: str
    """The line above it, in Markdown."""
    body: str
    """Its text and what belongs to it, in Markdown."""
    units: int
    """Its length in English, in UTF-16 units, so that pages are equal in every language."""
    media: tuple[Media, ...] = ()
    """The pictures below it."""

    @property
    def shown(self) -> str:
        """Its Markdown."""
        return f"{self.head}\n{self.body}" if self.body else self.head


def blocks(thread: Thread, sources: dict[int, tuple[Source, ...]], say: Language) -> list[Block]:
    """All tweets of `thread` in order; `sources` maps positions to sources."""
    found: list[Block] = []
    seen: set[str] = set()
    for position, tweet in enumerate(thread.tweets, start=1):
        named = _worth_naming(sources[position], tweet, seen)
        seen |= {source.label for source in named if source.kind == "printed"}
        head = partial(_head, position, tweet, named)
        more, below = _extras(tweet, say)
        first, later = (markdown.units(head(ENGLISH, continued=again)) for again in (False, True))
        parts = _slices(tweet.text, PAGE_UNITS - max(first, later) - below - 3)
        for number, part in enumerate(parts):
            last = number == len(parts) - 1
            body = "\n".join([*([markdown.escape(part)] if part else []), *(more if last else [])])
            size = (later if number else first) + markdown.units(markdown.escape(part)) + 1
            found.append(
                Block(
                    position,
                    head(say, continued=number > 0),
                    body,
                    size + (below if last else 0),
                    media.pictures(tweet) if last else (),
                )
            )
    return found


def pages(every: list[Block]) -> list[list[Block]]:
    """The blocks on pages of at most PAGE_UNITS, and as many pictures as a message holds."""
    found: list[list[Block]] = [[]]
    room, galleries, files = PAGE_UNITS, PAGE_GALLERIES, PAGE_FILES
    for block in every:
        size, attached = block.units + 2, sum(map(media.is_attached, block.media))
        full = size > room or bool(block.media) > galleries or attached > files
        if found[-1] and full:
            found.append([])
            room, galleries, files = PAGE_UNITS, PAGE_GALLERIES, PAGE_FILES
        found[-1].append(block)
        room -= size
        galleries -= bool(block.media)
        files -= attached
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


def source_line(
    sources: tuple[Source, ...], say: Language, *, most_printed: int | None = PRINTED_LINKS
) -> str:
    """Sources on one line, best first, with at most so many printed links; URLs are links."""
    printed = [source for source in sources if source.kind == "printed"]
    shown = [
        source for source in sources if source.kind != "printed" or source in printed[:most_printed]
    ]
    return " · ".join(_source(each, say) for each in shown)


def _source(source: Source, say: Language) -> str:
    label = say.say(LABELS.get(source.kind, wording.short(source.label, 60)))
    if source.url:
        link = markdown.link(label, source.url)
        if markdown.units(link) <= LINK_UNITS:
            return link
    return markdown.escape(label)


def _extras(tweet: Tweet, say: Language) -> tuple[list[str], int]:
    """What a tweet has beside its text, as lines, and their length in English."""
    total = fitting = 0
    for line in media.lines(tweet, ENGLISH):
        size = markdown.units(line) + 1
        if total + size > EXTRA_UNITS:
            break
        total += size
        fitting += 1
    return media.lines(tweet, say)[:fitting], total


def _worth_naming(sources: tuple[Source, ...], tweet: Tweet, seen: set[str]) -> tuple[Source, ...]:
    """The sources to show beside a tweet; the menu of the page has all of them.

    The tweet's own permalink, else a search for it. A link as printed only where it is new, and the
    file only where nothing else is known.
    """
    links = [each for each in sources if each.kind == "source" and each.url == tweet.permalink]
    links = links or [each for each in sources if each.kind == "find"]
    links = links or [each for each in sources if each.kind == "source"]
    printed = [each for each in sources if each.kind == "printed" and each.label not in seen]
    return (*links, *printed) or sources


def _head(
    position: int, tweet: Tweet, sources: tuple[Source, ...], say: Language, *, continued: bool
) -> str:
    """The line above a tweet or a further part of it."""
    parts = [f"**{position}**"]
    if tweet.created_at:
        parts.append(markdown.day(tweet.created_at, say))
    if continued:
        parts.append(say("continued"))
    return f"-# {' · '.join([*parts, source_line(sources, say)])}"


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
