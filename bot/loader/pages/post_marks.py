"""Recognizes the lines that tools write around a post: a byline above it, a permalink beside it.

Pure. Known forms: Obsidian Web Clipper, tweet-to-markdown, twitter-archive-parser, Readwise and
exporters that put each post below a heading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.loader.pages.display_formats import PrintedDate, printed_date
from bot.loader.pages.markdown_lines import IMAGE, LINK, TAG, unescaped

STATUS = (
    r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(?P<user>\w{1,20}|i/web)"
    r"/status(?:es)?/(?P<id>[0-9]{1,20})[^\s)]{0,200}"
)
STATUS_LINK = re.compile(rf"\[(?P<label>[^\]\n]{{0,100}})\]\({STATUS}\)", re.ASCII)
PROFILE_LINK = re.compile(
    r"\[\s*@(\w{1,20})\s*\]\(https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/\w{1,20}/?\)", re.ASCII
)
HANDLE = r"@(?P<handle>\w{1,20})(?!\w)"
BOLD_NAME = re.compile(
    rf"(?:#{{1,6}}\s+)?(?:\*\*|__)(?P<name>.{{1,100}}?)(?:\*\*|__)\s*+[·•|-]?\s*+"
    rf"\[?\(?{HANDLE}\)?\]?(?:\(\S{{1,200}}\))?\s*+[·•|,-]?\s*+(?P<when>.{{0,300}})",
    re.ASCII,
)
BOLD_HANDLE = re.compile(
    rf"(?:\*\*|__){HANDLE}(?:\*\*|__)\s*(?:\((?P<name>.{{1,100}}?)\))?\s*"
    r"[·•|,—–-]?\s*(?P<when>.{0,100})",
    re.ASCII,
)
HEADED = re.compile(
    rf"#{{1,6}}\s+(?:\d{{1,4}}[.):]?\s+)?{HANDLE}\s*"
    r"(?:\((?!\d)(?P<name>.{1,100}?)\)\s*(?:\((?:author|op)\))?)?\s*[·•|,—–-]?\s*"
    r"\(?(?P<when>[^()]{0,100})\)?",
    re.ASCII | re.IGNORECASE,
)
LINKED_NAME = re.compile(
    rf"(?P<name>.{{1,100}}?)\s+\(\0{HANDLE}\)(?:\s+[·•—–-]\s+(?P<when>.{{1,60}}))?", re.ASCII
)
"""A name and a linked handle; the link is marked with a NUL beforehand."""
LIST_BY = re.compile(r"(?:tweets?|threads?|posts?|replies|comments?)\s+(?:by|from|of)\b", re.I)
LABEL = (
    r"(?:(?:(?:view|see|open|read|show|link to|original)\s+)?(?:this\s+|the\s+)?(?:original\s+)?"
    r"(?:tweet|post|status|permalink|source|link)(?:\s+link)?"
    r"|(?:view|see|open|read|originally|original thread)(?:\s+(?:it\s+)?on\s+(?:x|twitter))?"
    r"|on\s+(?:x|twitter)|🔗)"
)
LABELLED = re.compile(rf"{LABEL}\W{{0,3}}", re.IGNORECASE)
AROUND = re.compile(
    r"(?:originally (?:posted )?on (?:x|twitter)|source|link|url|permalink"
    r"|original|🔗|tags?|highlight|\[\[[\d-]{8,10}\]\]|[\s()\[\]_*·•|—–,:#-])*",
    re.IGNORECASE,
)
AT_END = re.compile(
    rf"\(\[(?P<label>[^\]\n]{{1,60}})\]\({STATUS}\)\)(?:\s+#\S+){{0,20}}\s*$", re.ASCII
)
PLAIN = re.compile(
    rf"[\s*_>-]*(?:url|link|permalink|source|tweet)\W{{1,6}}<?{STATUS}>?\s*", re.ASCII | re.I
)
REPLYING = re.compile(
    r"[\s*_>]*(?:in reply|replying|replied|reply|answer(?:ing)?)\s+to\s+\[?"
    r"@(?P<handle>\w{1,20})\b.{0,200}",
    re.ASCII | re.IGNORECASE,
)
METRICS = re.compile(
    r"(?:[\s*_·•|,:()>-]|❤️?|🔁|💬|👁️?|🔄|👀|📊|♻️?|(?>\d[\d.,]*[kmb]?(?=[\W_]|$))"
    r"|\b(?:likes?|retweets?|reposts?|repl(?:y|ies)|quotes?|views?|bookmarks?|impressions?)\b)+",
    re.IGNORECASE,
)
COUNTED = re.compile(
    r"\d[.,]*[kmb]?\s*(?:likes?|retweets?|reposts?|repl|quotes?|views?|❤|🔁|💬|👁)"
    r"|(?:❤️?|🔁|💬|👁️?|🔄|likes?:?|retweets?:?|replies:?)[\s*_]*\d",
    re.IGNORECASE,
)
LONGEST_BYLINE = 1_000
"""Characters of the longest line that can be a byline, with a picture and links."""


@dataclass(slots=True)
class Byline:
    """A line that names a post's author."""

    handle: str
    """The handle."""
    name: str | None = None
    """The display name."""
    date: str | None = None
    """The day of posting, or its time, ISO 8601."""
    is_sure: bool = False
    """Whether the date belongs to the post: it is the link's own text, or has the time of day."""
    tweet_id: str | None = None
    """The post's id, if the line links to it."""
    quotes_its_text: bool = False
    """Whether the tools that write such lines quote the post's text below."""


@dataclass(frozen=True, slots=True)
class Permalink:
    """A line that links to the post that it belongs to."""

    handle: str | None
    """The handle in the link; None if the link names none."""
    tweet_id: str
    """The post's id."""
    date: str | None = None
    """The date on the line, ISO 8601."""
    is_sure: bool = False
    """Whether the date belongs to the post: it is the link's own text, or has the time of day."""
    text: str = ""
    """The post's words before the link, on the same line."""


def byline(text: str, above: str | None) -> Byline | None:
    """Return the byline that `text` is, or None.

    Args:
        text: a line.
        above: the line above it that is not blank; None if there is none.
    """
    if len(text) > LONGEST_BYLINE:
        return None
    line = unescaped(text)
    if line.startswith(("**", "__", "#")):
        for pattern in (BOLD_NAME, BOLD_HANDLE, HEADED):
            found = pattern.fullmatch(line)
            if found and (made := _made(found, line, quotes=pattern is not BOLD_NAME)):
                return made
    if "](" not in line:
        return None
    bare = IMAGE.sub("", line).strip()
    marked, links = PROFILE_LINK.subn(lambda found: f"\0@{found[1]}", bare)
    found = LINKED_NAME.fullmatch(marked) if links else None
    if found and (found["when"] or bare != line or _begins_post(above)):
        return _made(found, line)
    return None


def _begins_post(above: str | None) -> bool:
    """Whether a post may begin below that line: a picture alone, a rule, or nothing."""
    return above is None or not IMAGE.sub("", above).strip(" -*_=")


def _made(found: re.Match[str], line: str, *, quotes: bool = False) -> Byline | None:
    """Return the byline, unless what stands behind the name is neither a date nor a link."""
    name = found["name"]
    when = (found["when"] or "").strip()
    if name and LIST_BY.match(name):
        return None
    link = STATUS_LINK.search(when)
    written = link["label"] if link else LINK.sub(lambda each: each[1], when)
    day = printed_date(written.strip(" ()[]_*·•|,—–-"))
    if when and not day and not link:
        return None
    return Byline(
        handle=found["handle"],
        name=name.strip(" *_") if name else None,
        date=day.iso if day else None,
        is_sure=day is not None and (day.timed or link is not None),
        tweet_id=link["id"] if link else None,
        quotes_its_text=quotes and line.startswith("#"),
    )


def permalink(text: str) -> Permalink | None:
    """Return the link to its post that a line is, or ends with; None if it is neither."""
    if "/status" not in text:
        return None
    line = TAG.sub("", text).strip()
    ending = AT_END.search(line)
    if ending and LABELLED.fullmatch(ending["label"].strip()):
        return Permalink(_user(ending), ending["id"], text=line[: ending.start()].strip())
    if found := PLAIN.fullmatch(line):
        return Permalink(_user(found), found["id"])
    links = list(STATUS_LINK.finditer(line))
    if len(links) != 1:
        return None
    (link,) = links
    label = link["label"].strip()
    day = printed_date(label.strip(" ()*_"))
    rest = f"{line[: link.start()]} {line[link.end() :]}"
    beside = printed_date(rest.strip(" ()*_·•|—–,-"))
    if not (day or LABELLED.fullmatch(label)) or not (beside or AROUND.fullmatch(rest)):
        return None
    shown = day or beside or PrintedDate(None)
    return Permalink(_user(link), link["id"], shown.iso, is_sure=shown.iso is not None)


def is_metrics(text: str) -> bool:
    """Whether a line is nothing but numbers of likes, reposts and replies."""
    return METRICS.fullmatch(text) is not None and COUNTED.search(text) is not None


def replied_to(text: str) -> str | None:
    """Return the handle in a line such as `Replying to @name`."""
    found = REPLYING.fullmatch(unescaped(text))
    return found["handle"] if found else None


def _user(found: re.Match[str]) -> str | None:
    return None if found["user"] in ("i/web", "i") else found["user"]
