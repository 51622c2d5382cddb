"""The store's records, and how threads and tweets become rows and come back. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from bot.loader.content import Content
from bot.models import Dump, Link, Metadata, Thread, Tweet

Origin = Literal["seeds", "loaded"]
Action = Literal["seeds", "load", "reload", "undo", "reread"]


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


def metadata_json(metadata: Metadata) -> str:
    """`metadata` as one string, always the same for the same metadata."""
    said = {key: value for key, value in asdict(metadata).items() if value is not False}
    return json.dumps(said, sort_keys=True)


def tweet_rows(version: int, tweets: Iterable[Tweet]) -> list[tuple[object, ...]]:
    """Rows of the table `tweet`, its columns in order."""
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
        )
        for position, tweet in enumerate(tweets, start=1)
    ]


def assemble(heads: Sequence[tuple[Any, ...]], rows: Sequence[tuple[Any, ...]]) -> list[Version]:
    """The versions in `heads` (rows of the view `version_head`), with tweets out of `rows`."""
    files = {head[0]: head[3] for head in heads}
    tweets: dict[int, list[Tweet]] = {version: [] for version in files}
    for version, text, mentions, links, author, created_at, permalink, tweet_id, line in rows:
        tweets[version].append(
            Tweet(
                text=text,
                mentions=tuple(json.loads(mentions)),
                links=tuple(Link(printed, url) for printed, url in json.loads(links)),
                author=author,
                created_at=created_at,
                permalink=permalink,
                tweet_id=tweet_id,
                file=files[version],
                line=line,
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
