"""Finds the threads of a dump that are not shown, because somebody hid them before. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain

from bot.background.priority import yielding
from bot.models import Dump, Thread
from bot.reports import HiddenThreads
from bot.store.rows import Forgotten
from bot.thread_ids import key64, root_text

UNKNOWN = 0
"""The key of an author who is not known."""


def hidden_threads(
    dumps: Sequence[Dump], forgotten: Sequence[Forgotten]
) -> tuple[HiddenThreads, ...]:
    """Return what hides threads of `dumps`, each with their number.

    Args:
        dumps: the dumps that were read.
        forgotten: the threads and authors that the library hides.
    """
    if not forgotten:
        return ()
    authors = {int(each.key): each.label for each in forgotten if each.kind == "author"}
    titles: dict[int, list[tuple[int, str]]] = {}
    for each in forgotten:
        if each.kind == "thread":
            root, author = map(int, each.key.split(":"))
            titles.setdefault(root, []).append((author, each.label))
    found: Counter[tuple[str, bool]] = Counter()
    for thread in yielding(chain.from_iterable(each.threads for each in dumps)):
        author = key64(thread.author.lower()) if thread.author else UNKNOWN
        if author in authors:
            found[authors[author], True] += 1
        elif (title := _title(thread, author, titles)) is not None:
            found[title, False] += 1
    return tuple(
        HiddenThreads(name, is_author, count) for (name, is_author), count in found.items()
    )


def _title(thread: Thread, author: int, titles: dict[int, list[tuple[int, str]]]) -> str | None:
    """Return the title under which a thread by `author` was hidden, if it was."""
    for hidden, title in titles.get(key64(root_text(thread.tweets)), ()) if titles else ():
        if UNKNOWN in (hidden, author) or hidden == author:
            return title
    return None
