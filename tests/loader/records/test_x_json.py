"""X's records in every format, field by field."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import pytest

from bot.loader.records.posts import Post
from bot.loader.records.x_json import account_name, iso, note_post, posts_in
from bot.models import Card, Link, Media

MOMENT = "Wed Sep 04 13:51:55 +0000 2019"
AT = "2019-09-04T13:51:55Z"


def only(record: Mapping[str, Any], users: Mapping[str, str] | None = None) -> Post:
    (post,) = posts_in(record, 7, users)
    return post


def texts(value: object) -> list[str]:
    return [post.text for post in posts_in(value, 1)]


def test_a_tweet_of_the_first_api_gives_all_its_fields() -> None:
    record = {
        "id": 1700000000000000100,
        "id_str": "1700000000000000105",
        "created_at": MOMENT,
        "full_text": "@ferry_bob Tide &amp; quay https://t.co/a now https://t.co/b https://t.co/p",
        "text": "cut",
        "user": {"screen_name": "anna_ports", "id_str": "71", "id": 72},
        "user_id_str": "73",
        "conversation_id_str": "1700000000000000101",
        "in_reply_to_status_id": 1700000000000000200,
        "in_reply_to_status_id_str": "1700000000000000102",
        "in_reply_to_screen_name": "ferry_bob",
        "in_reply_to_user_id": 82,
        "in_reply_to_user_id_str": "81",
        "entities": {
            "urls": [
                {"url": "https://t.co/a", "display_url": "a.example/…",
                 "expanded_url": "https://a.example/x"},
                {"url": "https://t.co/b", "expanded_url": "https://b.example"},
                {"display_url": "c.example"},
            ],
            "user_mentions": [{"screen_name": "ferry_bob"}, {"screen_name": "not a handle"}, 5],
        },
        "extended_entities": {"media": [{"url": "https://t.co/p"}, {"id": 1}]},
    }  # fmt: skip
    assert only(record) == Post(
        line=7,
        text="Tide & quay https://a.example/x now",
        mentions=("ferry_bob",),
        links=(
            Link("a.example/…", "https://a.example/x"),
            Link("https://b.example", "https://b.example"),
        ),
        author="anna_ports",
        author_id="71",
        created_at=AT,
        tweet_id="1700000000000000105",
        conversation="1700000000000000101",
        reply_to="1700000000000000102",
        reply_to_author="ferry_bob",
        reply_to_author_id="81",
    )


def test_numbers_do_where_the_first_api_gives_no_strings() -> None:
    record = {
        "id": 17,
        "text": "Low tide",
        "user": {"screen_name": "anna_ports", "id": 72},
        "in_reply_to_status_id": 16,
        "in_reply_to_user_id": 82,
    }
    assert only(record) == Post(
        line=7,
        text="Low tide",
        author="anna_ports",
        author_id="72",
        tweet_id="17",
        reply_to="16",
        reply_to_author_id="82",
    )


def test_a_tweet_of_an_archive_has_no_user_and_its_pictures_are_no_links() -> None:
    record = {
        "id_str": "17",
        "text": "Low tide https://t.co/p",
        "user_id_str": "73",
        "entities": {"media": [{"url": "https://t.co/p"}]},
    }
    assert only(record) == Post(line=7, text="Low tide", author_id="73", tweet_id="17")


def test_a_tweet_that_answers_nobody_keeps_the_mention_it_begins_with() -> None:
    assert only({"id_str": "1", "full_text": "@ferry_bob is late"}).text == "@ferry_bob is late"


def test_a_longer_text_goes_before_the_one_that_was_cut() -> None:
    record = {
        "id_str": "1",
        "text": "Low ti…",
        "entities": {"user_mentions": [{"screen_name": "nobody"}]},
        "extended_tweet": {
            "full_text": "Low tide at the quay",
            "entities": {"user_mentions": [{"screen_name": "ferry_bob"}]},
        },
    }
    post = only(record)
    assert (post.text, post.mentions) == ("Low tide at the quay", ("ferry_bob",))


@pytest.mark.parametrize(
    "said",
    [
        {"full_text": "RT @ferry_bob: Low tide"},
        {"full_text": "Low tide", "retweeted_status": {"no": "tweet"}},
        {"full_text": "Low tide", "retweeted_status": "?"},
        {"full_text": "Low tide", "retweeted_status_result": {}},
    ],
)
def test_a_repost_is_known_by_its_words_or_by_what_it_repeats(said: dict[str, object]) -> None:
    assert only({"id_str": "1", **said}).is_repost


def test_words_that_begin_like_a_repost_are_not_a_repost() -> None:
    assert not only({"id_str": "1", "full_text": "RTE @ferry_bob: Low tide"}).is_repost


def test_a_repost_that_holds_the_tweet_it_repeats_is_that_tweet() -> None:
    repeated = {"id_str": "5", "full_text": "High tide", "user": {"screen_name": "ferry_bob"}}
    post = only({"id_str": "6", "full_text": "RT @ferry_bob: Hi…", "retweeted_status": repeated})
    assert post == Post(line=7, text="High tide", author="ferry_bob", tweet_id="5", is_repost=True)


def test_a_tweet_of_the_web_client_has_its_user_beside_it() -> None:
    record = {
        "rest_id": "21",
        "core": {"user_results": {"result": {"rest_id": "71", "core": {"screen_name": "anna"}}}},
        "legacy": {"full_text": "Low tide", "created_at": MOMENT},
    }
    assert only(record) == Post(
        line=7, text="Low tide", author="anna", author_id="71", created_at=AT, tweet_id="21"
    )


def test_a_long_post_of_the_web_client_has_its_text_and_links_in_a_note() -> None:
    link = {
        "url": "https://t.co/a",
        "display_url": "a.example",
        "expanded_url": "https://a.example",
    }
    result = {"text": "Low tide at the quay https://t.co/a", "entity_set": {"urls": [link]}}
    record = {
        "rest_id": "21",
        "core": {"user_results": {"result": {"legacy": {"screen_name": "anna"}}}},
        "legacy": {"full_text": "Low ti…", "id_str": "22"},
        "note_tweet": {"note_tweet_results": {"result": result}},
    }
    assert only(record) == Post(
        line=7,
        text="Low tide at the quay",
        links=(Link("a.example", "https://a.example"),),
        author="anna",
        tweet_id="22",
    )


def test_a_note_without_entities_has_those_of_its_tweet() -> None:
    record = {
        "rest_id": "21",
        "legacy": {"full_text": "Low ti…", "entities": {"user_mentions": [{"screen_name": "bob"}]}},
        "note_tweet": {"note_tweet_results": {"result": {"text": "Low tide, @bob"}}},
    }
    post = only(record)
    assert (post.text, post.mentions) == ("Low tide, @bob", ("bob",))


def test_a_legacy_object_without_words_is_no_tweet_but_may_hold_one() -> None:
    inner = {"id_str": "1", "full_text": "Low tide"}
    assert texts({"legacy": {"pinned": inner}, "id_str": "9"}) == ["Low tide"]


def test_a_tweet_of_the_second_api_gives_all_its_fields() -> None:
    record = {
        "id": "17",
        "text": "@ferry_bob Low ti… https://t.co/a",
        "author_id": "71",
        "author": {"id": "99"},
        "created_at": "2019-09-04T13:51:55.000Z",
        "conversation_id": "15",
        "in_reply_to_user_id": "81",
        "referenced_tweets": [{"type": "quoted", "id": "3"}, {"type": "replied_to", "id": "16"}],
        "entities": {"mentions": [{"username": "ferry_bob"}]},
    }
    assert only(record, {"71": "anna_ports", "81": "ferry_bob"}) == Post(
        line=7,
        text="Low ti… https://t.co/a",
        mentions=("ferry_bob",),
        author="anna_ports",
        author_id="71",
        created_at=AT,
        tweet_id="17",
        conversation="15",
        reply_to="16",
        reply_to_author="ferry_bob",
        reply_to_author_id="81",
    )


def test_a_tweet_of_the_second_api_may_hold_its_author_and_whom_it_answers() -> None:
    record = {
        "id": "17",
        "text": "@ferry_bob is late",
        "author": {"id": "71", "username": "anna"},
        "in_reply_to_user_id": "81",
        "in_reply_to_user": {"username": "bob"},
    }
    post = only(record, {"71": "nobody", "81": "nobody"})
    assert (post.author, post.author_id, post.reply_to_author) == ("anna", "71", "bob")
    assert (post.text, post.reply_to, post.is_repost) == ("@ferry_bob is late", None, False)


def test_a_long_post_of_the_second_api_has_its_text_and_links_in_a_note() -> None:
    link = {"url": "https://t.co/a", "media_key": "3_1", "expanded_url": "https://x.com/photo"}
    record = {
        "id": "17",
        "text": "Low ti…",
        "edit_history_tweet_ids": ["17"],
        "note_tweet": {"text": "Low tide https://t.co/a", "entities": {"urls": [link]}},
    }
    assert only(record) == Post(line=7, text="Low tide", tweet_id="17")


def test_a_repost_of_the_second_api_is_recognized() -> None:
    record = {"id": "17", "text": "RT", "author_id": "71"}
    assert only({**record, "referenced_tweets": [{"type": "retweeted", "id": "16"}]}).is_repost
    assert not only({**record, "referenced_tweets": [{"type": "quoted", "id": "16"}]}).is_repost


@pytest.mark.parametrize(
    "hint",
    [{"user": {}}, {"id_str": "17"}, {"author_id": "7"}, {"author": {}},
     {"edit_history_tweet_ids": []}],
)  # fmt: skip
def test_a_text_with_an_id_is_a_tweet_if_anything_else_is_of_one(hint: dict[str, object]) -> None:
    assert texts({"id": 17, "text": "Low tide", **hint}) == ["Low tide"]


@pytest.mark.parametrize(
    "record",
    [
        {"id": 17, "text": "Low tide"},
        {"text": "Low tide", "user": {}},
        {"full_text": "Low tide"},
        {"id": 17, "user": {}},
        {"id": 17, "full_text": 5},
        {"id": True, "full_text": "Low tide"},
        {"id": 1.7e18, "full_text": "Low tide"},
        {"id": 0, "full_text": "Low tide"},
        {"id": "seventeen", "full_text": "Low tide"},
        {"id": "1" * 21, "full_text": "Low tide"},
        {"content": "Low tide"},
    ],
)
def test_a_record_without_a_tweet_s_fields_is_not_a_tweet(record: dict[str, object]) -> None:
    assert texts(record) == []


def test_an_id_may_have_twenty_digits() -> None:
    assert only({"id": "1" * 20, "full_text": "Low tide"}).tweet_id == "1" * 20


def test_a_scraped_tweet_gives_all_its_fields() -> None:
    record = {
        "id": 17,
        "id_str": "18",
        "rawContent": "@ferry_bob Tide https://t.co/a now",
        "content": "not this",
        "user": {"username": "anna_ports", "id": 71, "id_str": "72"},
        "date": "2019-09-04T13:51:55+00:00",
        "conversationId": 14,
        "conversationIdStr": "15",
        "inReplyToTweetId": 16,
        "inReplyToTweetIdStr": "13",
        "inReplyToUser": {"username": "ferry_bob", "id": 81, "id_str": "82"},
        "mentionedUsers": [{"username": "ferry_bob"}, {"username": None}, "?"],
        "links": [
            {"tcourl": "https://t.co/a", "text": "a.example/…", "url": "https://a.example/x"},
            {"text": "b.example"},
        ],
    }
    assert only(record) == Post(
        line=7,
        text="Tide https://a.example/x now",
        mentions=("ferry_bob",),
        links=(Link("a.example/…", "https://a.example/x"),),
        author="anna_ports",
        author_id="72",
        created_at=AT,
        tweet_id="18",
        conversation="15",
        reply_to="13",
        reply_to_author="ferry_bob",
        reply_to_author_id="82",
    )


def test_a_scraped_tweet_may_have_numbers_alone() -> None:
    record = {
        "id": 17,
        "content": "@ferry_bob is late",
        "user": {"username": "anna_ports", "id": 71},
        "conversationId": 14,
        "inReplyToUser": {"id": 81},
    }
    assert only(record) == Post(
        line=7,
        text="@ferry_bob is late",
        author="anna_ports",
        author_id="71",
        tweet_id="17",
        conversation="14",
        reply_to_author_id="81",
    )
    assert only({**record, "inReplyToTweetId": 16}).reply_to == "16"


def test_a_scraped_repost_holds_what_it_repeats() -> None:
    record = {"id": 17, "content": "Low tide", "user": None}
    assert only({**record, "retweetedTweet": {"id": 3}}).is_repost
    assert not only({**record, "retweetedTweet": None}).is_repost


def test_tweets_come_in_their_order_however_they_are_wrapped() -> None:
    a, b, c, d = ({"id_str": str(n), "full_text": said} for n, said in enumerate("abcd", start=1))
    assert texts({"tweets": [a, [b]], "more": {"deep": [{"tweet": c}, 5, "?"]}, "last": d}) == [
        "a", "b", "c", "d",
    ]  # fmt: skip


def test_what_a_page_includes_is_not_of_the_page_but_names_its_authors() -> None:
    tweet = {"id": "17", "text": "Low tide", "author_id": "71"}
    other = {"id": "18", "text": "Not of the page", "author_id": "72"}
    users = [{"id": "71", "username": "anna"}, {"id": None, "username": "bob"}, {"id": "5"}, "?"]
    page = {
        "data": [tweet],
        "includes": {"users": users, "tweets": [other]},
        "errors": [other],
        "meta": other,
    }
    (post,) = posts_in([page], 1)
    assert (post.text, post.author) == ("Low tide", "anna")
    first, second = posts_in([page, {"data": tweet}], 1, {"71": "earlier"})
    assert (first.author, second.author) == ("anna", "earlier")


def test_a_quotation_inside_a_tweet_is_not_a_tweet_by_itself() -> None:
    quoted = {"id_str": "5", "full_text": "High tide"}
    assert texts({"id_str": "6", "full_text": "Low tide", "quoted_status": quoted}) == ["Low tide"]


def test_nesting_may_be_deeper_than_the_stack() -> None:
    value: object = {"id_str": "1", "full_text": "Low tide"}
    for _ in range(3000):
        value = [{"inner": value}]
    assert texts(value) == ["Low tide"]


def test_a_long_post_of_an_archive_gives_all_its_fields() -> None:
    note = {
        "createdAt": "2019-09-04T13:51:55.000Z",
        "core": {
            "text": "@ferry_bob Tide &amp; quay https://t.co/a",
            "urls": [{"shortUrl": "https://t.co/a", "expandedUrl": "https://a.example/x",
                      "displayUrl": "a.example/…"}],
            "mentions": [{"screenName": "ferry_bob"}, {"screenName": ""}],
        },
    }  # fmt: skip
    assert note_post(note, 7) == Post(
        line=7,
        text="Tide & quay",
        mentions=("ferry_bob",),
        links=(Link("a.example/…", "https://a.example/x"),),
        created_at=AT,
    )


def test_a_long_post_of_mentions_alone_keeps_them() -> None:
    post = note_post({"core": {"text": "@ferry_bob @anna"}}, 7)
    assert post is not None
    assert post.text == "@ferry_bob @anna"


@pytest.mark.parametrize("note", [{}, {"core": "text"}, {"core": {"text": None}}])
def test_a_note_without_words_is_no_post(note: dict[str, object]) -> None:
    assert note_post(note, 7) is None


def test_an_archive_names_its_author() -> None:
    assert account_name(b'[ { "account" : { "username" : "anna_ports" } } ]') == "anna_ports"
    assert account_name(b'[ { "account" : { "userName" : "anna_ports" } } ]') is None
    assert account_name(b'{"username":"a_name_of_16_lette"}') is None


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        (MOMENT, AT),
        ("Wed Sep 04 13:51:55 +0200 2019", "2019-09-04T11:51:55Z"),
        ("Tue Jan 01 00:00:00 +0000 2019", "2019-01-01T00:00:00Z"),
        ("Tue Dec 31 23:59:59 +0000 2019", "2019-12-31T23:59:59Z"),
        ("2019-09-04T13:51:55.999+00:00", AT),
        ("2019-09-04 15:51:55+02:00", AT),
        ("2019-09-04T13:51:55", AT),
        ("2019-09-04", "2019-09-04T00:00:00Z"),
        ("2006-01-01", "2006-01-01T00:00:00Z"),
        ("9998-12-31T23:59:59-10:00", "9999-01-01T09:59:59Z"),
        ("2005-12-31", None),
        ("9999-01-01", None),
        ("Wed Foo 04 13:51:55 +0000 2019", None),
        ("Wed Sep 31 13:51:55 +0000 2019", None),
        ("yesterday", None),
        ("", None),
        (1567605115, None),
        (None, None),
    ],
)
def test_a_moment_is_read_in_each_of_its_forms(written: object, moment: str | None) -> None:
    assert iso(written) == moment


@pytest.mark.parametrize(
    ("written", "handle"),
    [("anna_ports", "anna_ports"), ("a" * 20, "a" * 20), ("a" * 21, None), ("", None),
     ("anna ports", None), ("änna", None), (5, None)],
)  # fmt: skip
def test_a_handle_is_letters_digits_and_lines(written: object, handle: str | None) -> None:
    record = {"id_str": "1", "full_text": "Low tide", "user": {"screen_name": written}}
    assert only(record).author == handle


EXPORTED = {
    "id": "17", "created_at": "2009-03-01 11:00:00 +01:00", "full_text": "Low https://t.co/p",
    "screen_name": "anna", "name": "Anna", "user_id": "7", "in_reply_to": None,
    "retweeted_status": None, "quoted_status": None,
    "media": [{"type": "photo", "url": "https://t.co/p", "ext_alt_text": "A quay",
               "thumbnail": "https://pbs.twimg.com/media/G?format=jpg&name=thumb",
               "original": "https://pbs.twimg.com/media/G?format=jpg&name=orig"}],
}  # fmt: skip


def test_an_exporter_s_record_has_its_author_beside_the_text() -> None:
    post = only(EXPORTED)
    assert (post.author, post.author_name, post.text) == ("anna", "Anna", "Low")
    assert (post.created_at, post.is_repost) == ("2009-03-01T10:00:00Z", False)
    address = "https://pbs.twimg.com/media/G?format=jpg&name=orig"
    assert post.media == (Media("photo", address, "A quay"),)
    reply = only({**EXPORTED, "full_text": "@anna Ebb", "in_reply_to": "9"})
    assert (reply.text, reply.reply_to) == ("Ebb", "9")
    assert only({**EXPORTED, "retweeted_status": "5"}).is_repost


def test_an_exporter_s_record_with_all_metadata_is_read_from_it() -> None:
    legacy = {"full_text": "Low tide", "in_reply_to_status_id_str": "9"}
    user = {"result": {"rest_id": "7", "legacy": {"screen_name": "ben"}}}
    whole = {"rest_id": "17", "core": {"user_results": user}, "legacy": legacy}
    post = only({**EXPORTED, "metadata": whole})
    assert (post.text, post.author, post.reply_to) == ("Low tide", "ben", "9")
    assert only({**EXPORTED, "metadata": {"legacy": 5}}).author == "anna"


def test_a_picture_without_an_address_is_a_link_if_there_is_nothing_else() -> None:
    page = "https://x.com/anna/status/17/photo/1"
    picture = {"url": "https://t.co/p", "expanded_url": page, "type": "photo"}
    record = {"id_str": "17", "full_text": "https://t.co/p", "entities": {"media": [picture]}}
    assert only(record).links == (Link(page, page),)
    shown = {**picture, "display_url": "pic.x.com/p"}
    assert only({**record, "entities": {}, "extended_entities": {"media": [shown]}}).links == (
        Link("pic.x.com/p", page),
    )
    assert only({**record, "full_text": "Low https://t.co/p"}).links == ()
    known = {**picture, "media_url_https": "https://pbs.twimg.com/media/G.jpg"}
    assert only({**record, "entities": {"media": [known]}}).links == ()


@pytest.mark.parametrize(
    "edits",
    [
        {"edit_history_tweet_ids": ["9", "17"]},
        {"edit_info": {"initial": {"editTweetIds": ["17", "9"]}}},
        {"edit_info": {"edit": {"initialTweetId": "9",
                                "editControlInitial": {"editTweetIds": ["9", "17"]}}}},
        {"edit_control": {"edit_tweet_ids": [17, 9]}},
        {"edit_control": {"initial_tweet_id": "9",
                          "edit_control_initial": {"edit_tweet_ids": ["9", "17"]}}},
    ],
)  # fmt: skip
def test_the_versions_of_a_post_are_known_in_every_format(edits: dict[str, object]) -> None:
    assert only({"id_str": "17", "full_text": "Low", **edits}).versions == ("9", "17")
    assert only({"id": "17", "text": "Low", "author_id": "7", **edits}).versions == ("9", "17")
    legacy = {"full_text": "Low"}
    whole = {"rest_id": "17", "core": {}, "legacy": legacy, **edits}
    if "edit_control" in edits:
        assert only(whole).versions == ("9", "17")


def test_a_post_of_one_version_was_not_edited() -> None:
    for ids in (["17"], [], "17", None, ["17", "17"]):
        record = {"id_str": "17", "full_text": "Low", "edit_history_tweet_ids": ids}
        assert only(record).versions == ()


def test_an_article_is_the_text_of_its_tweet() -> None:
    article = {"article_results": {"result": {"title": "Tides", "plain_text": "Low\nebb"}}}
    url = {
        "url": "https://t.co/a",
        "expanded_url": "http://x.com/i/article/1",
        "display_url": "x.com/i/…",
    }
    legacy = {"full_text": "https://t.co/a", "entities": {"urls": [url]}}
    post = only({"rest_id": "17", "article": article, "legacy": legacy})
    assert (post.text, post.is_cut) == ("Tides\n\nLow\nebb", False)
    said = {**legacy, "full_text": "Read: https://t.co/a"}
    assert only({"rest_id": "17", "article": article, "legacy": said}).text.startswith(
        "Read:\n\nTides"
    )
    second = {"id": "17", "text": "x", "author_id": "7", "article": {"title": "Tides"}}
    assert (only(second).text, only(second).is_cut) == ("x\n\nTides", True)
    assert only({**second, "text": "Tides"}).text == "Tides"


def test_an_api_of_others_names_the_moment_otherwise() -> None:
    record = {"id_str": "17", "full_text": "Low", "tweet_created_at": "2009-03-01T10:00:00+00:00"}
    assert only(record).created_at == "2009-03-01T10:00:00Z"


@pytest.mark.parametrize("pairs", [(["https://t.co/a"], ["https://a.example"]), ([5], ["x"])])
def test_an_old_scraper_lists_links_and_their_goals_apart(pairs: tuple[list[Any], ...]) -> None:
    shorts, goals = pairs
    record = {"id": 17, "content": "Low https://t.co/a tide", "user": {"username": "anna"},
              "tcooutlinks": shorts, "outlinks": goals}  # fmt: skip
    is_known = shorts == ["https://t.co/a"]
    assert only(record).text == f"Low {'https://a.example' if is_known else 'https://t.co/a'} tide"
    new = {"links": [{"tcourl": "https://t.co/a", "url": "https://b.example", "text": "b.example"}]}
    assert only({**record, **new}).text == "Low https://b.example tide"


def test_a_scraped_text_keeps_a_short_link_at_its_end_if_it_shows_nothing() -> None:
    record = {"id": 17, "content": "Low https://t.co/a", "user": {"username": "anna"}}
    assert only(record).text == "Low https://t.co/a"
    shown = {**record, "media": [{"type": "photo", "fullUrl": "https://pbs.twimg.com/media/A.jpg"}]}
    assert only(shown).text == "Low"


def test_a_quoted_post_without_a_text_is_no_quote() -> None:
    record = {"id_str": "6", "full_text": "Low tide", "quoted_status": {"id_str": "5"}}
    assert only(record).quote is None


def test_media_of_the_second_api_may_stand_where_the_first_has_them() -> None:
    picture = "https://pbs.twimg.com/media/A.jpg"
    record = {
        "id": "17",
        "text": "Low tide",
        "author_id": "71",
        "extended_entities": {"media": [{"type": "photo", "media_url_https": picture}]},
    }
    assert only(record).media == (Media("photo", picture),)


def test_a_scraped_card_has_the_goal_of_its_short_link() -> None:
    record = {
        "id": 17,
        "rawContent": "Low https://t.co/a",
        "user": {"username": "anna"},
        "links": [{"tcourl": "https://t.co/a", "url": "https://a.example", "text": "a.example"}],
        "card": {"title": "Tides", "url": "https://t.co/a"},
    }
    assert only(record).card == Card("Tides", None, "https://a.example")


def test_a_moment_without_a_zone_is_in_utc_wherever_the_bot_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    try:
        with monkeypatch.context() as patch:
            patch.setenv("TZ", "Asia/Tokyo")
            time.tzset()
            assert iso("2019-09-04T13:51:55") == AT
    finally:
        time.tzset()


def test_in_a_page_of_the_second_api_an_id_and_a_text_are_a_tweet() -> None:
    tweets = [{"id": "17", "text": "Low"}, {"id": "18", "text": "tide"}]
    meta = {"newest_id": "18", "oldest_id": "17", "result_count": 2}
    found = [*posts_in({"data": tweets, "meta": meta}, 1)]
    assert [(each.tweet_id, each.text) for each in found] == [("17", "Low"), ("18", "tide")]
    assert texts({"data": tweets, "meta": {"result_count": 2}}) == []
    assert texts(tweets) == []
