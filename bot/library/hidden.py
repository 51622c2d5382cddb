"""Finds the threads and tweets that are not shown, because somebody hid them before. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Literal

import numpy as np

from bot.library.snapshot.links import Reference
from bot.library.snapshot.origins import hidden
from bot.library.snapshot.served import Served
from bot.library.snapshot.snapshot import Snapshot
from bot.models import Dump, Thread
from bot.reports import ID_SHOWN, Hidden, HiddenThreads
from bot.store.rows import ERASED_NAME, Forgotten
from bot.thread_ids import key64, root_text, tweet_key

COMPARED = 500
"""Hidden versions without known ids in which a linked tweet is looked for."""
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
    for thread in chain.from_iterable(each.threads for each in dumps):
        author = key64(thread.author.lower()) if thread.author else UNKNOWN
        if author in authors:
            found[authors[author], True] += 1
        elif (title := _title(thread, author, titles)) is not None:
            found[title, False] += 1
    return tuple(
        HiddenThreads("" if name == ERASED_NAME else name, is_author, count)
        for (name, is_author), count in found.items()
    )


def hidden_things(forgotten: Sequence[Forgotten]) -> list[Hidden]:
    """Return what a library hides, authors last; each thing that was erased is one of its own."""
    keys: dict[tuple[Literal["thread", "author"], str, str], list[str]] = {}
    for each in forgotten:
        is_erased = each.label == ERASED_NAME
        name, apart = ("", each.key) if is_erased else (each.label, "")
        keys.setdefault((each.kind, name, apart), []).append(each.key)
    found = [
        Hidden(kind, name, f"{key64(repr((kind, *some))) & (2**64 - 1):016x}", tuple(some))
        for (kind, name, _), some in keys.items()
    ]
    return sorted(found, key=lambda each: (each.kind == "author", not each.name, each.name))


def named_things(things: Sequence[Hidden], name: str) -> list[Hidden]:
    """Return which of `things` a name fits: its id or the beginning of it, a handle, its title or
    words of that.

    A handle fits an author who was erased, too.
    """
    wanted = name.strip()
    exactly = [each for each in things if wanted in (each.id, each.name)]
    if not exactly and len(wanted) >= ID_SHOWN:
        exactly = [each for each in things if each.id.startswith(wanted.lower())]
    if exactly:
        return exactly
    handle = str(key64(wanted.removeprefix("@").lower()))
    authors = [each for each in things if each.kind == "author" and handle in each.keys]
    words = wanted.casefold().split()
    titles = [each for each in things if each.kind == "thread" and each.name]
    return authors or [
        each for each in titles if words and all(word in each.name.casefold() for word in words)
    ]


def dumps_with_hidden(snapshot: Snapshot) -> set[int]:
    """Return the rows of the dumps that have hidden threads."""
    found: set[int] = set()
    for part in snapshot.parts if snapshot.forgotten else ():
        origins = part.layer.origins
        gone = hidden(origins.roots, snapshot.forgotten)
        found.update(origins.dumps.repeat(origins.counts)[gone].tolist())
    return found


def _title(thread: Thread, author: int, titles: dict[int, list[tuple[int, str]]]) -> str | None:
    """Return the title under which a thread by `author` was hidden, if it was."""
    for whose, title in titles.get(key64(root_text(thread.tweets)), ()) if titles else ():
        if UNKNOWN in (whose, author) or whose == author:
            return title
    return None


def may_be_in(snapshot: Served, text: str, posts: Sequence[Reference]) -> list[int]:
    """Return the rows of the hidden versions that may have a tweet that `text` links to.

    Args:
        snapshot: where to look.
        text: the text.
        posts: the links to tweets in it, none of which is shown.

    Returns:
        Those that have the id of such a tweet; if none has, up to COMPARED with unknown ids.
    """
    if not snapshot.forgotten:
        return []
    names = {name for each in posts for name in _names_of(text, each)}
    keys = np.array([*map(tweet_key, names)], np.int64)
    return snapshot.hidden_rows(keys, COMPARED)


def _names_of(text: str, post: Reference) -> tuple[str, ...]:
    """Return the ids that dumps may have of a linked tweet: a number, or an address."""
    kind, _, rest = post.key.partition(":")  # of a post elsewhere, the id is its address
    if kind == "x":
        return (rest,)
    if kind == "at":
        who, _, key = rest.partition("/")
        return (f"at://{who}/app.bsky.feed.post/{key}",)
    return (text[post.start : post.end],)
