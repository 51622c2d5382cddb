"""The Community Archive's JSON, whatever the order of its parts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.loader.parser import read_dump
from bot.loader.records import community_archive
from bot.loader.records.json_records import AUTHOR_UNKNOWN
from bot.models import Dump, Metadata
from tests.loader.records.written import AUTHOR, FIRST, NAME, Written, as_read, as_written, threads

ACCOUNT = {"account": {"username": AUTHOR, "accountId": "77", "accountDisplayName": NAME}}
LIKE = {"like": {"tweetId": "5", "fullText": "Somebody else’s words", "expandedUrl": "x"}}
BEGINNING = "A long post about the tide tax. " * 6


def row(tweet: Written) -> dict[str, Any]:
    reply = {"in_reply_to_status_id_str": tweet.above, "in_reply_to_screen_name": AUTHOR}
    return {
        "tweet": {
            "id_str": tweet.tweet_id,
            "full_text": tweet.text.replace("&", "&amp;").replace("<", "&lt;"),
            "created_at": tweet.moment.strftime("%a %b %d %H:%M:%S +0000 %Y"),
            **(reply if tweet.above else {}),
        }
    }


def archive(*tweets: Any, **more: Any) -> dict[str, Any]:
    return {"account": [ACCOUNT], "like": [LIKE], "tweets": list(tweets), **more}


def read(value: Any, metadata: Metadata | None = None) -> Dump:
    dump = read_dump(json.dumps(value).encode(), "archive.json", metadata, detailed=True)
    assert dump.format == community_archive.FORMAT
    return dump


@given(threads(), st.randoms(use_true_random=False), st.sampled_from([None, 1]))
def test_threads_are_read_as_they_were_written(
    made: list[list[Written]], random: Any, indent: int | None
) -> None:
    parts = {
        "upload-options": {"keepPrivate": False, "startDate": "x"},
        "account": [ACCOUNT],
        "profile": [{"profile": {"description": {"bio": "x"}}}],
        "like": [LIKE],
        "note-tweet": [],
        "tweets": [row(each) for thread in made for each in thread],
    }
    names = list(parts)
    random.shuffle(names)
    text = json.dumps({name: parts[name] for name in names}, indent=indent)
    dump = read_dump(text.encode(), "archive.json")
    assert dump.format == community_archive.FORMAT
    assert as_read(list(dump.threads)) == as_written(made)
    assert dump.notices == ()
    assert {tweet.author_name for each in dump.threads for tweet in each.tweets} == {NAME}


def test_a_long_post_has_its_whole_text() -> None:
    tweet = {"id_str": "1", "full_text": f"{BEGINNING.strip()}…",
             "created_at": "Fri Mar 01 10:00:00 +0000 2009"}  # fmt: skip
    note = {
        "noteTweet": {"createdAt": "2009-03-01T10:00:00.000Z", "core": {"text": f"{BEGINNING}end"}}
    }
    other = {
        "noteTweet": {"createdAt": "2009-03-02T10:00:00.000Z", "core": {"text": "Of no tweet"}}
    }
    dump = read(archive({"tweet": tweet}, **{"note-tweet": [note, other, {"x": 1}]}))
    assert dump.threads[0].tweets[0].text == f"{BEGINNING}end"
    assert [each.message for each in dump.notices] == [
        "a record without a long post; left out",
        "a long post whose tweet is not in this archive; left out",
    ]


def test_tweets_of_communities_are_read_and_records_without_one_get_a_notice() -> None:
    tweet = {"tweet": {"id_str": "1", "full_text": "Low tide"}}
    dump = read(archive({"x": 1}, **{"community-tweet": [tweet]}))
    assert [each.title for each in dump.threads] == ["Low tide"]
    assert [each.message for each in dump.notices] == ["a record without a tweet; left out"]


def test_an_archive_without_an_account_gets_a_notice() -> None:
    tweet = {"tweet": {"id_str": "1", "full_text": "Low tide"}}
    value = {"tweets": [tweet], "like": [LIKE]}
    assert [each.message for each in read(value).notices] == [AUTHOR_UNKNOWN]
    dump = read(value, Metadata(author="ben"))
    assert (dump.threads[0].author, dump.notices) == ("ben", ())


def test_a_broken_record_does_not_hide_the_others() -> None:
    text = '{"account": [{"account": {"username": "anna_ports"}}],\n"tweets": [\n{"tweet": {x},\n'
    text += '{"tweet": {"id_str": "1", "full_text": "Low tide"}}\n]}'
    dump = read_dump(text.encode(), "a.json")
    assert [(each.title, each.author) for each in dump.threads] == [("Low tide", AUTHOR)]
    assert [each.line for each in dump.notices] == [3]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('{"upload-options": {', True),
        ('{"account": [{"account": {"user', True),
        ('\n{ "like":[ ],', True),
        ('{"note-tweet": [{"noteTweet": {', True),
        ('{"account": {"username"', False),
        ('{"tweets": [{"id_str"', False),
        ('[{"tweet": {', False),
        ('{"tweet": {"id_str"', False),
    ],
)
def test_an_archive_is_known_by_its_beginning(
    head: str,
    expected: bool,  # noqa: FBT001  # pytest passes it by name
) -> None:
    assert community_archive.looks_like(head) is expected


@pytest.mark.parametrize("key", ["tweets", "tweet", "community-tweet"])
def test_tweets_may_be_under_several_names_and_name_their_author(key: str) -> None:
    named = {"id_str": "1", "full_text": "Low tide", "user": {"screen_name": "ben"}}
    dump = read({"account": [ACCOUNT], key: [{"tweet": named}]})
    assert [each.author for each in dump.threads] == ["ben"]


def test_a_record_without_a_tweet_is_accounted_for_without_words() -> None:
    dump = read(archive({"x": 1}, row(Written("1", "Low", FIRST, None))))
    assert [(each.kind, each.said) for each in dump.account] == [("notice", ""), ("tweet", "Low")]
