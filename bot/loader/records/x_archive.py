"""Reads X archives: tweets in one or more files, long posts, and the account."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from msgspec.structs import replace as with_changes

from bot.loader.attached import base_name
from bot.loader.line_account import Account
from bot.loader.raw.content import Content, Part
from bot.loader.raw.text_stream import Progress, text_of
from bot.loader.records.helped import HelpedReading
from bot.loader.records.json_records import AUTHOR_UNKNOWN, posts_in, x_posts_in
from bot.loader.records.json_stream import records
from bot.loader.records.posts import Post
from bot.loader.records.reply_chains import threads_of
from bot.loader.records.x_json import account_name, note_post
from bot.models import Link, Metadata, Thread
from bot.thread_ids import normalised

FORMAT = "x-archive"
FOLDER = r"(?P<folder>(?:.*/)?)"
TWEETS = re.compile(rf"{FOLDER}(?:tweets?|tweets?-part\d+)\.js")
ACCOUNT = re.compile(rf"{FOLDER}account\.js")
NOTES = re.compile(rf"{FOLDER}note-tweet(?:-part\d+)?\.js")
MEMBER = re.compile(rf"{FOLDER}(?:account|note-tweet(?:-part\d+)?|tweets?|tweets?-part\d+)\.js")
LARGEST_ACCOUNT = 1024 * 1024
CUT = re.compile(r"(?:…|\.\.\.)?(?:(?<!\s)\s*+https?://t\.co/\w*)?$")
SHORTEST = 100
"""Characters of the shortest tweet that X truncates; a shorter one is whole."""


@dataclass(frozen=True, slots=True)
class _Note:
    """A long post."""

    line: int
    part: str
    text: str
    links: tuple[Link, ...]
    mentions: tuple[str, ...]


def archives_among(names: Iterable[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Return the X archives among files in one folder, and the files that belong to none.

    An archive is a folder `data` with tweets, or any folder with tweets and an account file. Its
    key is that folder, or the parent of `data`. Its other files (messages, likes, pictures) are in
    neither result.

    Args:
        names: paths with `/`, from a common folder.
    """
    every = sorted(names)
    by_folder: dict[str, list[str]] = defaultdict(list)
    for name in every:
        if found := MEMBER.fullmatch(name):
            by_folder[found["folder"]].append(name)
    archives: dict[str, list[str]] = {}
    used: set[str] = set()
    outside: list[str] = []
    for folder, members in by_folder.items():
        is_data = PurePosixPath(folder).name == "data"
        kinds = {kind for kind in (TWEETS, ACCOUNT) for name in members if kind.fullmatch(name)}
        if TWEETS not in kinds or not (is_data or ACCOUNT in kinds):
            continue
        root = str(PurePosixPath(folder).parent) if is_data else folder.rstrip("/")
        root = "" if root == "." else root
        archives[root] = sorted(members, key=_in_order)
        used.update(members)
        above = f"{root}/" if root else ""
        if is_data:
            outside += [f"{above}{each}" for each in ("data/", "assets/", "Your archive.html")]
    rest = [name for name in every if name not in used and not name.startswith(tuple(outside))]
    return archives, rest


def _in_order(name: str) -> tuple[int, int, str]:
    """Return a sort key: the account first, then long posts, then tweets, part by part."""
    kind = next(at for at, each in enumerate((ACCOUNT, NOTES, TWEETS)) if each.fullmatch(name))
    number = re.search(r"part(\d+)\.js$", name)
    return kind, int(number[1]) if number else -1, name


def is_archive(content: Content) -> bool:
    """Whether `content` is the files of an archive."""
    return any(TWEETS.fullmatch(part.name) for part in content.parts)


def parse(
    content: Content, metadata: Metadata, account: Account, progress: Progress | None = None
) -> Sequence[Thread]:
    """Return the threads of all tweets, long posts with their whole text.

    Raises:
        DumpError: a file cannot be read, or is not text.
        OSError: a file cannot be opened.
    """
    return _threads(*read_posts(content, metadata, account, progress), account)


def parse_with_helper(
    content: Content, metadata: Metadata, account: Account, progress: Progress | None = None
) -> Sequence[Thread]:
    """Do as `parse` does, with a second process. `account` may have notices if it fails.

    Raises:
        HelperFailed: a file cannot be read, or is not text; or the second process failed.
    """
    with HelpedReading(read_posts, content, metadata, account, progress) as reading:
        return _threads(reading.known(), reading.posts(), account)


def _threads(known: Metadata, posts: Iterable[Post], account: Account) -> Sequence[Thread]:
    threads = threads_of(posts, known, account)
    if threads and known.author is None:
        account.notice(None, AUTHOR_UNKNOWN)
    return threads


def read_posts(
    content: Content, metadata: Metadata, account: Account, progress: Progress | None = None
) -> tuple[Metadata, Iterator[Post]]:
    """Return what is known of an archive, and its posts.

    Raises:
        DumpError: a file cannot be read, or is not text.
        OSError: a file cannot be opened.
    """
    author = next((_author(part) for part in content.parts if ACCOUNT.fullmatch(part.name)), None)
    if author and metadata.author and author.lower() != metadata.author.lower():
        message = (
            f"the archive is by @{author}; read as @{metadata.author}’s, the author that was given"
        )
        account.notice(None, message)
    known = replace(metadata, author=metadata.author or author)
    notes = Notes(account)
    for part in content.parts:
        if NOTES.fullmatch(part.name):
            notes.read(part, progress)
    return known, _posts(content, known.author, notes, account, progress)


def _posts(
    content: Content,
    author: str | None,
    notes: Notes,
    account: Account,
    progress: Progress | None,
) -> Iterator[Post]:
    for part in content.parts:
        if TWEETS.fullmatch(part.name):
            text = text_of(part, account, progress)
            for post in posts_in(text, x_posts_in, account, part.name, author=author):
                yield notes.with_full_text(_with_files(post) if post.media else post)
    notes.notice_unused()


def _with_files(post: Post) -> Post:
    """Return `post` with the names that its pictures have in the archive's folder of media."""
    media = (
        replace(each, file=f"{post.tweet_id}-{base_name(each.url)}") if each.url else each
        for each in post.media
    )
    return with_changes(post, media=tuple(media))


def _author(part: Part) -> str | None:
    with part.open() as stream:
        return account_name(stream.read(LARGEST_ACCOUNT))


class Notes:
    """The long posts of an archive, by time in seconds."""

    def __init__(self, account: Account) -> None:
        """Start with no posts."""
        self._account = account
        self._by_second: dict[str, list[_Note]] = defaultdict(list)

    def read(self, part: Part, progress: Progress | None = None) -> None:
        """Read a file of long posts.

        Raises:
            DumpError: it cannot be read, or is not text.
            OSError: it cannot be opened.
        """
        text = text_of(part, self._account, progress)
        for line, value in records(text, self._account, part.name):
            self.add(value, line, part.name)

    def add(self, value: Any, line: int, part: str = "") -> None:
        """Add a record of a file of long posts."""
        note = value.get("noteTweet", value) if isinstance(value, dict) else None
        found = note_post(note, line) if isinstance(note, dict) else None
        if found is None or found.created_at is None:
            message = "a record without a long post; left out"
            self._account.notice(line, message, part)
            self._account.record(line, "notice", message, "")
            return
        self._by_second[found.created_at].append(
            _Note(line, part, found.text, found.links, found.mentions)
        )

    def with_full_text(self, post: Post) -> Post:
        """Return `post` with its whole text, if a long post of that time begins with it."""
        if not post.created_at or not self._by_second or post.is_repost:
            return post
        beginning = normalised(CUT.sub("", post.text.rstrip()))
        for second in _around(post.created_at):
            for note in self._by_second.get(second, []):
                whole = normalised(note.text)
                if whole.startswith(beginning) and (
                    len(beginning) >= SHORTEST or whole == beginning
                ):
                    self._by_second[second].remove(note)
                    self._account.record(note.line, "tweet", str(post.line), note.text)
                    return with_changes(
                        post,
                        text=note.text,
                        links=note.links or post.links,
                        mentions=note.mentions or post.mentions,
                    )
        return post

    def notice_unused(self) -> None:
        """Add a notice for each long post that no tweet was found for."""
        for note in (note for notes in self._by_second.values() for note in notes):
            message = "a long post whose tweet is not in this archive; left out"
            self._account.notice(note.line, message, note.part)
            self._account.record(note.line, "notice", message, note.text)


def _around(moment: str) -> list[str]:
    """Return a second and its neighbours: the two files round the same moment differently."""
    at = datetime.fromisoformat(moment)
    return [
        (at + timedelta(seconds=beside)).strftime("%Y-%m-%dT%H:%M:%SZ") for beside in (0, 1, -1)
    ]
