"""Finds text whose directional characters reach beyond it."""

from __future__ import annotations

from bot.bidi import BIDI


def loose(text: str) -> list[str]:
    """Return the lines in which a character directs what is outside of an isolate that is ended."""
    return [line for line in text.split("\n") if BIDI.search(line) and not _ends_within(line)]


def _ends_within(line: str) -> bool:
    depth = 0
    for each in line:
        if each in "\u2066\u2067\u2068":
            depth += 1
        elif each == "\u2069":
            depth -= 1
        elif BIDI.match(each) and depth < 1:
            return False
        if depth < 0:
            return False
    return depth == 0
