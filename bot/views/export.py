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

from bot.models import Media, Quote, Thread, Tweet
from bot.views import markdown
from bot.views.json_output import thread_json
from bot.views.wording import short

EXPORTED = "Exported by Threadbot"
NOT_IN_ALT = re.compile(r"[\[\]()\\<>&!*_`#\n]")
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
    plain = _lines(thread, heading="", number="{}", label="", text="  ", quoted="| ", written=str)
    return "\n".join(plain) + "\n"


def _markdown(thread: Thread) -> str:
    marked = _lines(
        thread,
        heading="# ",
        number="**{}**",
        label="- ",
        text="> ",
        quoted="> > ",
        written=markdown.literal,
    )
    return "\n".join(marked) + "\n"


def _lines(
    thread: Thread,
    *,
    heading: str,
    number: str,
    label: str,
    text: str,
    quoted: str,
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
        if tweet.quote:
            yield from _quote_lines(tweet.quote, quoted, written)
            yield ""
        for media in tweet.media:
            yield from _media_lines(media, label)
        yield from (f"{label}{key}: {value}" for key, value in _known(tweet, thread))


def _quote_lines(quote: Quote, mark: str, written: Callable[[str], str]) -> Iterator[str]:
    """A quoted tweet, line by line behind a mark, and its author below."""
    yield from (f"{mark}{written(line)}".rstrip() for line in quote.text.split("\n"))
    yield mark.rstrip()
    name = f" {written(quote.author_name)}" if quote.author_name else ""
    handle = f" (@{quote.author})" if quote.author else ""
    yield f"{mark}—{name}{handle}"
    if quote.created_at:
        yield f"{mark}— Date: {quote.created_at}"
    if quote.permalink:
        yield f"{mark}— Permalink: {quote.permalink}"


def _media_lines(media: Media, label: str) -> Iterator[str]:
    """A picture as Markdown has it, which plain text takes over, and what else is known of it."""
    alt = NOT_IN_ALT.sub(lambda found: f"&#{ord(found[0])};", media.alt or "")
    yield f"![{alt}]({media.url or media.video_url or media.file or ''})"
    if media.kind != "photo" or media.video_url:
        kind = {"photo": "Photo", "video": "Video", "gif": "GIF"}[media.kind]
        yield f"{label}{kind}: {media.video_url or '-'}"
    if media.file:
        yield f"{label}File: {media.file}"


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
    if tweet.author_name:
        yield "Name", tweet.author_name
    for option in tweet.poll:
        yield "Option", option.label
        if option.votes is not None:
            yield "Votes", str(option.votes)
    if tweet.card:
        yield "Card", tweet.card.title
        if tweet.card.description:
            yield "Description", tweet.card.description
        if tweet.card.url:
            yield "Page", tweet.card.url


KINDS: dict[str, Callable[[Thread], str]] = {"md": _markdown, "txt": _text, "json": _json}
"""The writer of each kind of file, by extension."""
