"""Splits copied pages into threads, zone by zone: head, body, footer, previews and end."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from bot.loader.line_account import Account
from bot.loader.pages.author_block import Block, block_at, block_below, kinds_after
from bot.loader.pages.boilerplate import HANDLE, Kind, Role
from bot.loader.pages.others import QUOTE, Others
from bot.loader.pages.page_items import Item, ahead
from bot.loader.pages.tweet_boundaries import Piece
from bot.loader.raw.line import Line

LONGEST_PREVIEW = 4
"""Tweets in a preview of another thread; mostly three."""
AUTHOR_FIRST = re.compile(r"@(\w{1,20}):\s", re.ASCII)
"""A heading that names the author before the thread's first words."""
WEB = re.compile(r"https?://\S+")
DOT = re.compile(r"[·•|]")
NUMBER = re.compile(r"\d[\d,.]*[KMB]?")
"""A number of likes or views below a post on X's own page."""
LONGEST_PROFILE = 10
"""Lines of an author's profile at the end of an unrolled thread."""
KEEP = re.compile(r"keep current with", re.IGNORECASE)
SOURCE_LINE = re.compile(
    r"(?:[-*]\s+)?(?:source|url|link|via|original)\s*:\s*(https?://\S+)", re.IGNORECASE
)
PAGE = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:(?:x|twitter)\.com/\w{1,20}/status(?:es)?/\d+"
    r"|threadreaderapp\.com/thread/\d+|twitter-thread\.com/t/(?:[a-z]{2}/)?\d+"
    r"|(?:\w+\.)?(?:rattibha|pingthread)\.com/thread/\d+|unrollnow\.com/status/\d+)\S*",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Part:
    """The lines of one thread on a page."""

    pieces: list[Piece] = field(default_factory=list)
    """Its lines."""
    date: str | None = None
    """Its date in ISO 8601, if the page has it."""
    declared: int | None = None
    """Its number of tweets according to the page."""
    is_separate: bool = False
    """Whether the page marks its beginning."""
    shown: int | None = None
    """Of a preview: the number of tweets that the page's link to it names."""


@dataclass(slots=True)
class Page:
    """One page's threads."""

    author: str | None = None
    """The author's handle, if the page has it."""
    source: str | None = None
    """The URL of the page, if the page has it."""
    title: str | None = None
    """The title from a heading."""
    main: Part = field(default_factory=Part)
    """The page's own thread."""
    previews: list[Part] = field(default_factory=list)
    """Previews of other threads."""
    footer: Line | None = None
    """The first line of its footer."""


class Reader:
    """Reads the lines of a dump, zone by zone."""

    def __init__(self, items: list[Item], account: Account, author: str | None) -> None:
        self._items = items
        self._account = account
        self._author = author
        self._page = Page()
        self._pages = [self._page]
        self._zone = "head"
        self._mark: Role | None = None
        self._starts_post = False
        self._others = Others(account)
        self._ahead = ahead(items)
        self._at = 0

    def pages(self) -> list[Page]:
        """Return the pages in the lines."""
        at = 0
        while at < len(self._items):
            at += self._block(at) or self._line(at)
        self._close_body()
        return self._pages

    def _line(self, at: int) -> int:
        """Read the line there, alone."""
        item = self._items[at]
        kind = item.role.kind
        if kind == "weak" and not self._is_weak_boilerplate(at):
            kind = "text"
        if kind in ("follow", "home") and self._zone == "body" and self._has_text_below(at + 1):
            kind = "text"
        if self._zone == "body" and kind in ("counts", "date", "handle"):
            kind = "text"
        if self._zone in ("previews", "after") and kind == "handle":
            kind = "text"
        self._at = at
        self.READ[kind](self, item)
        return 1

    def _read_start(self, item: Item) -> None:
        if self._zone != "head":
            self._close_body()
            self._start_page()
        self._page.author = item.role.author or self._page.author
        self._boilerplate(item, "the page's header")

    def _read_mark(self, item: Item) -> None:
        self._boilerplate(item, "a tweet's markup")
        self._page.author = self._page.author or item.role.author
        self._mark = item.role

    def _read_counts(self, item: Item) -> None:
        self._boilerplate(item, "dates and counts")
        if self._zone == "head":
            main, counts = self._page.main, item.role
            main.declared = counts.number or main.declared
            main.date = (counts.date.iso if counts.date else None) or main.date
        elif item.role.date and self._zone in ("after", "previews"):
            self._zone = "previews"
            self._open_preview().date = item.role.date.iso

    def _read_date(self, item: Item) -> None:
        self._boilerplate(item, "a date")
        day = item.role.date
        if self._zone == "head":
            self._page.main.date = day.iso if day else None
        elif self._zone in ("after", "previews"):
            self._zone = "previews"
            self._open_preview().date = day.iso if day else None

    def _read_footer(self, item: Item) -> None:
        self._close_body()
        self._page.footer = self._page.footer or item.piece.line
        if self._zone == "previews" and self._page.previews:
            self._make_main(self._page.previews.pop())
        self._zone = "after"
        self._boilerplate(item, "the page's footer")

    def _read_follow(self, item: Item) -> None:
        """Read the button below an author's profile, at the end of an unrolled thread."""
        self._close_profile()
        self._boilerplate(item, "the page's buttons")

    def _read_home(self, item: Item) -> None:
        """Read the page's own address."""
        self._close_profile()
        urls = [link.url for link in item.shown.links if link.url]
        bare = WEB.search(item.piece.text)
        address = urls[-1] if urls else bare[0] if bare else item.piece.text
        if not self._page.source and self._zone in ("head", "after"):
            has_scheme = address.lower().startswith("http")
            self._page.source = address if has_scheme else f"https://{address}"
        self._boilerplate(item, "the page's address")

    def _read_tail(self, item: Item) -> None:
        self._close_body()
        self._page.footer = self._page.footer or item.piece.line
        if self._zone in ("head", "body"):
            self._zone = "after"
        elif self._zone == "previews":
            self._open_preview()
        self._boilerplate(item, "the page's footer")

    def _read_more(self, item: Item) -> None:
        self._close_body()
        self._zone = "previews"
        self._page.author = self._page.author or item.role.author
        self._open_preview()
        self._boilerplate(item, "the page's footer")

    def _read_read(self, item: Item) -> None:
        self._boilerplate(item, "a thread's tweet count")
        if self._zone == "head":
            self._page.main.declared = item.role.number
            return
        if self._zone == "body":  # the main thread is missing: this is the beginning of another
            self._page.previews.append(self._page.main)
            self._page.main.is_separate = True
            self._page.main = Part()
        self._zone = "previews"
        if self._page.previews and self._page.previews[-1].pieces:
            self._page.previews[-1].shown = item.role.number
        self._page.previews.append(Part())

    def _read_end(self, item: Item) -> None:
        self._close_body()
        self._zone = "end"
        self._boilerplate(item, "the page's footer")

    def _read_weak(self, item: Item) -> None:
        self._boilerplate(item, "the page's buttons")

    def _read_text(self, item: Item) -> None:
        if self._zone == "head" and self._read_source(item):
            return
        if self._zone == "head" and item.shown.heading and not self._page.title:
            named = AUTHOR_FIRST.match(item.piece.text)
            if named:
                self._page.author = self._page.author or named[1]
            else:
                self._page.title = item.piece.text
            self._boilerplate(item, "the file's title")
            return
        if self._zone == "end" and self._ahead[self._at].a_page:
            self._start_page()
        if self._zone == "after" and KEEP.fullmatch(self._items[self._at - 1].piece.text):
            self._boilerplate(item, "the author's name")
            return
        if self._zone == "end" or (self._zone == "after" and self._ahead[self._at].more):
            message = "text of the page, not of a tweet; left out"
            self._account.left_out(item.piece.line, message)
            return
        if self._zone == "after":
            self._zone = "previews"
        if self._zone == "head":
            self._zone = "body"
        self._add(item)

    def _add(self, item: Item) -> None:
        piece = item.piece
        if self._zone == "body" and self._others.takes(item):
            return
        if self._others.has_headers and self._zone == "body" and NUMBER.fullmatch(piece.text):
            self._boilerplate(item, "dates and counts")
            return
        if self._starts_post and self._zone == "body":
            piece = replace(piece, below_rule=True)
            self._starts_post = False
        if self._mark:
            piece = replace(piece, author=self._mark.author, tweet_id=self._mark.tweet_id)
            self._mark = None
        if self._zone == "body":
            self._page.main.pieces.append(piece)
            return
        if not self._page.previews:
            self._page.previews.append(Part())
        self._page.previews[-1].pieces.append(piece)

    def _boilerplate(self, item: Item, what: str) -> None:
        self._account.boilerplate(item.piece.line, what)

    def _start_page(self) -> None:
        """Start a new page."""
        self._page = Page()
        self._pages.append(self._page)
        self._zone = "head"

    def _open_preview(self) -> Part:
        """Return the preview that begins here: the newest one, if it is still empty."""
        previews = self._page.previews
        if not previews or previews[-1].pieces:
            previews.append(Part())
        previews[-1].is_separate = True
        return previews[-1]

    def _make_main(self, part: Part) -> None:
        """Make the last preview another page's main thread: a footer stands below it."""
        author = self._page.author
        every = runs(part)
        long = (at for at, run in enumerate(every) if len(run) > 2 * LONGEST_PREVIEW)
        at = next(long, len(every) - 1)
        before, main = every[:at], [piece for run in every[at:] for piece in run]
        if before:
            kept = Part([piece for run in before for piece in run])
            self._page.previews.append(kept)
        self._start_page()
        self._page.author = author
        self._page.main = replace(part, pieces=main)

    def _block(self, at: int) -> int:
        """Read the author block that begins there; return its number of lines, or 0."""
        own = {each.lower() for each in (self._page.author, self._author) if each}
        block = block_at(self._items, at, own, at_top=self._zone == "head")
        if block is None or (self._zone == "head" and not self._has_text_below(at + block.length)):
            return 0
        if self._zone == "body" and self._is_post_of(block, at):
            length = self._header_length(at + block.length) + block.length
            self._begin_post(block, at, length)
            return length
        if self._zone in ("body", "end"):
            if not block.has_counts:
                return 0
            self._close_body()
            self._start_page()
        if self._zone in ("after", "previews"):
            self._zone = "previews"
            self._open_preview()
        self._page.author = self._page.author or block.handle
        for each in self._items[at : at + block.length]:
            self._boilerplate(each, "the author's name")
        return block.length

    def _is_post_of(self, block: Block, at: int) -> bool:
        """Whether a block in the thread's text is the header of a post, as on X's own page."""
        kinds = [kind for _, kind in kinds_after(self._items, at + block.length - 1)]
        is_dated = block.has_date or kinds[:1] == ["date"]
        return bool(block.handle) and is_dated and not block.has_counts

    def _header_length(self, at: int) -> int:
        """Return how many lines below the name belong to a post's header: a dot and a date."""
        end = at
        while end < min(at + 3, len(self._items)):
            item = self._items[end]
            if item.role.kind != "date" and not DOT.fullmatch(item.piece.text):
                break
            end += 1
        return end - at

    def _begin_post(self, block: Block, at: int, length: int) -> None:
        """Read the header of a post: of the thread's author, or of somebody else."""
        own = self._author or self._page.author
        if own is None:
            own = self._page.author = block.handle or ""
        above = self._items[at - 1].piece if at else None
        pieces = self._page.main.pieces
        while pieces and NUMBER.fullmatch(pieces[-1].text):
            self._account.boilerplate(pieces.pop().line, "dates and counts")
        if above is not None and pieces and pieces[-1] is above and QUOTE.fullmatch(above.text):
            self._boilerplate(self._items[at - 1], "the page's buttons")
            pieces.pop()
            self._others.begin_quote(block.handle or "")
        else:
            is_own = (block.handle or "").lower() == own.lower()
            self._others.begin_post(block.handle or "", is_own=is_own)
        self._starts_post = True
        for each in self._items[at : at + length]:
            self._boilerplate(each, "the author's name")

    def _close_profile(self) -> None:
        """Remove the author's profile from the end of an unrolled thread: name, handle, words."""
        if self._zone != "body":
            return
        pieces = self._page.main.pieces
        last = pieces[-LONGEST_PROFILE:]
        at = next((n for n in range(len(last) - 1, 0, -1) if HANDLE.fullmatch(last[n].text)), None)
        self._zone = "after"
        if at is None:
            return
        first = at - 1
        while first > 0 and last[first - 1].text == last[at - 1].text:
            first -= 1
        handle = HANDLE.fullmatch(last[at].text)
        self._page.author = self._page.author or (handle[1] if handle else None)
        for piece in last[first:]:
            self._account.boilerplate(piece.line, "the author's profile")
        del pieces[len(pieces) - len(last) + first :]

    def _has_text_below(self, at: int) -> bool:
        """Whether anything of a thread stands below: two lines alone are what somebody wrote."""
        return at < len(self._ahead) and self._ahead[at].text

    def _close_body(self) -> None:
        """Remove the source and the author block from the end of the main thread."""
        if self._zone != "body":
            return
        page, pieces = self._page, self._page.main.pieces
        if len(pieces) > 1 and (found := SOURCE_LINE.fullmatch(pieces[-1].text)):
            page.source = page.source or found[1]
            self._account.boilerplate(pieces.pop().line, "the page's address")
        block = block_below(pieces)
        if block:
            page.author = page.author or block.handle
            page.main.date = page.main.date or block.date
            for _ in range(block.length):
                self._account.boilerplate(pieces.pop().line, "the author's name")

    def _read_source(self, item: Item) -> bool:
        """Read a line above the thread that only names the page's URL; return whether it does."""
        found = SOURCE_LINE.fullmatch(item.piece.text)
        urls = [found[1]] if found else [link.url or "" for link in item.shown.links]
        urls += [item.piece.text] if PAGE.fullmatch(item.piece.text) else []
        alone = found or (item.piece.parts.is_byline and PAGE.fullmatch(urls[-1] if urls else ""))
        if not alone or self._page.source:
            return False
        self._page.source = urls[-1]
        self._boilerplate(item, "the page's address")
        return True

    def _is_weak_boilerplate(self, at: int) -> bool:
        """Whether a button's words stand among the page's own words, and not in a thread."""
        if self._zone in ("after", "end"):
            return True
        above = self._items[at - 1].role.kind if at else "start"
        below = kinds_after(self._items, at)
        near = below[0][1] if below else "end"
        boilerplate = {"start", "tail", "more", "end", "read", "counts", "mark"}
        if self._zone == "head":
            return above != "text" or near in boilerplate
        return above in boilerplate or near in boilerplate - {"mark"}

    READ: ClassVar[Mapping[Kind, Callable[[Reader, Item], None]]] = {
        "start": _read_start,
        "mark": _read_mark,
        "counts": _read_counts,
        "date": _read_date,
        "footer": _read_footer,
        "tail": _read_tail,
        "more": _read_more,
        "read": _read_read,
        "end": _read_end,
        "weak": _read_weak,
        "markup": _read_weak,
        "follow": _read_follow,
        "home": _read_home,
        "handle": _read_weak,
        "text": _read_text,
    }
    """Of the class: methods that a reader keeps keep it, and all lines, until cycles are sought."""


def runs(part: Part) -> list[list[Piece]]:
    """Split `part` before each line that is not a reply and has a byline below it."""
    pieces = part.pieces
    if part.is_separate or not pieces:
        return [list(pieces)]
    starts = [0]
    for index in range(1, len(pieces) - 1):
        here, below = pieces[index].parts, pieces[index + 1].parts
        if not here.is_byline and not here.leads_with_mention and below.is_byline:
            starts.append(index)
    return [pieces[a:b] for a, b in zip(starts, [*starts[1:], len(pieces)], strict=True)]
