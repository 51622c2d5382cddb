"""The optional `---` block at the top of a dump: what its owner says of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.loader.account import Account
from bot.loader.decode import Line, clean
from bot.models import Metadata

FENCE = re.compile(r"-{3,}")
PAIR = re.compile(r"([A-Za-z][\w -]{0,30}?)\s*:(?:\s+(.*)|)$")
KNOWN_PAIR = re.compile(r"(author|source|date|title)\s*:\s*(.*)$", re.IGNORECASE)
"""As people write it, without a space too; of other words this would take a URL for a pair."""
COMMENT = re.compile(r"#(?:\s|$)")
LIST_ITEM = re.compile(r"-\s+(.*)$")
HANDLE = re.compile(r"@?(\w{1,15})$", re.ASCII)
HANDLE_INSIDE = re.compile(r"@(\w{1,15})", re.ASCII)
PROFILE = re.compile(r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(\w{1,15})/?$", re.ASCII)
WEB_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+$")


def split_front_matter(lines: Sequence[Line], account: Account) -> tuple[Metadata, Sequence[Line]]:
    """Take the block off the top of `lines`: what it says, and the lines below it.

    A block that is not closed ends at the first line that says nothing of what a block can say.
    """
    start = next((index for index, line in enumerate(lines) if line.text), len(lines))
    if start == len(lines) or not FENCE.fullmatch(lines[start].text):
        return Metadata(), lines
    end = start + 1
    while end < len(lines) and _may_belong(lines[end].text):
        end += 1
    if end < len(lines) and FENCE.fullmatch(lines[end].text):
        return _read(lines[start : end + 1], account), lines[end + 1 :]
    end = _end_of_known(lines, start + 1, end)
    if end == start + 1:  # a rule above ordinary text
        account.boilerplate(lines[start], "a rule")
        return Metadata(), lines[end:]
    message = "the front matter is not closed by a line of ---; its first lines were taken as such"
    account.notice(lines[start].number, message)
    return _read(lines[start:end], account), lines[end:]


def _pair(text: str) -> tuple[str, str] | None:
    """Key and value in a line, if it is one that has them."""
    found = KNOWN_PAIR.match(text) or PAIR.match(text)
    return (found[1].lower(), found[2] or "") if found else None


def _may_belong(text: str) -> bool:
    return not text or bool(COMMENT.match(text) or LIST_ITEM.match(text) or _pair(text))


def _end_of_known(lines: Sequence[Line], start: int, end: int) -> int:
    """The index after the last line, from `start`, of a known key, its list items included."""
    last = start
    for index in range(start, end):
        pair = _pair(lines[index].text)
        if pair and pair[0] not in READERS:
            break
        if pair or (last > start and LIST_ITEM.match(lines[index].text)):
            last = index + 1
    return last


def _read(lines: Sequence[Line], account: Account) -> Metadata:
    """What the lines of a block say."""
    said = Metadata()
    key = ""
    for line in lines:
        if line.text:
            account.boilerplate(line, "front matter")
        item = LIST_ITEM.match(line.text)
        pair = _pair(line.text)
        if item and key:
            said = _with(said, line, key, item[1], account)
        elif pair:
            key = pair[0]
            said = _with(said, line, *pair, account)
    return said


def _with(said: Metadata, line: Line, key: str, raw: str, account: Account) -> Metadata:
    """`said`, and what a line with `key` and the value `raw` says."""
    value = raw.strip().strip("\"'").strip()
    if not value:
        return said
    if key not in READERS:
        message = f"front matter has no “{key}” (it knows {', '.join(READERS)}); left out"
        account.left_out(line, message)
        return said
    if getattr(said, key) is not None:
        account.left_out(line, f"a second {key}; the first one counts")
        return said
    read, expected = READERS[key]
    taken = read(value)
    if taken is None:
        message = f"“{value}” is no {expected}; {key} left out"
        account.left_out(line, message)
        return said
    return replace(said, **{key: taken})


def handle(value: str) -> str | None:
    """The handle in `@name`, `name`, `Full Name (@name)` or a profile's address; else none."""
    found = PROFILE.match(value) or HANDLE.match(value) or HANDLE_INSIDE.search(value)
    return found[1] if found else None


def web_address(value: str) -> str | None:
    """`value` if it is an http(s) URL, else none."""
    return value if WEB_ADDRESS.match(value) else None


def iso_date(value: str) -> str | None:
    """`value` in ISO 8601 if it is a date or a date and time in that form, else none."""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(value).isoformat()
    except ValueError:
        return None


def _title(value: str) -> str | None:
    return " ".join(clean(value).split()) or None


READERS: dict[str, tuple[Callable[[str], str | None], str]] = {
    "author": (handle, "handle on X (such as @name)"),
    "source": (web_address, "web address (https://…)"),
    "date": (iso_date, "ISO date (2025-06-13)"),
    "title": (_title, "title"),
}
