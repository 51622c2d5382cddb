"""Parses text copied from unrollers' pages, or written by hand, plain or as Markdown.

A copied page has an author block, the main thread, a footer, and previews: the first tweets of more
threads by the same author, with or without a name and a date above each. The page's boilerplate is
around all of these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from bot.loader.front_matter import STATUS
from bot.loader.line_account import Account
from bot.loader.pages.boilerplate import Kind, classify
from bot.loader.pages.markdown_lines import PLAIN, shown
from bot.loader.pages.page_items import PERMALINK, Item, items_of, without_repeats
from bot.loader.pages.page_reader import Page, Part, Reader, runs
from bot.loader.pages.tweet_assembly import thread_of_pieces
from bot.loader.pages.tweet_boundaries import threads_in
from bot.loader.raw.line import Line
from bot.models import Metadata, Thread

FORMAT = "thread-reader-text"
UNROLLER = "unroller-text"
BY_HAND = "hand-written thread"
MARKDOWN = "markdown"
OWN = ("start", "footer", "tail", "more", "end")
"""Roles of lines that only these pages have."""
LOST = (
    "the page's own thread is missing from this file; read only the previews of other threads, and"
    " left its title, source and date out"
)


def parse(
    lines: Sequence[Line],
    metadata: Metadata,
    account: Account,
    *,
    saved: date | None,
    markdown: bool,
    is_one_post: bool = False,
) -> tuple[str, tuple[Thread, ...]]:
    """Return the format's name and the threads, page by page, the main thread of each page first.

    Args:
        lines: the dump's lines, or those below a block of front matter.
        metadata: metadata given for the dump.
        account: records what becomes of each line.
        saved: the day on which the page was saved, where known.
        markdown: whether the lines are Markdown.
        is_one_post: whether a clipper saved them from the page of a single post.
    """
    items = items_of(lines, account, saved, markdown=markdown)
    format_ = _format_of(lines, items, markdown=markdown)
    from_page = any(item.role.kind in OWN for item in items)
    if markdown and from_page:
        items = without_repeats(items, account)
    reader = Reader(items, account, metadata.author)
    threads: list[Thread] = []
    for number, page in enumerate(reader.pages()):
        given = metadata if number == 0 else Metadata(author=metadata.author)
        status = STATUS.match(page.source or "")
        own = replace(
            given,
            author=given.author or page.author or (status[1] if status else None),
            source=given.source or page.source,
            title=given.title or page.title,
            date=given.date or page.main.date,
        )
        found = [
            *_main_threads(page, own, account, from_page=from_page, is_one_post=is_one_post),
            *_preview_threads(page, own.author, account, markdown=markdown),
        ]
        threads += [thread for thread in found if thread is not None]
    return format_, tuple(threads)


def _main_threads(
    page: Page, own: Metadata, account: Account, *, from_page: bool, is_one_post: bool
) -> Iterator[Thread | None]:
    """Yield the page's own thread, and those that its counters show to follow it."""
    main = page.main
    if not main.pieces and page.footer and any(part.pieces for part in page.previews):
        account.notice(page.footer.number, LOST)
    parts = threads_in(main.pieces, are_previews=False)
    status = STATUS.match(own.source or "")
    for number, pieces in enumerate(parts):
        is_first = number == 0
        yield thread_of_pieces(
            pieces,
            own if is_first else Metadata(author=own.author),
            account,
            is_main=is_first,
            declared=main.declared if len(parts) == 1 else None,
            from_page=from_page,
            is_one=is_one_post,
            tweet_id=status[2] if status and is_one_post and is_first else None,
            is_complete=True,
        )


def _preview_threads(
    page: Page, author: str | None, account: Account, *, markdown: bool
) -> Iterator[Thread | None]:
    # Where a reader lost the page's thread, it kept no mark of a tweet's end either.
    is_kept = bool(page.main.pieces) or not markdown
    for preview in page.previews:
        for part in _parted(preview):
            for pieces in threads_in(part.pieces, are_previews=True):
                yield thread_of_pieces(
                    pieces,
                    Metadata(author=author, date=part.date),
                    account,
                    is_main=False,
                    from_page=is_kept,
                    at_most=part.shown,
                )


def _format_of(lines: Sequence[Line], items: Sequence[Item], *, markdown: bool) -> str:
    """Return the name of the format that the lines have."""
    known = {item.piece.line.number: item for item in items if item.role is not PERMALINK}
    kinds: set[Kind] = set()
    for line in lines:
        if not line.text:
            continue
        item = known.get(line.number)
        if item and markdown:
            visible = item.shown.text
        else:
            visible = line.text if PLAIN.fullmatch(line.text) else shown(line.text).text
        is_known = item is not None and item.shown.text == visible
        kinds.add(item.role.kind if item and is_known else classify(visible, None).kind)
    if kinds & {"home", "follow"} and not kinds & {"start", "tail", "more", "end", "read"}:
        return UNROLLER
    if kinds.intersection(OWN):
        return FORMAT
    return MARKDOWN if markdown else BY_HAND


def _parted(part: Part) -> list[Part]:
    """Return the previews in `part`, split at bylines where the page does not separate them."""
    return [replace(part, pieces=run) for run in runs(part)]
