"""Threads of programs that schedule posts."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import given

from bot.loader.line_account import Account
from bot.loader.records import json_records, scheduled
from bot.loader.records.reply_chains import CUT
from bot.loader.records.scheduled import DRAFT
from bot.models import Media, Metadata, Thread
from tests.loader.records.written import AUTHOR, Written, as_read, as_written, threads, told

URL = f"https://x.com/{AUTHOR}/status/7"


def read(value: Any, author: str | None = None) -> tuple[list[Thread], Account]:
    text = json.dumps(value)
    account = Account("a.json")
    format_, found = json_records.parse([text], text, Metadata(author=author), account)
    assert format_ == scheduled.FORMAT
    return list(found), account


def typefully(thread: list[Written]) -> dict[str, Any]:
    return {
        "id": 5, "status": "published", "num_tweets": len(thread),
        "text": "\n\n\n\n".join(each.text for each in thread),
        "published_on": thread[0].iso, "twitter_url": thread[0].url,
    }  # fmt: skip


def platforms(thread: list[Written]) -> dict[str, Any]:
    posts = [{"text": each.text, "media_ids": []} for each in thread]
    return {
        "social_set_id": 5, "status": "published", "published_at": thread[0].iso,
        "x_published_url": thread[0].url,
        "platforms": {"linkedin": None, "x": {"enabled": True, "posts": posts}},
    }  # fmt: skip


def listed(thread: list[Written]) -> dict[str, Any]:
    tweets = [{"status": each.text, "tweetId": each.tweet_id} for each in thread]
    return {"status": "published", "time": thread[0].iso, "tweets": tweets, "user": AUTHOR}


@given(threads())
def test_threads_are_read_as_they_were_written(made: list[list[Written]]) -> None:
    for form, is_page in itertools.product((typefully, platforms), (True, False)):
        records = [form(thread) for thread in made]
        found, account = read({"results": records} if is_page else records)
        firsts = [
            [
                (row[0] if place == 0 else None, row[1], thread[0][2], row[3])
                for place, row in enumerate(thread)
            ]
            for thread in as_written(made)
        ]
        assert as_read(found) == firsts
        assert all(each.complete for each in found)
        assert told(account) == []
    found, account = read([listed(thread) for thread in made])
    assert [[row[:2] for row in thread] for thread in as_read(found)] == [
        [row[:2] for row in thread] for thread in as_written(made)
    ]
    assert told(account) == []


@pytest.mark.parametrize("status", ["draft", "scheduled", "Error", None])
def test_what_was_not_published_is_left_out(status: str | None) -> None:
    record = {"status": status, "text": "Ebb", "num_tweets": 1}
    posted = {"text": "Low tide", "num_tweets": 1, "published_on": "2009-03-01"}
    found, account = read([record, posted])
    assert [each.title for each in found] == ["Low tide"]
    assert told(account) == [(1, DRAFT)]


@pytest.mark.parametrize("key", ["x_published_url", "twitter_url", "published_at", "posted_at"])
def test_without_a_status_a_date_or_an_address_says_that_it_was_published(key: str) -> None:
    found, _ = read([{"text": "Low tide", "num_tweets": 1, key: "2009-03-01"}])
    assert len(found) == 1


def test_a_list_has_only_the_beginning_of_a_text() -> None:
    record = {
        "social_set_id": 5,
        "status": "published",
        "preview": "Low ti",
        "x_published_url": URL,
    }
    (thread,), account = read([record])
    assert (thread.title, thread.author, thread.tweets[0].tweet_id) == ("Low ti", AUTHOR, "7")
    assert told(account) == [(1, CUT)]


def test_a_post_on_another_platform_has_its_address_there() -> None:
    record = {
        "status": "published", "social_set_id": 1, "published_url": "https://a.example/5",
        "platforms": {"x": {"enabled": False, "posts": [{"text": "Ebb"}]},
                      "threads": {"enabled": True, "posts": [{"text": "Low tide"}]}},
    }  # fmt: skip
    (thread,), _ = read([record])
    assert [(each.text, each.permalink) for each in thread.tweets] == [
        ("Low tide", "https://a.example/5")
    ]


@pytest.mark.parametrize(
    "author",
    [{"username": "@ben"}, {"user": {"screen_name": "ben"}}, {"account": {"username": "ben"}}],
)
def test_the_author_may_be_named_beside_the_text(author: dict[str, Any]) -> None:
    record = {"text": "Low tide", "num_tweets": 1, "status": "posted", **author}
    assert read([record])[0][0].author == "ben"
    record = {"text": "Low tide", "num_tweets": 1, "status": "posted", "user": "no handle"}
    assert read([record], "anna")[0][0].author == "anna"


def test_tweets_may_be_texts_or_pictures() -> None:
    picture = "https://pbs.twimg.com/media/G.jpg"
    tweets = ["Low tide", {"media": [picture]}, {"x": 1}, {"content": "Ebb https://a.example"}]
    (thread,), _ = read([{"tweets": tweets, "published": True}])
    assert [each.text for each in thread.tweets] == ["Low tide", "", "Ebb"]
    assert thread.tweets[1].media == (Media("photo", picture),)
    assert thread.tweets[2].links[0].url == "https://a.example"


@pytest.mark.parametrize(
    ("beginning", "expected"),
    [
        ('{"num_tweets": 1', True),
        ('[{"tweets": [{"id": 1, "status": "a', True),
        ('[{"posts": ["a', True),
        ('{"tweets": [{"id_str": "1", "text": "a', False),
        ('{"posts": [{"uri": 1', False),
        ('{"data": [{"text": "a', False),
    ],
)
def test_such_programs_are_known_by_their_keys(
    beginning: str,
    expected: bool,  # noqa: FBT001  # pytest passes it by name
) -> None:
    assert scheduled.looks_like(beginning) is expected


def test_values_among_the_records_are_passed_over() -> None:
    posted = {"text": "Low tide", "num_tweets": 1, "published_on": "2009-03-01"}
    found, account = read({"num_tweets": 1, "page": ["x", 5, None, posted]})
    assert [each.title for each in found] == ["Low tide"]
    assert told(account) == []


@pytest.mark.parametrize("key", ["tweets", "posts", "thread"])
@pytest.mark.parametrize("text", ["text", "content", "status", "body", "tweet", "full_text"])
def test_a_list_of_tweets_and_a_tweet_s_text_have_several_names(key: str, text: str) -> None:
    record = {key: [{text: "Low tide"}, {text: "Ebb"}], "published": True, "num_tweets": 2}
    ((thread,), _) = read([record])
    assert [each.text for each in thread.tweets] == ["Low tide", "Ebb"]


@pytest.mark.parametrize(
    "key",
    ["x_published_url", "twitter_url", "tweet_url", "tweetUrl", "published_url", "url", "link"],
)
def test_the_address_has_several_names(key: str) -> None:
    record = {"num_tweets": 1, "text": "Low tide", "status": "published", key: URL}
    ((thread,), _) = read([record])
    assert (thread.author, thread.tweets[0].tweet_id) == (AUTHOR, "7")


def test_an_address_is_enough_to_know_a_record() -> None:
    record = {"text": "Low tide\n\n\n\n \n\n\n\nEbb", "twitter_url": URL}
    ((thread,), account) = read([record])
    assert [each.text for each in thread.tweets] == ["Low tide", "Ebb"]
    assert told(account) == []


@pytest.mark.parametrize(
    ("key", "is_there"), [("published_url", True), ("url", True), ("link", False)]
)
def test_an_address_elsewhere_is_the_post_s_if_it_is_named_as_such(
    key: str,
    is_there: bool,  # noqa: FBT001  # pytest passes it by name
) -> None:
    record = {"num_tweets": 1, "text": "Low", "status": "published", key: "https://a.example/5"}
    ((thread,), _) = read([record])
    assert thread.tweets[0].permalink == ("https://a.example/5" if is_there else None)
