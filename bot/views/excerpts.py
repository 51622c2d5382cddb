"""Cuts an excerpt out of a text, around what matched. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import regex

SENTENCE_END = regex.compile(r"(?<!\b\p{L})[.!?…؟۔।॥][\"'”’)\]]*\s+|[。！？][”」』）]*\s*|\n\s*")
CHARACTER = regex.compile(r"\X")
LONGEST_CHARACTER = 40
"""Most code points of one visible character, such as an emoji of a family, with a margin."""


def window(text: str, highlights: Sequence[tuple[int, int]], limit: int) -> tuple[int, int]:
    """The slice [start, end) of `text` to quote: at most `limit` code points, most highlights.

    Distinct words count before repeated ones. The slice starts and ends at a sentence if one is
    near, else at a word, else at a grapheme. It starts before its first highlight and contains it
    if it fits.
    """
    if len(text) <= limit:
        return 0, len(text)
    sentences = [0, *(found.end() for found in SENTENCE_END.finditer(text))]
    spans = [span for span in highlights if span[1] - span[0] <= limit] or [(0, 0)]
    words = {span: text[slice(*span)].casefold() for span in spans}
    best, most = (0, 0), (0, 0)
    for span in spans:
        start = _start(text, span, sentences, limit)
        inside = [each for each in spans if start <= each[0] and each[1] <= start + limit]
        held = len({words[each] for each in inside}), len(inside)
        if held > most or span is spans[0]:
            best, most = (start, span[1]), held
    start = best[0]
    ends = [last for _, last in spans if start < last <= start + limit]
    return start, _end(text, start, max([best[1], *ends]), sentences, limit)


def _start(text: str, span: tuple[int, int], sentences: Sequence[int], limit: int) -> int:
    """The start of a window whose first highlight is `span`."""
    sentence = max(each for each in sentences if each <= span[0])
    if span[1] - sentence <= limit // 2:
        return sentence
    earliest = max(sentence, span[1] - limit, span[0] - limit // 4)
    space = text.find(" ", earliest, span[0])
    return space + 1 if space >= 0 else _whole(text, earliest, span[0], up=True)


def _end(text: str, start: int, least: int, sentences: Sequence[int], limit: int) -> int:
    """The end of a window that starts at `start` and contains everything up to `least`."""
    furthest = min(start + limit, len(text))
    if furthest == len(text):
        return furthest
    enough = max(least, start + limit // 2)
    whole = [each for each in sentences if enough <= each <= furthest]
    if whole:
        return max(least, len(text[: whole[-1]].rstrip()))
    space = text.rfind(" ", enough, furthest + 1)
    return space if space > start else max(least, _whole(text, furthest, start, up=False))


def _whole(text: str, at: int, limit: int, *, up: bool) -> int:
    """The grapheme boundary nearest to `at`, searching up or down, but not beyond `limit`."""
    low, high = min(at, limit), max(at, limit)
    begin = max(0, low - LONGEST_CHARACTER)
    borders = [begin + each.start() for each in CHARACTER.finditer(text[begin : high + 1])]
    between = [each for each in borders if low <= each <= high] or [at]
    return between[0] if up else between[-1]
