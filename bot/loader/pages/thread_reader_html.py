"""Parses the HTML of a Thread Reader App page: an element `content-tweet` for each tweet.

Other threads' beginnings stand below the page's own thread, each in an element `thread-card`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from msgspec.structs import replace as with_changes

from bot.loader.entities import LEADING_MENTIONS, MENTION, without_endings
from bot.loader.front_matter import HANDLE_INSIDE
from bot.loader.line_account import Account
from bot.loader.pages.embedded_tweets import link_of_frame, link_of_status, quoted
from bot.loader.pages.html_nodes import (
    handle_in,
    is_bare,
    media_in,
    moment_in,
    one_line,
    value,
    words,
)
from bot.loader.pages.html_posts import address_of
from bot.loader.pages.html_shapes import MARKUP, of_class
from bot.loader.pages.html_threads import EMPTY, left_out, same, with_right_date
from bot.loader.pages.thread_reader_text import LOST
from bot.loader.raw.markup import parsed
from bot.loader.records.posts import Post, as_main, thread_of, tidied
from bot.loader.tweet_ids import day_of_id
from bot.models import Card, Link, Media, Metadata, Quote, Thread

if TYPE_CHECKING:  # slow to import, and only saved pages need it
    from selectolax.lexbor import LexborHTMLParser, LexborNode

FORMAT = "thread-reader-html"
TWEET = of_class("content-tweet")
PLACE = re.compile(r"tweet_(\d+)$")
THREAD = re.compile(
    r"(?:https?:)?(?://(?:www\.)?threadreaderapp\.com)?/(?:\w\w/)?thread/(?P<id>\d+)"
)
NOT_TEXT = (
    "sup, script, style, video, iframe, .nop, .entity-image, .entity-video, .entity-video-gif,"
    " .entity-embed, .entity-url-preview"
)
CARD = "thread-card"
FARTHEST = 8
"""Elements between a tweet and the card that it stands in."""


def looks_like(text: str) -> bool:
    """Whether `text` is markup with tweets as that page has them."""
    return MARKUP.match(text) is not None and TWEET.search(text) is not None


@dataclass(slots=True)
class _Box:
    """The element of a tweet."""

    attributes: dict[str, str | None]
    """Its attributes."""
    text: str
    """Its text."""
    links: list[Link] = field(default_factory=list)
    """The links in it."""
    media: tuple[Media, ...] = ()
    """Its pictures and videos."""
    quote: Quote | None = None
    """The tweet that is embedded in it."""
    page: Card | None = None
    """The preview of the page that it links to."""
    card: LexborNode | None = None
    """The element of another thread's beginning that it stands in."""
    line: int = 0
    """The line where it begins."""

    @property
    def place(self) -> int | None:
        """Its number on the page."""
        numbered = PLACE.search(self.attributes.get("id") or "")
        return int(numbered[1]) if numbered else None

    @property
    def tweet_id(self) -> str | None:
        """Its id on X."""
        found = self.attributes.get("data-tweet") or ""
        return found if found.isdecimal() else None


@dataclass(frozen=True, slots=True)
class _Head:
    """What a page, or the card of a preview, says about its thread."""

    author: str | None = None
    """The author's handle."""
    name: str | None = None
    """The author's display name."""
    moment: str | None = None
    """When its first tweet was posted."""
    url: str | None = None
    """Its address."""
    tweet_id: str | None = None
    """The id of its first tweet."""


def parse(text: str, metadata: Metadata, account: Account, first_line: int) -> tuple[Thread, ...]:
    """Return the threads in `text`, which starts at line `first_line`; the page's own is first.

    A preview of another thread stands in a card, or begins where the tweets' numbers start anew.
    """
    tree = parsed(text)
    ends = [found.end() for found in re.finditer("\n", text)]
    lines = [first_line + bisect_right(ends, at.start()) for at in TWEET.finditer(text)]
    account.record(first_line, "boilerplate", "markup outside the tweets", "")
    boxes = _boxes(tree)
    for order, box in enumerate(boxes):
        box.line = lines[order] if order < len(lines) else first_line
    runs = _runs(boxes)
    main = _main_of(runs)
    threads: list[Thread] = []
    if main is None and runs:
        account.notice(None, LOST)
    for number, run in enumerate(runs):
        is_main = number == main
        if is_main:
            head = _page_head(tree, text)
        else:
            head = _card_head(run[0].card) if run[0].card is not None else _Head()
        made = _thread(run, head, metadata, account, is_main=is_main)
        if made:
            threads[:0] = [made] if is_main else []
            threads += [] if is_main else [made]
    return tuple(threads)


def _boxes(tree: LexborHTMLParser) -> list[_Box]:
    """Return the tweets' elements in order.

    An element that is not closed contains those after it. So the last one is read first and taken
    out: each then has its own text only, and the time stays linear.
    """
    boxes: list[_Box] = []
    for node in tree.css(".content-tweet")[::-1]:
        if is_bare(node):
            boxes.append(_Box(dict(node.attributes), words(node), card=_card_around(node)))
            node.decompose()
            continue
        links = [
            Link(anchor.text(strip=True), anchor.attributes.get("href") or None)
            for anchor in node.css("a.entity-url, a[data-preview]")
        ]
        quote, page = _quote(node, links), _page_preview(node)
        links += [found for frame in node.css("iframe") if (found := link_of_frame(frame))]
        media = tuple(media_in(node))
        for extra in reversed(node.css(NOT_TEXT)):
            extra.decompose()
        attributes = dict(node.attributes)
        boxes.append(_Box(attributes, words(node), links, media, quote, page, _card_around(node)))
        node.decompose()
    return boxes[::-1]


def _quote(node: LexborNode, links: list[Link]) -> Quote | None:
    """Return the tweet that is embedded below another; a link to it if the page lacks its words."""
    found: Quote | None = None
    for embed in reversed(node.css("blockquote")):
        link = link_of_status(embed)
        quote = quoted(embed)
        found = quote or found
        if quote is None and link:
            links.append(link)
        embed.decompose()
    return found


def _page_preview(node: LexborNode) -> Card | None:
    """Return the preview of a page that a tweet links to."""
    found = node.css_first(".entity-url-preview")
    lines = [line for line in words(found).split("\n") if line] if found is not None else []
    if found is None or not lines:
        return None
    anchor = found if found.tag == "a" else found.css_first("a")
    return Card(lines[0], " ".join(lines[1:]) or None, value(anchor, "href") or None)


def _card_around(node: LexborNode) -> LexborNode | None:
    """Return the card in which a tweet stands."""
    above = node.parent
    for _ in range(FARTHEST):
        if above is None or CARD in value(above, "class").split():
            return above
        above = above.parent
    return None


def _runs(boxes: Sequence[_Box]) -> list[list[_Box]]:
    """Return the tweets of each thread: of a card, or until the numbers start anew."""
    runs: list[list[_Box]] = []
    last = 0
    around: int | None = None
    for box in boxes:
        card = box.card.mem_id if box.card is not None else None
        place = last + 1 if box.place is None else box.place
        if not runs or card != around or (card is None and place <= last):
            runs.append([])
        last, around = place, card
        runs[-1].append(box)
    return runs


def _main_of(runs: Sequence[Sequence[_Box]]) -> int | None:
    """Return which run is the page's own thread: the first one with ids or numbers."""
    outside = [number for number, run in enumerate(runs) if run[0].card is None]
    known = (n for n in outside if any(box.tweet_id or box.place for box in runs[n]))
    return next(known, next(iter(outside), None))


def _page_head(tree: LexborHTMLParser, text: str) -> _Head:
    """Return what the page says about its own thread; its tweets and previews are taken out."""
    title = HANDLE_INSIDE.search(one_line(tree.css_first("title")) or "")
    url = address_of(tree, text)
    found = THREAD.match(url or "")
    times = [each for each in tree.css(".time") if _card_around(each) is None]
    name = tree.css_first(".twitter_name")
    return _Head(
        author=title[1] if title else None,
        name=one_line(name),
        moment=moment_in(times[:1]),
        url=url if found else None,
        tweet_id=found["id"] if found else None,
    )


def _card_head(card: LexborNode) -> _Head:
    """Return what a preview says about its thread."""
    url = next((found for a in card.css("a") if (found := THREAD.match(value(a, "href")))), None)
    return _Head(
        author=handle_in(card.css(".screenName, .screen-name")),
        name=one_line(card.css_first(".username, .twitter_name")),
        moment=moment_in(card.css(".time")),
        url=f"https://threadreaderapp.com/thread/{url['id']}.html" if url else None,
    )


def _thread(
    run: Sequence[_Box], head: _Head, metadata: Metadata, account: Account, *, is_main: bool
) -> Thread | None:
    """Return the thread of the tweets in `run`, without those by other people."""
    given = metadata.author if run[0].card is None else None
    author = next(filter(None, map(_author, run)), None) or given or head.author
    moment = (metadata.date if is_main else None) or head.moment
    posts: list[Post] = []
    for number, box in enumerate(run):
        is_first = number == 0
        created_at = moment if is_first else _day_of(box, moment)
        post = _post(box, given or author, head.name, created_at, account)
        if post.is_empty:
            left_out(post, EMPTY, account)
        elif post.author and not same(post.author, author) and _author(box) and is_main:
            message = f"a post by @{post.author}, not the thread's author; left out"
            left_out(post, message, account)
        else:
            if is_first and is_main and post.tweet_id is None and box.place == 1:
                post = with_changes(post, tweet_id=head.tweet_id)
            if is_first or moment is None:
                post = with_right_date(post, account)
            posts.append(post)
            account.record(post.line, "tweet", str(post.line), box.text)
    if not posts:
        return None
    one = thread_of(posts, account.file, Metadata(author=author), complete=is_main)
    if is_main:
        return as_main(one, replace(metadata, source=metadata.source or head.url))
    return replace(one, source_url=head.url)


def _author(box: _Box) -> str | None:
    return box.attributes.get("data-screenname")


def _post(
    box: _Box, author: str | None, name: str | None, created_at: str | None, account: Account
) -> Post:
    text = without_endings(box.text, {link.printed for link in box.links})
    leading = LEADING_MENTIONS.match(text)
    post = Post(
        line=box.line,
        text=text[leading.end() :] if leading else text,
        mentions=tuple(MENTION.findall(box.text)),
        links=tuple(dict.fromkeys(link for link in box.links if link.printed)),
        author=_author(box) or author,
        author_name=name,
        created_at=created_at,
        tweet_id=box.tweet_id,
        media=box.media,
        quote=box.quote,
        card=box.page,
    )
    return tidied(post, account.pictures)


def _day_of(box: _Box, moment: str | None) -> str | None:
    """Return the day of a tweet that is not the first: the page has the first one's `moment` only.

    A thread may last longer: where an id says another day, that is the day of the tweet.
    """
    if moment is None:
        return None
    return day_of_id(box.tweet_id, moment[:10]) or moment[:10]
