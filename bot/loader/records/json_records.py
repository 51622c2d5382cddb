"""Reads posts from JSON: API responses, scrapers' exports and files of archives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from msgspec.structs import replace as with_changes

from bot.loader import exported
from bot.loader.line_account import Account
from bot.loader.records import bluesky, gallery_dl, mastodon, scheduled, scraper_json, x_json
from bot.loader.records.json_columns import Find, Finder
from bot.loader.records.json_stream import archive_kind, looks_like_json, records
from bot.loader.records.posts import Post, as_main
from bot.loader.records.reply_chains import threads_of
from bot.models import Metadata, Thread

looks_like = looks_like_json
X_ARCHIVE, X_JSON = "x-archive", "x-json"
AUTHOR_UNKNOWN = "the author is unknown; add the archive’s account.js, or give an author (--author)"
NO_AUTHOR = "no post names its author; give one (--author)"
NO_TWEET = "a record without a tweet; left out"
NO_TWEET_ID = (
    "a record with a text and an id, which may be of another site: a tweet of your own JSON needs "
    "its id as tweet_id, its address as url, or the time that its id has; left out"
)
HEAD = 200_000
"""Characters at the beginning of a text that determine its format."""
EMPTY: dict[str, Any] = {}

Join = Callable[[Iterable[Post], Account], Iterator[Post]]


class Dialect(NamedTuple):
    """A platform's or program's way to write posts as JSON."""

    format: str
    """Its name in reports."""
    find: Find
    """Finds the posts in a record."""
    join: Join | None = None
    """Makes posts of those that `find` finds, where a post has several records."""
    between: tuple[type, ...] = ()
    """The types of values that stand between records, and are none."""
    whole: bool = False
    """Whether an object with a list, such as `posts`, is a record itself."""


def parse(
    text: Iterable[str], head: str, metadata: Metadata, account: Account
) -> tuple[str, Sequence[Thread]]:
    """Return the format's name and the threads. Records that are broken or empty get a notice.

    Args:
        text: the text in pieces that may end anywhere.
        head: how it begins.
        metadata: gives the author where the records do not, and describes a single thread.
        account: records what becomes of each record.
    """
    beginning = head[:HEAD]
    if exported.looks_like_json(beginning):
        found = exported.threads_of_records(records(text, account, whole=True), metadata, account)
        return exported.JSON, found
    format_, find, join, between, whole = _dialect(beginning)
    if metadata.columns:
        find = Finder(metadata.columns, metadata, find)
    posts = posts_in(text, find, account, between=between, whole=whole)
    if join:
        posts = join(posts, account)
    authors: set[str | None] = set()
    threads = threads_of(_named(posts, metadata, authors), metadata, account)
    if threads and format_ == X_ARCHIVE and metadata.author is None:
        account.notice(None, AUTHOR_UNKNOWN)
    elif threads and format_ == X_JSON and authors == {None}:
        account.notice(None, NO_AUTHOR)
    return format_, (as_main(threads[0], metadata),) if len(threads) == 1 else threads


def _named(posts: Iterable[Post], metadata: Metadata, authors: set[str | None]) -> Iterator[Post]:
    """Yield the posts, by the given author if they name none; add whom they name to `authors`."""
    for post in posts:
        if post.author is None and metadata.author is not None:
            post = with_changes(post, author=metadata.author)
        authors.add(post.author)
        yield post


def posts_in(
    text: Iterable[str],
    find: Find,
    account: Account,
    part: str = "",
    *,
    between: tuple[type, ...] = (),
    whole: bool = False,
    author: str | None = None,
) -> Iterator[Post]:
    """Yield the posts in `text`, the file `part` of the dump. Records without one get a notice.

    Args:
        text: the text in pieces that may end anywhere.
        find: finds the posts in a record.
        account: records what becomes of each record.
        part: the file's name in the dump, if it has several.
        between: the types of values that are no records.
        whole: whether an object with a list, such as `posts`, is a record itself.
        author: the author of posts that name none.
    """
    for line, value in records(text, account, part, whole=whole):
        noticed = account.noticed
        empty = True
        for post in find(value, line, account) if value != EMPTY else ():
            empty = False
            named = post.author or author
            yield with_changes(post, part=part, author=named) if part or author else post
        if empty and account.noticed == noticed and not isinstance(value, between):
            message = NO_TWEET_ID if scraper_json.may_be_a_tweet(value) else NO_TWEET
            account.notice(line, message, part)
            account.record(line, "notice", message, "")


def x_posts_in(value: Any, line: int, account: Account) -> Iterator[Post]:
    """Yield the posts in X's formats. A long post without its tweet is a post of its own.

    A value without any may have posts that a scraper or a person wrote down in another form.
    """
    if isinstance(value, dict) and len(value) == 1 and isinstance(value.get("tweet"), dict):
        archived = x_json.post_in(value["tweet"], line)  # most often
        if archived is not None:
            return iter((archived,))
    note = value.get("noteTweet") if isinstance(value, dict) else None
    if isinstance(note, dict):
        post = x_json.note_post(note, line)
        return iter([post] if post else [])
    found = x_json.posts_in(value, line)
    first = next(found, None)
    return chain([first], found) if first else scraper_json.addressed_posts_in(value, line, account)


def _dialect(beginning: str) -> Dialect:
    """Return the dialect of a text that begins so."""
    if mastodon.CONTENT.search(beginning):
        return Dialect(mastodon.FORMAT, mastodon.posts_in)
    if bluesky.CONTENT.search(beginning):
        return Dialect(bluesky.FORMAT, bluesky.posts_in)
    if gallery_dl.CONTENT.search(beginning):
        return Dialect(gallery_dl.FORMAT, gallery_dl.Finder(), gallery_dl.joined, (str, int))
    if scraper_json.CONTENT.search(beginning):
        return Dialect(scraper_json.FORMAT, scraper_json.posts_in)
    if not archive_kind(beginning) and scheduled.looks_like(beginning):
        return Dialect(scheduled.FORMAT, scheduled.Finder(), whole=True)
    return Dialect(X_ARCHIVE if archive_kind(beginning) else X_JSON, x_posts_in)
