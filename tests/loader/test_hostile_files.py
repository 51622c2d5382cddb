"""Files made to be slow or large: the work grows as they do, and what cannot be read is named.

`python -m benchmarks.hostile` measures them at full size. Here calls are counted, not seconds.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from bot.errors import DumpError
from bot.loader import archive, attached, line_account, parser, plausibility
from bot.loader.files import take_in
from bot.loader.line_account import MOST_KINDS, OTHER, Account
from bot.loader.pages import (
    embedded_tweets,
    html_posts,
    markdown_lines,
    page_sections,
    post_marks,
)
from bot.loader.pages.display_formats import printed_date
from bot.loader.parser import read_dump
from bot.loader.raw.line import Line
from bot.loader.raw.text_stream import LONGEST_LINE
from bot.loader.records import csv_table, feeds, json_stream, x_archive
from bot.loader.records.json_stream import DEEPEST, GIVEN_UP, LARGEST_RECORD, TOO_LARGE, records
from tests.hostile import HOSTILE, SAID, Hostile

TWO_PAGES = "---\nauthor: anna\n---\na\n\n---\nauthor: ben\n---\nb\n"
UNITS = 600
"""Of what makes a file slow, in the smaller file of two."""
FIXED = ("ZIP bomb", "bomb that lies", "LZMA", "ZIP in a ZIP", "laughs", "overlapping")
"""Files whose work does not grow by their units."""
GROWING = [name for name in HOSTILE if not any(each in name for each in FIXED)]


def calls(hostile: Hostile, folder: Path, units: int) -> int:
    """How many functions are called to read a file with that many units."""
    path = folder / f"{units}{hostile.suffix}"
    with path.open("wb") as stream:
        hostile.write(stream, units)
    called = 0

    def count(_: FrameType, event: str, __: object) -> None:
        nonlocal called
        called += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        take_in([path], detailed=True)
    finally:
        sys.setprofile(before)
    return called


@pytest.mark.parametrize("name", GROWING)
def test_twice_as_much_is_at_most_two_and_a_half_times_the_work(name: str, tmp_path: Path) -> None:
    units = {"JSON of deep records": 20, "closers after a link": 60}.get(name, UNITS)
    calls(HOSTILE[name], tmp_path, 2)  # imports what reads it
    once, twice = (calls(HOSTILE[name], tmp_path, each) for each in (units, 2 * units))
    assert twice <= 2.5 * once


@pytest.mark.parametrize(
    "name",
    [
        "a heading of spaces",
        "dots that end no sentence",
        "an import of spaces",
        "stars below replies",
        "a dash before spaces",
        "spaces before no link",
        "JSON of open brackets",
    ],
)
def test_patterns_do_not_try_every_beginning(name: str, tmp_path: Path) -> None:
    path = HOSTILE[name].at(tmp_path, 0.15)
    begun = time.process_time()
    take_in([path], detailed=True)
    assert time.process_time() - begun < 5  # far more if it grew as the square


def test_buttons_between_words_do_not_have_the_page_read_again(tmp_path: Path) -> None:
    path = HOSTILE["buttons between words"].at(tmp_path, 0.2)
    begun = time.process_time()
    take_in([path])
    assert time.process_time() - begun < 10


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ZIP bomb", "compressed too tightly to be text"),
        ("deflate bomb that lies", "cannot be unpacked"),
        ("ZIP in a ZIP in a ZIP", ""),
    ],
)
def test_an_archive_that_unpacks_to_too_much_is_refused_by_name(
    name: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.hostile.BOMB", 16 << 20)
    with (tmp_path / "a.zip").open("wb") as stream:
        HOSTILE[name].write(stream, 2 if HOSTILE[name].full < 100 else 1 << 20)
    intake = take_in([tmp_path / "a.zip"])
    assert intake.faults
    assert all("a.zip" in each.file for each in intake.faults)
    assert all(said in str(each.message) for each in intake.faults[:1])


@pytest.mark.parametrize("name", ["bzip2 bomb that lies", "LZMA with a huge dictionary"])
def test_what_would_unpack_at_once_is_not_unpacked(name: str, tmp_path: Path) -> None:
    with (tmp_path / "a.zip").open("wb") as stream:
        HOSTILE[name].write(stream, 1 << 20)
    (fault,) = take_in([tmp_path / "a.zip"]).faults
    assert "compressed in a way that is not read here" in str(fault.message)


def test_overlapping_entries_and_long_lists_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, units, said in (
        ("ZIP of overlapping entries", 100, "compressed too tightly"),
        ("ZIP with a million entries", 300, "more than 200 files"),
    ):
        monkeypatch.setattr(archive, "MOST_ENTRIES", 200)
        monkeypatch.setattr(archive, "SMALL_WHOLE", 1 << 20)
        with (tmp_path / "a.zip").open("wb") as stream:
            HOSTILE[name].write(stream, units)
        (fault,) = take_in([tmp_path / "a.zip"]).faults
        assert said in str(fault.message)
    monkeypatch.setattr(archive, "LARGEST_DIRECTORY", 1_000)
    (fault,) = take_in([tmp_path / "a.zip"]).faults
    assert "more than 200 files" in str(fault.message)


@pytest.mark.parametrize(
    ("limit", "most", "text", "line", "said"),
    [
        ("MOST_LINES", 3, "a\nb\nc\nd\ne\n", 4, "more than 3 lines"),
        ("MOST_WRITTEN", 2, "a\n\nb\n\nc\nd\n", 5, "more than 2 lines with words"),
        ("MOST_WRITTEN", 5, TWO_PAGES, 7, "more than 5 lines with words"),
        ("MOST_WRITTEN", 2, "<html>\n<p>a\n\n<p>b\n<p>c", 5, "more than 2 lines with words"),
        ("LONGEST_LINE", 9, f"Ports\n{'a' * 10}\n", 2, "longer than 9 characters"),
        ("MOST_TAGS", 4, "<html>\n<p>a\n<p>b<p>\n<p>c", 4, "more than 4 tags"),
    ],
)
def test_a_limit_of_texts_names_the_file_the_line_and_the_reason(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int, text: str, line: int | None, said: str
) -> None:
    monkeypatch.setattr(parser, limit, most)
    with pytest.raises(DumpError, match=re.escape(said)) as caught:
        read_dump(text.encode(), "a.txt")
    assert (caught.value.file, caught.value.line) == ("a.txt", line)


def test_a_table_with_an_endless_line_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'tweet_id,text,username\n1,"{"a" * (LONGEST_LINE + 9)}', encoding="utf-8")
    (fault,) = take_in([path]).faults
    said = f"a line is longer than {LONGEST_LINE:,} characters"
    assert (fault.line, str(fault.message)) == (2, said)


def test_a_cell_that_is_too_long_is_left_out() -> None:
    rows = f'tweet_id,text,username\n1,"{"a" * 140_000}",anna\n2,{SAID},anna\n'
    dump = read_dump(rows.encode(), "a.csv")
    assert [each.tweets[0].text for each in dump.threads] == [SAID]
    (notice,) = dump.notices
    assert notice.message == "a row with a cell of more than 131,072 characters; left out"


def test_a_record_that_is_too_large_is_left_out_and_says_so() -> None:
    account = Account("a.json")
    text = ['{"a": "', *["b" * 1_000_000] * (LARGEST_RECORD // 1_000_000 + 2), '"}\n{"c": 1}']
    assert list(records(text, account)) == [(2, {"c": 1})]
    assert TOO_LARGE in account.notices[0].message


def test_records_inside_broken_records_are_not_read_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account = Account("a.json")
    monkeypatch.setattr(json_stream, "MOST_REREAD", DEEPEST * 5)
    assert list(records(['{"a":\n' * 20_000], account)) == []
    assert account.noticed < 100
    assert account.notices[-1].message == GIVEN_UP


@pytest.mark.parametrize(
    ("limit", "said"), [("LARGEST_PIECE", "larger than 0 MB"), ("MOST_TAGS", "more than 9 tags")]
)
def test_a_feed_with_too_large_an_entry_is_refused(
    monkeypatch: pytest.MonkeyPatch, limit: str, said: str
) -> None:
    monkeypatch.setattr(feeds, limit, 9)
    item = "<item><title>a</title></item>\n"
    with pytest.raises(DumpError, match=said) as caught:
        read_dump(f"<rss version='2.0'>\n<channel>\n{item * 4}</channel></rss>".encode(), "a.xml")
    assert caught.value.line


def _feed(count: int) -> bytes:
    items = "".join(
        f"<item>\n<title>Port {n} sleeps.</title><description>&lt;p&gt;Port {n} sleeps.&lt;/p&gt;"
        f"</description><link>https://nitter.net/anna/status/{n + 1}</link></item>\n"
        for n in range(count)
    )
    owner = "<title>Anna / @anna</title><link>https://nitter.net/anna</link>"
    return f"<rss version='2.0'><channel>\n{items}{owner}</channel></rss>".encode()


def test_a_large_feed_is_read_in_pieces_as_if_it_were_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = read_dump(_feed(40), "a.xml")
    monkeypatch.setattr(feeds, "PIECE", 500)
    monkeypatch.setattr(feeds, "MOST_TAGS", 60)
    assert read_dump(_feed(40), "a.xml") == whole
    assert len(whole.threads) == 40
    assert [each.tweets[0].line for each in whole.threads[:3]] == [2, 4, 6]


def _posts(count: int) -> list[dict[str, object]]:
    return [
        {
            "id_str": str(1_900_000_000_000_000_000 + n),
            "full_text": f"Port {n} “sleeps” {{[",
            "user": {"screen_name": "anna"},
            "entities": {"urls": [], "hashtags": []},
        }
        for n in range(count)
    ]


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize(
    "around",
    [
        lambda posts: {"tweets": posts, "count": 3},
        lambda posts: {"n": 1, "data": {"user": {"entries": posts}, "cursor": "a"}},
        lambda posts: [{"tweets": posts[:30], "x": [1, "a"]}, {"tweets": posts[30:]}],
        lambda posts: {"pages": [posts[:50], posts[50:]]},
    ],
)
def test_a_record_that_is_too_large_is_read_part_by_part(
    around: Callable[[object], object], indent: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_stream, "WINDOW", 256)
    data = json.dumps(around(_posts(60)), indent=indent).encode()
    whole = read_dump(data, "a.json")
    assert len(whole.threads) == 60
    monkeypatch.setattr(json_stream, "LARGEST_RECORD", 3_000)
    apart = read_dump(data, "a.json")
    assert [each.tweets[0].text for each in apart.threads] == [
        each.tweets[0].text for each in whole.threads
    ]
    assert apart.notices == whole.notices


@pytest.mark.parametrize("others", [1, 60])
def test_posts_beside_those_of_a_large_record_are_nobodys(
    others: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = [
        {"id": f"{1_900_000_000_000_000_000 + n}", "text": f"Port {n}", "author_id": "5"}
        for n in range(60)
    ]
    beside = {"tweets": [{**posts[0], "id": f"{n}", "text": "Not hers"} for n in range(others)]}
    data = json.dumps({"data": posts, "includes": beside}).encode()
    monkeypatch.setattr(json_stream, "WINDOW", 256)
    monkeypatch.setattr(json_stream, "LARGEST_RECORD", 2_000)
    dump = read_dump(data, "a.json")
    assert {each.tweets[0].text for each in dump.threads} == {each["text"] for each in posts}
    assert any("beside the posts" in each.message for each in dump.notices)


def test_a_large_record_without_an_end_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "WINDOW", 256)
    monkeypatch.setattr(json_stream, "LARGEST_RECORD", 2_000)
    account = Account("a.json")
    text = json.dumps({"tweets": _posts(60)})[:-2]
    assert len(list(records([text], account))) == 60
    assert [each.message for each in account.notices] == [json_stream.NO_END]


def test_a_post_that_is_too_large_is_left_out_and_those_after_it_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(json_stream, "WINDOW", 256)
    monkeypatch.setattr(json_stream, "LARGEST_RECORD", 2_000)
    posts = _posts(3)
    posts[1]["entities"] = [{"a": n} for n in range(1_000)]
    dump = read_dump(json.dumps(posts).encode(), "a.json")
    assert [each.tweets[0].text[:6] for each in dump.threads] == ["Port 0", "Port 2"]
    assert any(TOO_LARGE in each.message for each in dump.notices)


def test_json_is_decoded_in_small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    # At each error, `json` counts the lines of all that it was given.
    longest = 0
    decode = json.JSONDecoder.raw_decode

    def noted(decoder: json.JSONDecoder, text: str, at: int = 0) -> tuple[object, int]:
        nonlocal longest
        longest = max(longest, len(text))
        return decode(decoder, text, at)

    monkeypatch.setattr(json.JSONDecoder, "raw_decode", noted)
    assert list(records(["{}\n" * 100_000], Account("a.json"))) != []
    assert 0 < longest <= 3 * json_stream.WINDOW


def test_random_bytes_are_refused(tmp_path: Path) -> None:
    for share in (0.001, 0.4):  # a file that is read whole, and one that is not
        (fault,) = take_in([HOSTILE["random bytes"].at(tmp_path, share)]).faults
        assert str(fault.message).startswith("this is a binary file, not text")


def test_unclosed_boxes_have_their_own_words_only() -> None:
    box = '<div class="content-tweet" id="tweet_{0}" data-tweet="190000000000000{0}">Port {0}'
    page = "<html>" + "".join(box.format(n) for n in range(1, 9))
    (thread,) = read_dump(page.encode(), "a.html").threads
    assert [each.text for each in thread.tweets] == [f"Port {n}" for n in range(1, 9)]


def test_a_list_of_files_that_is_too_long_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "LARGEST_DIRECTORY", 1_000)
    with (tmp_path / "a.zip").open("wb") as stream:
        HOSTILE["ZIP with a million entries"].write(stream, 100)
    (fault,) = take_in([tmp_path / "a.zip"]).faults
    assert "more than 200,000 files" in str(fault.message)


def test_a_table_that_has_ended_is_not_read_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "MOST_SHORT", 50)
    endless = "words\n" * 40_000
    rows = f'tweet_id,text,username\n1,{SAID},anna\n2,"{endless}'
    dump = read_dump(rows.encode(), "a.csv")
    assert [each.tweets[0].text for each in dump.threads] == [SAID]
    assert dump.notices[-1].message == csv_table.ENDED


def test_the_lines_of_very_many_notices_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_account, "MOST_PLACES", 5)
    account = Account("a.txt")
    for number in range(9):
        account.notice(number + 1, "a fault")
    (said,) = account.collected()
    assert said.message == "a fault (9 times: lines 1, 2, 3 …)"
    assert len(account.notices) == 5


def test_the_account_lists_no_more_lines_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_account, "MOST_RECORDS", 4)
    dump = read_dump(b"Ports sleep.\n\n" * 9, "a.txt", detailed=True)
    assert len(dump.account) == 5
    assert dump.account[-1].what == "5 more lines are not listed here"


def test_the_account_keeps_few_words_for_many_notices() -> None:
    account = Account("a.txt")
    for number in range(3 * MOST_KINDS):
        account.left_out(Line(number + 1, "a"), f"notice {number}")
    said = account.collected()
    assert len(said) == MOST_KINDS + 1
    assert said[-1].message.startswith(f"{OTHER} (2,000 times: lines 1001, 1002, 1003 …)")
    assert account.noticed == 3 * MOST_KINDS


NO_BREAK = "\u00a0"
SIZE = 4_000
MOST = 0.5
"""Seconds of the processor for four times SIZE. What is linear needs a hundredth of it; each
pattern needed more than that for so long a text before it was mended, some of them minutes."""


@pytest.mark.parametrize(
    ("read", "before", "sign", "after"),
    [
        (printed_date, "1:11", " ", "a"),
        (printed_date, "Jan 3", " ", "a"),
        (embedded_tweets.SIGNED.search, "a —", " ", "a"),
        (html_posts.SIGNED.search, "a —", NO_BREAK, "a"),
        (markdown_lines.TITLE.match, "#", " ", "."),
        (post_marks.BOLD_NAME.fullmatch, "**a**", " ", "a"),
        (post_marks.AROUND.fullmatch, "", " ", "a"),
        (post_marks.COUNTED.search, "1", ".1", ""),
        (json_stream.ASSIGNMENT.match, "window.YTD.", "_", "a"),
        (x_archive.CUT.search, "a", " ", "a"),
        (feeds.NAMED.search, "", " ", "a"),
        (plausibility.SYNTAX.fullmatch, "import", "  ", "?"),
        (attached.ITS_LINK.search, "a", "  ", "b"),
    ],
)
def test_a_sign_repeated_is_tried_once(
    read: Callable[[str], object], before: str, sign: str, after: str
) -> None:
    text = before + sign * (4 * SIZE) + after
    began = time.process_time()
    read(text)
    assert time.process_time() - began < MOST


def test_stars_before_a_name_are_tried_once() -> None:
    began = time.process_time()
    page_sections.NAMES_SOMEBODY.match("*" * (25 * SIZE) + "a")  # 2.6 s, if tried more often
    assert time.process_time() - began < MOST
