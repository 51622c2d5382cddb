"""Reads front matter: the optional `---` block with metadata above a dump or a page in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bot.errors import SettingsError
from bot.i18n.messages import Sentence, sentence
from bot.loader.line_account import Account
from bot.loader.pages.display_formats import iso_date
from bot.loader.raw.decode import clean
from bot.loader.raw.line import Line
from bot.models import Metadata

FENCE = re.compile(r"-{3,}")
PAIR = re.compile(r"([A-Za-z][\w -]{0,30}?)\s*:(?:\s+(.*)|)$")
KNOWN_PAIR = re.compile(
    r"(author|source|date|title|handle|url|published|created)\s*:\s*(.*)$", re.IGNORECASE
)
"""Known keys need no space after the colon; with any key, a URL would look like a pair."""
COMMENT = re.compile(r"#(?:\s|$)")
LIST_ITEM = re.compile(r"-\s+(.*)$")
# X gives 15 characters; some early accounts have more, and must not be cut to another's.
HANDLE = re.compile(r"@?(\w{1,20})$", re.ASCII)
HANDLE_INSIDE = re.compile(r"@(\w{1,20})(?!\w)", re.ASCII)
PROFILE = re.compile(r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(\w{1,20})/?$", re.ASCII)
STATUS = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(?!i/)(\w{1,20})/status(?:es)?/([0-9]+)",
    re.ASCII,
)
WEB_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+$")
PAGE_TITLE = re.compile(
    r"(?:thread|tweets?|posts?) (?:by|from) (?:[^@\n]{1,60}\()?@(?P<author>\w{1,20})\b.*"
    r"|(?:\(\d+\+?\) )?.{1,80} on (?:x|twitter): .*|.* \| thread reader(?: app)?",
    re.IGNORECASE | re.ASCII,
)
"""What a browser calls the page; not a title of the thread."""
LONG_POST = re.compile(r"note.?tweet|tweet|post", re.IGNORECASE)
"""What exporters call a single post."""
SAME = {
    "handle": "author",
    "username": "author",
    "by": "author",
    "url": "source",
    "link": "source",
    "published": "date",
    "date_published": "date",
    "posted": "date",
}
MOST_KEYS = 5
"""Unknown keys that a notice names."""
SAVED = ("created", "date_clipped", "clipped", "saved", "date_saved", "accessed", "retrieved")
OF_CLIPPERS = frozenset(
    "description tags tag aliases alias cssclass cssclasses type category categories image cover"
    " banner lang language draft slug layout status rating summary excerpt keywords id updated"
    " modified date_modified domain site website favicon word_count words source_type publisher"
    " source_role discovered_via topics project area up related parent reviewed read"
    " content_type subtypes ingested likes retweets replies views bookmarks quotes published_at"
    " item_id conversation_id tweet_count tweets desc".split()
)
"""Keys that clippers and notebooks write and that say nothing about a thread."""


@dataclass(frozen=True, slots=True)
class Head:
    """The content of a block."""

    metadata: Metadata = field(default_factory=Metadata)
    """Metadata of the thread below it."""
    saved: date | None = None
    """The day on which the page was saved."""
    is_there: bool = False
    """Whether there is a block at all."""
    is_one_post: bool = False
    """Whether it was written by a clipper, above a page with one post."""


def documents(lines: Sequence[Line], account: Account) -> Iterator[tuple[Head, Sequence[Line]]]:
    """Yield the pages in a dump, each with the front matter above it."""
    starts = [0]
    fences = [at for at, line in enumerate(lines) if FENCE.fullmatch(line.text)]
    closed_until = 0
    for at in fences:
        if at < closed_until:
            continue
        end = _end_of_block(lines, at)
        if end is not None:
            closed_until = end + 1
            if any(line.text for line in lines[:at]):
                starts.append(at)
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield split_front_matter(lines[start:end], account)


def split_front_matter(lines: Sequence[Line], account: Account) -> tuple[Head, Sequence[Line]]:
    """Split the front matter from the top of `lines`; return it and the lines below.

    A block that is not closed ends at the first line that cannot be part of one.
    """
    start = next((index for index, line in enumerate(lines) if line.text), len(lines))
    if start == len(lines) or not FENCE.fullmatch(lines[start].text):
        return Head(), lines
    end = start + 1
    limit = min(len(lines), start + LONGEST_FRONT_MATTER)
    while end < limit and _may_belong(lines[end].text):
        end += 1
    if end < len(lines) and FENCE.fullmatch(lines[end].text):
        return _read(lines[start : end + 1], account), lines[end + 1 :]
    closing = _end_of_block(lines, start)
    if closing is not None:
        return _read(lines[start : closing + 1], account), lines[closing + 1 :]
    end = _end_of_known(lines, start + 1, end)
    if end == start + 1:  # a rule above ordinary text
        account.boilerplate(lines[start], "a rule")
        return Head(), lines[end:]
    message = "the front matter has no closing ---; read its first lines as front matter"
    account.notice(lines[start].number, message)
    return _read(lines[start:end], account), lines[end:]


def _end_of_block(lines: Sequence[Line], start: int) -> int | None:
    """Return where the block that the fence at `start` opens is closed, if it surely is one."""
    end = start + 1
    pairs = others = 0
    while end < len(lines) and end - start < LONGEST_BLOCK and lines[end].text:
        text = lines[end].text
        if FENCE.fullmatch(text):
            return end if pairs > others else None
        if end == start + 1 and not KNOWN_PAIR.match(text):
            return None
        pairs += _may_belong(text)
        others += not _may_belong(text)
        end += 1
    return None


LONGEST_FRONT_MATTER = 2_000
"""Lines of the longest block at the top of a file."""
LONGEST_BLOCK = 60
"""Lines of the longest block that is recognized below the top of a file."""


def _pair(text: str) -> tuple[str, str] | None:
    """Return the key and the value in a line, or None."""
    found = KNOWN_PAIR.match(text) or PAIR.match(text)
    return (found[1].lower(), found[2] or "") if found else None


def _may_belong(text: str) -> bool:
    return not text or bool(COMMENT.match(text) or LIST_ITEM.match(text) or _pair(text))


def _end_of_known(lines: Sequence[Line], start: int, end: int) -> int:
    """Return the index after the last line, from `start`, of a known key and its list items."""
    last = start
    for index in range(start, end):
        pair = _pair(lines[index].text)
        if pair and not _is_known(pair[0]):
            break
        if pair or (last > start and LIST_ITEM.match(lines[index].text)):
            last = index + 1
    return last


def _is_known(key: str) -> bool:
    return key in READERS or key in SAME or key in SAVED


class _Block:
    """A block while it is read."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._metadata = Metadata()
        self._given: set[str] = set()
        self._saved: date | None = None
        self._no_handles: list[tuple[Line, str]] = []
        self._unknown: list[tuple[Line, str]] = []
        self._is_clip = False

    def read(self, line: Line, key: str, raw: str) -> None:
        """Read a line with `key`."""
        value = raw.strip().strip("\"'").strip()
        name = SAME.get(key, key)
        if key in ("type", "content_type") and LONG_POST.fullmatch(value):
            self._is_clip = True
        if not value or key in OF_CLIPPERS:
            return
        if key in SAVED:
            found = iso_date(value)
            self._saved = self._saved or (date.fromisoformat(found[:10]) if found else None)
            return
        if name not in READERS:
            self._unknown.append((line, key))
            return
        page = PAGE_TITLE.fullmatch(value) if name == "title" else None
        if page:
            self._is_clip = self._is_clip or page["author"] is not None
            if page["author"] and self._metadata.author is None:
                self._metadata = replace(self._metadata, author=page["author"])
            return
        read, expected = READERS[name]
        parsed = read(value)
        if parsed is None:
            message = f"“{value}” is not a valid {expected}; {name} left out"
            if name == "author":
                self._no_handles.append((line, message))
            else:
                self._account.left_out(line, message)
            return
        known = getattr(self._metadata, name)
        if known is not None and known.lower() != parsed.lower() and key in self._given:
            self._account.left_out(line, f"a second {key} (the first one counts); left out")
        if known is None or (key == name and key not in self._given):
            self._metadata = _with(self._metadata, name, parsed)
        self._given.add(key)

    def head(self) -> Head:
        """Return what the block says. A source on X also gives the author."""
        metadata = self._metadata
        status = STATUS.match(metadata.source or "")
        if metadata.author is None and status:
            metadata = replace(metadata, author=status[1])
        if metadata.author is None:
            for line, message in self._no_handles:
                self._account.left_out(line, message)
        self._report_unknown()
        return Head(
            metadata,
            self._saved,
            is_there=True,
            is_one_post=self._is_clip and status is not None,
        )

    def _report_unknown(self) -> None:
        """Add one notice about all unknown keys."""
        keys = list(dict.fromkeys(key for _, key in self._unknown))
        if not keys:
            return
        shown = ", ".join(f"“{each}”" for each in keys[:MOST_KEYS])
        more = f" and {len(keys) - MOST_KEYS:,} more" if len(keys) > MOST_KEYS else ""
        message = (
            f"unknown key{'s' if len(keys) > 1 else ''} {shown}{more} in the front matter"
            f" (known: {', '.join(READERS)}); left out"
        )
        for number, (line, _) in enumerate(self._unknown):
            self._account.left_out(line, message, has_notice=number > 0)


def _with(metadata: Metadata, name: str, value: str) -> Metadata:
    known: dict[str, Any] = {name: value}
    return replace(metadata, **known)


def _read(lines: Sequence[Line], account: Account) -> Head:
    """Read the lines of a block, including its fences."""
    block = _Block(account)
    key: str | None = None
    for line in lines:
        if line.text:
            account.boilerplate(line, "front matter")
        item = LIST_ITEM.match(line.text)
        pair = _pair(line.text)
        if FENCE.fullmatch(line.text):
            continue
        if item and key:
            block.read(line, key, item[1])
        elif pair:
            key = pair[0]
            block.read(line, *pair)
        elif line.text and not COMMENT.match(line.text) and key not in OF_CLIPPERS:
            account.left_out(line, "not a line of front matter; left out")
    return block.head()


def handle(value: str) -> str | None:
    """Return the handle in `@name`, `name`, `Full Name (@name)` or a profile's URL, or None."""
    found = PROFILE.match(value) or HANDLE.match(value) or HANDLE_INSIDE.search(value)
    return found[1] if found else None


def web_address(value: str) -> str | None:
    """Return `value` if it is an http(s) URL, else None."""
    return value if WEB_ADDRESS.match(value) else None


def _title(value: str) -> str | None:
    return " ".join(clean(value).split()) or None


READERS: dict[str, tuple[Callable[[str], str | None], Sentence]] = {
    "author": (handle, sentence("handle on X (such as @name)")),
    "source": (web_address, sentence("web address (https://…)")),
    "date": (iso_date, sentence("ISO date (2025-06-13)")),
    "title": (_title, sentence("title")),
}


def metadata_from_options(
    options: Mapping[str, str | None], names: Mapping[str, Sentence | str]
) -> Metadata:
    """Return metadata from options (author, source, date, title); those that are None are ignored.

    Raises:
        SettingsError: options are not valid; it lists them all by their `names`.
    """
    values: dict[str, Any] = {}
    problems: list[Sentence] = []
    for key, (read, expected) in READERS.items():
        value = options.get(key)
        if value is None:
            continue
        parsed = read(value)
        if parsed is None:
            problems.append(
                sentence(
                    "{option} {value}: not a valid {expected}.",
                    option=names[key],
                    value=value,
                    expected=expected,
                )
            )
        else:
            values[key] = parsed
    if problems:
        raise SettingsError(*problems)
    return Metadata(**values)
