"""Builds threads from single posts: a thread is a chain of replies by one author.

Only a few numbers for each post are in memory; the posts themselves are spooled to disk.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple, overload

import numpy as np
from msgspec.structs import replace as with_changes
from numpy.typing import NDArray

from bot.background.memory import give_back
from bot.loader.line_account import Account
from bot.loader.records.column_file import ColumnFile
from bot.loader.records.post_spool import Packed, Spool, unpacked
from bot.loader.records.posts import Post, aliases_of, original, thread_of, tidied
from bot.loader.tweet_ids import CONTRADICTION, dated_by_id
from bot.models import Metadata, Thread

FEW = 20_000
"""Posts that may be held in memory."""
MOST_HANDLES = 10_000
"""Handles whose numbers are remembered as they are written."""
TOGETHER = 500
"""Threads whose posts are fetched at a time."""
BLOCK = 65_536
"""Posts whose numbers are made into columns at a time."""
LARGEST_ID = 2**62
MOST_DIGITS = 19
"""Digits of the largest id; Python refuses to parse numbers of 4,300 digits."""
BEGINS, ANSWER, ELSEWHERE, CONTINUES = range(4)
"""A post's role in its thread: the first post; not part of it, an reply to somebody else; a later
post whose parent is not in the file; or a later post whose parent is."""
Numbers = NDArray[np.int64]
Places = NDArray[np.int32]
"""Posts, by their numbers or by their indices among those that count."""


class _LeftOut(NamedTuple):
    one: str
    many: str


REPOST = _LeftOut("repost", "reposts")
WORDLESS = _LeftOut("post without text or links", "posts without text or links")
IN_BETWEEN = _LeftOut(
    "post without text, links or media; the posts around it stay one thread",
    "posts without text, links or media; the posts around them stay one thread",
)
CUT = "the file has only the beginning of this text"
ANSWERS = _LeftOut("reply to somebody else", "replies to somebody else")


def threads_of(posts: Iterable[Post], metadata: Metadata, account: Account) -> Sequence[Thread]:
    """Return the threads that `posts` form, in the order of their first posts, read lazily.

    Reposts and replies to other people are left out with a notice, unless `metadata` keeps them. A
    thread whose beginning is not in the file is incomplete. If a post occurs twice, the longer text
    counts; of the versions of an edited post, the last. A post that says nothing still connects the
    posts above and below it.
    """
    table = _Table()
    left_out: Counter[_LeftOut] = Counter()
    for each in posts:
        post = tidied(each, account.pictures)
        if post.is_repost and metadata.keep_reposts:
            post = original(post)
        if post.is_repost and not (metadata.keep_reposts and (post.text or post.media)):
            left_out[REPOST] += 1
            account.record(post.line, "notice", REPOST.one, post.text)
        else:
            table.add(_with_notices(post, account))
    chains = table.chains(keep_replies=metadata.keep_replies)
    for kind, numbers in chains.left_out.items():
        left_out[kind] += len(numbers)
        _record(account, table.spool, numbers, kind.one)
    _record(account, table.spool, chains.members)
    for kind, number in left_out.items():
        if number:
            account.notice(None, f"left out {number:,} {kind.one if number == 1 else kind.many}")
    threads = Threads(table.spool, chains, account.file, metadata)
    if len(table.spool) <= FEW:
        return tuple(threads)
    give_back()
    return threads


def _record(account: Account, spool: Spool, numbers: Places, why: str = "") -> None:
    """Record posts as tweets; or, if there is a reason, that they are left out and `why`.

    Only those that the account lists are read again.
    """
    listed = numbers[: account.room].tolist()
    for post in map(spool.__getitem__, listed):
        line = post.line
        account.record(line, "notice" if why else "tweet", why or str(line), post.text)
    account.skip(len(numbers) - len(listed))


def _with_notices(post: Post, account: Account) -> Post:
    """Return `post` with the date of its id, if its own contradicts it. Guesses get a notice."""
    if post.is_cut:
        account.notice(post.line, CUT, post.part)
    moment = None if post.permalink else dated_by_id(post.tweet_id, post.created_at)
    if moment is None:
        return post
    account.notice(post.line, CONTRADICTION, post.part)
    return with_changes(post, created_at=moment)


class _Chains(NamedTuple):
    """The posts of each thread, by number."""

    members: Places
    """int32[tweets]: the posts of all threads, thread after thread."""
    starts: Numbers
    """int64[threads + 1]: where each thread begins in `members`."""
    complete: NDArray[np.bool_]
    """bool[threads]: whether a thread's beginning is in the file."""
    left_out: dict[_LeftOut, Places]
    """int32[] for each reason: the posts that are in no thread."""


class Outline(NamedTuple):
    """What is compared of a thread."""

    aliases: Collection[str]
    """All ids it may have."""
    tweets: list[str | None]
    """The ids of its tweets."""


class PackedThreads(NamedTuple):
    """Some threads, to be built here or in another process."""

    posts: Packed
    """Their posts, thread after thread."""
    sizes: list[int]
    """How many posts each has."""
    complete: list[bool]
    """Whether the beginning of each is there."""
    file: str
    """The dump's name."""
    metadata: Metadata
    """Gives the author where no post does."""

    def by_thread(self) -> Iterator[list[Post]]:
        """Yield the posts of each thread."""
        posts, at = unpacked(self.posts), 0
        for size in self.sizes:
            yield posts[at : at + size]
            at += size

    def built(self) -> Iterator[Thread]:
        """Yield the threads."""
        file, metadata = self.file, self.metadata
        for posts, complete in zip(self.by_thread(), self.complete, strict=True):
            yield thread_of(posts, file, metadata, complete=complete)


class Threads(Sequence[Thread]):
    """A sequence of threads that are built on access."""

    def __init__(self, spool: Spool, chains: _Chains, file: str, metadata: Metadata) -> None:
        """Build from `chains`; `threads_of` does."""
        self._spool = spool
        self._chains = chains
        self._file = file
        self._metadata = metadata
        self.watch: Callable[[Outline], None] | None = None
        """Whoever stores the threads calls it with what is compared of each."""

    def __len__(self) -> int:
        """Return the number of threads."""
        return len(self._chains.complete)

    @overload
    def __getitem__(self, number: int) -> Thread: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Thread]: ...
    def __getitem__(self, number: int | slice) -> Thread | Sequence[Thread]:
        """Return the thread with that number, or those of a slice."""
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        at = range(len(self))[number]
        return next(self.packed(at, at + 1).built())

    @property
    def tweets(self) -> int:
        """Return the number of tweets of all threads."""
        return len(self._chains.members)

    def packed(self, start: int, end: int) -> PackedThreads:
        """Return the threads [start, end)."""
        chains = self._chains
        starts = chains.starts[start : end + 1]
        return PackedThreads(
            posts=self._spool.packed(chains.members[starts[0] : starts[-1]]),
            sizes=np.diff(starts).tolist(),
            complete=chains.complete[start:end].tolist(),
            file=self._file,
            metadata=self._metadata,
        )

    def all_packed(self, start: int = 0) -> Iterator[PackedThreads]:
        """Yield all threads from the number `start` on, some at a time."""
        for first in range(start, len(self), TOGETHER):
            yield self.packed(first, min(first + TOGETHER, len(self)))

    def outlines(self) -> Iterator[Outline]:
        """Yield what is compared of each thread; takes less time than the threads do."""
        for some in self.all_packed():
            for posts in some.by_thread():
                aliases = aliases_of(posts, self._metadata)
                yield Outline(aliases, [post.tweet_id for post in posts])

    def __iter__(self) -> Iterator[Thread]:
        """Yield each thread, in order."""
        return self.from_number(0)

    def from_number(self, start: int) -> Iterator[Thread]:
        """Yield each thread from the number `start` on."""
        return (thread for some in self.all_packed(start) for thread in some.built())


class _Table:
    """A table with a few numbers for each post: its author, its time, and what it replies to."""

    def __init__(self) -> None:
        self.spool = Spool()
        self._named: dict[str, int] = {}
        self._handles: dict[str, int] = {}
        """The numbers of the last handles, as they are written."""
        self._rows = array("q")
        """The last posts' numbers, post after post."""
        self._columns = ColumnFile(COLUMNS)
        """The numbers of the posts before these."""
        self._versions: dict[int, tuple[int, int]] = {}
        """Of each version of an edited post, the first one's number, and its place among them."""
        self._above = (0, 0)
        """The last post's number, and the id by which it is sorted."""

    def add(self, post: Post) -> None:
        """Add a post."""
        number, named = self._number, self._named_number
        own = number(post.tweet_id or post.key or f"\0{len(self.spool)}")
        if post.versions:
            for place, each in enumerate(post.versions):
                self._versions[number(each)] = number(post.versions[0]), place
        reply_to, answered = post.reply_to, post.reply_to_author
        if not reply_to and _continues_conversation(post):
            reply_to, answered = post.conversation, answered or post.author
        parent = 0 if post.is_repost or not reply_to else number(reply_to)
        # A post without an id is sorted with the one before it, which it continues.
        continues = not post.tweet_id and parent and parent == self._above[0]
        self._above = own, self._above[1] if continues else max(own, 0)
        talk = post.conversation or reply_to
        self._rows.extend(
            (
                own,
                parent,
                number(talk) if talk else 0,
                named(f"i{post.author_id}") if post.author_id else 0,
                self._author(post.author) if post.author else 0,
                named(f"i{post.reply_to_author_id}") if post.reply_to_author_id else 0,
                self._author(answered) if answered else 0,
                self._above[1],
                _seconds(post.created_at),
                post.line,
                0 if post.is_empty else 1 + len(post.text),
            )
        )
        if len(self._rows) >= BLOCK * len(COLUMNS):
            self._make_block()
        self.spool.add(post)

    def _make_block(self) -> None:
        """Split the last posts' rows into columns."""
        self._columns.append(np.frombuffer(self._rows, np.int64).reshape(-1, len(COLUMNS)))
        self._rows = array("q")

    def _number(self, name: str) -> int:
        """Return a number for an id: the id itself if numeric, else a negative one."""
        if len(name) <= MOST_DIGITS and name.isdecimal() and name.isascii():
            number = int(name)
            if 0 < number < LARGEST_ID:
                return number
        return self._named_number(name)

    def _named_number(self, name: str) -> int:
        return self._named.setdefault(name, -len(self._named) - 1)

    def _author(self, handle: str) -> int:
        """Return a number for a handle, whatever the case of its letters."""
        known = self._handles.get(handle)
        if known is None:
            if len(self._handles) >= MOST_HANDLES:
                self._handles.clear()
            known = self._handles[handle] = self._named_number(f"a{handle.lower()}")
        return known

    def chains(self, *, keep_replies: bool) -> _Chains:
        """Find the threads. Each column is in memory only as long as it is needed."""
        self._make_block()
        read = self._columns.read
        keys, chosen, place = self._distinct()
        says_something = read("length")[chosen] > 0
        kind, end = self._roles(keys, chosen)
        end_kind = np.where(end >= 0, kind[end], np.int8(ANSWER))
        del kind
        if keep_replies:
            end = np.where(end >= 0, end, np.arange(len(keys), dtype=np.int32))
            end_kind = np.where(end_kind == ANSWER, np.int8(BEGINS), end_kind)
        # Chains without their first post are joined if conversation and author are the same.
        elsewhere = np.flatnonzero(end_kind == ELSEWHERE)
        tops = chosen[end[elsewhere]]
        conversation = self._first_versions("conversation")[0][tops]
        identities = np.stack([conversation, read("author_id")[tops], read("author")[tops]])
        _, talk = np.unique(identities, axis=1, return_inverse=True)
        group = end.copy()
        group[elsewhere] = len(keys) + talk.ravel()
        del elsewhere, tops, conversation, identities, talk
        is_shown = (end_kind != ANSWER) & says_something
        has_shown = np.zeros(2 * len(keys) + 1, dtype=np.bool_)
        has_shown[group[is_shown]] = True
        in_between = ~says_something & has_shown[group]
        del has_shown
        by_time = self._by_time(chosen, self._first(group, place, end_kind != ANSWER), place)
        by_time = by_time[is_shown[by_time]]
        groups = group[by_time]
        del group, place
        begins = np.ones(len(groups), dtype=np.bool_)
        begins[1:] = groups[1:] != groups[:-1]
        starts = np.append(np.flatnonzero(begins), len(groups))
        del groups, begins
        tops = end[by_time[starts[:-1]]]
        return _Chains(
            members=chosen[by_time],
            starts=starts,
            complete=(end_kind[tops] == BEGINS) & says_something[tops],
            left_out={
                WORDLESS: np.sort(chosen[~says_something & ~in_between]),
                ANSWERS: np.sort(chosen[(end_kind == ANSWER) & says_something]),
                IN_BETWEEN: np.sort(chosen[in_between]),
            },
        )

    def _distinct(self) -> tuple[Numbers, Places, Places]:
        """Return the distinct keys, ascending; which post counts for each, and in whose place.

        Of posts with the same key, use the last version, then the longest, then the first, at the
        first one's place.
        """
        key, version = self._first_versions("key")
        if (key[1:] > key[:-1]).all():  # as the newer archives are
            order = np.arange(len(key), dtype=np.int32)
            return key, order, order
        order = np.argsort(key, kind="stable").astype(np.int32)
        keys = key[order]
        is_first = np.ones(len(keys), dtype=np.bool_)
        is_first[1:] = keys[1:] != keys[:-1]
        if is_first.all():
            return keys, order, order
        place = order[is_first]
        version = np.broadcast_to(version, key.shape)
        everyone, length = np.arange(len(key), dtype=np.int32), self._columns.read("length")
        order = np.lexsort((everyone, -length, -version, key)).astype(np.int32)
        return keys[is_first], order[is_first], place

    def _roles(self, keys: Numbers, chosen: Places) -> tuple[NDArray[np.int8], Places]:
        """Return each post's role in its thread, and the index of its topmost ancestor.

        The latter is -1 if replies form a circle.
        """
        read = self._columns.read
        parent = self._first_versions("parent")[0][chosen]
        begins = parent == 0
        above = np.minimum(np.searchsorted(keys, parent), len(keys) - 1).astype(np.int32)
        is_there = (keys[above] == parent) & ~begins
        del parent
        author_id, author = read("author_id")[chosen], read("author")[chosen]
        by_id = (author_id != 0) & (author_id[above] != 0)
        same = np.where(by_id, author_id == author_id[above], author == author[above])
        answered_id = read("answered_id")[chosen]
        by_id = (author_id != 0) & (answered_id != 0)
        to_self = np.where(
            by_id,
            author_id == answered_id,
            (author != 0) & (author == read("answered")[chosen]),
        )
        del author_id, author, answered_id, by_id
        kind = np.full(len(keys), ANSWER, np.int8)
        kind[is_there & same] = CONTINUES
        kind[~is_there & to_self] = ELSEWHERE
        kind[begins] = BEGINS
        del begins, is_there, same, to_self
        return kind, _topmost(kind, above)

    def _first(self, group: Places, place: Places, kept: NDArray[np.bool_]) -> Places:
        """Return, for each post, the place of the first post of its group."""
        first = np.full(2 * len(group) + 1, len(self.spool), dtype=np.int32)
        np.minimum.at(first, group[kept], place[kept])
        return first[group]

    def _by_time(self, chosen: Places, first: Places, place: Places) -> Numbers:
        """Return the posts, group by group, in the order of their ids.

        Args:
            chosen: the posts.
            first: the place of the first post of each one's group.
            place: each one's own.
        """
        read = self._columns.read
        number = read("id")[chosen]
        if (number[1:] > number[:-1]).all():
            return np.argsort(first, kind="stable")
        # Records of one line, as in minified JSON, stay in their order.
        return np.lexsort((place, read("line")[chosen], read("moment")[chosen], number, first))

    def _first_versions(self, name: str) -> tuple[Numbers, Numbers]:
        """Return a column, int64[posts], with the first version's number for each edited post's.

        The second result has each post's place among its versions, from 0.
        """
        column = self._columns.read(name)
        place = np.zeros(1, np.int64)
        if self._versions:
            edited = np.array(sorted(self._versions), dtype=np.int64)
            firsts = np.array([self._versions[each] for each in edited.tolist()], dtype=np.int64)
            at = np.minimum(np.searchsorted(edited, column), len(edited) - 1)
            is_edited = edited[at] == column
            column = np.where(is_edited, firsts[at, 0], column)
            place = np.where(is_edited, firsts[at, 1], place)
        return column, place


COLUMNS: dict[str, type[np.signedinteger[Any]]] = {
    "key": np.int64,
    "parent": np.int64,
    "conversation": np.int64,
    "author_id": np.int32,
    "author": np.int32,
    "answered_id": np.int32,
    "answered": np.int32,
    "id": np.int64,
    "moment": np.int64,
    "line": np.int32,
    "length": np.int32,
}


def _continues_conversation(post: Post) -> bool:
    """Whether a post on X, in a format without reply ids, continues its conversation."""
    first, own = post.conversation or "", post.tweet_id or ""
    is_x = first.isdecimal() and own.isdecimal()
    return is_x and first != own and not post.reply_to_author and not post.reply_to_author_id


def _topmost(kind: NDArray[np.int8], above: Places) -> Places:
    """Return, for each post, the index of its topmost ancestor; -1 if replies form a circle."""
    end = np.where(kind == CONTINUES, above, np.arange(len(kind), dtype=np.int32))
    for _ in range(len(kind).bit_length() + 1):
        end = end[end]
    return np.where(kind[end] == CONTINUES, np.int32(-1), end)


def _seconds(moment: str | None) -> int:
    return int(datetime.fromisoformat(moment).timestamp()) if moment else -1
