"""The store's records, and how threads and tweets become rows and come back. Pure."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import islice, pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bot.errors import ContentChanged
from bot.frozen import Arrays
from bot.identity import key64, root_text
from bot.loader.content import Content
from bot.models import Dump, Link, Metadata, Thread, Tweet
from bot.precedence import politely

BATCH = 1_000
"""Threads that become rows at a time."""
PACKING = 1
"""zlib's quickest level: JSON packs seven times at it."""
NONE = "[]"
"""What most tweets have of mentions and links; parsing it was a quarter of an answer's work."""
Origin = Literal["seeds", "loaded"]
Action = Literal["seeds", "load", "reload", "undo", "reread", "remove", "forget"]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A thread or an author that is not to be served, whatever dump has it."""

    kind: Literal["thread", "author"]
    """Which of them."""
    key: str
    """`root:author` of a thread, hashes as `Roots` has them; of an author the handle's hash."""
    said: str
    """Its title, or the handle."""


@dataclass(frozen=True, slots=True)
class Member:
    """A dump that a generation is made of."""

    id: int
    """Its row."""
    file: str
    """Its name as the person knows it."""
    origin: Origin
    """Whether it came from the folder of seeds or was loaded by hand."""
    sha256: str
    """The hash of its bytes."""
    metadata: Metadata
    """What was said of it when it was loaded."""
    parser_version: int
    """The version of the loader that read it."""
    format: str = ""
    """What it was recognised as."""


@dataclass(frozen=True, slots=True)
class NewDump:
    """A dump to be stored."""

    dump: Dump
    """What was read of it."""
    content: Content
    """Its bytes."""
    origin: Origin
    """Where it came from."""
    parser_version: int
    """The version of the loader that read it."""


@dataclass(frozen=True, slots=True)
class Version:
    """A thread as one dump has it."""

    id: int
    """Its row."""
    thread: Thread
    """The thread."""


def packed_pieces(content: Content) -> Iterator[tuple[int, int, bytes]]:
    """The bytes of a dump as rows of the table `piece`: part, place, packed bytes.

    Raises:
        ContentChanged: they are no longer those that were read.
    """
    whole = content.hashing()
    for number, part in enumerate(content.parts):
        for place, piece in enumerate(whole.pieces(part)):
            yield number, place, zlib.compress(piece, PACKING)
    if whole.hexdigest() != content.sha256:
        raise ContentChanged


def metadata_json(metadata: Metadata) -> str:
    """`metadata` as one string, always the same for the same metadata."""
    said = {key: value for key, value in asdict(metadata).items() if value is not False}
    return json.dumps(said, sort_keys=True)


@dataclass(frozen=True, slots=True)
class Roots:
    """What versions begin with: int64[versions] each, in the versions' order."""

    rows: NDArray[np.int64]
    """Their rows."""
    roots: NDArray[np.int64]
    """A hash of their first words."""
    authors: NDArray[np.int64]
    """A hash of their authors' handles; 0 where unknown."""
    tweets: NDArray[np.int64]
    """A hash of their first tweets' ids; 0 where unknown."""

    @classmethod
    def frozen(cls, parts: Sequence[Roots]) -> Arrays:
        """The arrays that `parts` are made of."""
        whole = cls.together(parts)
        sizes = np.array([len(each.rows) for each in parts], np.int64)
        return {"sizes": sizes, **{each.name: getattr(whole, each.name) for each in fields(cls)}}

    @classmethod
    def thawed(cls, arrays: Arrays) -> Iterator[Roots]:
        """What was `frozen`, part by part."""
        ends = np.cumsum(arrays["sizes"]).tolist()
        for start, end in pairwise([0, *ends]):
            yield cls(*(arrays[each.name][start:end] for each in fields(cls)))

    @classmethod
    def together(cls, parts: Sequence[Roots]) -> Roots:
        """Those of all `parts`, one after the other."""
        columns = ([getattr(part, each.name) for part in parts] for each in fields(cls))
        return cls(*(np.concatenate([np.empty(0, np.int64), *column]) for column in columns))


@dataclass(frozen=True, slots=True)
class ThreadVersions:
    """Versions by the threads that they are of."""

    rows: NDArray[np.int64]
    """int64[versions]: their rows, thread after thread."""
    starts: NDArray[np.int64]
    """int64[threads + 1]: where each thread's begin in `rows`."""

    def __len__(self) -> int:
        """How many threads there are."""
        return len(self.starts) - 1

    def only(self, wanted: NDArray[np.bool_]) -> ThreadVersions:
        """Those threads that bool[threads] wants."""
        sizes = np.diff(self.starts)
        return ThreadVersions(
            self.rows[wanted.repeat(sizes)], np.concatenate(([0], np.cumsum(sizes[wanted])))
        )


def version_batches(
    dump_row: int, first: int, dump: Dump
) -> Iterator[tuple[list[tuple[object, ...]], list[tuple[object, ...]]]]:
    """Rows of the tables `version` and `tweet` for a dump, a few threads at a time.

    Args:
        dump_row: the dump's row.
        first: the first version's row; the others follow.
        dump: what was read of it.
    """
    threads = enumerate(dump.threads)
    while batch := list(islice(threads, BATCH)):
        yield (
            [
                (
                    first + place,
                    dump_row,
                    place,
                    thread.id,
                    json.dumps(sorted(thread.aliases)),
                    thread.title,
                    thread.author,
                    int(thread.complete),
                    thread.source_url,
                    key64(root_text(thread.tweets)),
                    thread.tweets[0].tweet_id,
                )
                for place, thread in politely(batch)
            ],
            [
                row
                for place, thread in politely(batch)
                for row in tweet_rows(first + place, thread.tweets, dump.file)
            ],
        )


def tweet_rows(version: int, tweets: Iterable[Tweet], file: str) -> list[tuple[object, ...]]:
    """Rows of the table `tweet`, its columns in order, for tweets of the dump `file`."""
    return [
        (
            version,
            position,
            tweet.text,
            json.dumps(tweet.mentions, ensure_ascii=False),
            json.dumps([(link.printed, link.url) for link in tweet.links], ensure_ascii=False),
            tweet.author,
            tweet.created_at,
            tweet.permalink,
            tweet.tweet_id,
            tweet.line,
            tweet.file[len(file) + 1 :],
        )
        for position, tweet in enumerate(tweets, start=1)
    ]


def assemble(heads: Sequence[tuple[Any, ...]], rows: Iterable[tuple[Any, ...]]) -> list[Version]:
    """The versions in `heads` (rows of the view `version_head`), with tweets out of `rows`."""
    files = {head[0]: head[3] for head in heads}
    tweets: dict[int, list[Tweet]] = {version: [] for version in files}
    for version, text, mentions, links, author, created_at, permalink, tweet_id, line, part in rows:
        tweets[version].append(
            Tweet(
                text,
                () if mentions == NONE else tuple(json.loads(mentions)),
                () if links == NONE else tuple(Link(*each) for each in json.loads(links)),
                author,
                created_at,
                permalink,
                tweet_id,
                f"{files[version]}/{part}" if part else files[version],
                line,
            )
        )
    return [
        Version(
            row,
            Thread(
                id=thread_id,
                aliases=frozenset(json.loads(aliases)),
                title=title,
                author=author,
                complete=bool(complete),
                source_url=source_url,
                dumps=(file,),
                tweets=tuple(tweets[row]),
            ),
        )
        for row, _, _, file, thread_id, aliases, title, author, complete, source_url in heads
    ]
