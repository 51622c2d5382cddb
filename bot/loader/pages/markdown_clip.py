"""Parses Markdown clips of X's pages: `**Name** @handle [date](url)` above each post."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.background.priority import yielding
from bot.loader.entities import LEADING_MENTIONS, MENTION, split_line, unique_links
from bot.loader.front_matter import PAGE_TITLE, STATUS
from bot.loader.line_account import Account
from bot.loader.pages.boilerplate import classify
from bot.loader.pages.display_formats import printed_date
from bot.loader.pages.markdown_lines import ESCAPED, Shown, is_rule, shown
from bot.loader.raw.line import Line
from bot.loader.records.posts import Post, as_main, thread_of, tidied
from bot.models import Link, Media, Metadata, Quote, Thread

FORMAT = "markdown-clip"
BOLD_NAME = re.compile(
    r"(?:#{1,6}\s+)?(?:\*\*|__)(?P<name>.{1,100}?)(?:\*\*|__)\s*[·•|-]?\s*"
    r"\[?@(?P<handle>\w{1,20})(?!\w)\]?(?:\(\S{1,200}\))?\s*[·•|,-]?\s*(?P<when>.{0,300})",
    re.ASCII,
)
LINKED = re.compile(r"\[(?P<text>[^\]\n]{1,100})\]\((?P<url>\S{1,300})\)")
STATUS_ID = re.compile(r"(?:x|twitter)\.com/(\w{1,20})/status(?:es)?/([0-9]{1,20})", re.ASCII)


@dataclass(slots=True)
class _Header:
    """A line above a post."""

    line: Line
    handle: str
    date: str | None
    tweet_id: str | None
    name: str


@dataclass(slots=True)
class _Clipped:
    """A post while its lines are read."""

    header: _Header
    lines: list[tuple[Line, Shown | None]] = field(default_factory=list)
    """Its lines and what they show; None for a blank line."""
    media: tuple[Media, ...] = ()
    """Its pictures and videos."""
    quoted: list[Line] = field(default_factory=list)
    """The lines of the post that it quotes."""


def looks_like(lines: Sequence[Line]) -> bool:
    """Whether a line is a post's header as clippers write it."""
    return any(
        line.text.startswith(("**", "#", "__")) and _header(line) for line in yielding(lines)
    )


def parse(lines: Sequence[Line], metadata: Metadata, account: Account) -> tuple[Thread, ...]:
    """Return the thread of the posts in `lines`, without posts by other authors."""
    posts: list[_Clipped] = []
    quoting = keeping = False
    for line in yielding(lines):
        header = _header(line)
        if header:
            posts.append(_Clipped(header))
            account.boilerplate(line, "the post's author and date")
        elif not line.text:
            if posts:
                posts[-1].lines.append((line, None))
        elif is_rule(line.text):
            account.boilerplate(line, "a rule")
        elif line.text.startswith(">"):
            if posts and (keeping or not posts[-1].quoted):
                keeping = True
                posts[-1].quoted.append(line)
            else:
                quoting = _quoted(line, account, has_notice=quoting)
            continue
        else:
            metadata = _add(line, posts, metadata, account)
        quoting = keeping = False
    author = metadata.author or (posts[0].header.handle if posts else None)
    own: list[Post] = []
    for post in yielding(posts):
        if not _same(post.header.handle, author):
            _left_out(post, account)
        elif made := _post(post, account):
            own.append(made)
    if not own:
        return ()
    page = STATUS.match(metadata.source or "")
    if len(posts) == 1 and page and own[0].tweet_id is None and _same(page[1], own[0].author):
        own[0] = replace(own[0], tweet_id=page[2])
    thread = thread_of(own, account.file, replace(metadata, author=author), complete=True)
    return (as_main(thread, metadata),)


def _same(handle: str, author: str | None) -> bool:
    return handle.lower() == (author or "").lower()


def _header(line: Line) -> _Header | None:
    found = BOLD_NAME.fullmatch(ESCAPED.sub(lambda escaped: escaped[1], line.text))
    if not found:
        return None
    when = found["when"].strip()
    linked = LINKED.search(when)
    text = linked["text"] if linked else when
    status = STATUS_ID.search(linked["url"]) if linked else None
    day = printed_date(text.strip())
    if when and not day and not status:
        return None
    return _Header(
        line,
        found["handle"],
        day.iso if day else None,
        status[2] if status else None,
        found["name"],
    )


def _add(line: Line, posts: list[_Clipped], metadata: Metadata, account: Account) -> Metadata:
    """Add a line of text to the post above it, or, above all posts, to the file's metadata."""
    visible = shown(line.text)
    if posts and (visible.text or visible.pictures):
        posts[-1].media += visible.media
        if visible.text and not visible.is_card:
            posts[-1].lines.append((line, visible))
        else:
            account.boilerplate(line, "a link’s card" if visible.is_card else "a picture")
        return metadata
    if visible.heading and (PAGE_TITLE.fullmatch(visible.text) or not metadata.title):
        account.boilerplate(line, "the file's title")
        is_page = PAGE_TITLE.fullmatch(visible.text)
        return metadata if is_page or metadata.title else replace(metadata, title=visible.text)
    if classify(visible.text, None).kind != "text" or not visible.text:
        account.boilerplate(line, "the page's header")
    else:
        account.left_out(line, "text above the first post; left out")
    return metadata


def _quoted(line: Line, account: Account, *, has_notice: bool) -> bool:
    """Leave out a line of a quoted post; return whether its quotation has a notice."""
    if not line.text.strip("> "):
        account.boilerplate(line, "a blank line in a quotation")
        return has_notice
    message = "a quoted post, not part of this tweet; left out"
    account.left_out(line, message, has_notice=has_notice)
    return True


def _quote(post: _Clipped, account: Account) -> Quote | None:
    """Return the post that `post` quotes: maybe its author or date, then its words."""
    header: _Header | None = None
    day: str | None = None
    texts: list[str] = []
    for line in post.quoted:
        bare = replace(line, text=line.text.lstrip("> "))
        if bare.text:
            account.tweet(line, post.header.line.number)
        else:
            account.boilerplate(line, "a blank line in a quotation")
        found = printed_date(bare.text)
        if not any(texts) and header is None and (header := _header(bare)):
            continue
        if not any(texts) and found:
            day = found.iso
            continue
        texts.append(shown(bare.text).text)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(texts)).strip()
    if not text:
        return None
    if header is None:
        return Quote(text, created_at=day)
    url = f"https://x.com/{header.handle}/status/{header.tweet_id}" if header.tweet_id else None
    return Quote(text, header.handle, header.name, header.date or day, url)


def _left_out(post: _Clipped, account: Account) -> None:
    has_notice = False
    for line in post.quoted:
        has_notice = _quoted(line, account, has_notice=has_notice)
    for line, visible in post.lines:
        if visible:
            message = f"a post by @{post.header.handle}, not the thread's author; left out"
            account.left_out(line, message, has_notice=has_notice)
            has_notice = True


def _post(post: _Clipped, account: Account) -> Post | None:
    texts: list[str] = []
    links: list[Link] = []
    start = post.header.line.number
    blank = False
    for line, visible in post.lines:
        if visible is None:
            blank = bool(texts)
            continue
        account.tweet(line, start)
        if texts:
            texts.append("\n\n" if blank else "\n")
        texts.append(visible.text)
        links += visible.links
        blank = False
    whole = "".join(texts)
    leading = LEADING_MENTIONS.match(whole)
    parts = split_line(whole)
    printed = {link.printed for link in links}
    text = parts.text if not leading or parts.text else whole
    every = [*(each for each in parts.links if each.printed not in printed), *links]
    made = tidied(
        Post(
            line=start,
            text=text,
            mentions=(*parts.mentions, *MENTION.findall(" ".join(printed))),
            links=unique_links([link for link in every if not link.printed.startswith(("@", "#"))]),
            author=post.header.handle,
            created_at=post.header.date,
            tweet_id=post.header.tweet_id,
            author_name=post.header.name,
            media=post.media,
            quote=_quote(post, account),
        ),
        account.pictures,
    )
    if made.is_empty:
        message = "a post without text or links; left out"
        account.left_out(post.header.line, message)
        return None
    return made
