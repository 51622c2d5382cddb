"""Parses text copied from one or more Thread Reader App pages, plain or as Markdown.

A copied page has an author block, the main thread, a footer, and previews: the first tweets of more
threads by the same author, with or without a name and a date above each. The page's boilerplate is
around all of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.background.priority import yielding
from bot.loader.front_matter import STATUS
from bot.loader.line_account import Account
from bot.loader.pages.boilerplate import classify
from bot.loader.pages.markdown_lines import shown
from bot.loader.pages.page_items import items_of
from bot.loader.pages.page_reader import Part, Reader, runs
from bot.loader.pages.tweet_assembly import thread_of_pieces
from bot.loader.raw.line import Line
from bot.models import Metadata, Thread

FORMAT = "thread-reader-text"
MARKDOWN = "markdown"
OWN = ("start", "footer", "tail", "more", "end")
"""Roles of lines that only these pages have."""


def parse(
    lines: Sequence[Line],
    metadata: Metadata,
    account: Account,
    *,
    saved: date | None,
    markdown: bool,
) -> tuple[Thread, ...]:
    """Return the threads in `lines`, page by page, the main thread of each page first.

    Args:
        lines: the dump's lines, or those below a block of front matter.
        metadata: metadata given for the dump.
        account: records what becomes of each line.
        saved: the day on which the page was saved, where known.
        markdown: whether the lines are Markdown.
    """
    items = items_of(lines, account, saved, markdown=markdown)
    reader = Reader(items, account, metadata.author)
    from_page = any(item.role.kind in OWN for item in items)
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
        main = page.main
        found = [
            thread_of_pieces(
                main.pieces,
                own,
                account,
                is_main=True,
                declared=main.declared,
                from_page=from_page,
            )
        ]
        found += [
            thread_of_pieces(
                part.pieces,
                Metadata(author=own.author, date=part.date),
                account,
                is_main=False,
                from_page=True,
            )
            for preview in page.previews
            for part in _parted(preview)
        ]
        threads += [thread for thread in found if thread is not None]
    return tuple(threads)


def is_page(lines: Sequence[Line]) -> bool:
    """Whether any line is one of the page's own."""
    return any(classify(shown(line.text).text, None).kind in OWN for line in yielding(lines))


def _parted(part: Part) -> list[Part]:
    """Return the previews in `part`, split at bylines where the page does not separate them."""
    return [replace(part, pieces=run) for run in runs(part)]
