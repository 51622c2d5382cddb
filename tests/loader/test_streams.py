"""Reading large dumps piece by piece, wherever the pieces end."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import DumpError
from bot.loader.line_account import Account
from bot.loader.parser import read_dump
from bot.loader.raw.content import SMALL, Content, Part
from bot.loader.raw.decode import read_text
from bot.loader.raw.text_stream import text_of
from bot.loader.records.json_stream import records
from bot.models import Dump
from tests.loader.test_fixtures import PAIRS

RECORDS = ("x_", "table_", "mastodon_", "bluesky_")
STREAMED = [path for path in PAIRS if path.stem.startswith(RECORDS)]


class Dribble:
    """A stream that gives a few bytes at a time."""

    def __init__(self, data: bytes, most: int) -> None:
        self._stream = io.BytesIO(data)
        self._most = most

    def read(self, size: int) -> bytes:
        return self._stream.read(min(size, self._most))

    def __enter__(self) -> Dribble:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stream.close()


def large(data: bytes, most: int) -> Content:
    """Return `data` as a dump that claims to be too large for memory."""
    return Content((Part("", lambda: Dribble(data, most), SMALL + 1),))


def said(dump: Dump) -> Dump:
    return replace(dump, threads=tuple(dump.threads))


def outcome(data: bytes | Content) -> Dump | str:
    try:
        return said(read_dump(data, "a.txt", detailed=True))
    except DumpError as error:
        return str(error.reason)


@given(st.sampled_from(STREAMED), st.integers(700, 3000))
def test_a_dump_that_streams_is_read_as_one_that_does_not(path: Path, most: int) -> None:
    data = path.read_bytes()
    streamed, whole = outcome(large(data, most)), outcome(data)
    if isinstance(streamed, Dump):
        streamed = replace(streamed, sha256=Content.of(data).sha256)
    assert streamed == whole


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)
objects = st.dictionaries(st.text(max_size=4), json_values, max_size=4)


@given(st.lists(objects, max_size=5), st.sampled_from(["array", "lines", "archive"]), st.data())
def test_records_are_the_same_wherever_the_pieces_end(
    made: list[object], shape: str, data: st.DataObject
) -> None:
    if shape == "lines":
        text = "\n".join(map(json.dumps, made))
    else:
        text = ("window.YTD.tweets.part0 = " if shape == "archive" else "") + json.dumps(made)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    account = Account("a")
    assert [value for _, value in records(pieces, account)] == made
    assert list(records([text], Account("a"))) == list(records(pieces, account))
    assert account.notices == []


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\r\n")),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.integers(4, 30),
)
def test_a_text_that_streams_is_decoded_as_one_that_does_not(
    text: str, encoding: str, most: int
) -> None:
    data = f"Okapis {text}".encode(encoding)
    part = large(data, most).parts[0]
    streamed = "".join(text_of(part, Account("a")))
    assert streamed == read_text(data, Account("a"))


def test_a_large_text_that_is_no_list_of_records_is_refused() -> None:
    content = Content((Part("", lambda: io.BytesIO(b"Okapis\n" * 3), 2**40),))
    with pytest.raises(DumpError, match="the text is larger than 64 MB"):
        read_dump(content, "a.txt")


def test_progress_is_reported_to_the_last_byte_and_may_interrupt() -> None:
    data = json.dumps([{"id_str": "1", "full_text": "Okapis"}]).encode()
    told: list[int] = []
    read_dump(large(data, 7), "a.txt", progress=told.append)
    assert sum(told) == len(data)

    def enough(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_dump(large(data, 7), "a.txt", progress=enough)


KEYS = """tweet full_text text id id_str created_at user screen_name entities urls url data includes
users author_id referenced_tweets type conversation_id in_reply_to_status_id_str noteTweet core
createdAt legacy core result tweet_results itemContent entries rawContent inReplyToTweetId
extended_tweet retweeted_status note_tweet orderedItems object content published to attributedTo
feed post record uri author handle did facets index byteStart byteEnd features reply parent root
thread replies reason embed external value $type @context""".split()
VALUES = """Create Note Announce OrderedCollection app.bsky.feed.post 1600000000000000001
https://www.w3.org/ns/activitystreams#Public at://did:plc:a/app.bsky.feed.post/1
2024-03-01T10:00:00Z <p>words</p> retweeted""".split()
shapes = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**19) | st.floats() | st.sampled_from(VALUES),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=20,
)


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), shapes, max_size=5), max_size=4))
def test_json_of_any_shape_is_read_or_refused(made: list[object]) -> None:
    for data in (json.dumps(made), "\n".join(map(json.dumps, made))):
        try:
            dump = read_dump(data.encode(), "a.json", detailed=True)
        except DumpError:
            continue
        assert all(tweet.text or tweet.links for thread in dump.threads for tweet in thread.tweets)
