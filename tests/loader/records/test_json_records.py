"""Dumps of JSON records: their formats and notices."""

from __future__ import annotations

import json

import pytest

from bot.loader.line_account import Account
from bot.loader.records import json_records
from bot.loader.records.json_records import AUTHOR_UNKNOWN, HEAD, NO_AUTHOR
from bot.models import Metadata, Thread
from bot.views.export import exported
from tests.strategies import thread

PLACE = "at://did:plc:anna/app.bsky.feed.post/1"
STREAMS = "https://www.w3.org/ns/activitystreams"
NOTE = {"type": "Note", "to": "as:Public", "content": "Low tide"}
TWEET = {"id_str": "1", "full_text": "Low tide"}
LONG_POST = {"noteTweet": {"core": {"text": "A long post"}}}
ARCHIVE = f"window.YTD.tweets.part0 = {json.dumps([TWEET])}"


def read(
    text: str, metadata: Metadata | None = None, *, detailed: bool = False
) -> tuple[str, list[Thread], Account]:
    account = Account("a.json", detailed=detailed)
    format_, threads = json_records.parse([text], text, metadata or Metadata(), account)
    return format_, list(threads), account


@pytest.mark.parametrize(
    ("text", "format_"),
    [
        (json.dumps(TWEET), "x-json"),
        (ARCHIVE, "x-archive"),
        (json.dumps({"@context": STREAMS, **NOTE}), "mastodon"),
        (json.dumps({"@context": "http:" + STREAMS.removeprefix("https:"), **NOTE}), "mastodon"),
        (json.dumps({"@context": STREAMS.removeprefix("https:"), **NOTE}), "mastodon"),
        (json.dumps({"uri": PLACE, "record": {"text": "Low tide"}}), "bluesky"),
        (json.dumps({"x": {"$type": "app.bsky.y"}, **TWEET}), "bluesky"),
        (json.dumps({"x": "https://bsky.app", **TWEET}), "x-json"),
        (json.dumps({"pad": " " * HEAD, "uri": PLACE, **TWEET}), "x-json"),
    ],
)
def test_the_format_is_detected_from_the_beginning_of_the_text(text: str, format_: str) -> None:
    assert read(text)[0] == format_


def test_each_format_is_read_in_its_way() -> None:
    bluesky = {"uri": PLACE, "record": {"text": "Low tide"}}
    for record in (TWEET, {"@context": STREAMS, **NOTE}, bluesky):
        (thread,) = read(json.dumps(record))[1]
        assert [tweet.text for tweet in thread.tweets] == ["Low tide"]


def test_the_metadata_may_name_the_author() -> None:
    named = {**TWEET, "id_str": "2", "user": {"screen_name": "bob"}}
    _, threads, account = read(json.dumps([TWEET, named]), Metadata(author="anna"))
    assert [thread.author for thread in threads] == ["anna", "bob"]
    assert account.notices == []


def test_the_given_author_continues_threads_that_begin_elsewhere() -> None:
    answer = {**TWEET, "in_reply_to_status_id_str": "9", "in_reply_to_screen_name": "anna"}
    (thread,) = read(json.dumps(answer), Metadata(author="anna"))[1]
    assert not thread.complete
    assert read(json.dumps(answer))[1] == []


def test_an_archive_s_file_without_an_author_gets_a_notice() -> None:
    assert [each.message for each in read(ARCHIVE)[2].notices] == [AUTHOR_UNKNOWN]
    assert read(ARCHIVE, Metadata(author="anna"))[2].notices == []
    assert [each.message for each in read(json.dumps(TWEET))[2].notices] == [NO_AUTHOR]
    assert read(json.dumps(TWEET), Metadata(author="anna"))[2].notices == []
    named = {**TWEET, "id_str": "8", "user": {"screen_name": "anna"}}
    assert read(json.dumps([TWEET, named]))[2].notices == []
    none = read('window.YTD.tweets.part0 = [{"x": 1}]')[2]
    assert [each.message for each in none.notices] == ["a record without a tweet; left out"]


def test_a_dump_of_one_thread_has_the_metadata_s_title_and_page() -> None:
    metadata = Metadata(title="Tides", source="https://a.example")
    (one,) = read(json.dumps([TWEET]), metadata)[1]
    assert (one.title, one.source_url) == ("Tides", "https://a.example")
    two = read(json.dumps([TWEET, {**TWEET, "id_str": "2"}]), metadata)[1]
    assert [(each.title, each.source_url) for each in two] == [("Low tide", None)] * 2


def test_a_record_whose_id_may_be_of_another_site_is_told_what_it_needs() -> None:
    own = {"text": "Low tide", "username": "anna"}
    _, threads, account = read(json.dumps({"id": "1800000000000000001", **own}))
    assert threads == []
    (notice,) = account.notices
    assert "needs its id as tweet_id, its address as url, or the time" in notice.message
    assert len(read(json.dumps({"tweet_id": "1800000000000000001", **own}))[1]) == 1


def test_a_record_without_a_tweet_gets_a_notice_and_is_accounted_for() -> None:
    text = f'[\n{{"x": 1}},\n{json.dumps([TWEET, TWEET])},\n{{"noteTweet": {{}}}}]'
    _, _, account = read(text, detailed=True)
    message = "a record without a tweet; left out"
    assert [(each.line, each.message) for each in account.notices] == [
        (2, message), (4, message), (None, NO_AUTHOR),
    ]  # fmt: skip
    entries = [(each.line, each.kind, each.what, each.said) for each in account.entries(())]
    assert (2, "notice", message, "") in entries
    assert (4, "notice", message, "") in entries
    assert len(entries) == 3


def test_a_record_with_a_notice_gets_no_second_one() -> None:
    unseen = {"$type": "app.bsky.feed.defs#blockedPost", "uri": PLACE}
    messages = [each.message for each in read(json.dumps(unseen))[2].notices]
    assert messages == ["a post that Bluesky hides (deleted or blocked); left out"]


def test_a_long_post_without_its_tweet_is_one_by_itself() -> None:
    (thread,) = read(json.dumps([LONG_POST]))[1]
    assert [tweet.text for tweet in thread.tweets] == ["A long post"]
    assert read(json.dumps([5, "x", None, {"noteTweet": 5}]))[1] == []
    (thread,) = read(json.dumps({**TWEET, "noteTweet": "x"}))[1]
    assert thread.title == "Low tide"


def test_posts_name_the_file_that_they_are_from() -> None:
    posts = json_records.posts_in(
        [json.dumps([TWEET])], json_records.x_posts_in, Account("a"), "tweets.js"
    )
    assert [(post.part, post.line) for post in posts] == [("tweets.js", 1)]


def test_what_threadbot_exports_is_read_as_that() -> None:
    made = exported(thread("Low tide", "Ebb", author="anna"), "json")
    format_, (back,), account = read(made)
    assert (format_, account.notices) == ("threadbot-json", [])
    assert [tweet.text for tweet in back.tweets] == ["Low tide", "Ebb"]
