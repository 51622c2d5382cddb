"""Parses posts that a tool wrote one below the other, each with a byline or a permalink.

Examples: Obsidian Web Clipper (`**Name** @handle [date](url)` above each post), tweet-to-markdown
(a byline above, `[Tweet link](url)` below), twitter-archive-parser and Readwise (only a link).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from msgspec.structs import replace as with_changes

from bot.loader.entities import LEADING_MENTIONS, MENTION, split_line, unique_links
from bot.loader.front_matter import HANDLE_INSIDE, PAGE_TITLE, STATUS
from bot.loader.line_account import Account
from bot.loader.pages.boilerplate import classify
from bot.loader.pages.display_formats import printed_date
from bot.loader.pages.markdown_lines import HEADED, NUMBERED, Shown, is_rule, shown
from bot.loader.pages.post_marks import (
    Byline,
    Permalink,
    byline,
    is_metrics,
    permalink,
    replied_to,
)
from bot.loader.raw.line import Line
from bot.loader.records.posts import Post, as_main, thread_of, tidied
from bot.loader.tweet_ids import contradicted, day_of_id
from bot.models import Link, Media, Metadata, Quote, Thread

FORMAT = "markdown-clip"
MEDIA_HEADING = re.compile(r"\W*(?:attached )?(?:media|images?|photos?|videos?)\W*", re.IGNORECASE)
LISTED = re.compile(r"[-*+]\s+")
PROPERTY = re.compile(
    r"(?:[-*]\s+)?(?:\*\*)?(?P<key>author|full[ -]title|title|category|url|source"
    r"|document (?:tags|note)|tags?|note|highlights first synced by)(?:\*\*)?"
    r"(?:::?\s|\s+\[\[)\s*(?P<value>.*)",
    re.IGNORECASE,
)
"""A line about a file that Readwise writes above or between the posts."""
DETAIL = re.compile(
    r"(?:[-*]\s+)?\*\*(?:thread author|author|conversation id|(?:total )?engagement|source|date"
    r"|captured|saved|exported|tweets?(?: captured)?|thread length)\b[^*]{0,20}\*\*:?.*",
    re.IGNORECASE,
)
"""A line about the file that exporters write above or below the posts."""
OF_READWISE = re.compile(r"(?:metadata|highlights|new highlights added .*)", re.IGNORECASE)
LEAST_PERMALINKS = 2
"""Permalinks, without any byline, that make a file one of posts."""


@dataclass(slots=True)
class _Clipped:
    """A post while its lines are read."""

    line: Line
    """Its first line."""
    by: Byline | None = None
    """Who posted it, and when; None until a permalink says so."""
    lines: list[tuple[Line, Shown | None]] = field(default_factory=list)
    """Its lines and what they show; None for a blank line."""
    media: tuple[Media, ...] = ()
    """Its pictures and videos."""
    quoted: list[Line] = field(default_factory=list)
    """The quoted lines: of the post that it quotes, or its own."""
    answers: str | None = None
    """The handle that it answers, if a line says so."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said in it."""
        return not (self.quoted or self.media or any(visible for _, visible in self.lines))


def looks_like(lines: Sequence[Line]) -> bool:
    """Whether the lines have posts with bylines, or at least two with permalinks."""
    above: str | None = None
    links = 0
    for line in lines:
        if not line.text:
            continue
        if not line.text.startswith(">"):
            links += permalink(line.text) is not None
            if links >= LEAST_PERMALINKS or byline(line.text, above):
                return True
        above = line.text
    return False


def parse(lines: Sequence[Line], metadata: Metadata, account: Account) -> tuple[Thread, ...]:
    """Return the thread of the posts in `lines`, without posts by other authors."""
    reader = _Reader(lines, metadata, account)
    for line in lines:
        reader.read(line)
    posts, metadata = reader.posts, reader.metadata
    if not any(post.by for post in posts):
        return ()
    author = metadata.author or next((post.by.handle for post in posts if post.by), None)
    threads: list[Thread] = []
    own: list[Post] = []
    sure: set[int] = set()
    other: str | None = None
    answered: list[Post] = []
    for post in posts:
        by = post.by
        if by and by.handle and not _same(by.handle, author):
            _left_out(post, f"a post by @{by.handle}, not the thread's author; left out", account)
            other = by.handle if own else None
            continue
        answers = post.answers if post.answers and not _same(post.answers, author) else other
        if answers and not metadata.keep_replies:
            message = f"the author's answer to @{answers}, not part of the thread; left out"
            _left_out(post, message, account)
        elif made := _post(post, author, account):
            (answered if answers else own).append(made)
            if by and by.is_sure:
                sure.add(made.line)
    if own:
        main = _with_page_id(own, posts, metadata)
        main = [post if post.line in sure else _with_right_day(post, account) for post in main]
        known = replace(metadata, author=author)
        thread = thread_of(main, account.file, known, complete=True)
        threads.append(as_main(thread, metadata))
    alone = Metadata(author=author)
    threads += [thread_of([each], account.file, alone, complete=True) for each in answered]
    return tuple(threads)


def _with_page_id(own: list[Post], posts: Sequence[_Clipped], metadata: Metadata) -> list[Post]:
    """Give the first post the id of the page that was saved, if it has none of its own."""
    page = STATUS.match(metadata.source or "")
    rest = [post.by.tweet_id if post.by else None for post in posts[1:]]
    is_first = bool(posts[0].by and _same(posts[0].by.handle, own[0].author))
    is_alone = all(rest) and page is not None and page[2] not in rest
    if page and is_first and is_alone and own[0].tweet_id is None and _same(page[1], own[0].author):
        own[0] = with_changes(own[0], tweet_id=page[2])
    return own


def _with_right_day(post: Post, account: Account) -> Post:
    """Return `post` with the day that its id says, if the page prints another."""
    day = day_of_id(post.tweet_id, post.created_at)
    if day is None:
        return post
    account.notice(post.line, contradicted(post.created_at or "", day))
    return with_changes(post, created_at=day)


def _same(handle: str, author: str | None) -> bool:
    return handle.lower() == (author or "").lower()


class _Reader:
    """Reads the lines of a file and collects its posts."""

    def __init__(self, lines: Sequence[Line], metadata: Metadata, account: Account) -> None:
        self.posts: list[_Clipped] = []
        self.metadata = metadata
        self._account = account
        self._above: str | None = None
        self._quoting = False
        self._taken = False
        self._has_notice = False
        self._fresh = False
        self._is_below_rule = False
        self._has_bylines = _has_bylines(lines)
        self._links_first = not self._has_bylines and _links_come_first(lines)
        self._are_listed = not self._has_bylines and _are_listed(lines)

    def read(self, line: Line) -> None:
        """Read the next line."""
        quoting, self._quoting = self._quoting, False
        if not line.text:
            if self.posts:
                self.posts[-1].lines.append((line, None))
            return
        if line.text.startswith(">"):
            self._read_quoted(line, begins=not quoting)
        elif by := byline(line.text, self._above):
            self.posts.append(_Clipped(line, by))
            self._is_below_rule = False
            self._account.boilerplate(line, "the post's author and date")
        elif is_rule(line.text) or self._is_number(line):
            self._fresh = not self._has_bylines
            self._is_below_rule = True
            self._account.boilerplate(line, "a rule")
        elif self._are_listed and (found := PROPERTY.fullmatch(line.text)):
            self._read_property(line, found["key"].lower(), found["value"])
        elif link := permalink(line.text):
            self._read_permalink(line, link)
        elif is_metrics(line.text):
            self._account.boilerplate(line, "dates and counts")
        elif self.posts and (handle := replied_to(line.text)):
            self._post(line).answers = handle
            self._account.boilerplate(line, "the post that it answers")
        else:
            self._read_text(line)
        self._above = line.text

    @staticmethod
    def _is_number(line: Line) -> bool:
        is_heading = HEADED.match(line.text) is not None
        return is_heading and NUMBERED.fullmatch(shown(line.text).text) is not None

    def _post(self, line: Line) -> _Clipped:
        """Return the post that the line belongs to: a new one below a rule or a permalink."""
        if self._fresh or not self.posts:
            if not (self.posts and self.posts[-1].is_empty and self.posts[-1].by is None):
                self.posts.append(_Clipped(line))
            self._fresh = False
        return self.posts[-1]

    def _read_permalink(self, line: Line, link: Permalink) -> None:
        if self._has_bylines and (self._is_below_rule or not self.posts):
            known = self.metadata
            url = f"https://x.com/{link.handle or 'i'}/status/{link.tweet_id}"
            self.metadata = replace(known, source=known.source or url)
            self._account.boilerplate(line, "the page's address")
            return
        if link.text:
            self._read_text(replace(line, text=link.text))
        elif self._links_first and self.posts and (by := self.posts[-1].by) and by.tweet_id:
            self._fresh = True
        post = self.posts[-1] if self.posts and self._has_bylines else self._post(line)
        by = post.by or Byline(link.handle or "", quotes_its_text=True)
        post.by = by
        if link.handle is None or not by.handle or _same(link.handle, by.handle):
            by.handle = by.handle or link.handle or ""
            by.tweet_id = by.tweet_id or link.tweet_id
            if link.date and (by.date is None or not by.is_sure):
                by.date, by.is_sure = link.date, link.is_sure
        if not link.text:
            self._account.boilerplate(line, "the post's address")
        if not self._has_bylines and not post.is_empty:
            self._fresh = True

    def _read_quoted(self, line: Line, *, begins: bool) -> None:
        """Read a line of a quotation: one quotation a post; further ones are left out."""
        post = self._post(line) if not self._has_bylines else None
        post = post or (self.posts[-1] if self.posts else None)
        if begins:
            is_text = bool(post and post.by and post.by.quotes_its_text)
            self._taken = post is not None and (not post.quoted or is_text)
        self._quoting = True
        if post and self._taken:
            post.quoted.append(line)
            return
        self._has_notice = _quoted(line, self._account, has_notice=self._has_notice and not begins)

    def _read_text(self, line: Line) -> None:
        """Read a line of text: of a post or, above all posts, about the file."""
        visible = shown(line.text)
        above = not self.posts and (self._has_bylines or visible.heading)
        last = self.posts[-1] if self.posts else None
        if last and last.by and last.is_empty and last.by.date is None:
            day = printed_date(line.text.strip("*_ "))
            if day:
                last.by.date, last.by.is_sure = day.iso, day.timed
                self._account.boilerplate(line, "the post's author and date")
                return
        if above or (visible.heading and PAGE_TITLE.fullmatch(visible.text)):
            self._read_head(line, visible)
        elif DETAIL.fullmatch(line.text):
            self._account.boilerplate(line, "the file's details")
        elif not self.posts and not visible.text:
            self._account.boilerplate(line, "a picture")
        elif visible.heading and MEDIA_HEADING.fullmatch(visible.text):
            self._account.boilerplate(line, "a heading above pictures")
        elif self._are_listed and visible.heading and OF_READWISE.fullmatch(visible.text):
            self._account.boilerplate(line, "the page's header")
        else:
            begins = self._fresh or not self.posts
            post = self._post(line)
            if begins and self._are_listed:
                visible = shown(LISTED.sub("", line.text, count=1))
            post.media += visible.media
            if visible.text and not visible.is_card:
                post.lines.append((line, visible))
            else:
                shows = "a picture" if visible.pictures else "the page's header"
                self._account.boilerplate(line, "a link’s card" if visible.is_card else shows)

    def _read_property(self, line: Line, key: str, value: str) -> None:
        """Read a line about the file; a person's note is no part of the thread."""
        if key in ("note", "document note") and value.strip(" #").lower() != "thread":
            self._account.left_out(line, "a reader's note, not part of the thread; left out")
            return
        self._account.boilerplate(line, "the file's details")
        if key == "author" and (name := HANDLE_INSIDE.search(value)):
            self.metadata = replace(self.metadata, author=self.metadata.author or name[1])
        elif key in ("url", "source") and (url := STATUS.match(value)):
            self.metadata = replace(self.metadata, source=self.metadata.source or url[0])

    def _read_head(self, line: Line, visible: Shown) -> None:
        """Read a line above all posts."""
        known = self.metadata
        page = PAGE_TITLE.fullmatch(visible.text)
        if page or (visible.heading and not known.title):
            self._account.boilerplate(line, "the file's title")
            if page:
                self.metadata = replace(known, author=known.author or page["author"])
            else:
                self.metadata = replace(known, title=visible.text)
        elif not visible.text or classify(visible.text, None).kind != "text":
            self._account.boilerplate(line, "the page's header")
        else:
            self._account.left_out(line, "text above the first post; left out")


def _has_bylines(lines: Sequence[Line]) -> bool:
    above: str | None = None
    for line in lines:
        if line.text and not line.text.startswith(">"):
            if byline(line.text, above):
                return True
            above = line.text
    return False


def _are_listed(lines: Sequence[Line]) -> bool:
    """Whether each post is an item of a list that ends with its permalink."""
    found = [line.text for line in lines if (link := permalink(line.text)) and link.text]
    return len(found) >= LEAST_PERMALINKS


def _links_come_first(lines: Sequence[Line]) -> bool:
    """Whether the first permalink stands above all text: then each begins a post."""
    for line in lines:
        if not line.text or is_rule(line.text) or shown(line.text).heading:
            continue
        link = permalink(line.text)
        return link is not None and not link.text
    return False


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
    header: Byline | None = None
    day: str | None = None
    texts: list[str] = []
    for line in post.quoted:
        bare = replace(line, text=line.text.lstrip("> "))
        if bare.text:
            account.tweet(line, post.line.number)
        else:
            account.boilerplate(line, "a blank line in a quotation")
        found = printed_date(bare.text)
        if not any(texts) and header is None and (header := byline(bare.text, None)):
            continue
        if not any(texts) and found:
            day = found.iso
            continue
        link = permalink(bare.text)
        if link and header and not link.text:
            header.tweet_id = header.tweet_id or link.tweet_id
            continue
        texts.append(shown(bare.text).text)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(texts)).strip()
    if not text:
        return None
    if header is None:
        return Quote(text, created_at=day)
    url = f"https://x.com/{header.handle}/status/{header.tweet_id}" if header.tweet_id else None
    return Quote(text, header.handle, header.name, header.date or day, url)


def _left_out(post: _Clipped, message: str, account: Account) -> None:
    has_notice = False
    _own_quotation(post, account)
    for line in post.quoted:
        has_notice = _quoted(line, account, has_notice=has_notice)
    has_notice = False
    for line, visible in post.lines:
        if visible:
            account.left_out(line, message, has_notice=has_notice)
            has_notice = True
    if not has_notice:
        account.notice(post.line.number, message)


def _own_quotation(post: _Clipped, account: Account) -> None:
    """Make the quoted lines the post's own, if the tool quotes each post's text."""
    if not (post.by and post.by.quotes_its_text and post.quoted):
        return
    if any(visible for _, visible in post.lines):
        return
    bare = [replace(line, text=re.sub(r"^>\s?", "", line.text)) for line in post.quoted]
    if any(byline(line.text, None) for line in bare):
        return
    for line in bare:
        if not line.text:
            account.boilerplate(line, "a blank line in a quotation")
        visible = shown(line.text) if line.text else None
        post.media += visible.media if visible else ()
        post.lines.append((line, visible if visible and visible.text else None))
    post.quoted = []


def _post(post: _Clipped, author: str | None, account: Account) -> Post | None:
    _own_quotation(post, account)
    texts: list[str] = []
    links: list[Link] = []
    by = post.by or Byline(author or "")
    start = post.line.number
    blank = False
    for line, visible in post.lines:
        if visible is None:
            blank = bool(texts)
            if line.text:
                account.boilerplate(line, "a picture")
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
            author=by.handle or author,
            created_at=by.date,
            tweet_id=by.tweet_id,
            author_name=by.name,
            media=post.media,
            quote=_quote(post, account),
        ),
        account.pictures,
    )
    if made.is_empty:
        message = "a post without text or links; left out"
        account.left_out(post.line, message)
        return None
    return made
