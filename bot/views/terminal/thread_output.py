"""A thread as rows for a terminal, whole or page by page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.i18n.messages import ENGLISH
from bot.models import Thread
from bot.views import wording
from bot.views.terminal.output import BLANK, TITLE, Row, Span, text_row
from bot.views.terminal.tweet_output import attached_rows

Height = Callable[[Sequence[Row]], int]
"""How many lines rows take on the reader's screen."""


def head_rows(thread: Thread, start: int = 1) -> list[Row]:
    """A thread's title, size and source, above its tweet `start`, which may be the title itself."""
    head = [wording.tweets(len(thread.tweets), ENGLISH), f"id {thread.id}", ", ".join(thread.dumps)]
    if thread.author:
        names = [each.author_name for each in thread.tweets if each.author_name]
        head.insert(0, f"{names[0]} (@{thread.author})" if names else f"@{thread.author}")
    rows = [text_row(" · ".join(head), "quiet")]
    if start > 1 or not _titled(thread):
        rows.insert(0, text_row(wording.short(thread.title, TITLE), "title"))
    banner = wording.preview_banner(thread, ENGLISH)
    if banner:
        rows.append(text_row(banner, "match"))
    if thread.source_url:
        link = Span(thread.source_url, "link", thread.source_url)
        rows.append(Row(0, (Span("Source: ", "quiet"), link)))
    return rows


def _titled(thread: Thread) -> bool:
    """Whether the title is the first line of the first tweet."""
    return f"{thread.tweets[0].text}\n".startswith(f"{thread.title}\n")


def tweet_rows(thread: Thread, position: int, marked: int | None = None) -> list[Row]:
    """The tweet at `position`, below a blank line, with a mark if it is the one at `marked`.

    Cut links are not repeated from the last tweet.
    """
    tweet = thread.tweets[position - 1]
    mark = f"{wording.MARK} " if position == marked else ""
    lead = Span(f"{mark}{position}. ", "match" if mark else "quiet")
    indent = len(lead.text)
    title = len(thread.title) if position == 1 and _titled(thread) else 0
    text = (Span(tweet.text[:title], "title"), Span(tweet.text[title:]))
    rows = [BLANK, Row(0, text, lead), *attached_rows(tweet, indent)]
    shown = thread.tweets[position - 2].links if position > 1 else ()
    links: list[Span] = []
    for each in dict.fromkeys(tweet.links):
        if each.url:
            links += [Span(" "), Span(each.url, "link", each.url)]
        elif each not in shown:
            links += [Span(" "), Span(each.printed, "quiet")]
    if links:
        rows.append(Row(indent, tuple(links[1:])))
    if tweet.permalink:
        rows.append(Row(indent, (Span(tweet.permalink, "link", tweet.permalink),)))
    return rows


def thread_rows(thread: Thread, start: int = 1, *, marked: int | None = None) -> list[Row]:
    """A thread, from its tweet `start`, with a mark before the tweet at `marked`."""
    every = range(start, len(thread.tweets) + 1)
    return [
        *head_rows(thread, start),
        *(row for each in every for row in tweet_rows(thread, each, marked)),
    ]


def thread_pages(thread: Thread, start: int, height: Height, room: int) -> list[range]:
    """The positions on each page, such that a page starts at tweet `start`.

    Args:
        thread: the thread.
        start: where the reader begins, from 1.
        height: measures rows.
        room: lines on a page below the thread's head. A longer tweet is a page of its own.
    """
    heights = [height(tweet_rows(thread, each)) for each in range(1, len(thread.tweets) + 1)]
    before = _fitted(heights[: start - 1][::-1], room)
    after = _fitted(heights[start - 1 :], room)
    pages, at = [], 1
    for size in [*reversed(before), *after]:
        pages.append(range(at, at + size))
        at += size
    return pages


def _fitted(heights: Sequence[int], room: int) -> list[int]:
    """How many of the tweets with these heights fit on each page."""
    sizes: list[int] = []
    left = 0
    for each in heights:
        if not sizes or each > left:
            sizes.append(0)
            left = room
        sizes[-1] += 1
        left -= each
    return sizes
