"""JSON in text: one value, an array, a line for each, or an X archive's `window.YTD… =`."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from bot.loader.account import LONGEST_QUOTE, Account

ASSIGNMENT = re.compile(r"\s*window\.YTD\.[\w.]+\s*=\s*")
SPACE = re.compile(r"[\s,]*")
NEXT_RECORD = re.compile(r"^[^\S\n]*(?=[{\[])", re.MULTILINE)
OPENING = re.compile(r"\s*(?:\[\s*(?:[\[{\]\"]|$)|\{\s*(?:\"|\}|$)|window\.YTD\b)")


def looks_like_json(text: str) -> bool:
    """Whether `text` begins as JSON does that holds records."""
    return OPENING.match(text) is not None


def is_archive(text: str) -> bool:
    """Whether it is a file of an X archive's `data` folder."""
    return ASSIGNMENT.match(text) is not None


def records(text: str, account: Account) -> Iterator[tuple[int, Any]]:
    """The values in `text` with the lines they start at; elements of an array one by one.

    A value that is broken is skipped up to the next line that begins one, and noticed.
    """
    decoder = json.JSONDecoder()
    ends = [found.end() for found in re.finditer("\n", text)]
    at = _start(text, 0)
    while at < len(text):
        line = bisect_right(ends, at) + 1
        try:
            value, at = decoder.raw_decode(text, at)
            yield line, value
        except (ValueError, RecursionError) as error:
            message = f"a record that can't be read as JSON ({error})"
            account.notice(line, message)
            account.record(line, "notice", message, text[at : at + LONGEST_QUOTE])
            following = NEXT_RECORD.search(text, at + 1)
            at = following.end() if following else len(text)
        at = _start(text, at)


def _start(text: str, at: int) -> int:
    """Where the next record starts: past commas, brackets and an archive's assignment."""
    while True:
        found = SPACE.match(text, at)
        at = found.end() if found else at
        assignment = ASSIGNMENT.match(text, at)
        if assignment:
            at = assignment.end()
        elif at < len(text) and text[at] in "[]":
            at += 1
        else:
            return at
