"""Builds threads from single posts: a thread is a chain of replies by one author.

Only a few numbers for each post are in memory; the posts themselves are spooled to disk.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple, overload

import numpy as np
from msgspec.structs import replace as with_changes
from numpy.typing import NDArray

from bot.loader.line_account import Account
from bot.loader.records.post_spool import Packed, Spool, unpacked
from bot.loader.records.posts import Post, original, outline_of, thread_of, tidied
from bot.loader.tweet_ids import CONTRADICTION, dated_by_id
from bot.models import Metadata, Thread

FEW = 20_000
"""Posts that may be held in memory."""
TOGETHER = 500
"""Threads whose posts are fetched at a time."""
BLOCK = 65_536
"""Posts whose numbers are made into columns at a time."""
MOST_IDS, NO_ID = 4, -1
"""Ids of a thread that was read from one dump; and what stands for none."""
LARGEST_ID = 2**62
MOST_DIGITS = 19
"""Digits of the largest id; Python refuses to parse numbers of 4,300 digits."""
BEGINS, ANSWER, ELSEWHERE, CONTINUES = range(4)
"""A post's role in its thread: the first post; not part of it, an reply to somebody else; a later
post whose parent is not in the file; or a later post whose parent is."""
Numbers = NDArray[np.int64]


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
        for number in numbers.tolist() if account.detailed else ():
            post = table.spool[number]
            account.record(post.line, "notice", kind.one, post.text)
    if account.detailed:
        for number in chains.members.tolist():
            post = table.spool[number]
            account.record(post.line, "tweet", str(post.line), post.text)
    for kind, number in left_out.items():
        if number:
            account.notice(None, f"left out {number:,} {kind.one if number == 1 else kind.many}")
    threads = Threads(table.spool, chains, account.file, metadata)
    return tuple(threads) if len(table.spool) <= FEW else threads


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

    members: Numbers
    """int64[tweets]: the posts of all threads, thread after thread."""
    starts: Numbers
    """int64[threads + 1]: where each thread begins in `members`."""
    complete: NDArray[np.bool_]
    """bool[threads]: whether a thread's beginning is in the file."""
    left_out: dict[_LeftOut, Numbers]
    """int64[] for each reason: the posts that are in no thread."""


class Outline(NamedTuple):
    """What is compared of a thread."""

    aliases: frozenset[str]
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
    ids: list[int]
    """The ids of each, MOST_IDS for each, its own first; nothing if they are unknown."""
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
        file, metadata, complete = self.file, self.metadata, self.complete
        for number, posts in enumerate(self.by_thread()):
            outline = self._outline(number) if self.ids else None
            yield thread_of(posts, file, metadata, complete=complete[number], outline=outline)

    def _outline(self, number: int) -> tuple[str, frozenset[str]]:
        numbers = self.ids[number * MOST_IDS : (number + 1) * MOST_IDS]
        found = [f"{each:012x}" for each in numbers if each != NO_ID]
        return found[0], frozenset(found)


class Threads(Sequence[Thread]):
    """A sequence of threads that are built on access."""

    def __init__(self, spool: Spool, chains: _Chains, file: str, metadata: Metadata) -> None:
        """Build from `chains`; `threads_of` does."""
        self._spool = spool
        self._chains = chains
        self._file = file
        self._metadata = metadata
        self._ids = array("q")
        """The ids of each thread, MOST_IDS for each, its own first; once `outlines` was called."""

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
        ids = self._ids[start * MOST_IDS : end * MOST_IDS].tolist()
        return PackedThreads(
            posts=self._spool.packed(chains.members[starts[0] : starts[-1]]),
            sizes=np.diff(starts).tolist(),
            complete=chains.complete[start:end].tolist(),
            ids=ids if len(ids) == (end - start) * MOST_IDS else [],
            file=self._file,
            metadata=self._metadata,
        )

    def all_packed(self, start: int = 0) -> Iterator[PackedThreads]:
        """Yield all threads from the number `start` on, some at a time."""
        for first in range(start, len(self), TOGETHER):
            yield self.packed(first, min(first + TOGETHER, len(self)))

    def outlines(self) -> Iterator[Outline]:
        """Yield what is compared of each thread; takes less time than the threads do."""
        self._ids = array("q")
        for some in self.all_packed():
            for posts in some.by_thread():
                own, aliases = outline_of(posts, self._metadata)
                known = [int(own, 16), *(int(each, 16) for each in aliases if each != own)]
                self._ids.extend(known + [NO_ID] * (MOST_IDS - len(known)))
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
        self._rows = array("q")
        """The last posts' numbers, post after post."""
        self._blocks: dict[str, list[NDArray[Any]]] = {name: [] for name in COLUMNS}
        """The columns of the posts before these."""
        self._versions: dict[int, tuple[int, int]] = {}
        """Of each version of an edited post, the first one's number, and its place among them."""
        self._above = (0, 0)
        """The last post's number, and the id by which it is sorted."""

    def add(self, post: Post) -> None:
        """Add a post."""
        number, named = self._number, self._named_number
        own = number(post.tweet_id or post.key or f"\0{len(self.spool)}")
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
        rows = np.frombuffer(self._rows, np.int64).reshape(-1, len(COLUMNS))
        for place, (name, dtype) in enumerate(COLUMNS.items()):
            self._blocks[name].append(rows[:, place].astype(dtype))
        self._rows = array("q")

    def _column(self, name: str) -> Numbers:
        """Return a column, integers[posts], and forget it."""
        return np.concatenate([np.empty(0, COLUMNS[name]), *self._blocks.pop(name)])

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
        return self._named_number(f"a{handle.lower()}")

    def chains(self, *, keep_replies: bool) -> _Chains:
        """Find the threads. This uses up the table."""
        self._make_block()
        length = self._column("length")
        key, version = self._first_versions("key")
        everyone = np.arange(len(self.spool), dtype=np.int64)
        # Of posts with the same key, use the last version, then the longest, then the first, at the
        # first one's place.
        order = np.lexsort((everyone, -length, -version, key))
        keys = key[order]
        is_first = np.ones(len(keys), dtype=np.bool_)
        is_first[1:] = keys[1:] != keys[:-1]
        chosen, keys = order[is_first], keys[is_first]
        place = np.full(len(keys), len(everyone), dtype=np.int64)
        np.minimum.at(place, np.cumsum(is_first) - 1, order)
        del key, version, order, is_first
        for name in ("parent", "conversation"):
            self._blocks[name] = [self._first_versions(name)[0]]
        says_something = length[chosen] > 0
        del length
        names = ("parent", "author_id", "author", "answered_id", "answered")
        own = {name: self._column(name)[chosen] for name in names}
        kind, above = _kinds(own, keys)
        for name in ("parent", "answered_id", "answered"):
            del own[name]
        end = _topmost(kind, above)
        del above
        end_kind = np.where(end >= 0, kind[end], ANSWER)
        if keep_replies:
            end = np.where(end >= 0, end, np.arange(len(keys)))
            end_kind = np.where(end_kind == ANSWER, BEGINS, end_kind)
        # Chains without their first post are joined if conversation and author are the same.
        elsewhere = np.flatnonzero(end_kind == ELSEWHERE)
        own["conversation"] = self._column("conversation")[chosen]
        identities = np.stack(
            [own[name][end[elsewhere]] for name in ("conversation", "author_id", "author")]
        )
        del own
        _, talk = np.unique(identities, axis=1, return_inverse=True)
        group = end.copy()
        group[elsewhere] = len(keys) + talk.ravel()
        kept = np.flatnonzero(end_kind != ANSWER)
        shown = np.flatnonzero((end_kind != ANSWER) & says_something)
        in_between = np.flatnonzero(~says_something & np.isin(group, group[shown]))
        first = np.full(2 * len(keys) + 1, len(everyone), dtype=np.int64)
        np.minimum.at(first, group[kept], place[kept])
        # Records of one line, as in minified JSON, stay in their order.
        line, moment, number = (self._column(name)[chosen] for name in ("line", "moment", "id"))
        by_time = np.lexsort((place, line, moment, number, first[group]), axis=0)
        del place, line, moment, number, first
        by_time = by_time[np.isin(by_time, shown, assume_unique=True)]
        groups = group[by_time]
        begins = np.ones(len(groups), dtype=np.bool_)
        begins[1:] = groups[1:] != groups[:-1]
        starts = np.append(np.flatnonzero(begins), len(groups))
        tops = end[by_time[starts[:-1]]]
        wordless = ~says_something
        wordless[in_between] = False
        return _Chains(
            members=chosen[by_time],
            starts=starts,
            complete=(end_kind[tops] == BEGINS) & says_something[tops],
            left_out={
                WORDLESS: np.sort(chosen[wordless]),
                ANSWERS: np.sort(chosen[(end_kind == ANSWER) & says_something]),
                IN_BETWEEN: np.sort(chosen[in_between]),
            },
        )

    def _first_versions(self, name: str) -> tuple[Numbers, Numbers]:
        """Return a column, int64[posts], with the first version's number for each edited post's.

        The second result has each post's place among its versions, from 0.
        """
        column = self._column(name)
        place = np.zeros_like(column)
        if self._versions:
            edited = np.array(sorted(self._versions), dtype=np.int64)
            firsts = np.array([self._versions[each] for each in edited.tolist()], dtype=np.int64)
            at = np.minimum(np.searchsorted(edited, column), len(edited) - 1)
            is_edited = edited[at] == column
            column = np.where(is_edited, firsts[at, 0], column)
            place = np.where(is_edited, firsts[at, 1], place)
        return column, place


COLUMNS: dict[str, type[np.int32 | np.int64]] = {
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


def _kinds(own: dict[str, Numbers], keys: Numbers) -> tuple[Numbers, Numbers]:
    """Return each post's role in its thread, int64[posts], and its parent's index if present."""
    parent = own["parent"]
    above = np.minimum(np.searchsorted(keys, parent), len(keys) - 1)
    is_there = (keys[above] == parent) & (parent != 0)
    author_id, author = own["author_id"], own["author"]
    by_id = (author_id != 0) & (author_id[above] != 0)
    same = np.where(by_id, author_id == author_id[above], author == author[above])
    answered_id, answered = own["answered_id"], own["answered"]
    by_id = (author_id != 0) & (answered_id != 0)
    to_self = np.where(by_id, author_id == answered_id, (author != 0) & (author == answered))
    kind = np.where(
        parent == 0,
        BEGINS,
        np.where(
            is_there,
            np.where(same, CONTINUES, ANSWER),
            np.where(to_self, ELSEWHERE, ANSWER),
        ),
    )
    return kind, above


def _topmost(kind: Numbers, above: Numbers) -> Numbers:
    """Return, for each post, the index of its topmost ancestor; -1 if replies form a circle."""
    end = np.where(kind == CONTINUES, above, np.arange(len(kind)))
    for _ in range(len(kind).bit_length() + 1):
        end = end[end]
    return np.where(kind[end] == CONTINUES, -1, end)


def _seconds(moment: str | None) -> int:
    return int(datetime.fromisoformat(moment).timestamp()) if moment else -1
