"""Parses the HTML of a Thread Reader App page: an element `content-tweet` for each tweet."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from bot.background.priority import yielding
from bot.loader.entities import LEADING_MENTIONS, MENTION, without_endings
from bot.loader.line_account import Account
from bot.loader.records.posts import Post, as_main, thread_of
from bot.models import Link, Metadata, Thread

if TYPE_CHECKING:  # slow to import, and only saved pages need it
    from selectolax.lexbor import LexborHTMLParser

FORMAT = "thread-reader-html"
TWEET = re.compile(r"class\s*=\s*[\"'][^\"']*\bcontent-tweet\b")
MARKUP = re.compile(r"\s*<[!a-zA-Z]")
PLACE = re.compile(r"tweet_(\d+)$")
NOT_TEXT = (
    "sup, script, style, video, iframe,"
    " .entity-image, .entity-video, .entity-video-gif, .entity-embed"
)
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
        if not body and not links:
            message = "a post without text or links; left out"
            account.notice(line, message)
            account.record(line, "notice", message, box.text)
            continue
        account.record(line, "tweet", str(line), box.text)
        tweet_id = box.attributes.get("data-tweet") or ""
        run.append(
            Post(
                line=line,
                text=body,
                mentions=tuple(MENTION.findall(box.text)),
                links=links,
                author=box.attributes.get("data-screenname") or metadata.author,
                created_at=metadata.date,
                tweet_id=tweet_id if tweet_id.isdecimal() else None,
            )
        )
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
        for extra in node.css(NOT_TEXT):
            extra.decompose()
        boxes.append(_Box(dict(node.attributes), _text(node), links))
        node.decompose()
    return boxes[::-1]


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
