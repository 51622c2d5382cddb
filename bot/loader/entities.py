"""Finds mentions and links in a line, and separates them from its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass

from bot.models import Link

MENTION = re.compile(r"(?<![\w@])(?<!\w\.)@(\w{1,15})(?![\w@])", re.ASCII)
LEADING_MENTIONS = re.compile(r"(?:@[A-Za-z0-9_]{1,15}(?:[\s\u200b]+|$))+")
"""Handles only; in `@name's plan` the mention is part of the sentence."""
LABELS = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\.)+[a-zA-Z]{2,24}"
LINK = re.compile(
    rf"https?://[^\s<>\"“”]+|(?<![\w@.…/-]){LABELS}(?::\d+)?(?:/[^\s<>\"“”]*|…)",
    re.IGNORECASE,
)
"""A URL, or what X shows of one: `wsj.com/tech/china-ai-…`. A bare domain is a word."""
WEB = re.compile(r"https?://\w", re.IGNORECASE)
BARE_DOMAIN = re.compile(rf"{LABELS}(?::\d+)?", re.IGNORECASE)
CLOSERS = ".,;:!?'’”»)]}"
CUT = ("…", "...")
"""Endings of links that were shortened for display."""
PAIRS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Parts:
    """A line split into its text, mentions and links."""

    text: str
    """The text without leading mentions and trailing links."""
    mentions: tuple[str, ...]
    """The handles in the line, in order, each once."""
    links: tuple[Link, ...]
    """The links in the line, in order, each once."""
    is_byline: bool
    """Whether the line consists of mentions and links."""
    leads_with_mention: bool
    """Whether the line starts with a mention, as a reply does."""


def split_line(line: str) -> Parts:
    """Split `line` into its text, the mentions that lead it and the links that end it."""
    if "@" not in line and "/" not in line and "…" not in line:
        text = line.strip()  # most lines have neither
        return Parts(text, (), (), not text and bool(line), leads_with_mention=False)
    every = _link_spans(line)
    spans = list(every)
    links = [line[start:end] for start, end in spans]
    has_mentions = "@" in line
    leading = LEADING_MENTIONS.match(line) if has_mentions else None
    start = leading.end() if leading else 0
    end = len(line)
    while spans and not line[spans[-1][1] : end].strip():
        end = spans.pop()[0]
    text = line[start:end].strip()
    if leading and text and all(BARE_DOMAIN.fullmatch(token) for token in text.split()):
        links = [*text.split(), *links]
        text = ""
    mentions = MENTION.findall(_blank(line, every)) if has_mentions else []
    return Parts(
        text=text,
        mentions=unique_handles(mentions) if mentions else (),
        links=unique_links([as_link(printed) for printed in links]) if links else (),
        is_byline=not text and bool(line),
        leads_with_mention=leading is not None,
    )


def as_link(printed: str) -> Link:
    """Return the link as printed; its URL is set only if it is printed whole, with its scheme."""
    whole = WEB.match(printed) and "…" not in printed and "..." not in printed
    return Link(printed, printed if whole else None)


def without_endings(text: str, endings: Container[str]) -> str:
    """Return `text` without the words in `endings` at its end."""
    text = text.rstrip()
    while text and (last := text.rsplit(None, 1)[-1]) in endings:
        text = text[: -len(last)].rstrip()
    return text


def unique_handles(handles: list[str]) -> tuple[str, ...]:
    """Return `handles` in order, each once, ignoring case."""
    first: dict[str, str] = {}
    for handle in handles:
        first.setdefault(handle.lower(), handle)
    return tuple(first.values())


def unique_links(links: list[Link]) -> tuple[Link, ...]:
    """Return `links` in order, each once."""
    return tuple(dict.fromkeys(links))


def _link_spans(line: str) -> list[tuple[int, int]]:
    if "/" not in line and ("…" not in line or "." not in line):
        return []  # the pattern is slow, and most lines have no link
    return [(found.start(), _trimmed_end(line, *found.span())) for found in LINK.finditer(line)]


def _trimmed_end(line: str, start: int, end: int) -> int:
    """Return where a link ends, without the punctuation of the sentence around it."""
    if line.endswith(CUT, start, end):
        return end
    while line[end - 1] in CLOSERS and line[end - 1] not in PAIRS:
        end -= 1
    if line[end - 1] not in CLOSERS:
        return end
    left = Counter(line[start:end])
    while line[end - 1] in CLOSERS and not line.endswith(CUT, start, end):
        opener = PAIRS.get(line[end - 1])
        if opener and left[opener] >= left[line[end - 1]]:
            break
        left[line[end - 1]] -= 1
        end -= 1
    return end


def _blank(line: str, spans: list[tuple[int, int]]) -> str:
    parts: list[str] = []
    at = 0
    for start, end in spans:
        parts += [line[at:start], " "]
        at = end
    return "".join([*parts, line[at:]])
