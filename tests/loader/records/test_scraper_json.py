"""The JSON of scrapers that write camel case."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from bot.errors import DumpError
from bot.loader.line_account import Account
from bot.loader.parser import read_dump
from bot.loader.records import json_records, scraper_json
from bot.models import Link, Media, Metadata, Quote, Thread, Tweet
from tests.loader.records.written import (
    AUTHOR,
    NAME,
    Written,
    as_read,
    as_written,
    threads,
    told,
)

URL = f"https://x.com/{AUTHOR}/status/1"


def record(tweet: Written | None = None, **more: Any) -> dict[str, Any]:
    known: dict[str, Any] = {"id": "1", "text": "Low tide", "permanentUrl": URL}
    if tweet:
        known = {
            "id": tweet.tweet_id,
            "text": tweet.text.replace("&", "&amp;"),
            "permanentUrl": tweet.url,
            "inReplyToStatusId": tweet.above,
            "timeParsed": tweet.moment.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        }
    return {"username": AUTHOR, "userId": "77", "name": NAME, "isRetweet": False, **known, **more}


def read(value: Any) -> tuple[list[Thread], Account]:
    text = json.dumps(value)
    account = Account("a.json")
    format_, found = json_records.parse([text], text, Metadata(), account)
    assert format_ == scraper_json.FORMAT
    return list(found), account


def only(**more: Any) -> Tweet:
    ((thread,), account) = read(record(**more))
    (tweet,) = thread.tweets
    assert told(account) == []
    return tweet


def nested(thread: list[Written]) -> dict[str, Any]:
    first, *rest = thread
    inside = [record(each, inReplyToStatusId=None, thread=[]) for each in rest]
    return record(first, thread=inside)


def in_go(tweet: Written) -> dict[str, Any]:
    return {
        "ID": tweet.tweet_id, "Text": tweet.text.replace("&", "&amp;"), "Username": AUTHOR,
        "PermanentURL": tweet.url, "TimeParsed": tweet.iso, "InReplyToStatusID": tweet.above,
        "Retweet": {"ID": "", "Username": ""},
    }  # fmt: skip


@given(threads())
def test_threads_are_read_as_they_were_written(made: list[list[Written]]) -> None:
    every = [each for thread in made for each in thread]
    for form in (
        [record(each) for each in every],
        {"tweets": [nested(thread) for thread in made]},
        {AUTHOR: [nested(thread) for thread in made] + [record(each) for each in every]},
        [in_go(each) for each in reversed(every)][::-1],
    ):
        found, account = read(form)
        assert as_read(found) == as_written(made)
        assert told(account) == []


def test_a_post_in_the_one_that_answers_it_is_read() -> None:
    above = record(id="1", text="Flood")
    (thread,), account = read(record(id="2", text="Ebb", inReplyToStatus=above))
    assert [each.text for each in thread.tweets] == ["Flood", "Ebb"]
    assert told(account) == []


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"isRetweet": True}, ""),
        ({"retweetedStatus": {"id": "5"}}, ""),
        ({"text": "RT @ben: Ebb"}, ""),
        ({"Retweet": {"ID": ""}}, "Low tide"),
        ({"isRetweet": None}, "Low tide"),
    ],
)
def test_reposts_are_left_out(more: dict[str, Any], text: str) -> None:
    found, account = read(record(**more))
    assert "".join(each.title for each in found) == text
    assert told(account) == ([] if text else [(None, "left out 1 repost")])


def test_short_links_get_their_goals_in_order_and_pictures_have_none() -> None:
    tweet = only(
        text="See https://t.co/a and https://t.co/b now https://t.co/p",
        urls=["https://a.example", "https://b.example"],
        photos=[{"id": "1", "url": "https://pbs.twimg.com/media/G.jpg", "alt_text": "A quay"}],
    )
    assert tweet.text == "See https://a.example and https://b.example now"
    assert tweet.links == (
        Link("https://a.example", "https://a.example"),
        Link("https://b.example", "https://b.example"),
    )
    assert tweet.media == (Media("photo", "https://pbs.twimg.com/media/G.jpg", "A quay"),)
    entities = {"urls": [{"url": "https://t.co/a", "expanded_url": "https://c.example"}]}
    assert only(text="See https://t.co/a", entities=entities).links[0].url == "https://c.example"


def test_videos_and_gifs_have_their_previews() -> None:
    video = {
        "id": "9",
        "preview": "https://pbs.twimg.com/v.jpg",
        "url": "https://video.twimg.com/v.mp4",
    }
    other = {
        "ID": "8",
        "Preview": "https://pbs.twimg.com/g.jpg",
        "URL": "https://video.twimg.com/g.mp4",
    }
    tweet = only(videos=[video], GIFs=[other], photos=["https://pbs.twimg.com/media/G.jpg"])
    assert tweet.media == (
        Media("photo", "https://pbs.twimg.com/media/G.jpg"),
        Media("video", video["preview"], None, video["url"]),
        Media("gif", other["Preview"], None, other["URL"]),
    )


def test_a_quoted_post_is_the_quote_of_the_other() -> None:
    quoted = record(id="5", text="Ebb", username="ben", name="Ben")
    tweet = only(quotedStatus={**quoted, "quotedStatus": quoted})
    assert tweet.quote == Quote("Ebb", "ben", "Ben", None, "https://x.com/ben/status/5")


@pytest.mark.parametrize(
    ("more", "moment"),
    [
        ({"timeParsed": "2009-03-01T10:00:00.000Z"}, "2009-03-01T10:00:00Z"),
        ({"timestamp": 1235901600}, "2009-03-01T10:00:00Z"),
        ({"timestamp": 1235901600000}, "2009-03-01T10:00:00Z"),
        ({"timestamp": "1235901600"}, "2009-03-01T10:00:00Z"),
        ({"createdAt": "Sun Mar 01 10:00:00 +0000 2009"}, "2009-03-01T10:00:00Z"),
        ({"TimeParsed": "0001-01-01T00:00:00Z", "timestamp": 0}, None),
        ({"timestamp": 10**15}, None),
    ],
)
def test_the_moment_may_be_a_text_or_a_number(more: dict[str, Any], moment: str | None) -> None:
    assert only(**more).created_at == moment


def test_the_author_may_be_an_object_or_in_the_address() -> None:
    author = {"userName": "ben", "name": "Ben", "id": "5"}
    tweet = only(username=None, userId=None, name=None, author=author)
    assert (tweet.author, tweet.author_name) == ("ben", "Ben")
    assert only(username=None).author == AUTHOR
    assert only(username=None, permanentUrl="https://x.com/i/status/1").author is None


def test_mentions_that_begin_a_reply_are_no_part_of_its_text() -> None:
    mentions = [{"id": "5", "username": "ben"}, {"x": 1}]
    (thread,), _ = read(
        [record(), record(id="2", text="@ben Ebb", inReplyToStatusId="1", mentions=mentions)]
    )
    assert (thread.tweets[1].text, thread.tweets[1].mentions) == ("Ebb", ("ben",))


def test_records_without_a_post_get_a_notice() -> None:
    found, account = read([record(), {"id": "3"}, {"text": "x"}, {"id": "4", "text": "x"}, 5])
    assert len(found) == 1
    assert {message for _, message in told(account)} == {
        json_records.NO_TWEET,
        json_records.NO_TWEET_ID,
    }
    assert len(told(account)) == 4


def test_what_a_post_answers_need_not_be_a_post_and_its_own_words_count() -> None:
    found, account = read([record(inReplyToStatus={"note": "gone"})])
    assert [each.complete for each in found] == [True]
    assert told(account) == []
    above = {**record(), "id": "8", "text": "Ebb"}
    own = record(id="9", inReplyToStatus=above, inReplyToStatusId="8")
    ((thread,), _) = read([own])
    assert [each.tweet_id for each in thread.tweets] == ["8", "9"]


def test_a_short_link_without_a_goal_in_the_entities_is_left_out() -> None:
    urls = [
        {"url": "https://t.co/a"}, {"expanded_url": "https://a.example"}, "x",
        {"url": "https://t.co/b", "expanded_url": "https://b.example/b"},
    ]  # fmt: skip
    tweet = only(text="Low https://t.co/a https://t.co/b tide", entities={"urls": urls})
    assert tweet.links == (Link("https://b.example/b", "https://b.example/b"),)


def plain(*records: dict[str, Any]) -> tuple[list[Thread], Account]:
    """What is read of records in no known format."""
    account = Account("a.json")
    text = json.dumps({"results": records})
    return list(json_records.parse([text], text, Metadata(), account)[1]), account


STATUS_17 = "https://twitter.com/anna_ports/status/17"


@pytest.mark.parametrize(
    "known",
    [
        {"id": 1, "text": "Low", "url": STATUS_17},
        {"tweet_id": "17", "content": "Low", "handle": "@anna_ports"},
        {"tweet_id": 17, "tweet_text": "Low", "user": {"username": "anna_ports", "user_id": 7}},
        {"Tweet ID": "17", "Full Text": "Low", "Screen Name": "anna_ports"},
        {"tweetId": "17", "text": "Low", "author": {"screen_name": "anna_ports"}},
        {"text": "Low", "author": "Anna", "link": STATUS_17},
    ],
)
def test_a_record_with_a_tweet_s_address_or_id_is_one(known: dict[str, Any]) -> None:
    ((thread,), account) = plain(known)
    tweet = thread.tweets[0]
    assert (tweet.text, tweet.tweet_id, tweet.author) == ("Low", "17", "anna_ports")
    assert told(account) == []


@pytest.mark.parametrize(
    "record",
    [
        {"id": 17, "text": "Low", "url": "https://blog.example/17"},
        {"id": 17, "text": "Low", "username": "anna"},
        {"title": "Low", "url": STATUS_17},
        {"text": "Low", "tweet_id": "seventeen"},
    ],
)
def test_other_records_are_no_posts(record: dict[str, Any]) -> None:
    found, account = plain(record)
    assert found == []
    assert [message for _, message in told(account)] == ["a record without a tweet; left out"]


DATED = "1785610110366646272"
"""A tweet's id of 2024-05-01T10:00:00Z."""


@pytest.mark.parametrize(
    "known",
    [
        {"id": DATED, "text": "Low", "created_at": "Wed May 01 10:00:00 +0000 2024"},
        {"id": int(DATED), "content": "Low", "date": "2024-05-01"},
        {"id": DATED, "text": "Low", "timestamp": 1714557600, "username": "anna_ports"},
    ],
)
def test_a_plain_id_is_a_tweet_s_if_it_has_the_time_of_the_record(known: dict[str, Any]) -> None:
    ((thread,), account) = plain(known)
    assert thread.tweets[0].tweet_id == DATED
    assert told(account)[0] == (1, scraper_json.DATED_ID)


@pytest.mark.parametrize(
    "more",
    [
        {"id": DATED},
        {"id": DATED, "date": "2024-05-03"},
        {"id": DATED, "date": "2022-05-01T10:00:00Z"},
        {"id": "110366646272", "date": "2010-11-05"},  # another site's, as old as X's scheme
        {"id": "x", "date": "2024-05-01"},
    ],
)
def test_the_id_of_another_site_has_another_time(more: dict[str, Any]) -> None:
    found, account = plain({"text": "Low", "username": "anna_ports", **more})
    assert found == []
    assert "left out" in told(account)[0][1]


@pytest.mark.parametrize(
    "more",
    [{"retweet": True}, {"retweet_tweet_id": "9"}, {"post_type": "retweet"},
     {"post_type": "repost"}, {"retweet_status": {"tweet_id": "9", "text": "Low"}}],
)  # fmt: skip
def test_a_plain_record_may_be_a_repost(more: dict[str, Any]) -> None:
    _, account = plain({"tweet_id": "17", "text": "Low", "username": "anna", **more})
    assert told(account) == [(None, "left out 1 repost")]


def test_a_plain_record_may_have_media_dates_and_what_it_answers() -> None:
    address = "https://pbs.twimg.com/media/G.jpg"
    first = {"tweet_id": "17", "text": "Low https://t.co/a", "username": "anna", "name": "Anna",
             "creation_date": "Sun Mar 01 10:00:00 +0000 2009", "media_url": [address]}  # fmt: skip
    second = {**first, "tweet_id": "18", "text": "Ebb", "in_reply_to_status_id": "17"}
    ((thread,), _) = plain(first, second)
    assert [each.text for each in thread.tweets] == ["Low", "Ebb"]
    one = thread.tweets[0]
    assert (one.created_at, one.author_name) == ("2009-03-01T10:00:00Z", "Anna")
    assert one.media == (Media("photo", address),)


def test_a_short_link_without_a_goal_stays_where_no_picture_is_shown() -> None:
    assert only(text="Low https://t.co/a tide https://t.co/b").text.startswith("Low https://t.co/a")
    photos = [{"url": "https://pbs.twimg.com/media/G.jpg"}]
    shown = only(text="Low https://t.co/a tide https://t.co/b", photos=photos)
    assert shown.text == "Low https://t.co/a tide"


@pytest.mark.parametrize("key", ["media", "mediaUrl", "media_urls", "images", "image_urls"])
def test_pictures_may_be_listed_under_several_names(key: str) -> None:
    address = "https://pbs.twimg.com/media/G.jpg"
    assert only(**{key: [address]}).media == (Media("photo", address),)


@pytest.mark.parametrize(
    "key",
    ["timeParsed", "created_at", "date", "timestamp", "creation_date", "published_at",
     "published_at_utc", "tweet_created_at", "datetime"],
)  # fmt: skip
def test_the_moment_has_several_names(key: str) -> None:
    assert only(**{key: "2009-03-01T10:00:00Z"}).created_at == "2009-03-01T10:00:00Z"


def test_posts_are_read_from_each_list_of_an_object() -> None:
    found, account = read({"a": [record(id="1", text="Flood")], "b": [record(id="2", text="Ebb")]})
    assert [each.title for each in found] == ["Flood", "Ebb"]
    assert told(account) == []


def test_a_short_link_whose_goal_is_missing_gets_the_listed_one() -> None:
    entities = {"urls": [{"url": "https://t.co/a"}]}
    tweet = only(text="See https://t.co/a now", entities=entities, urls=["https://a.example"])
    assert tweet.text == "See https://a.example now"


def test_media_are_named_in_any_spelling() -> None:
    picture = "https://pbs.twimg.com/media/G.jpg"
    assert only(Photos=[{"URL": picture, "AltText": "A quay"}]).media == (
        Media("photo", picture, "A quay"),
    )
    assert only(Videos=[{"ID": "1", "Preview": picture}]).media == (Media("video", picture),)


@pytest.mark.parametrize("key", ["author", "user"])
@pytest.mark.parametrize("record", [
    {"tweet_id": "1900000000000000001", "text": "Low tide"},
    {"id_str": "1900000000000000001", "full_text": "Low tide"},
    {"id": "1900000000000000001", "text": "Low tide", "created_at": "2025-03-13T00:00:00Z"},
])  # fmt: skip
def test_an_author_may_be_a_handle_alone(record: dict[str, str], key: str) -> None:
    (thread,) = read_dump(json.dumps([record | {key: "@anna"}]).encode(), "a.json").threads
    assert (thread.author, thread.tweets[0].author_name) == ("anna", None)
    display = read_dump(json.dumps([record | {key: "Anna of the Ports"}]).encode(), "a.json")
    assert display.threads[0].author is None


@pytest.mark.parametrize("more", [{}, {"author": "anna"}])
def test_a_plain_id_that_is_refused_is_explained(more: dict[str, str]) -> None:
    record = {"id": "12345678", "text": "Low tide", **more}
    with pytest.raises(DumpError, match=r"of another site: .* needs its id as tweet_id"):
        read_dump(json.dumps([record]).encode(), "a.json")
