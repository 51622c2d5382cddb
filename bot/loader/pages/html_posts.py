"""Reads the posts of a saved page by the shape that its site gives them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.loader.attached import web_url
from bot.loader.entities import MENTION, without_endings
from bot.loader.pages.html_nodes import (
    STATUS,
    handle_in,
    is_bare,
    links_in,
    media_in,
    moment_in,
    one_line,
    value,
    words,
)
from bot.loader.pages.html_shapes import EMBED, Shape, X
from bot.loader.raw.markup import parsed
from bot.loader.records.posts import Post, quote_of
from bot.models import Card, Link, Media, PollOption, Quote

if TYPE_CHECKING:  # slow to import, and only saved pages need it
    from selectolax.lexbor import LexborHTMLParser, LexborNode

SAVED_FROM = re.compile(r"(?:saved from url=\(\d+\)|url:\s*)(https?://\S+)")
"""What browsers and SingleFile write at the top of a page."""
PROFILE_PAGE = re.compile(
    r"(?:\(\d+\+?\)\s*)?.{1,100}\(@(?P<name>\w{1,20})\)(?:\s*[/|]\s*(?:x|twitter|\w+))?"
    r"|(?:\(\d+\+?\)\s*)?(?:home|bookmarks|.{1,80} - (?:x|twitter) search)\s*/\s*(?:x|twitter)",
    re.IGNORECASE | re.ASCII,
)
"""The title of a page with posts that are no thread: of a person, or a timeline."""
ON_BLUESKY = re.compile(r"(?:https://bsky\.app)?/profile/(?P<name>[\w.:-]+)/post/(?P<id>\w+)")
SIGNED = re.compile(
    r"[—–-]\s{0,9}(?P<name>[^\n]{1,100}?)\s*+\(@(?P<handle>\w{1,20})\)(?P<date>[^\n]*)"
)
OF_PICTURE = re.compile(r"pic\.(?:twitter|x)\.com/")
"""What X prints for a picture of the post itself."""
OF_BLOG = re.compile(r"[\W_]*[—–-][\W_]*@\w{1,20}\W*", re.ASCII)
HEADER = re.compile(r"[^\n@]{0,100}@\w{1,20}\n+", re.ASCII)
"""The first line of a quotation that names its author."""
PERCENT = re.compile(r"\s*\d{1,3}(?:[.,]\d+)?\s?%$")
USER_NAME = '[data-testid="User-Name"]'
FARTHEST = 20
"""Elements between the name in a quoted post and the post's own element."""
HEAD = 3_000
"""Characters at the top of a page where savers write its address."""


@dataclass(slots=True)
class Page:
    """A page as its markup says it."""

    posts: list[Post]
    """Its posts, in order."""
    url: str | None = None
    """Where it was saved from."""
    author: str | None = None
    """Whose post or profile it is."""
    gone: set[int] = field(default_factory=set)
    """The lines of posts that it does not show."""
    is_timeline: bool = False
    """Whether its posts are no thread, but those of a person or of many."""


def read_page(markup: str, shape: Shape, first_line: int) -> Page:
    """Read the posts in `markup`, which starts at line `first_line`."""
    tree = parsed(markup)
    page = Page([], url=address_of(tree, markup))
    status = STATUS.match(page.url or "")
    title = PROFILE_PAGE.fullmatch(one_line(tree.css_first("title")) or "")
    ends = [found.end() for found in re.finditer("\n", markup)]
    lines = [first_line + bisect_right(ends, at.start()) for at in shape.mark.finditer(markup)]
    boxes = tree.css(shape.box)
    main = _main(tree, shape)
    # An element that is not closed contains those after it. So the last one is read first and taken
    # out: each then has its own words only, and the time stays linear.
    for order, box in list(enumerate(boxes))[::-1]:
        line = lines[order] if order < len(lines) else first_line
        is_main = box.mem_id in main
        if _has(box, shape.gone):
            page.gone.add(line)
        post = _post(box, shape, line)
        page.posts.append(post)
        page.author = post.author if is_main and post.author else page.author
        box.decompose()
    page.posts.reverse()
    if status and status["user"] not in ("i", "i/web"):
        page.author = status["user"]
    page.is_timeline = title is not None and not (status or main)
    if title and page.is_timeline:
        page.author = title["name"]
    return page


def _all(box: LexborNode, selector: str) -> list[LexborNode]:
    return box.css(selector) if selector else []


def _has(box: LexborNode, selector: str) -> bool:
    return bool(selector) and box.css_first(selector) is not None


def address_of(tree: LexborHTMLParser, markup: str) -> str | None:
    """Return where a page was saved from, if it says so."""
    saved = SAVED_FROM.search(markup, 0, HEAD)
    links = (
        saved[1] if saved else "",
        value(tree.css_first('link[rel="canonical"]'), "href"),
        value(tree.css_first('meta[property="og:url"]'), "content"),
    )
    return next((url for each in links if (url := web_url(each))), None)


def _main(tree: LexborHTMLParser, shape: Shape) -> frozenset[int]:
    """Return the element of the post that the page shows."""
    found = tree.css_first(shape.main) if shape.main else None
    box = found.css_first(shape.box) if found is not None else None
    return frozenset((box.mem_id,) if box is not None else ())


def _post(box: LexborNode, shape: Shape, line: int) -> Post:
    """Read a post's element, which this changes."""
    if is_bare(box):
        return Post(line=line, text="")
    quote = _quote(box, shape)
    card = _card(box, shape)
    poll = tuple(_poll(box.css(shape.poll)))
    media = _media(_all(box, shape.media))
    body, links, media = _text(box, shape, media)
    signed = SIGNED.search(words(box)) if shape is EMBED else None
    dates = _all(box, shape.date)
    place = _place([*(each.parent for each in dates if each.parent), *box.css(shape.link)], shape)
    handle = (signed["handle"] if signed else None) or handle_in(_all(box, shape.handle))
    return Post(
        line=line,
        text=body,
        mentions=tuple(MENTION.findall(body)),
        links=tuple(link for link in links if not _is_to(quote, link)),
        author=handle or place.handle,
        author_name=signed["name"] if signed else _name(next(iter(_all(box, shape.name)), None)),
        created_at=moment_in(box.css('a[href*="/status"]')) if signed else moment_in(dates),
        tweet_id=place.tweet_id or value(box, "data-tweet-id") or None,
        permalink=place.permalink,
        is_repost=_has(box, shape.repost),
        is_cut=_has(box, shape.more),
        media=media,
        quote=quote,
        poll=poll,
        card=card,
    )


def _text(
    box: LexborNode, shape: Shape, media: tuple[Media, ...]
) -> tuple[str, tuple[Link, ...], tuple[Media, ...]]:
    """Return the words of a post, its links, and its media with those among the words."""
    found = [each for each in box.css(shape.text) if shape is not EMBED or not _is_signature(each)]
    texts: list[str] = []
    links: list[Link] = []
    for node in found if shape is EMBED else found[:1]:
        if not is_bare(node):
            media += tuple(media_in(node))
            pictures = [each for each in node.css("img, video") if tuple(media_in(each))]
            for each in reversed(pictures):
                each.decompose()
            links += links_in(node)
        texts.append(words(node, keeps_lines=shape.keeps_lines))
    for node in reversed(found):
        node.decompose()
    text = without_endings("\n\n".join(texts), {link.printed for link in links})
    if media:
        links = [link for link in links if not OF_PICTURE.match(link.printed)]
    return text, tuple(dict.fromkeys(links)), media


def _without_header(text: str) -> str:
    found = HEADER.match(text)
    return text[found.end() :] if found else text


def _is_signature(node: LexborNode) -> bool:
    """Whether a paragraph of an embedded tweet only names its author, as some blogs write it."""
    return OF_BLOG.fullmatch(words(node)) is not None


def _is_to(quote: Quote | None, link: Link) -> bool:
    """Whether a link leads to the post that is quoted."""
    there = STATUS.match((quote.permalink if quote else None) or "")
    here = STATUS.match(link.url or "")
    return there is not None and here is not None and there["id"] == here["id"]


def _name(node: LexborNode | None) -> str | None:
    """Return a display name; X has the handle in the same element."""
    name = value(node, "title") or one_line(node) or ""
    return re.split(r"\s*@\w", name, maxsplit=1)[0] or None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a post is on the web."""

    handle: str | None = None
    tweet_id: str | None = None
    permalink: str | None = None


def _place(nodes: Iterable[LexborNode], shape: Shape) -> _Place:
    for node in nodes:
        href = value(node, "href")
        if shape.on_x:
            if found := STATUS.match(href):
                user = None if found["user"] in ("i", "i/web") else found["user"]
                return _Place(user, found["id"])
        elif found := ON_BLUESKY.match(href):
            url = f"https://bsky.app/profile/{found['name']}/post/{found['id']}"
            return _Place(None, f"at://{found['name']}/app.bsky.feed.post/{found['id']}", url)
        elif address := web_url(href):
            return _Place(None, address, address)
    return _Place()


def _media(nodes: Sequence[LexborNode]) -> tuple[Media, ...]:
    """Return the pictures and videos in `nodes`, and take them out."""
    found: list[Media] = []
    for node in reversed(nodes):
        found[:0] = media_in(node)
        node.decompose()
    return tuple(found)


def _poll(nodes: Iterable[LexborNode]) -> Iterable[PollOption]:
    for node in nodes:
        label = one_line(node) or ""
        if label := label.removeprefix("-").strip() if node.tag == "li" else label:
            yield PollOption(PERCENT.sub("", label))


def _card(box: LexborNode, shape: Shape) -> Card | None:
    """Return the preview of a page, and take it out."""
    found: Card | None = None
    for node in reversed(box.css(shape.card)):
        found = _card_of(node, shape) or found
        node.decompose()
    return found


def _card_of(node: LexborNode, shape: Shape) -> Card | None:
    anchor = node if node.tag == "a" else node.css_first("a[href]")
    url = web_url(value(anchor, "href"))
    if shape is not X:
        title = one_line(node.css_first(shape.card_title))
        return Card(title, one_line(node.css_first(shape.card_description)), url) if title else None
    lines = [line for each in node.css("[dir]") if (line := one_line(each))]
    if len(lines) > 1:
        return Card(lines[1], lines[2] if len(lines) > 2 else None, url)  # the site comes first
    title = value(anchor, "aria-label") or next(iter(lines), "")
    return Card(title, None, url) if title else None


def _quote(box: LexborNode, shape: Shape) -> Quote | None:
    """Return the post that a post quotes, and take it out."""
    found: Quote | None = None
    for node in reversed(_quoted_on_x(box) if shape is X else box.css(shape.quote)):
        found = _quote_of(node, shape) or found
        node.decompose()
    return found


def _quoted_on_x(box: LexborNode) -> list[LexborNode]:
    """Return the element of a quoted post: it has an author's name too."""
    for name in box.css(USER_NAME)[1:]:
        above = name.parent
        for _ in range(FARTHEST):
            if above is None or above.mem_id == box.mem_id:
                break
            if above.tag == "div" and value(above, "role") == "link":
                return [above]
            above = above.parent
    return []


def _quote_of(node: LexborNode, shape: Shape) -> Quote | None:
    body = node.css(shape.text if shape is X else shape.quote_text)
    for each in body:
        links_in(each)
    text = "\n\n".join(words(each, keeps_lines=shape.keeps_lines) for each in body)
    name = _name(next(iter(_all(node, shape.name)), None))
    created_at = moment_in(_all(node, "time" if shape is X else shape.date))
    for each in reversed(body):
        each.decompose()
    place = _place(node.css("a"), shape)
    handle = handle_in(_all(node, shape.handle)) or place.handle or handle_in([node])
    post = Post(
        line=0,
        text=text or ("" if shape is X else _without_header(words(node))),
        author=handle,
        author_name=name,
        created_at=created_at,
        tweet_id=place.tweet_id,
        permalink=place.permalink,
    )
    return quote_of(post) if post.text else None
