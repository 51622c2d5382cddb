"""Properties of every dump, whatever its bytes are."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import DumpError
from bot.loader.line_account import Account
from bot.loader.parser import read_dump
from bot.loader.raw.decode import CONTROL, read_text
from bot.models import Dump, Thread
from tests.loader.promises import keeps_its_promises
from tests.loader.test_fixtures import PAIRS
from tests.strategies import Said as Said
from tests.strategies import any_text, bylines, tweet_like, whole_threads, written

UNICODE = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
LINES = st.lists(
    any_text
    | tweet_like
    | bylines
    | st.sampled_from(["• • •", "---", "author: anna_ports", "date: never", "@", "https://", "{"]),
    max_size=8,
)


def read_if_it_can_be(data: bytes) -> Dump | None:
    """Return the dump, or None if the loader refuses it."""
    try:
        return read_dump(data, "a.txt")
    except DumpError as error:
        if not str(error).startswith("a.txt:"):
            pytest.fail("it does not name the file")
        return None


@given(st.binary(max_size=200))
@example(b"\xff\xfe\x00")
@example(b"+/v8-\xff")
@example(b"\xef\xbb\xbf\xef\xbb\xbf")
@example(b"https://[\n\xf0\x9f")
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    dump = read_if_it_can_be(data)
    if dump:
        assert dump.threads
        assert all(tweet.text for thread in dump.threads for tweet in thread.tweets)


@given(LINES)
def test_a_text_is_a_piece_of_the_line_that_it_names(lines: list[str]) -> None:
    text = "\n".join(lines)
    dump = read_if_it_can_be(text.encode())
    physical = re.split(r"\r\n|\n|\r", text)
    for thread in dump.threads if dump else ():
        places = [tweet.line for tweet in thread.tweets]
        assert places == sorted(set(places))
        ends = [*places[1:], len(physical) + 1]
        for tweet, end in zip(thread.tweets, ends, strict=True):
            own = CONTROL.sub("", "\n".join(physical[tweet.line - 1 : end - 1]))
            assert all(line in own for line in tweet.text.split("\n"))


CRASHES = sorted((PAIRS[0].parent / "crashes").iterdir())


@pytest.mark.parametrize("path", CRASHES, ids=lambda path: path.name)
def test_what_once_broke_the_loader_is_read_or_refused(path: Path) -> None:
    keeps_its_promises(path.read_bytes())


@given(st.binary(max_size=300) | st.lists(any_text, max_size=6).map("\n".join).map(str.encode))
def test_the_loader_keeps_its_promises_whatever_it_reads(data: bytes) -> None:
    keeps_its_promises(data)


@given(LINES)
def test_every_line_is_accounted_for(lines: list[str]) -> None:
    data = "\n".join(lines).encode()
    with suppress(DumpError):
        dump = read_dump(data, "a.txt", detailed=True)
        written = read_text(data, Account("a.txt")).split("\n")
        told = [each.line for each in dump.account]
        assert told == [number for number, said in enumerate(written, start=1) if said.strip()]
        left = {each.what for each in dump.account if each.kind == "notice"}
        assert all(any(each.message.startswith(what) for each in dump.notices) for what in left)


STATUS = "https://x.com/anna_ports/status/1900000000000000001"
MARKED = st.lists(
    tweet_like
    | st.sampled_from(
        [
            f"**Anna** @anna_ports [2026-03-22]({STATUS})",
            "### 2 @bob_quay (Bob)",
            f"[Tweet link]({STATUS})",
            f"- Ports ([View Tweet]({STATUS}))",
            "> quoted",
            ">",
            "## Replies",
            "THREAD START",
            "THREAD END",
            "> ## Excerpt",
            "---",
            "Ports (1/2)",
            "Ships (2/2)",
            "Anna Porto",
            "@anna_ports",
            "·",
            "Mar 22, 2026",
            "Quote",
            "Follow on X",
            "twitter-thread.com/t/1900000000001",
            "This Thread may be Removed Anytime!",
            "More from @anna_ports",
            "Read 2 tweets",
            "_❤️ 3 | 🔁 1_",
            "Replying to @bob_quay",
            "# Ports at night",
            "",
        ]
    ),
    max_size=12,
)


@given(MARKED)
def test_every_line_around_posts_is_accounted_for(lines: list[str]) -> None:
    data = "\n".join(lines).encode()
    with suppress(DumpError):
        dump = read_dump(data, "a.txt", detailed=True)
        told = [each.line for each in dump.account]
        assert told == [number for number, said in enumerate(lines, start=1) if said.strip()]
        noticed = {notice.line for notice in dump.notices}
        left = [each for each in dump.account if each.kind == "notice"]
        assert not left or noticed
        assert not any(each.what.startswith("a line of unknown kind") for each in left)
        tweets = [tweet for thread in dump.threads for tweet in thread.tweets]
        assert all(tweet.line <= len(lines) for tweet in tweets)


@given(LINES)
def test_no_mention_or_link_is_invented(lines: list[str]) -> None:
    text = CONTROL.sub("", "\n".join(lines))
    dump = read_if_it_can_be(text.encode())
    for thread in dump.threads if dump else ():
        for tweet in thread.tweets:
            assert all(f"@{name}" in text for name in tweet.mentions)
            assert all(link.printed in text for link in tweet.links)
            assert all(link.url in (None, link.printed) for link in tweet.links)
            assert not any("…" in (link.url or "") for link in tweet.links)


@given(whole_threads, st.lists(whole_threads, max_size=3))
def test_what_was_written_is_what_is_read(main: list[Said], previews: list[list[Said]]) -> None:
    dump = read_dump(written(main, previews).encode(), "a.txt")
    assert [[tweet.text for tweet in thread.tweets] for thread in dump.threads] == [
        [each.text for each in one] for one in (main, *previews)
    ]
    assert [thread.complete for thread in dump.threads] == [True, *[False] * len(previews)]
    assert dump.notices == ()


@given(whole_threads, st.lists(whole_threads, max_size=2), whole_threads)
def test_two_dumps_joined_hold_both_dumps_threads(
    main: list[Said], previews: list[list[Said]], other: list[Said]
) -> None:
    one, two = written(main, previews), written(other, previews)
    joined = read_dump(f"{one}\n{two}".encode(), "a.txt")
    apart = [thread for text in (one, two) for thread in read_dump(text.encode(), "a.txt").threads]
    assert [texts(thread) for thread in joined.threads] == [texts(thread) for thread in apart]


def texts(thread: Thread) -> list[str]:
    """Return the texts of its tweets."""
    return [tweet.text for tweet in thread.tweets]


@given(
    st.sampled_from(UNICODE),
    st.sampled_from(["\n", "\r\n", "\r"]),
    whole_threads,
    st.lists(whole_threads, max_size=2),
)
def test_the_encoding_and_the_line_ends_are_all_one(
    encoding: str, line_end: str, main: list[Said], previews: list[list[Said]]
) -> None:
    plain = written(main, previews)
    marked = MARKS[encoding] + plain.replace("\n", line_end).encode(encoding)
    assert same(read_dump(marked, "a.txt")) == same(read_dump(plain.encode(), "a.txt"))


@pytest.mark.parametrize("encoding", UNICODE)
@pytest.mark.parametrize(
    "path",
    [path for path in PAIRS if path.stem in ("given_seed", "front_matter", "mentions")],
    ids=lambda path: path.stem,
)
def test_a_dump_reads_the_same_in_any_encoding(path: Path, encoding: str) -> None:
    text = path.read_text(encoding="utf-8")
    encoded = MARKS[encoding] + text.replace("\n", "\r\n").encode(encoding)
    assert same(read_dump(encoded, "a.txt")) == same(read_dump(text.encode(), "a.txt"))


def same(dump: Dump) -> Dump:
    """Return `dump` without its hash and its account."""
    return replace(dump, sha256="")


def test_broken_utf_16_is_read_with_a_notice_that_names_the_line() -> None:
    data = codecs.BOM_UTF16_LE + "Ports grow quiet.\nNo ship came".encode("utf-16-le") + b"\x00\xd8"
    dump = read_dump(data, "a.txt")
    assert dump.threads[0].tweets[1].text == "No ship came\ufffd"
    assert [(notice.line, "UTF-16-LE" in notice.message) for notice in dump.notices] == [(2, True)]


@pytest.mark.parametrize(
    ("opening", "kind"),
    [
        (b"PK\x03\x04", "ZIP"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"GIF89a", "GIF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"SQLite format 3\x00", "SQLite"),
    ],
)
def test_a_file_of_another_kind_is_named_for_what_it_is(opening: bytes, kind: str) -> None:
    with pytest.raises(DumpError, match=kind):
        read_dump(opening + b"some text that follows\n", "a.txt")


def test_words_that_begin_like_a_file_of_another_kind_are_words() -> None:
    assert read_dump(b"GIF8 is no format, [1/5] {and} <this> is text.\n", "a.txt").threads
