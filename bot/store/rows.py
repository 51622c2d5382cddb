"""Records of the store, and the conversion of threads and tweets to and from rows. Pure."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bot.arrays.array_file import Arrays
from bot.arrays.gather import slices
from bot.errors import ContentChanged, DumpError
from bot.extras import NOTHING, Extras, to_json, unpacked
from bot.extras import packed as packed_extras
from bot.loader.raw.content import Content
from bot.loader.raw.packed_pieces import packed
from bot.loader.raw.pictures import Pictures
from bot.models import Dump, Link, Metadata, Thread, Tweet
from bot.thread_ids import beginning_of, ends_cut, key64, key_of_stem, root_text, tweet_key

NONE = "[]"
"""The JSON of no mentions or links. Most tweets have it; not parsing it makes answers faster."""
Origin = Literal["seeds", "loaded"]
"""Where a dump came from: the folder of seeds, or a load by a person."""
Action = Literal[
    "seeds",
    "load",
    "reload",
    "undo",
    "reread",
    "remove",
    "forget",
    "restore",
    "erase",
    "repair",
]
"""What created a generation."""
NO_UNDO = -1
"""The parent of a generation that cannot be undone: what was before is erased, or was damaged."""


ERASED_NAME = "…"
"""Takes the place of the names of what is hidden, once it is erased."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A thread or an author that is hidden, whichever dumps contain it."""

    kind: Literal["thread", "author"]
    """Which of the two."""
    key: str
    """For a thread `root:author`, as hashed in `Roots`; for an author the handle's hash."""
    label: str
    """The thread's title, or the handle."""


@dataclass(frozen=True, slots=True)
class Member:
    """A dump of a generation."""

    id: int
    """Its row."""
    file: str
    """Its name, as people see it."""
    origin: Origin
    """Whether it came from the folder of seeds or was loaded by hand."""
    sha256: str
    """The hash of its bytes."""
    metadata: Metadata
    """The metadata it was loaded with."""
    parser_version: int
    """The version of the loader that read it."""
    format: str = ""
    """Its detected format."""


@dataclass(frozen=True, slots=True)
class NewDump:
    """A dump to be stored."""

    dump: Dump
    """What was read from it."""
    content: Content
    """Its bytes."""
    origin: Origin
    """Where it came from."""
    parser_version: int
    """The version of the loader that read it."""
    pictures: Pictures = field(default_factory=Pictures)
    """The pictures beside it that its tweets show."""


@dataclass(frozen=True, slots=True)
class Version:
    """A thread as it is in one dump."""

    id: int
    """Its row."""
    thread: Thread
    """The thread."""


def packed_pieces(content: Content) -> Iterator[tuple[int, int, bytes]]:
    """Yield the bytes of a dump as rows of the table `piece`: part, place, compressed bytes.

    Raises:
        ContentChanged: they changed since the dump was read, or are gone.
        OSError: those that were kept cannot be read.
    """
    if content.kept:
        yield from content.kept.rows()
        return
    whole = content.hashing()
    try:
        for number, part in enumerate(content.parts):
            for place, piece in enumerate(whole.pieces(part)):
                yield number, place, packed(piece)
    except (OSError, DumpError) as error:
        raise ContentChanged from error
    if whole.hexdigest() != content.sha256:
        raise ContentChanged


def metadata_json(metadata: Metadata) -> str:
    """Return `metadata` as JSON; equal metadata gives equal strings."""
    given = {key: value for key, value in asdict(metadata).items() if value is not False}
    if metadata.columns is None:
        del given["columns"]  # rows of older versions do not have it, and must stay equal
    return json.dumps(given, sort_keys=True)


@dataclass(frozen=True, slots=True)
class Roots:
    """How versions begin: hashes that tell which versions are of the same thread."""

    rows: NDArray[np.int64]
    """int64[versions]: their rows in the store."""
    roots: NDArray[np.int64]
    """int64[versions]: hashes of their roots; see `thread_ids.root_text`."""
    authors: NDArray[np.int64]
    """int64[versions]: hashes of their authors' handles; 0 if unknown."""
    tweets: NDArray[np.int64]
    """int64[versions]: hashes of their first tweets' ids; 0 if unknown."""

    stems: NDArray[np.int64]
    """int64[versions]: hashes of the beginnings of their first tweets; 0 for short ones."""
    cut: NDArray[np.bool_]
    """bool[versions]: whether their first tweets were cut."""
    counts: NDArray[np.int32]
    """int32[versions]: how many of their tweets have a known id."""
    ids: NDArray[np.int64]
    """int64[ids]: these ids, as `thread_ids.tweet_key` gives them, version after version."""

    def to_arrays(self) -> Arrays:
        """Return its arrays, for `from_arrays`."""
        return {name: getattr(self, name) for name in COLUMNS}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Roots:
        """Rebuild them from the arrays of `to_arrays`."""
        return cls(**{name: arrays[name] for name in COLUMNS})

    @classmethod
    def together(cls, parts: Sequence[Roots]) -> Roots:
        """Return all `parts`, one after the other."""
        filled = [each for each in parts if len(each.rows)]
        if len(filled) == 1:  # there may be millions
            return filled[0]
        return cls(
            *(
                np.concatenate([np.empty(0, dtype), *(getattr(part, name) for part in parts)])
                for name, dtype in COLUMNS.items()
            )
        )

    def picked(self, places: NDArray[np.int64]) -> Roots:
        """Return the versions at those places, in that order."""
        ends: NDArray[np.int64] = np.cumsum(self.counts, dtype=np.int64)[places]
        columns = {name: getattr(self, name)[places] for name in COLUMNS if name != "ids"}
        starts: NDArray[np.int64] = ends - self.counts[places]
        return Roots(**columns, ids=self.ids[slices(starts, ends)])

    def between(self, start: int, end: int) -> Roots:
        """Return the versions from the place `start` to before `end`, without copying them."""
        columns = {name: getattr(self, name)[start:end] for name in COLUMNS if name != "ids"}
        first = int(self.counts[:start].sum(dtype=np.int64))
        last = first + int(self.counts[start:end].sum(dtype=np.int64))
        return Roots(**columns, ids=self.ids[first:last])

    def owners(self) -> NDArray[np.int64]:
        """Return int64[ids]: the place among the versions of the one that has each id."""
        return np.repeat(np.arange(len(self.rows)), self.counts)


COLUMNS: dict[str, type[np.generic]] = {
    "rows": np.int64,
    "roots": np.int64,
    "authors": np.int64,
    "tweets": np.int64,
    "stems": np.int64,
    "cut": np.bool_,
    "counts": np.int32,
    "ids": np.int64,
}
"""The arrays of `Roots`, in order, with their dtypes."""


class RootColumns:
    """Collects what `Roots` has of versions, a column each."""

    def __init__(self) -> None:
        """Start with no version."""
        self._heads = array("q"), array("q"), array("q"), array("q"), array("q"), array("b")
        self._counts, self._ids = array("i"), array("q")

    def add(self, version: tuple[Any, ...]) -> None:
        """Take in the next version: id, root, author, root_tweet, stem, cut and checksum."""
        row, root, author, tweet, stem, is_cut, _ = version
        rows, roots, authors, tweets, stems, cut = self._heads
        rows.append(row)
        roots.append(root)
        authors.append(key64(author.lower()) if author else 0)
        tweets.append(tweet_key(tweet) if tweet else 0)
        stems.append(stem)
        cut.append(is_cut)

    def add_ids(self, ids: Sequence[str]) -> None:
        """Take in the known ids of the next version's tweets."""
        self._counts.append(len(ids))
        self._ids.extend(map(tweet_key, ids))

    def roots(self) -> Roots:
        """Return what was taken in, without copying it; nothing can be taken in any more."""
        taken = (*self._heads, self._counts, self._ids)
        return Roots(
            *(
                np.frombuffer(each, dtype)
                for each, dtype in zip(taken, COLUMNS.values(), strict=True)
            )
        )


@dataclass(frozen=True, slots=True)
class ThreadVersions:
    """Which versions each thread is merged from."""

    rows: NDArray[np.int64]
    """int64[versions]: their rows in the store, thread after thread."""
    starts: NDArray[np.int64]
    """int64[threads + 1]: where each thread starts in `rows`; at the end, the length."""

    def __len__(self) -> int:
        """Return the number of threads."""
        return len(self.starts) - 1

    def only(self, wanted: NDArray[np.bool_]) -> ThreadVersions:
        """Return some of the threads: those where `wanted`, bool[threads], is true."""
        sizes = np.diff(self.starts)
        return ThreadVersions(
            self.rows[wanted.repeat(sizes)], np.concatenate(([0], np.cumsum(sizes[wanted])))
        )


def rows_of(
    threads: Iterable[Thread], dump_row: int, first_row: int, place: int, file: str
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Return rows of the tables `version` and `tweet` for some threads of a dump.

    Args:
        threads: the threads.
        dump_row: the dump's row.
        first_row: the row of the dump's first version; the others follow.
        place: the place of the first of `threads` in the dump.
        file: the dump's name.
    """
    versions: list[tuple[Any, ...]] = []
    tweets: list[tuple[Any, ...]] = []
    prefix = len(file) + 1
    for number, thread in enumerate(threads, start=place):
        name = _author_name(thread)
        root = root_text(thread.tweets)
        beginning = beginning_of(root)
        versions.append(
            (
                first_row + number,
                dump_row,
                number,
                thread.id,
                _ids_json(sorted(thread.aliases)),
                thread.title,
                thread.author,
                int(thread.complete),
                thread.source_url,
                key64(root),
                thread.tweets[0].tweet_id,
                name,
                key_of_stem(beginning),
                int(ends_cut(beginning)),
            )
        )
        tweets += _tweet_rows(first_row + number, thread, name, prefix)
    return versions, tweets


def _author_name(thread: Thread) -> str | None:
    """Return the display name of the thread's author."""
    names = (each.author_name for each in thread.tweets if each.author == thread.author)
    return next((name for name in names if name), None)


def _tweet_rows(
    version: int, thread: Thread, name: str | None, prefix: int
) -> Iterator[tuple[object, ...]]:
    """Yield rows of the table `tweet` for the tweets of a version.

    Args:
        version: its row.
        thread: the thread.
        name: the display name of its author.
        prefix: characters of a tweet's file that name the dump.
    """
    author = thread.author
    for position, tweet in enumerate(thread.tweets, start=1):
        yield (
            version,
            position,
            tweet.text,
            _json(tweet.mentions) if tweet.mentions else NONE,
            _json([(link.printed, link.url) for link in tweet.links]) if tweet.links else NONE,
            tweet.author,
            tweet.created_at,
            tweet.permalink,
            tweet.tweet_id,
            tweet.line,
            tweet.file[prefix:],
            _extras_json(tweet, name if tweet.author == author else None),
        )


_json = json.JSONEncoder(ensure_ascii=False).encode


def _ids_json(ids: Sequence[str]) -> str:
    """Return ids of threads, which are hexadecimal digits, as a JSON array."""
    return '["' + '", "'.join(ids) + '"]' if ids else NONE


def _extras_json(tweet: Tweet, expected: str | None) -> str | None:
    """Return the column `extras` of a tweet.

    Args:
        tweet: the tweet.
        expected: its author's display name, if its row does not have to say it.
    """
    if tweet.author_name == expected and not (
        tweet.media or tweet.quote or tweet.poll or tweet.card
    ):
        return None
    values = packed_extras(tweet.media, tweet.quote, tweet.poll, tweet.card)
    if tweet.author_name != expected:
        values["name"] = tweet.author_name
    return to_json(values)


def assemble(heads: Sequence[tuple[Any, ...]], rows: Iterable[tuple[Any, ...]]) -> list[Version]:
    """Build versions from rows.

    Args:
        heads: rows of the view `version_head`, one for each version.
        rows: rows of the table `tweet`, by version and position.
    """
    files = {head[0]: head[3] for head in heads}
    names = {head[0]: (head[7], head[10]) for head in heads}
    tweets: dict[int, list[Tweet]] = {version: [] for version in files}
    for row in rows:
        version, text, mentions, links, author, created_at, permalink, tweet_id, line, part = row[
            :10
        ]
        extras, name = NOTHING, None
        handle, author_name = names[version]
        if author_name and author == handle:
            name = author_name
        if row[10]:
            extras, name = _extras(row[10], name)
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
                name,
                **extras,
            )
        )
    return [_version(head, tuple(tweets[head[0]])) for head in heads]


def _extras(column: str, name: str | None) -> tuple[Extras, str | None]:
    """Return what the column `extras` has, and the author's name, which is `name` by default."""
    values = json.loads(column)
    return unpacked(values), values.get("name", name)


def _version(head: tuple[Any, ...], tweets: tuple[Tweet, ...]) -> Version:
    row, _, _, file, thread_id, aliases, title, author, complete, source_url, _ = head
    thread = Thread(
        id=thread_id,
        aliases=frozenset(json.loads(aliases)),
        title=title,
        author=author,
        complete=bool(complete),
        source_url=source_url,
        dumps=(file,),
        tweets=tweets,
    )
    return Version(row, thread)
