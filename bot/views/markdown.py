"""Escapes text for Discord's Markdown, so that tweets show as written. Pure.

Markup of Discord: https://support.discord.com/hc/en-us/articles/210298617. A backslash escapes
any punctuation mark, including the `@` and `<` of mentions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

from bot import web_addresses
from bot.bidi import isolated
from bot.i18n.messages import ENGLISH, Language
from bot.views import excerpts, wording

PAIRED = r"\([^\s<>\"“”()]*\)"
ADDRESS = rf"https?://(?:[^\s<>\"“”()]|{PAIRED})*(?:[^\s<>\"“”()\].,:;!?'’}}*_~`|]|{PAIRED})"
"""A URL without trailing punctuation; its parentheses are balanced."""
URL = re.compile(ADDRESS)
MARKUP = re.compile(
    rf"(?P<url>{ADDRESS})"
    r"|^(?P<before>[^\S\n]*\d*)(?P<list>[-+.)])"  # where a hyphen or a number would begin a list
    r"|(?P<special>[\\*_~`|<>\[\]@#]|:(?=[\w+-]+:))",
    re.MULTILINE,
)
BOLD, UNDERLINE = "**", "__"
"""Marks of the same length around matched words; what is bold already has them underlined."""
PUNCTUATION = re.compile(r"[\\`*_{}\[\]<>()#+\-.!|~]")
DATE = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")
DATE_STYLE = "D"
"""The style of all dates: `June 13, 2025`. Discord shows the time above it when it is touched."""
MINUTE_STYLE = "f"
"""The style of moments in a history: `June 13, 2025 10:30 AM`."""
UNSAFE_IN_LINK = re.compile(r"[\s<>()\[\]\\\"`|*]")


def escape(text: str) -> str:
    """`text` escaped for Discord; URLs stay links, without previews; its direction is its own."""
    return isolated(_escaped(text, 0, len(text)))


def _escaped(text: str, start: int, end: int) -> str:
    """The slice [start, end) of `text`, escaped with regard to where lines start in `text`."""
    parts: list[str] = []
    at = start
    for found in MARKUP.finditer(text, start, end):
        parts.append(text[at : found.start()])
        if found["url"]:
            parts.append(f"<{found[0]}>")
        else:
            parts.append(f"{found['before'] or ''}\\{found['list'] or found['special']}")
        at = found.end()
    return "".join([*parts, text[at:end]])


def unescaped(markdown: str) -> str:
    """The inverse of `escape`, except that URLs keep their brackets."""
    return re.sub(r"\\(.)", r"\1", markdown)


def plain(markdown: str) -> str:
    """What `marked` was made of: no escapes, and no marks."""
    return re.sub(r"\\(.)|\*\*|__", lambda found: found[1] or "", markdown)


def literal(text: str) -> str:
    """`text` escaped for any Markdown program."""
    return PUNCTUATION.sub(r"\\\g<0>", text)


def marked(text: str, highlights: Sequence[tuple[int, int]], mark: str = BOLD) -> str:
    """`text` escaped, with `highlights` marked, by default in bold, unless they touch a URL."""
    urls = [url.span() for url in URL.finditer(text)]
    parts: list[str] = []
    at = 0
    for start, end in highlights:
        if any(start < last and end > first for first, last in urls) or not text[start:end].strip():
            continue
        parts += [_escaped(text, at, start), f"{mark}{_escaped(text, start, end)}{mark}"]
        at = end
    parts.append(_escaped(text, at, len(text)))
    return isolated("".join(parts))


def quoted(markdown: str) -> str:
    """`markdown` as a block quote."""
    return "\n".join(f"> {line}" for line in markdown.split("\n"))


def link(label: str, url: str) -> str:
    """A masked link without a preview."""
    return linked(escape(label), url)


def linked(markdown: str, url: str) -> str:
    """`markdown` as a masked link without a preview; alone, if `url` is not safe to follow."""
    address = web_addresses.safe(url)
    if address is None:
        return markdown
    safe = UNSAFE_IN_LINK.sub(lambda found: f"%{ord(found[0]):02X}", address)
    return f"[{markdown}](<{safe}>)"


def day(moment: str, say: Language = ENGLISH) -> str:
    """The date of an ISO 8601 timestamp, in each reader's locale and time zone.

    A bare date or month has no time zone, so it is written out in the language `say`.
    https://docs.discord.com/developers/reference#message-formatting
    """
    try:
        if DATE.fullmatch(moment):
            return escape(written_day(moment, say))
        if len(moment) > len("2025-06-13"):
            return f"<t:{_seconds(moment)}:{DATE_STYLE}>"
    except ValueError:
        pass
    return escape(wording.iso_day(moment))


def written_day(moment: str, say: Language) -> str:
    """A bare ISO 8601 date or month in words, not escaped: `June 13, 2025`.

    Raises:
        ValueError: there is no such day.
    """
    bare = DATE.fullmatch(moment)
    if bare is None:
        return moment
    first = date(int(bare[1]), int(bare[2]), int(bare[3] or 1))
    return say.day(first) if bare[3] else say.month(first)


def minute(moment: str) -> str:
    """An ISO 8601 timestamp with its time, in each reader's locale and time zone."""
    return f"<t:{_seconds(moment)}:{MINUTE_STYLE}>"


def _seconds(moment: str) -> int:
    """An ISO 8601 timestamp, UTC by default, as Unix time in seconds."""
    at = datetime.fromisoformat(moment)
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def excerpt(text: str, highlights: Sequence[tuple[int, int]], budget: int, mark: str = BOLD) -> str:
    """An excerpt of `text` around its highlights, at most `budget` units; `…` marks cuts."""
    limit = min(len(text), budget)
    while True:
        start, end = excerpts.window(text, highlights, limit)
        inside = [(a - start, b - start) for a, b in highlights if a >= start and b <= end]
        shown = marked(text[start:end], inside, mark)
        shown = f"{'…' if start else ''}{shown}{'…' if end < len(text) else ''}"
        if units(quoted(shown)) <= budget or limit < 2:
            return shown
        limit = min(limit - 1, limit * 9 // 10)


def units(text: str) -> int:
    """The length in UTF-16 code units, which is Discord's highest possible count."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2
