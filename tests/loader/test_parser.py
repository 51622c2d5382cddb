"""Detecting a dump's format, and refusing a dump without a tweet."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import pytest

from bot.errors import DumpError
from bot.loader.parser import LARGEST_TEXT, READ_AS_PAGE, read_dump
from bot.loader.plausibility import WEB_PAGE
from bot.loader.raw.content import Content, Part
from bot.loader.raw.pictures import Pictures, Source
from bot.models import Metadata
from bot.views.export import exported
from tests.loader.test_streams import large
from tests.strategies import thread

DUMPS = Path(__file__).parent.parent / "dumps"
TWEET = {"id_str": "1", "full_text": "Low tide"}


def refused(data: bytes | str | Content, file: str = "a.txt") -> tuple[int | None, str]:
    with pytest.raises(DumpError) as caught:
        read_dump(data.encode() if isinstance(data, str) else data, file)
    assert caught.value.file == file
    return caught.value.line, str(caught.value.reason)


def claiming(data: bytes, size: int, name: str = "") -> Content:
    """Return a dump that claims to have that size."""
    return Content((Part(name, lambda: io.BytesIO(data), size),))


@pytest.mark.parametrize(
    ("text", "format_"),
    [
        (json.dumps(TWEET), "x-json"),
        ("id,text\n1,Low tide\n", "table"),
        ("Low tide\n", "hand-written thread"),
        ("[Low](https://a.example) tide\n\n[High](https://b.example) tide\n", "markdown"),
        ("---\nauthor: anna\n---\n[Low](https://a.example) tide\n", "markdown"),
        ("Low tide\n\nSee [this](https://a.example)\n", "hand-written thread"),
        (exported(thread("Low tide"), "txt"), "threadbot-text"),
        (exported(thread("Low tide"), "json"), "threadbot-json"),
    ],
)
def test_a_format_is_detected_from_the_content(text: str, format_: str) -> None:
    dump = read_dump(text.encode(), "a")
    assert dump.format == format_
    assert "Low tide" in [tweet.text for tweet in dump.threads[0].tweets]


@pytest.mark.parametrize(
    ("name", "format_"),
    [
        ("given_seed", "thread-reader-text"),
        ("thread_reader_clip", "thread-reader-text"),
        ("thread_reader_page", "thread-reader-html"),
        ("page_with_tweets_markup", "thread-reader-text"),
        ("markdown_clip_of_a_thread", "markdown-clip"),
        ("markdown_of_an_author", "markdown"),
        ("markdown_rules_between_tweets", "markdown"),
        ("mastodon_outbox", "mastodon"),
        ("bluesky_feed", "bluesky"),
        ("x_archive_tweets", "x-archive"),
        ("table_of_tweets", "table"),
    ],
)
def test_saved_pages_and_files_are_of_their_formats(name: str, format_: str) -> None:
    assert read_dump((DUMPS / f"{name}.txt").read_bytes(), "a.bin").format == format_


def test_a_dump_has_its_name_its_hash_and_the_given_metadata() -> None:
    metadata = Metadata(author="anna")
    dump = read_dump(b"Low tide", "deep/a.txt", metadata)
    assert (dump.file, dump.metadata, dump.account, dump.notices) == (
        "deep/a.txt",
        metadata,
        (),
        (),
    )
    assert dump.sha256 == hashlib.sha256(b"Low tide").hexdigest()
    assert read_dump(b"Low tide", "a").metadata == Metadata()


def test_several_files_are_an_archive() -> None:
    tweets = f"window.YTD.tweets.part0 = {json.dumps([TWEET])}".encode()
    told: list[int] = []
    dump = read_dump(claiming(tweets, len(tweets), "tweets.js"), "a", progress=told.append)
    assert (dump.format, dump.threads[0].title, told) == ("x-archive", "Low tide", [len(tweets)])


def test_progress_is_reported_for_other_dumps_too() -> None:
    told: list[int] = []
    read_dump(b"Low tide", "a", progress=told.append)
    assert told == [8]


def test_notices_come_in_the_order_of_their_lines_those_of_the_whole_dump_first() -> None:
    answer = {**TWEET, "id_str": "2", "in_reply_to_status_id_str": "9"}
    text = f'{json.dumps(TWEET)}\n{{"x": 1}}\n{{"y": oh}}\n{json.dumps(answer)}\n'
    notices = read_dump(text.encode(), "a").notices
    assert [each.line for each in notices] == [None, None, 2, 3]


def test_the_account_names_the_thread_of_each_tweet() -> None:
    dump = read_dump(b"Low tide\n\n\nHigh tide", "a", detailed=True)
    assert [(each.line, each.what) for each in dump.account] == [(1, "1.1"), (4, "1.2")]


def test_given_metadata_overrides_the_dump_s_own() -> None:
    text = b"---\nauthor: anna\ntitle: Tides\n---\nLow tide"
    inside = read_dump(text, "a").threads[0]
    assert (inside.author, inside.title, inside.source_url) == ("anna", "Tides", None)
    outside = Metadata(author="bob", source="https://a.example/t", keep_replies=True)
    over = read_dump(text, "a", outside).threads[0]
    assert (over.author, over.title, over.source_url) == ("bob", "Tides", "https://a.example/t")


def test_each_document_in_a_dump_has_its_own_head_and_its_format_is_named_once() -> None:
    plain = (DUMPS / "front_matter_above_each_of_two_threads.txt").read_text(encoding="utf-8")
    clip = (DUMPS / "markdown_clip_of_a_thread.txt").read_text(encoding="utf-8")
    dump = read_dump(f"{plain}\n{clip}\n{plain}".encode(), "a")
    assert dump.format == "hand-written thread+markdown-clip"
    authors = [each.author for each in dump.threads]
    assert authors == ["anna_ports", "bob_harbour", "anna_ports", "anna_ports", "bob_harbour"]


def test_a_dump_without_a_tweet_is_refused_with_its_notices() -> None:
    assert refused('{"x": 1}') == (
        None,
        "no tweets were found (a record without a tweet; left out)",
    )
    assert refused("[[]]") == (None, "no tweets were found")


@pytest.mark.parametrize(
    ("faults", "rest"), [(1, ""), (3, ""), (4, "; and 1 more"), (1003, "; and 1,000 more")]
)
def test_of_many_reasons_three_are_given(faults: int, rest: str) -> None:
    letters = [chr(0xE000 + number) for number in range(faults)]
    text = "---\nauthor: me\n" + "\n".join(f"date: {each}" for each in letters) + "\n---\n"
    shown = "; ".join(
        f"“{each}” is not a valid ISO date (2025-06-13); date left out" for each in letters[:3]
    )
    assert refused(text) == (None, f"no tweets were found ({shown}{rest})")


def test_a_reason_that_repeats_is_given_once_with_its_number() -> None:
    reason = "a record without a tweet; left out (64,000 times: lines 1, 2, 3 …)"
    assert refused('{"x": 1}\n' * 64_000) == (None, f"no tweets were found ({reason})")


KEEP = (
    "; --keep-replies and --keep-reposts, or the settings THREADBOT_KEEP_REPLIES and "
    "THREADBOT_KEEP_REPOSTS, keep them"
)


def test_where_settings_would_keep_what_is_left_out_they_are_named() -> None:
    repost = {**TWEET, "full_text": "RT @bob: Ebb"}
    reposts = json.dumps([{**repost, "id_str": str(n)} for n in range(1, 1001)])
    assert refused(reposts)[1] == f"no tweets were found (left out 1,000 reposts{KEEP})"
    answer = {**TWEET, "in_reply_to_status_id_str": "9"}
    assert refused(json.dumps(answer))[1] == (
        f"no tweets were found (left out 1 reply to somebody else{KEEP})"
    )
    wordless = {**TWEET, "full_text": ""}
    assert refused(json.dumps(wordless))[1] == (
        "no tweets were found (left out 1 post without text or links)"
    )
    same = "\n".join(['{"x": 1}'] * 3 + [json.dumps(repost)])
    assert refused(same)[1].endswith(f"a record without a tweet; left out (3 times){KEEP})")
    many = "\n".join(['{"x": 1}', '{"x" 1}', '{"x"; 1}', "{x", json.dumps(repost)])
    assert refused(many)[1].endswith(f"{KEEP}; and 1 more)")


def test_text_of_64_mb_may_be_a_thread_and_more_may_not() -> None:
    assert read_dump(claiming(b"Low tide", LARGEST_TEXT), "a").threads
    assert LARGEST_TEXT == 64 * 1024**2
    assert refused(claiming(b"Low tide", LARGEST_TEXT + 1)) == (
        None,
        "the text is larger than 64 MB; split it into smaller files",
    )
    records = claiming(json.dumps(TWEET).encode(), LARGEST_TEXT + 1)
    assert read_dump(records, "a").format == "x-json"


def test_a_text_that_comes_in_pieces_is_put_together() -> None:
    dump = read_dump(large(b"Low tide\nat the quay", 3), "a")
    assert [tweet.text for tweet in dump.threads[0].tweets] == ["Low tide", "at the quay"]


@pytest.mark.parametrize(
    "opening", ["<!DOCTYPE html>", "<html>", "<head>", "  <Body class='a'>", "<div>", "<?xml ?>"]
)
def test_a_web_page_is_read_as_its_words_and_doubted(opening: str) -> None:
    dump = read_dump(f"\n\n{opening}\nLow tide".encode(), "a.txt")
    assert (dump.format, dump.doubt) == ("web-page", WEB_PAGE)
    assert [tweet.text for thread in dump.threads for tweet in thread.tweets] == ["Low tide"]
    assert dump.notices[0].message == READ_AS_PAGE


def test_a_web_page_without_words_is_refused_with_its_line() -> None:
    said = "this is a saved web page; save the thread's page as text"
    assert refused("\n\n<html><script>a()</script>") == (3, said)


def test_a_web_page_with_counters_is_not_doubted_and_knows_its_thread() -> None:
    page = """<html><link rel="canonical" href="https://x.com/anna/status/1901"><p>1/2 Low tide</p>
        <p>2/2 High tide</p>"""
    dump = read_dump(page.encode(), "a.txt", detailed=True)
    assert (dump.format, dump.doubt) == ("web-page", None)
    (thread,) = dump.threads
    assert (thread.author, thread.source_url) == ("anna", "https://x.com/anna/status/1901")
    assert [entry.kind for entry in dump.account] == ["tweet", "tweet"]


def test_a_page_whose_markup_only_looks_like_that_of_posts_is_read_as_its_words() -> None:
    page = '<html><p class="tweet-text">Low tide</p>'
    assert read_dump(page.encode(), "a.txt").format == "web-page"


@pytest.mark.parametrize("opening", ["<htmlx>", "<p>", "Low <html>", "< html>"])
def test_a_text_may_begin_with_a_bracket_or_speak_of_markup(opening: str) -> None:
    assert read_dump(f"{opening} tide\n<html>\n".encode(), "a").threads


CODE = ["def a(", "x = [", "} else {", "call(),", "end;", "})", "];"]


def code(lines: int, words: int) -> str:
    return "\n\n".join([CODE[n % len(CODE)] for n in range(lines)] + ["Low tide"] * words)


def test_a_program_is_refused_with_the_line_it_begins_at() -> None:
    reason = "this looks like program code or raw data in an unknown format, not a thread"
    assert refused(code(20, 0)) == (1, reason)
    assert refused(code(20, 4)) == (1, reason)
    assert refused("---\nauthor: anna\n---\n" + code(20, 0)) == (4, reason)


def test_some_lines_of_a_program_may_be_quoted() -> None:
    assert read_dump(code(19, 0).encode(), "a").threads
    assert read_dump(code(20, 5).encode(), "a").threads


def test_of_a_saved_page_s_markup_no_line_is_accounted_for() -> None:
    data = (DUMPS / "thread_reader_page.txt").read_bytes()
    dump = read_dump(data, "a", detailed=True)
    assert all(each.kind != "notice" for each in dump.account)


def test_pictures_that_are_not_copied_get_a_notice() -> None:
    beside = Pictures(Source({"1-a.jpg": 3}, lambda _: b"no picture"))
    dump = '{"type": "Note", "id": "https://a.example/1", "content": "<p>Low</p>",'
    dump += '"to": ["https://www.w3.org/ns/activitystreams#Public"], "attachment":'
    dump += '[{"type": "Document", "mediaType": "image/jpeg", "url": "/1-a.jpg"}]}'
    notices = read_dump(f'{{"orderedItems": [{dump}]}}'.encode(), "a", pictures=beside).notices
    assert [each.message for each in notices][:1] == [
        "did not copy 1 picture: 1 not readable as JPEG, PNG, GIF or WebP"
    ]
