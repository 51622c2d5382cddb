"""Keeps the direction of a text to itself: what stands beside it stays as it is. Pure.

Unicode has characters that reverse all that follows on the line, until another one ends them. A
title with one that is never ended would rearrange the words around it, and could forge them. So a
text that has any is put between two that isolate it. https://www.unicode.org/reports/tr9/
"""

from __future__ import annotations

import re

BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that direct text: marks, embeddings, overrides and isolates."""
EMBEDDINGS = "\u202a\u202b\u202d\u202e"
ISOLATES = "\u2066\u2067\u2068"
FIRST_STRONG, END_OF_ISOLATE, END_OF_EMBEDDING = "\u2068", "\u2069", "\u202c"
DEEPEST = 60
"""Embeddings and isolates within each other; more are left out. Unicode allows 125."""


def isolated(text: str) -> str:
    """Return `text`; each line with directional characters is isolated from what is around it.

    Nothing but such characters is added or left out, and a text that is isolated stays as it is.
    """
    if text.isascii() or not BIDI.search(text):
        return text
    return "\n".join(_isolated(line) for line in text.split("\n"))


def _isolated(line: str) -> str:
    if not BIDI.search(line):
        return line
    balanced, is_whole = _balanced(line)
    return balanced if is_whole else f"{FIRST_STRONG}{balanced}{END_OF_ISOLATE}"


def _balanced(line: str) -> tuple[str, bool]:
    """Return `line` with all ended that it begins, and whether one isolate has all of it."""
    parts: list[str] = []
    waiting: list[str] = []
    is_whole = line.startswith(FIRST_STRONG)
    deepest = DEEPEST + is_whole
    at = 0
    for found in BIDI.finditer(line):
        parts.append(line[at : found.start()])
        at = found.end()
        character = found[0]
        if character in EMBEDDINGS + ISOLATES:
            if len(waiting) == deepest:
                continue
            waiting.append(END_OF_ISOLATE if character in ISOLATES else END_OF_EMBEDDING)
        elif character == END_OF_EMBEDDING:
            if waiting[-1:] != [character]:
                continue
            waiting.pop()
        elif character == END_OF_ISOLATE:
            if character not in waiting:
                continue
            while (end := waiting.pop()) != character:
                parts.append(end)
            is_whole = is_whole and (bool(waiting) or at == len(line))
        parts.append(character)
    parts.append(line[at:])
    is_whole = is_whole and not waiting
    return "".join([*parts, *reversed(waiting)]), is_whole
