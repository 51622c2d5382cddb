"""What gallery-dl writes: files' metadata, and lists of messages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from bot.loader.line_account import Account
from bot.loader.records import gallery_dl, json_records
from bot.loader.records.gallery_dl import QUOTED_APART
from bot.models import Media, Metadata, Quote, Thread
from tests.loader.records.written import (
    AUTHOR,
    NAME,
    Written,
    as_read,
    as_written,
    threads,
    told,
)

PERSON = {"id": 77, "name": AUTHOR, "nick": NAME}
NAMED = "Gabcdefghijklmn"


def record(tweet: Written | None = None, **more: Any) -> dict[str, Any]:
    known = (
        {
            "tweet_id": int(tweet.tweet_id),
            "reply_id": int(tweet.above or 0),
            "date": tweet.moment.strftime("%Y-%m-%d %H:%M:%S"),
            "content": tweet.text.replace("&", "&amp;"),
        }
        if tweet
        else {"tweet_id": 1, "reply_id": 0, "date": "2009-03-01 10:00:00", "content": "Low tide"}
    )
    return {"retweet_id": 0, "quote_id": 0, "author": PERSON, "user": PERSON, **known, **more}


def read(*values: Any) -> tuple[list[Thread], Account]:
    text = "\n".join(json.dumps(each) for each in values)
    account = Account("a.json", detailed=True)
    format_, found = json_records.parse([text], text, Metadata(), account)
    assert format_ == gallery_dl.FORMAT
    return list(found), account


@given(threads())
def test_threads_are_read_as_they_were_written(made: list[list[Written]]) -> None:
    every = [each for thread in made for each in thread]
    for form in (
        [record(each, num=number) for each in every for number in (1, 2)],
        [[[2, record(each)] for each in every]],
        [[message for each in every for message in ([2, record(each)], [3, "x", record(each)])]],
    ):
        found, account = read(*form)
        assert as_read(found) == as_written(made)
        assert told(account) == []


def test_a_post_with_several_files_has_all_of_them_once() -> None:
    one: dict[str, Any] = {"filename": NAMED, "extension": "jpg"}
    other: dict[str, Any] = {"filename": NAMED[::-1], "extension": "png", "description": "A quay"}
    found, _ = read(record(**one), record(**one), record(**other), record(tweet_id=2, **one))
    address = f"https://pbs.twimg.com/media/{NAMED}?format=jpg&name=orig"
    second = f"https://pbs.twimg.com/media/{NAMED[::-1]}?format=png&name=orig"
    assert [each.tweets[0].media for each in found] == [
        (Media("photo", address), Media("photo", second, "A quay")),
        (Media("photo", address),),
    ]


def test_a_file_s_description_is_kept_whichever_record_has_it() -> None:
    url = f"https://pbs.twimg.com/media/{NAMED}?format=jpg&name=orig"
    for descriptions in (("", "A quay"), ("A quay", "")):
        records = [[3, url, record(description=each)] for each in descriptions]
        (thread,), account = read(records)
        assert thread.tweets[0].media == (Media("photo", url, "A quay"),)
        assert told(account) == []


@pytest.mark.parametrize(
    ("url", "media"),
    [
        ("https://video.twimg.com/v.mp4", (Media("video", None, None, "https://video.twimg.com/v.mp4"),)),
        ("https://elsewhere.example/a.jpg", ()),
        ("https://pbs.twimg.com/profile_images/1/a.jpg", ()),
    ],
)  # fmt: skip
def test_the_files_of_messages_are_known_by_their_addresses(
    url: str, media: tuple[Media, ...]
) -> None:
    ((thread,), _) = read([[3, url, record()]])
    assert thread.tweets[0].media == media


@pytest.mark.parametrize("name", ["profile", "Gabcdefghijkl-", "", "Gabcdefghijk:mn"])
def test_other_names_of_files_lead_nowhere(name: str) -> None:
    ((thread,), _) = read(record(filename=name, extension="jpg"))
    assert thread.tweets[0].media == ()
    ((thread,), _) = read(record(filename=NAMED, extension="mp4"))
    assert thread.tweets[0].media == ()


def test_reposts_are_left_out() -> None:
    found, account = read(record(), record(tweet_id=2, retweet_id=9))
    assert len(found) == 1
    assert told(account) == [(None, "left out 1 repost")]


def test_a_quoted_post_is_part_of_the_one_that_quotes_it() -> None:
    ben = {"id": 5, "name": "ben", "nick": "Ben"}
    quoted = record(tweet_id=9, quote_id=1, content="Ebb", author=ben)
    (thread,), account = read(record(), quoted)
    assert thread.tweets[0].quote == Quote(
        "Ebb", "ben", "Ben", "2009-03-01T10:00:00Z", "https://x.com/ben/status/9"
    )
    assert told(account) == []
    (thread,), account = read(record(tweet_id=3), quoted)
    assert thread.tweets[0].quote is None
    assert told(account) == [(2, QUOTED_APART)]
    assert [(each.kind, each.said) for each in account.entries(()) if each.line == 2] == [
        ("notice", "Ebb")
    ]


def test_a_reply_to_somebody_else_is_left_out_and_its_mentions_are_kept() -> None:
    mentions = [{"id": 5, "name": "ben", "nick": "Ben"}, "x"]
    found, account = read(
        record(content="@ben Yes", reply_id=8, reply_to="ben"),
        record(tweet_id=2, content="@ben Low https://t.co/abc", mentions=mentions),
        record(tweet_id=4, content="@anna_ports Later", reply_id=3, reply_to=AUTHOR),
    )
    assert [(each.title, each.complete) for each in found] == [
        ("@ben Low", True),
        ("Later", False),
    ]
    assert found[0].tweets[0].mentions == ("ben",)
    assert told(account) == [(None, "left out 1 reply to somebody else")]


def test_records_without_a_post_get_a_notice() -> None:
    found, account = read(record(), {"category": "twitter", "tweet_id": 0}, [5, "x"], {"x": 1})
    assert len(found) == 1
    message = "a record without a tweet; left out"
    assert told(account) == [(2, message), (4, message)]


def test_a_file_without_any_post_has_no_thread() -> None:
    found, account = read({"category": "twitter", "tweet_id": 0, "reply_id": 0})
    assert found == []
    assert told(account) == [(1, "a record without a tweet; left out")]


def test_the_url_of_a_message_is_of_the_next_record_alone() -> None:
    url = f"https://pbs.twimg.com/media/{NAMED}?format=jpg&name=orig"
    found, _ = read([[3, url, record()], record(tweet_id=2)])
    assert [each.tweets[0].media for each in found] == [(Media("photo", url),), ()]
