"""Reads the Community Archive's JSON: one object with the parts of an X archive.

https://github.com/TheExGenesis/community-archive/blob/main/docs/api-doc.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from msgspec.structs import replace as with_changes

from bot.loader.line_account import Account
from bot.loader.raw.content import Part
from bot.loader.raw.text_stream import Progress, text_of
from bot.loader.records.json_records import AUTHOR_UNKNOWN, NO_TWEET, x_posts_in
from bot.loader.records.json_stream import members
from bot.loader.records.json_values import as_dict, as_text
from bot.loader.records.posts import Post
from bot.loader.records.reply_chains import threads_of
from bot.loader.records.x_archive import Notes
from bot.loader.records.x_json import handle_of
from bot.models import Metadata, Thread

FORMAT = "community-archive"
HEAD = re.compile(
    r"\s*\{\s*\"(?:upload-options\"\s*:\s*\{|(?:account|profile|tweets?|follower|following|like"
    r"|note-tweet|community-tweet)\"\s*:\s*\[\s*(?:\]|\{\s*\"(?:account|profile|tweet|follower"
    r"|following|like|noteTweet)\"\s*:\s*\{))"
)
TWEETS = ("tweets", "tweet", "community-tweet")
NOTES = "note-tweet"


def looks_like(head: str) -> bool:
    """Whether a text that begins so is such an archive."""
    return HEAD.match(head) is not None


def parse(
    part: Part, metadata: Metadata, account: Account, progress: Progress | None = None
) -> Sequence[Thread]:
    """Return the threads of all tweets, long posts with their whole text.

    The file is read twice, because the account and the long posts may come after the tweets.

    Raises:
        DumpError: the file cannot be read, or is not text.
        OSError: the file cannot be opened.
    """
    notes = Notes(account)
    author, author_name = _read_beside(part, notes, account)
    known = replace(metadata, author=metadata.author or author)

    def posts() -> Iterator[Post]:
        for key, line, value in members(text_of(part, account, progress), account):
            if key not in TWEETS:
                continue
            empty = True
            for post in x_posts_in(value, line, account):
                empty = False
                own = with_changes(
                    post,
                    author=post.author or known.author,
                    author_name=post.author_name or author_name,
                )
                yield notes.with_full_text(own)
            if empty:
                account.notice(line, NO_TWEET)
                account.record(line, "notice", NO_TWEET, "")
        notes.notice_unused()

    threads = threads_of(posts(), known, account)
    if threads and known.author is None:
        account.notice(None, AUTHOR_UNKNOWN)
    return threads


def _read_beside(part: Part, notes: Notes, account: Account) -> tuple[str | None, str | None]:
    """Read the long posts into `notes`; return the account's handle and display name.

    What is broken gets its notice when the file is read for the tweets.
    """
    author: str | None = None
    name: str | None = None
    unheard = Account(account.file)
    for key, line, value in members(text_of(part, unheard), unheard):
        record = as_dict(value)
        if key == "account":
            about = as_dict(record.get("account")) or record
            author = author or handle_of(about.get("username"))
            name = name or as_text(about.get("accountDisplayName"))
        elif key == NOTES:
            notes.add(value, line)
    return author, name
