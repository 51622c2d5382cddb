"""Lists the lines with text of a copied page, each with its role."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import NamedTuple

from bot.loader.entities import split_line
from bot.loader.line_account import Account
from bot.loader.pages.boilerplate import Role, classify
from bot.loader.pages.markdown_lines import BOLD_NUMBER, NUMBERED, Shown, is_rule, shown
from bot.loader.pages.post_marks import is_metrics, permalink
from bot.loader.pages.tweet_boundaries import JOINED, Piece
from bot.loader.raw.line import Line
from bot.models import Media

ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#39|#x27);")
LINK_ALONE = re.compile(
    r"[\[\]()<>]+(?P<url>https?://[^\s\[\]()<>]+)(?:[\[\]()<>]+(?P=url))*[\[\]()<>]*"
)
"""A link with its address as its text, maybe several times over: `[[url](url)](url)`."""
BRACKETS = "[]()<>"
BARE_MARKUP = re.compile(r"[*_`]{2,3}")
"""The beginning or end of bold text or code that has lines of its own."""
PERMALINK = Role("home")
"""The role of a line that links to the post above it."""
LONGEST_REPEAT = 30
"""Lines of the longest passage that is compared with the one above it."""
LEAST_REPEATED = 30
"""Characters of the shortest passage that is taken for a repetition, not for style."""


@dataclass(slots=True)
class Item:
    """A line that is not blank."""

    piece: Piece
    """The line and its surroundings."""
    role: Role
    """Its role on the page."""
    shown: Shown
    """What its Markdown displays."""


class Ahead(NamedTuple):
    """What follows from a line on."""

    a_page: bool
    """Whether a line follows that stands below a thread: another page follows."""
    more: bool
    """Whether the heading of the previews follows before other boilerplate."""
    text: bool
    """Whether a line of a thread follows before the page's boilerplate below it."""


AHEAD = {each: Ahead(*each) for each in product((False, True), repeat=3)}
"""There are only these, so a long page needs little memory."""


def ahead(items: Sequence[Item]) -> list[Ahead]:
    """Return, for each of `items`, what follows on the page, itself included."""
    found = [AHEAD[False, False, False]]
    for item in reversed(items):
        kind, below = item.role.kind, found[-1]
        a_page = below.a_page or kind in ("footer", "more", "read")
        more = kind == "more" or (below.more and kind not in ("start", "footer", "end"))
        ends = ("footer", "tail", "more", "end")
        text = kind in ("text", "mark") or (below.text and kind not in ends)
        found.append(AHEAD[a_page, more, text])
    return found[:0:-1]


def _shown(text: str, *, markdown: bool) -> Shown:
    """Return what a line shows."""
    if not markdown:
        alone = LINK_ALONE.fullmatch(text) if text[0] in BRACKETS else None
        bare = alone["url"] if alone else text
        return Shown(ENTITY.sub(_unescaped, bare) if "&" in bare else bare)
    return shown(text)


def _unescaped(found: re.Match[str]) -> str:
    return html.unescape(found[0]).replace("\xa0", " ")


def items_of(
    lines: Sequence[Line], account: Account, saved: date | None, *, markdown: bool
) -> list[Item]:
    """Return the lines with text, each with its gap and its kind."""
    items: list[Item] = []
    blanks = most = 0
    joined = ruled = False
    waiting: tuple[Media, ...] = ()
    pictured: Line | None = None
    for line in lines:
        if not line.text:
            blanks += 1
            most = max(most, blanks)
            joined = joined or (markdown and line.breaks)
            continue
        visible = _shown(line.text, markdown=markdown)
        blanks = 0
        is_number = visible.heading and NUMBERED.fullmatch(visible.text)
        if is_rule(line.text) or is_number or (markdown and BOLD_NUMBER.fullmatch(line.text)):
            account.boilerplate(line, "a rule")
            if waiting and ruled:
                items.append(_wordless(pictured or line, waiting))
                waiting = ()
            ruled = True
            continue
        is_bare = line.text[0] in "*_`" and BARE_MARKUP.fullmatch(line.text)
        if is_bare or (markdown and is_metrics(line.text)):
            account.boilerplate(line, "markup or counts")
            continue
        if visible.is_card or not visible.text:
            account.boilerplate(line, "a link’s card" if visible.is_card else "a picture")
            joined = joined or line.breaks
            if items and not ruled and not waiting:
                last = items[-1]
                last.piece = replace(last.piece, media=last.piece.media + visible.media)
            else:
                pictured = pictured if waiting else line
                waiting += visible.media
            continue
        piece = Piece(
            line=line,
            text=visible.text,
            parts=split_line(visible.text),
            gap=JOINED if joined and not ruled else most,
            blank=most > 0,
            links=visible.links,
            below_rule=ruled,
            media=(*waiting, *visible.media),
        )
        waiting = ()
        link = permalink(line.text) if markdown else None
        role = PERMALINK if link and not link.text else classify(visible.text, saved)
        items.append(Item(piece, role, visible))
        joined = markdown and line.breaks
        ruled, most = False, 0
    return items


def _wordless(line: Line, media: tuple[Media, ...]) -> Item:
    """Return the item of pictures alone between two rules: a tweet without words."""
    piece = Piece(
        line=line,
        text="",
        parts=split_line(""),
        gap=0,
        blank=False,
        links=(),
        below_rule=True,
        media=media,
    )
    return Item(piece, Role("text"), Shown("", media=media))


def without_repeats(items: Sequence[Item], account: Account) -> list[Item]:
    """Return `items` without passages that repeat the lines right above them.

    Readers that drop a page's pictures keep their descriptions, which are the tweet's text.
    """
    kept: list[Item] = []
    at = 0
    texts = [item.piece.parts.text or item.piece.text for item in items]
    own: list[str] = []
    for _ in items:
        if at >= len(items):
            break
        length = _repeated(own, texts, at) if items[at].role.kind == "text" else 0
        for item in items[at : at + length]:
            account.boilerplate(item.piece.line, "a repetition of the lines above")
        if not length:
            kept.append(items[at])
            own.append(texts[at])
            length = 1
        at += length
    return kept


def _repeated(above: Sequence[str], texts: Sequence[str], at: int) -> int:
    """Return how many lines from `at` on repeat the last ones in `above`."""
    for length in range(min(LONGEST_REPEAT, len(above), len(texts) - at), 0, -1):
        if above[-length] == texts[at] and above[-length:] == texts[at : at + length]:
            said = sum(map(len, above[-length:]))
            return length if said >= LEAST_REPEATED else 0
    return 0
