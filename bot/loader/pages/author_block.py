"""Finds author blocks on pages: a name, a handle, a date and counts. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from bot.loader.pages.boilerplate import Kind, classify
from bot.loader.pages.page_items import Item
from bot.loader.pages.tweet_boundaries import Piece

LONGEST_NAME = 100
LONGEST_BYLINE = 250
"""Characters of the longest line that may be `— Name (@handle) date`."""
WITH_HANDLE = re.compile(
    r"(?P<dash>[-–—]\s*)?(?P<name>.{1,50}?)\s+\(?@(?P<handle>\w{1,20})\)?\s*(?P<rest>.{0,40})",
    re.ASCII,
)
ENDS_SENTENCE = (".", "!", "?", ":", ",", ";", "…", "”", '"')
WORD = re.compile(r"[^\W_]{3,}")
SHORTEST_PART = 3
"""Characters of the shortest handle that is looked for inside a name."""
LOOK_AHEAD = 8


@dataclass(frozen=True, slots=True)
class Block:
    """An author block."""

    length: int
    """Its number of lines."""
    handle: str | None = None
    """The handle in it."""
    date: str | None = None
    """The day in it, ISO 8601."""
    has_counts: bool = False
    """Whether a thread's counts follow it, as they do above a whole thread."""
    has_date: bool = field(default=False, compare=False)
    """Whether it contains a date, or one follows it, as above a post on X."""


def block_at(items: Sequence[Item], at: int, own: Set[str], *, at_top: bool) -> Block | None:
    """Return the author block that begins at that line, or None.

    Args:
        items: the page's lines.
        at: the place of the line.
        own: the author's handle, folded, where it is known already.
        at_top: whether no tweet stands above it on the page.
    """
    item = items[at]
    text = item.piece.text
    if item.role.kind != "handle" and (item.role.kind != "text" or not _may_be_name(text)):
        return None
    below = kinds_after(items, at)
    kinds = [kind for _, kind in below]
    has_counts = "counts" in kinds
    if item.role.kind == "handle":
        handle = item.role.author or ""
        if kinds[:1] in (["counts"], ["date"]) or (handle.lower() in own and not at_top):
            return Block(1, handle, has_counts=has_counts, has_date=kinds[:1] == ["date"])
        return None
    if kinds[:1] == ["handle"]:
        handle = items[below[0][0]].role.author or ""
        is_last = len(kinds) == 1
        if kinds[1:2] in (["counts"], ["date"], ["mark"]) or (
            is_name_of(text, handle) and (at_top or is_last or handle.lower() in own)
        ):
            return Block(
                below[0][0] - at + 1,
                handle,
                has_counts=has_counts,
                has_date=kinds[1:2] == ["date"],
            )
    found = WITH_HANDLE.fullmatch(text)
    if found and (not found["rest"] or _day(found["rest"]) is not None):
        handle = found["handle"]
        is_dated = bool(found["rest"]) and not found["dash"]
        if (
            kinds[:1] in (["counts"], ["date"])
            or (is_name_of(found["name"], handle) and (at_top or handle.lower() in own))
            or (is_dated and not at_top)
        ):
            return Block(1, handle, has_counts=has_counts, has_date=is_dated)
    elif kinds[:1] == ["counts"] and at_top:
        return Block(below[0][0] - at, has_counts=True)
    return None


def block_below(pieces: Sequence[Piece]) -> Block | None:
    """Return the block that ends a thread: `Name` and `@handle`, or `— Name (@handle) date`."""
    if len(pieces) < 2:
        return None
    last, above = pieces[-1].text, pieces[-2].text
    found = WITH_HANDLE.fullmatch(last) if len(last) <= LONGEST_BYLINE else None
    if found and (not found["rest"] or _day(found["rest"]) is not None):
        day = _day(found["rest"])
        if is_name_of(found["name"], found["handle"]) or (found["dash"] and day is not None):
            return Block(1, found["handle"], day or None)
    alone = classify(last, None)
    if alone.kind == "handle" and alone.author and len(pieces) > 2 and _may_be_name(above):
        return Block(2, alone.author) if is_name_of(above, alone.author) else None
    return None


def kinds_after(items: Sequence[Item], at: int) -> list[tuple[int, Kind]]:
    """Return the places and kinds of the next few lines, without buttons."""
    ahead = range(at + 1, min(at + LOOK_AHEAD, len(items)))
    return [(i, items[i].role.kind) for i in ahead if items[i].role.kind != "weak"][:4]


def is_name_of(name: str, handle: str) -> bool:
    """Whether somebody of that name may well go by that handle: `Byron Wan`, `Byron_Wan`."""
    folded = handle.lower().replace("_", "")
    words = [word.lower() for word in WORD.findall(name)]
    return len(words) <= 4 and any(
        word in folded or (len(folded) >= SHORTEST_PART and folded in word) for word in words
    )


def _may_be_name(text: str) -> bool:
    return (
        0 < len(text) <= LONGEST_NAME
        and not text.endswith(ENDS_SENTENCE)
        and not text.startswith("@")
    )


def _day(text: str) -> str | None:
    """Return the date in the text after a handle; empty without a year, None if it is no date."""
    day = classify(text.strip("·•|, -–—"), None).date
    return (day.iso or "") if day else None
