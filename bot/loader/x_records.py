"""X's own records as JSON: API answers, scrapers' exports, the files of an archive."""

from __future__ import annotations

from dataclasses import replace

from bot.loader.json_text import is_archive, looks_like_json, records
from bot.loader.posts import as_main, threads_of
from bot.loader.x_json import posts_in
from bot.models import Metadata, Notice, Thread

looks_like = looks_like_json


def format_name(text: str) -> str:
    """What the format is called in reports."""
    return "x-archive" if is_archive(text) else "x-json"


def parse(text: str, file: str, metadata: Metadata) -> tuple[tuple[Thread, ...], list[Notice]]:
    """The threads of the posts in `text`; a record that is broken or holds no post is told.

    `metadata` names the author where the records do not, as in an archive, and is of the thread
    where there is just one.
    """
    notices: list[Notice] = []
    posts = []
    for line, value in records(text, file, notices):
        found = list(posts_in(value, line))
        if not found:
            notices.append(Notice(file, line, "a record that holds no tweet; left out"))
        posts += [replace(post, author=post.author or metadata.author) for post in found]
    threads, more = threads_of(posts, file, metadata)
    if len(threads) == 1:
        threads = (as_main(threads[0], metadata),)
    return threads, notices + more
