"""X's own records as JSON: API answers, scrapers' exports, the files of an archive."""

from __future__ import annotations

from dataclasses import replace

from bot.loader.account import Account
from bot.loader.json_text import is_archive, looks_like_json, records
from bot.loader.posts import as_main, threads_of
from bot.loader.x_json import posts_in
from bot.models import Metadata, Thread

looks_like = looks_like_json


def format_name(text: str) -> str:
    """What the format is called in reports."""
    return "x-archive" if is_archive(text) else "x-json"


def parse(text: str, metadata: Metadata, account: Account) -> tuple[Thread, ...]:
    """The threads of the posts in `text`; a record that is broken or holds no post is told.

    `metadata` names the author where the records do not, as in an archive, and is of the thread
    where there is just one.
    """
    posts = []
    for line, value in records(text, account):
        found = list(posts_in(value, line))
        if not found:
            message = "a record that holds no tweet; left out"
            account.notice(line, message)
            account.record(line, "notice", message, "")
        posts += [replace(post, author=post.author or metadata.author) for post in found]
    threads = threads_of(posts, metadata, account)
    if len(threads) == 1:
        threads = (as_main(threads[0], metadata),)
    return threads
