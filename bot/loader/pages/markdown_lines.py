"""Renders lines of Markdown as plain text, as far as clippers use Markdown for tweets."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from bot.loader.attached import looks_like_media, media_at, web_url
from bot.loader.raw.pictures import is_beside
from bot.models import Link, Media

TARGET = r"<?([^()\s<>]{0,2000}(?:\([^()\s<>]{0,300}\)[^()\s<>]{0,300}){0,9})>?"
TITLED = r"(?:\s+\"[^\"\n]{0,300}\")?"
IMAGE = re.compile(rf"!\[([^\[\]\n]{{0,1500}})\]\({TARGET}{TITLED}\)")
EMPTY_LINK = re.compile(rf"\[\s*\]\({TARGET}\)")
LINK = re.compile(rf"\[((?:[^\[\]\n\\]|\\.){{1,500}})\]\({TARGET}{TITLED}\)")
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
BOLD = re.compile(r"\*\*(?=\S)((?:[^*\n]|\*(?!\*)){1,3000}?)(?<=\S)\*\*")
HEADED = re.compile(r"#{1,6}\s+")
"""The marks that begin a heading."""
TITLE = re.compile(r"#\s++(?=.*[^\W\d_]{2})")
"""The title of hand-written Markdown."""
RULE = re.compile(r"(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}|(?:=\s*){5,}|(?:—\s*){3,}")
RULED = tuple("-*_=—")
"""What a rule begins with."""
VIDEO = re.compile(r"<(video|iframe|audio)\b.*?(?:</\1>|$)", re.IGNORECASE)
TAG = re.compile(
    r"</?(?:br|p|div|span|a|img|b|i|em|strong|sup|sub|u)(?:\s[^<>]{0,1000})?/?>", re.IGNORECASE
)
PLAIN = re.compile(r"(?!#{1,6}\s)[^\[\\<*&\xa0]+")
"""A line that Markdown shows as it is written: no heading, no markup, no entity."""
MARKED = re.compile(r"\[[^\]\n]{0,1000}\]\([^()\s]{1,2000}|!\[|\\[.\-*_\[\]#>]")
NUMBERED = re.compile(
    r"(?:(?:tweet|post)\s*)?#?\d{1,3}(?:\s*(?:/|of)\s*\d{1,3})?[.:)]?"
    r"|(?:tweet|post)\s*#?\d{1,3}(?:\s*(?:/|of)\s*\d{1,3})?\s*[:(–—-].{0,80}",
    re.IGNORECASE,
)
"""A heading that numbers a post: `Tweet 3/7`, `2.`, `Tweet 4 (the problem)`."""
BOLD_NUMBER = re.compile(
    r"(?:\*\*|__)(?:tweet\s+)?\d{1,3}\s?/\s?\d{1,3}(?:\*\*|__):?", re.IGNORECASE
)
"""A number above a post, in bold: `**3/7**`."""
READER = "threadreaderapp.com"
MEDIUM = re.compile(
    rf"!\[(?P<alt>[^\[\]\n]{{0,1500}})\]\((?P<url>{TARGET}){TITLED}\)"
    r"|<(?P<video>video)\b.*?(?:</video>|$)|<img\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
WEB_PICTURE = re.compile(r"!\[[^\[\]\n]{0,1500}\]\(https?://")
MEDIA_PAGE = re.compile(r"/status(?:es)?/\d+/(?:photo|video)/\d")
PROFILE = re.compile(r"profile (?:picture|image|photo)|avatar", re.IGNORECASE)
READER_CARD = re.compile(r"threadreaderapp\.com/(?:assets|images|thread/this\.src)")


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of Markdown as it is displayed."""

    text: str
    """The text."""
    links: tuple[Link, ...] = ()
    """The links, as printed and with their URLs."""
    pictures: int = 0
    """The number of pictures and videos, which are not part of the text."""
    heading: bool = False
    """Whether it is a heading."""
    is_card: bool = False
    """Whether the line is only a link's card: its picture, title and description."""
    media: tuple[Media, ...] = ()
    """The pictures and videos, as far as their addresses are known."""


def is_markdown(texts: Iterable[str], *, below_front_matter: bool) -> bool:
    """Whether lines are Markdown: a title comes first, two have markup, or one does below front
    matter or is a picture on the web.

    A single link in plain text may be the author's own.
    """
    found = 0
    for number, text in enumerate(text for text in texts if text):
        if number == 0 and TITLE.match(text):
            return True
        is_marked = ("[" in text or "\\" in text) and MARKED.search(text)
        found += bool(is_marked or (below_front_matter and HEADED.match(text)))
        if found > 1 or (found and (below_front_matter or WEB_PICTURE.search(text))):
            return True
    return False


def is_rule(text: str) -> bool:
    """Whether a line is a rule across the page."""
    return text[:1] in RULED and RULE.fullmatch(text) is not None


def heading_of(line: str) -> str | None:
    """Return the words of a heading, without the marks around them; None if it is none."""
    found = HEADED.match(line)
    return line[found.end() :].rstrip("#").rstrip() if found else None


def shown(line: str) -> Shown:
    """Return what a line of Markdown shows."""
    if PLAIN.fullmatch(line):
        return Shown(line.strip(" "))
    heading = heading_of(line)
    text = line if heading is None else heading
    media: list[Media] = []
    if ("![" in text or "<" in text) and not READER_CARD.search(text):
        media = list(_media(text))
    pictures: list[str] = []

    def picture(found: re.Match[str]) -> str:
        emoji = "/emoji/" in found[2] or (found[1] and not any(map(str.isalnum, found[1])))
        if emoji:
            return found[1]
        pictures.append(found[2])
        return ""

    behind: list[str] = []
    if "](" in text:
        text = IMAGE.sub(picture, text)
        behind = [found[1] for found in EMPTY_LINK.finditer(text)]
        text = EMPTY_LINK.sub("", text)
    text, videos = VIDEO.subn("", text) if "<" in text else (text, 0)
    found = []
    if "](" in text:
        found = [(_plain(each[1]), each[2]) for each in LINK.finditer(text)]
    is_card = _is_card(text, found) or (
        bool(pictures and behind) and not text.strip() and not any(map(_shows_media, behind))
    )
    if found:
        text = LINK.sub(lambda each: each[1], text)
    if "**" in text:
        text = BOLD.sub(lambda each: each[1], text)
    if "<" in text:
        text = TAG.sub("", text)
    if text.count("**") == 1:  # bold over several lines
        text = text.removeprefix("**").removesuffix("**").strip()
    return Shown(
        text=_plain(text),
        links=tuple(
            Link(printed, url)
            for printed, url in found
            if not _is_of_reader(url) and url.startswith(("http://", "https://"))
        ),
        pictures=len(pictures) + len(behind) + videos,
        heading=heading is not None,
        is_card=is_card,
        media=() if is_card else tuple(dict.fromkeys(media)),
    )


def unescaped(text: str) -> str:
    """Return Markdown without the backslashes before its signs."""
    return ESCAPED.sub(lambda found: found[1], text) if "\\" in text else text


def _media(text: str) -> Iterator[Media]:
    """Yield the pictures and videos in a line, in order."""
    for found in MEDIUM.finditer(text):
        alt = _plain(found["alt"] or "")
        if found["video"]:
            video, poster = _attribute("src", found[0]), _attribute("poster", found[0])
            picture = media_at(poster)
            if web_url(video) or picture:
                yield Media("video", picture.url if picture else None, None, web_url(video))
            continue
        url = found["url"] or _attribute("src", found[0]) or ""
        alt = alt or _attribute("alt", found[0]) or ""
        if alt and not any(map(str.isalnum, alt)):
            continue  # an emoji
        if PROFILE.search(alt):
            continue
        if web_url(url):
            if media := media_at(html.unescape(url), alt):
                yield media
        elif is_beside(url):
            yield Media("photo", None, alt, None, unquote(url))


def _shows_media(url: str) -> bool:
    """Whether a picture's link leads to the picture, at full size or on X."""
    return MEDIA_PAGE.search(url) is not None or looks_like_media(url)


def _attribute(name: str, tag: str) -> str | None:
    found = re.search(rf"\b{name}\s*=\s*([\"'])(.*?)\1", tag, re.IGNORECASE)
    return html.unescape(found[2]) if found else None


def _is_card(text: str, links: list[tuple[str, str]]) -> bool:
    """Whether a line is a card: a link with a bold title and a description."""
    return bool(links) and text.startswith("[**") and not LINK.sub("", text).strip()


def _plain(text: str) -> str:
    return html.unescape(unescaped(text)).replace("\xa0", " ").strip(" ")


def _is_of_reader(url: str) -> bool:
    """Whether a link leads to the page's own site, as its advertisements and hashtags do."""
    try:
        host = urlsplit(url).netloc.lower()
    except ValueError:
        return False
    return host == READER or host.endswith(f".{READER}")
