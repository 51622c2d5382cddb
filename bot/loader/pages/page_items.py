"""Lists the lines with text of a copied page, each with its role."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from bot.background.priority import yielding
from bot.loader.entities import split_line
from bot.loader.line_account import Account
from bot.loader.pages.boilerplate import Role, classify
from bot.loader.pages.markdown_lines import Shown, is_rule, shown
from bot.loader.pages.tweet_boundaries import JOINED, Piece
from bot.loader.raw.line import Line
from bot.models import Media

ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#39|#x27);")
NUMBERED = re.compile(
    r"(?:(?:tweet|post)\s*)?#?\d{1,3}(?:\s*(?:/|of)\s*\d{1,3})?[.:)]?", re.IGNORECASE
)


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


def ahead(items: Sequence[Item]) -> list[Ahead]:
    """Return, for each of `items`, what follows on the page, itself included."""
    found = [Ahead(a_page=False, more=False)]
    for item in reversed(items):
        kind, below = item.role.kind, found[-1]
        found.append(
            Ahead(
                a_page=below.a_page or kind in ("footer", "more", "read"),
                more=kind == "more" or (below.more and kind not in ("start", "footer", "end")),
            )
        )
    return found[:0:-1]


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
    for line in yielding(lines):
        if not line.text:
            blanks += 1
            most = max(most, blanks)
            joined = joined or (markdown and line.breaks)
            continue
        visible = shown(line.text) if markdown else Shown(ENTITY.sub(_unescaped, line.text))
        blanks = 0
        if is_rule(line.text) or (visible.heading and NUMBERED.fullmatch(visible.text)):
            account.boilerplate(line, "a rule")
            ruled = True
            continue
        if visible.is_card or not visible.text:
            account.boilerplate(line, "a link’s card" if visible.is_card else "a picture")
            joined = joined or line.breaks
            if items and not ruled and not waiting:
                last = items[-1]
                last.piece = replace(last.piece, media=last.piece.media + visible.media)
            else:
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
        items.append(Item(piece, classify(visible.text, saved), visible))
        joined = markdown and line.breaks
        ruled, most = False, 0
    return items
