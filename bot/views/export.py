"""Threads as Markdown, plain text and JSON files, which the loader reads back completely. Pure.

Text and Markdown share a form, which `bot/loader/exported.py` reads: the text of a tweet is
indented or quoted, and each further field is a line `Label: value`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from bot.models import Thread, Tweet
from bot.views import markdown
from bot.views.json_output import thread_json
from bot.views.wording import short

EXPORTED = "Exported by Threadbot"
NOT_IN_NAMES = re.compile(r"\W+")


def file_name(thread: Thread, kind: str) -> str:
    """A file name from words of the title and the thread's id."""
    words = NOT_IN_NAMES.sub("-", short(thread.title, 50)).strip("-").lower()
    return f"{words or 'thread'}-{thread.id}.{kind}"


def without_folders(thread: Thread) -> Thread:
    """`thread` with bare names of its files, since their folders are private to the operator."""

    def name(file: str) -> str:
        return PurePosixPath(file).name

    tweets = tuple(replace(each, file=name(each.file)) for each in thread.tweets)
    return replace(thread, dumps=tuple(map(name, thread.dumps)), tweets=tweets)


def exported(thread: Thread, kind: str) -> str:
    """The contents of a file with `thread`; `kind` is `md`, `txt` or `json`."""
    return KINDS[kind](thread)


def _json(thread: Thread) -> str:
    return json.dumps(thread_json(thread), ensure_ascii=False, indent=2) + "\n"


def _text(thread: Thread) -> str:
    return (
        "\n".join(_lines(thread, heading="", number="{}", label="", text="  ", written=str)) + "\n"
    )


def _markdown(thread: Thread) -> str:
    quoted = _lines(
        thread, heading="# ", number="**{}**", label="- ", text="> ", written=markdown.literal
    )
    return "\n".join(quoted) + "\n"


def _lines(
    thread: Thread,
    *,
    heading: str,
    number: str,
    label: str,
    text: str,
    written: Callable[[str], str],
) -> Iterator[str]:
    yield f"{heading}{written(' '.join(thread.title.split()))}"
    yield ""
    yield f"{label}{EXPORTED}: {'a thread' if thread.complete else 'a preview'}"
    if thread.author:
        yield f"{label}Author: @{thread.author}"
    if thread.source_url:
        yield f"{label}Source: {thread.source_url}"
    for position, tweet in enumerate(thread.tweets, start=1):
        yield ""
        yield number.format(f"{position}/{len(thread.tweets)}")
        yield ""
        if tweet.text:
            yield from (f"{text}{written(line)}" for line in tweet.text.split("\n"))
            yield ""
        yield from (f"{label}{key}: {value}" for key, value in _known(tweet, thread))


def _known(tweet: Tweet, thread: Thread) -> Iterator[tuple[str, str]]:
    """The fields of a tweet besides its text."""
    if tweet.author and tweet.author != thread.author:
        yield "Author", f"@{tweet.author}"
    if tweet.created_at:
        yield "Date", tweet.created_at
    if tweet.permalink:
        yield "Permalink", tweet.permalink
    if tweet.tweet_id:
        yield "Id", tweet.tweet_id
    if tweet.mentions:
        yield "Mentions", " ".join(f"@{name}" for name in tweet.mentions)
    for link in tweet.links:
        yield "Link", f"{link.printed} <{link.url}>" if link.url else link.printed


KINDS: dict[str, Callable[[Thread], str]] = {"md": _markdown, "txt": _text, "json": _json}
"""The writer of each kind of file, by extension."""
