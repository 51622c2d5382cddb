"""Hits in Discord's Markdown, as many as a message has room for, and their buttons."""

from __future__ import annotations

from collections.abc import Sequence

from discord import ui

from bot.i18n.messages import Language
from bot.models import Answer, Hit, Passage
from bot.views import markdown, wording
from bot.views.discord import custom_id, pages
from bot.views.discord.parts import Button, small

LEAST_EXCERPT = 60
"""Fewest UTF-16 units of an excerpt; with less room for each, fewer hits are shown."""
BESIDE_SHARE = 3
"""The adjacent tweet gets one part in this many of an excerpt's room."""


def shown_hits(
    hits: Sequence[Hit], budget: int, say: Language, *, numbered: bool = True
) -> list[tuple[Hit, str]]:
    """As many hits as fit in `budget`, in Markdown; excerpts share the room beside the frames."""
    frames = [_frame(hit, say, numbered=numbered) for hit in hits]
    sizes = [markdown.units("".join(frame)) for frame in frames]
    while sum(sizes) + LEAST_EXCERPT * len(sizes) > budget and len(sizes) > 1:
        sizes.pop()
    room = budget - sum(sizes)
    shown: list[tuple[Hit, str]] = []
    for left, (hit, (above, below)) in enumerate(zip(hits[: len(sizes)], frames, strict=False)):
        share = room // (len(sizes) - left)
        excerpts = _quoted(hit, share, say)
        room -= markdown.units(excerpts)
        shown.append((hit, f"{above}\n{excerpts}\n{below}"))
    return shown


def _quoted(hit: Hit, share: int, say: Language) -> str:
    """The excerpt of a hit, followed by that of the adjacent tweet."""

    def quote(passage: Passage, room: int) -> str:
        return markdown.quoted(markdown.excerpt(passage.tweet.text, passage.highlights, room))

    if hit.beside is None or share < BESIDE_SHARE * LEAST_EXCERPT:
        return quote(hit.best, share)
    place = small(wording.beside(hit.beside.position, say))
    second = quote(hit.beside, share // BESIDE_SHARE - markdown.units(place) - 2)
    first = quote(hit.best, share - markdown.units(second) - markdown.units(place) - 2)
    return f"{first}\n{place}\n{second}"


def _frame(hit: Hit, say: Language, *, numbered: bool) -> tuple[str, str]:
    """The lines above and below a hit's excerpt."""
    title = markdown.escape(wording.short(hit.thread.title, 90))
    about = wording.about(hit, hit.best, say, written=markdown.escape, day=markdown.day)
    number = f"{hit.rank}. " if numbered else ""
    above = f"**{number}{title}**\n-# {about}"
    below = f"-# {pages.source_line(hit.best.sources, say)}"
    rest = wording.more(hit, say)
    if rest:
        below = f"{below}\n-# {markdown.escape(rest)}"
    return above, below


def read_on_button(hit: Hit, say: Language) -> Button:
    """A button that opens the thread of `hit` at its best tweet."""
    return read_button(hit.thread.id, hit.best.position, say)


def read_button(thread: str, position: int, say: Language) -> Button:
    """A button that opens `thread` at the tweet at `position`."""
    return ui.Button(label=say("Read from here"), custom_id=custom_id.read(thread, position))


def question_line(answer: Answer) -> str:
    """The question of `answer` in Markdown, shortened."""
    return markdown.escape(wording.short(answer.question, 200))
