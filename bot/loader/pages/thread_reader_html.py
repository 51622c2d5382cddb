"""Parses the HTML of a Thread Reader App page: an element `content-tweet` for each tweet."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from bot.background.priority import yielding
from bot.loader.attached import kind_of, looks_like_media, media_at, web_url
from bot.loader.entities import LEADING_MENTIONS, MENTION, without_endings
from bot.loader.line_account import Account
from bot.loader.records.posts import Post, as_main, thread_of, tidied
from bot.models import Link, Media, Metadata, Quote, Thread

if TYPE_CHECKING:  # slow to import, and only saved pages need it
    from selectolax.lexbor import LexborHTMLParser, LexborNode

FORMAT = "thread-reader-html"
TWEET = re.compile(r"class\s*=\s*[\"'][^\"']*\bcontent-tweet\b")
MARKUP = re.compile(r"\s*<[!a-zA-Z]")
PLACE = re.compile(r"tweet_(\d+)$")
NOT_TEXT = (
    "sup, script, style, video, iframe,"
    " .entity-image, .entity-video, .entity-video-gif, .entity-embed"
)
SIGNATURE = re.compile(r"[—-]\s*(?P<name>[^\n]{1,100}?)\s*\(@(?P<handle>\w{1,20})\)")
STATUS = re.compile(r"https?://(?:\w+\.)?(?:x|twitter)\.com/\w{1,20}/status/\d+", re.ASCII)
SPACE = re.compile(r"[ \t\r\n\f]+")


def looks_like(text: str) -> bool:
    """Whether `text` is markup with tweets as that page has them."""
    return MARKUP.match(text) is not None and TWEET.search(text) is not None


def parse(text: str, metadata: Metadata, account: Account, first_line: int) -> tuple[Thread, ...]:
    """Return the threads in `text`, which starts at line `first_line`; the first is the main one.

    A preview of another thread begins where the tweets' numbering restarts.
    """
    threads: list[Thread] = []
    for number, posts in enumerate(_numbered_runs(text, metadata, account, first_line)):
        is_main = number == 0
        one = thread_of(posts, account.file, metadata, complete=is_main)
        threads.append(as_main(one, metadata) if is_main else one)
    return tuple(threads)


def _numbered_runs(
    text: str, metadata: Metadata, account: Account, first_line: int
) -> Iterator[list[Post]]:
    # Imported here, because only saved pages need it.
    from selectolax.lexbor import LexborHTMLParser

    ends = [found.end() for found in re.finditer("\n", text)]
    lines = [first_line + bisect_right(ends, at.start()) for at in TWEET.finditer(text)]
    account.record(first_line, "boilerplate", "markup outside the tweets", "")
    run: list[Post] = []
    last = 0
    for order, box in enumerate(_boxes(LexborHTMLParser(text))):
        numbered = PLACE.search(box.attributes.get("id") or "")
        place = int(numbered[1]) if numbered else last + 1
        if place <= last and run:
            yield run
            run = []
        last = place
        body, links = _without_trailing(box.text, box.links)
        leading = LEADING_MENTIONS.match(body)
        body = body[leading.end() :] if leading else body
        line = lines[order] if order < len(lines) else first_line
        tweet_id = box.attributes.get("data-tweet") or ""
        post = Post(
            line=line,
            text=body,
            mentions=tuple(MENTION.findall(box.text)),
            links=links,
            author=box.attributes.get("data-screenname") or metadata.author,
            created_at=metadata.date,
            tweet_id=tweet_id if tweet_id.isdecimal() else None,
            media=box.media,
            quote=box.quote,
        )
        post = tidied(post, account.pictures)
        if post.is_empty:
            message = "a post without text or links; left out"
            account.notice(line, message)
            account.record(line, "notice", message, box.text)
            continue
        account.record(line, "tweet", str(line), box.text)
        run.append(post)
    if run:
        yield run


class _Box(NamedTuple):
    """The element of a tweet."""

    attributes: dict[str, str | None]
    """Its attributes."""
    text: str
    """Its text."""
    links: list[Link]
    """The links in it."""
    media: tuple[Media, ...]
    """Its pictures and videos."""
    quote: Quote | None
    """The tweet that is embedded in it."""


def _boxes(page: LexborHTMLParser) -> list[_Box]:
    """Return the tweets' elements in order.

    An element that is not closed contains those after it. So the last one is read first and taken
    out: each then has its own text only, and the time stays linear.
    """
    boxes: list[_Box] = []
    for node in yielding(page.css(".content-tweet")[::-1]):
        links = [
            Link(anchor.text(strip=True), anchor.attributes.get("href") or None)
            for anchor in node.css("a.entity-url, a[data-preview]")
        ]
        media, quote = tuple(_media(node)), _quote(node)
        for extra in node.css(NOT_TEXT):
            extra.decompose()
        boxes.append(_Box(dict(node.attributes), _text(node), links, media, quote))
        node.decompose()
    return boxes[::-1]


def _media(node: LexborNode) -> Iterator[Media]:
    """Yield the pictures and videos of a tweet's element, in order."""
    for each in node.css("img, video"):
        attributes = each.attributes
        if each.tag == "video":
            source = each.css_first("source")
            video = attributes.get("src") or (source.attributes.get("src") if source else None)
            poster = media_at(attributes.get("poster"))
            kind = kind_of(poster.url or "" if poster else web_url(video) or "")
            yield Media(
                "video" if kind == "photo" else kind,
                poster.url if poster else None,
                attributes.get("aria-label"),
                web_url(video),
            )
        elif not _is_inside(each, node, "video, .entity-embed, blockquote"):
            urls = (attributes.get("data-src"), attributes.get("src"), _target(each))
            alt = attributes.get("alt")
            found = next((one for url in urls if (one := media_at(url, alt))), None)
            if found:
                yield found


def _target(picture: LexborNode) -> str | None:
    """Return where a picture's link leads, if that is a picture too."""
    above = picture.parent
    url = above.attributes.get("href") if above is not None and above.tag == "a" else None
    return url if url and looks_like_media(url) else None


def _is_inside(each: LexborNode, node: LexborNode, selector: str) -> bool:
    return any(each in (inner for inner in outer.css("img")) for outer in node.css(selector))


def _quote(node: LexborNode) -> Quote | None:
    """Return the tweet that is embedded below another: `— Name (@handle)` and a dated link."""
    for embed in node.css("blockquote.twitter-tweet, .entity-embed blockquote"):
        text = "\n\n".join(filter(None, (_text(each) for each in embed.css("p"))))
        signed = SIGNATURE.search(_text(embed))
        urls = [each.attributes.get("href") or "" for each in embed.css("a")]
        permalink = next((found[0] for url in reversed(urls) if (found := STATUS.match(url))), None)
        if text:
            name, handle = (signed["name"], signed["handle"]) if signed else (None, None)
            return Quote(text, handle, name, None, permalink)
    return None


def _text(node: object) -> str:
    """Return the text of a tweet's element: `<br>` is a line break, an emoji's picture its text."""
    parts: list[str] = []
    for each in node.traverse(include_text=True):  # type: ignore[attr-defined]  # selectolax's nodes are typed by stubs of C
        if each.tag == "-text":
            parts.append(SPACE.sub(" ", each.text_content or ""))
        elif each.tag == "br":
            parts.append("\n")
        elif each.tag == "img":
            parts.append(each.attributes.get("alt") or "")
    lines = "".join(parts).split("\n")
    return "\n".join(line.strip() for line in lines).strip()


def _without_trailing(text: str, printed: Sequence[Link]) -> tuple[str, tuple[Link, ...]]:
    text = without_endings(text, {link.printed for link in printed})
    return text, tuple(dict.fromkeys(link for link in printed if link.printed))
