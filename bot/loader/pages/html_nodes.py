"""Reads parts of a parsed web page: words, links, pictures, dates, handles. It knows no site."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.loader.attached import base_name, is_media, kind_of, looks_like_media, media_at, web_url
from bot.loader.mirrors import original
from bot.loader.pages.display_formats import iso_date, printed_date
from bot.models import Link, Media

if TYPE_CHECKING:  # slow to import, and only saved pages need it
    from selectolax.lexbor import LexborNode

SPACE = re.compile(r"[ \t\r\n\f]+")
SPACE_IN_LINE = re.compile(r"[ \t\r\f]+")
PARAGRAPHS = frozenset(("p", "ul", "ol", "blockquote", "pre"))
PARAGRAPH = "\0"
"""Stands for the beginning of a paragraph while words are put together."""
STATUS = re.compile(
    r"(?:https?://[^/\s]+)?/(?P<user>\w{1,20}|i/web)/status(?:es)?/(?P<id>[0-9]{1,20})(?![0-9])",
    re.ASCII,
)
"""The link of a tweet: on X, on a mirror, or as X's own page writes it."""
PROFILE = re.compile(
    r"(?:(?:https?:)?//[^/\s]+)?/(?:user/|profile/|@)?(?P<name>[\w.@-]{1,100})/?(?:[?#].*)?$"
)
HANDLE = re.compile(r"@(?P<name>\w(?:[\w.-]*\w)?(?:@[\w.-]*\w)?)")
BY = re.compile(r"-by-(?P<name>[\w.-]+)$", re.ASCII)
NAMED_BY = ("data-screen-name", "data-screenname", "data-username", "data-author-handle")
DATED_BY = ("datetime", "data-time-ms", "data-time", "title", "data-tooltip")
HIDDEN = '[aria-hidden="true"], .invisible, .u-hidden'
HAS_ELLIPSIS = ".ellipsis, .tco-ellipsis"
ISO = "%Y-%m-%dT%H:%M:%SZ"
NITTER_FORMS = ("%b %d, %Y · %I:%M %p UTC", "%I:%M %p · %b %d, %Y UTC")
MILLISECONDS = 100_000_000_000
"""The least number of milliseconds since 1970; fewer are seconds."""
LATEST = 4_000_000_000_000


def value(node: LexborNode | None, name: str) -> str:
    """Return an attribute of `node`; no words if there is none."""
    return (node.attributes.get(name) or "").strip() if node is not None else ""


def is_bare(node: LexborNode) -> bool:
    """Whether an element has nothing but words: most have, and need no further look."""
    inside = node.first_child
    while inside is not None:
        if inside.tag != "-text":
            return False
        inside = inside.next
    return True


def words(node: LexborNode, *, keeps_lines: bool = False) -> str:
    """Return the text of an element: `<br>` is a line break, an emoji's picture its text.

    Args:
        node: the element.
        keeps_lines: whether the page shows line breaks in the markup, as X does.
    """
    parts: list[str] = []
    for each in node.traverse(include_text=True):
        if each.tag == "-text":
            pattern = SPACE_IN_LINE if keeps_lines else SPACE
            parts.append(pattern.sub(" ", each.text_content or ""))
        elif each.tag == "br":
            parts.append("\n")
        elif each.tag == "img":
            parts.append(value(each, "alt"))
        elif each.tag in PARAGRAPHS:
            parts.append(PARAGRAPH)
        elif each.tag == "li":
            parts.append("\n- ")
    lines = "".join(parts).replace(PARAGRAPH, f"\n{PARAGRAPH}\n").split("\n")
    return _with_paragraphs([line.strip() for line in lines])


def _with_paragraphs(lines: Sequence[str]) -> str:
    """Put lines together; where a paragraph begins is one blank line."""
    found: list[str] = []
    begins = False
    for line in lines:
        if line == PARAGRAPH:
            begins = True
            continue
        if begins and not line:
            continue
        if begins:
            while found and not found[-1]:
                found.pop()
            found.append("")
        begins = False
        found.append(line)
    return "\n".join(found).strip()


def one_line(node: LexborNode | None) -> str | None:
    """Return the text of an element on one line."""
    return " ".join(words(node).split()) or None if node is not None else None


def links_in(node: LexborNode) -> list[Link]:
    """Return the links of a text with their whole addresses, and leave what they show in it."""
    links = []
    for anchor in node.css("a"):
        printed = SPACE.sub(" ", anchor.text()).strip()
        href = next(
            (
                url
                for name in ("data-expanded-url", "title", "href")
                if (url := web_url(value(anchor, name)))
            ),
            None,
        )
        if href and printed and not printed.startswith(("@", "#", "$")):
            whole = SPACE.sub("", printed).removesuffix("…")
            shown = _shown(anchor)
            if not shown.strip("…"):
                shown = printed  # the whole link is hidden
            url = whole if href.startswith("https://t.co/") and _is_whole(whole) else href
            links.append(Link(shown, url))
            anchor.replace_with(shown)
    return links


def _shown(anchor: LexborNode) -> str:
    """Return what a page shows of a link: parts of the address are hidden."""
    cut = "…" if anchor.css_first(HAS_ELLIPSIS) is not None else ""
    for each in reversed(anchor.css(HIDDEN)):
        hidden = each.text().strip()
        cut = cut or ("…" if hidden and not hidden.startswith("http") else "")
        each.decompose()
    return SPACE.sub(" ", anchor.text()).strip().removesuffix("…") + (
        cut or ("…" if anchor.text().strip().endswith("…") else "")
    )


def _is_whole(text: str) -> bool:
    return web_url(text) is not None and "…" not in text


def media_in(node: LexborNode) -> Iterator[Media]:
    """Yield the pictures and videos in an element, in order."""
    for each in node.css("img, video"):
        alt = each.attributes.get("alt")
        if each.tag == "video":
            yield _video(each)
        elif each.parent is None or each.parent.tag != "video":
            urls = (value(each, "data-src"), value(each, "src"), _target(each))
            found = next((one for url in urls if (one := media_at(original(url), alt))), None)
            if found:
                yield found
            elif name := _file(each):
                yield Media("photo", alt=alt, file=name)


def _video(node: LexborNode) -> Media:
    source = node.css_first("source")
    urls = (value(node, "src"), value(source, "src"), value(node, "data-url"))
    video = next((one for url in urls if (one := web_url(original(url)))), None)
    poster = media_at(original(value(node, "poster")))
    kind = kind_of((poster.url or "") if poster else video or "")
    return Media(
        "video" if kind == "photo" else kind,
        poster.url if poster else None,
        node.attributes.get("aria-label"),
        video,
    )


def _file(picture: LexborNode) -> str | None:
    """Return the name of the picture's file, if it lies beside the page."""
    source = value(picture, "src")
    is_emoji = "emoji" in value(picture, "class").split()
    if is_emoji or ":" in source or source.startswith("//") or not is_media(source):
        return None
    return base_name(source) or None


def _target(picture: LexborNode) -> str:
    """Return where a picture's link leads, if that is a picture too."""
    above = picture.parent
    url = value(above, "href") if above is not None and above.tag == "a" else ""
    return url if looks_like_media(original(url)) else ""


def handle_in(nodes: Iterable[LexborNode]) -> str | None:
    """Return the handle that the first of `nodes` that has one names, without the @."""
    for node in nodes:
        if named := next((name for key in NAMED_BY if (name := value(node, key))), None):
            return named.removeprefix("@")
        if found := BY.search(value(node, "data-testid")):
            return found["name"]
        # Either the next element begins behind the handle, or one begins inside it.
        if found := HANDLE.search(node.text(separator=" ")) or HANDLE.search(node.text()):
            return found["name"]
        if (profile := PROFILE.match(value(node, "href"))) and profile["name"] != "i":
            return profile["name"].removeprefix("@")
    return None


def moment_in(nodes: Iterable[LexborNode]) -> str | None:
    """Return the date and time of the first of `nodes` that has one, ISO 8601."""
    for node in nodes:
        written = [*(value(node, key) for key in DATED_BY), SPACE.sub(" ", node.text()).strip()]
        if found := next((iso for each in written if each and (iso := moment(each))), None):
            return found
    return None


def moment(text: str) -> str | None:
    """Return a date in ISO 8601: of one that is printed, or a number of seconds since 1970."""
    if text.isascii() and text.isdecimal():
        return _of_number(int(text[:14]))
    if text.endswith("UTC"):
        for form in NITTER_FORMS:
            with suppress(ValueError):
                posted = datetime.strptime(text, form).replace(tzinfo=UTC)
                return posted.strftime(ISO)
    iso = iso_date(text)
    if iso:
        return iso.replace(".000", "").replace("+00:00", "Z")
    printed = printed_date(text)
    return printed.iso if printed else None


def _of_number(number: int) -> str | None:
    if not MILLISECONDS // 100 < number < LATEST:
        return None
    seconds = number // 1000 if number > MILLISECONDS else number
    return datetime.fromtimestamp(seconds, UTC).strftime(ISO)
