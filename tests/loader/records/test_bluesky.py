"""Posts of Bluesky, field by field."""

from __future__ import annotations

from typing import Any

import pytest

from bot.loader.line_account import Account
from bot.loader.records.bluesky import posts_in
from bot.loader.records.posts import Post
from bot.models import Card, Link, Media

URI = "at://did:plc:anna/app.bsky.feed.post/p2"


def view(text: str = "Low tide", **record: object) -> dict[str, object]:
    return {"uri": URI, "record": {"text": text, **record}}


def read(value: Any) -> tuple[list[Post], list[str]]:
    """The posts, and the notices."""
    account = Account("a.json")
    posts = list(posts_in(value, 7, account))
    assert {each.line for each in account.notices} <= {7}
    return posts, [each.message for each in account.notices]


def only(value: Any) -> Post:
    ((post,), notices) = read(value)
    assert notices == []
    return post


def texts(value: Any) -> list[str]:
    return [post.text for post in read(value)[0]]


def facet(start: object, end: object, **feature: object) -> dict[str, object]:
    return {"index": {"byteStart": start, "byteEnd": end}, "features": [feature]}


def test_a_post_gives_all_its_fields() -> None:
    record = {
        "text": " The quay at four, @bob.example ",
        "createdAt": "2024-03-02T10:00:00.000Z",
        "reply": {
            "root": {"uri": "at://did:plc:carl/app.bsky.feed.post/p0"},
            "parent": {"uri": "at://did:plc:bob/app.bsky.feed.post/p1"},
        },
        "facets": [facet(19, 31, did="did:plc:bob")],
    }
    author = {"did": "did:plc:anna", "handle": "anna.example"}
    assert only({"uri": URI, "author": author, "record": record}) == Post(
        line=7,
        text="The quay at four, @bob.example",
        mentions=("bob.example",),
        author="anna.example",
        author_id="did:plc:anna",
        created_at="2024-03-02T10:00:00Z",
        tweet_id=URI,
        conversation="at://did:plc:carl/app.bsky.feed.post/p0",
        reply_to="at://did:plc:bob/app.bsky.feed.post/p1",
        reply_to_author_id="did:plc:bob",
        permalink="https://bsky.app/profile/anna.example/post/p2",
    )


def test_a_bare_record_is_by_the_author_in_its_address() -> None:
    assert only({"uri": URI, "value": {"text": "Low tide"}}) == Post(
        line=7,
        text="Low tide",
        author_id="did:plc:anna",
        tweet_id=URI,
        permalink="https://bsky.app/profile/did:plc:anna/post/p2",
    )


def test_a_post_s_author_overrides_its_address() -> None:
    post = only({**view(), "author": {"did": "did:plc:carl"}})
    assert (post.author, post.author_id) == (None, "did:plc:carl")
    assert post.permalink == "https://bsky.app/profile/did:plc:carl/post/p2"


def test_an_address_of_another_kind_is_no_link() -> None:
    made = {**view(reply={"parent": {"uri": "elsewhere"}}), "uri": "at://did:plc:anna/like/1"}
    assert only(made) == Post(
        line=7, text="Low tide", tweet_id="at://did:plc:anna/like/1", reply_to="elsewhere"
    )


@pytest.mark.parametrize(
    "value",
    [
        {"uri": URI, "record": {"text": None}},
        {"uri": None, "record": {"text": "Low tide"}},
        {"uri": URI, "record": "Low tide"},
        {"text": "Low tide", "uri": URI},
        "Low tide",
        5,
        None,
        [],
    ],
)
def test_what_lacks_a_text_or_an_address_is_no_post(value: object) -> None:
    assert read(value) == ([], [])


def test_links_and_mentions_are_where_the_bytes_say() -> None:
    text = "Ebbe für @bob.example: Seite"
    data = text.encode()
    at, page = data.index(b"@bob"), data.index(b"Seite")
    facets = [
        facet(at, at + 12, did="did:plc:bob"),
        facet(page, page + 5, uri="https://a.example/x"),
        facet(0, 4, did="did:plc:no"),
        facet(0, 4, tag="ebbe"),
    ]
    post = only(view(text, facets=facets))
    assert post.mentions == ("bob.example",)
    assert post.links == (Link("Seite", "https://a.example/x"),)
    assert post.text == "Ebbe für @bob.example:"


def test_a_link_that_ends_at_the_text_s_end_is_printed() -> None:
    assert only(view("x page", facets=[facet(1, 6, uri="http://a.example")])).links == (
        Link("page", "http://a.example"),
    )


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (0, 3, "zä"),
        (0, 2, "https://a.example"),
        (2, 4, "https://a.example"),
        (0, 99, "https://a.example"),
        (4, 5, "https://a.example"),
    ],
    ids=["right", "ends in a character", "begins in a character", "beyond the end", "a space"],
)
def test_a_link_whose_place_is_wrong_is_printed_as_its_address(
    start: int, end: int, words: str
) -> None:
    post = only(view("zäh ebbt es", facets=[facet(start, end, uri="https://a.example")]))
    assert post.links == (Link(words, "https://a.example"),)


@pytest.mark.parametrize(
    ("start", "end"), [(None, 3), (0, None), ("0", 3), (-1, 3), (3, 3), (4, 3), (0, 1.5)]
)
def test_a_feature_without_a_place_is_ignored(start: object, end: object) -> None:
    assert only(view(facets=[facet(start, end, uri="https://a.example")])).links == ()


@pytest.mark.parametrize("uri", ["ftp://a.example", "", 5, None, "javascript:https://a.example"])
def test_only_addresses_of_the_web_are_links(uri: object) -> None:
    made = view(facets=[facet(0, 3, uri=uri)], embed={"external": {"uri": uri}})
    assert only(made).links == ()


def test_half_a_character_is_read_as_it_is() -> None:
    post = only(view("Low tide \ud800", facets=[facet(0, 3, uri="https://a.example")]))
    assert (post.text, post.links) == ("Low tide \ud800", (Link("Low", "https://a.example"),))


@pytest.mark.parametrize("facets", ["?", ["?"], [{"index": "?"}], [{"features": []}]])
def test_facets_of_another_shape_are_ignored(facets: object) -> None:
    assert only(view("To @bob", facets=facets)).mentions == ()


def test_a_feature_without_a_place_does_not_end_the_others() -> None:
    facets = [facet(None, 3, uri="https://a.example"), facet(0, 3, uri="https://b.example")]
    assert only(view(facets=facets)).links == (Link("Low", "https://b.example"),)


def test_without_facets_mentions_are_read_from_the_text() -> None:
    assert only(view("To @bob and @anna")).mentions == ("bob", "anna")
    assert only(view("To @bob", facets=[])).mentions == ("bob",)


def test_a_mention_has_an_account_and_looks_like_one() -> None:
    facets = [facet(0, 4, did="did:plc:bob"), facet(5, 8, did="did:plc:x"), facet(0, 4, did="")]
    assert only(view("@bob tide", facets=facets)).mentions == ("bob",)


@pytest.mark.parametrize("holder", ["record", "view"])
@pytest.mark.parametrize("is_in_media", [False, True])
def test_the_page_whose_card_a_post_shows_is_a_link(holder: str, *, is_in_media: bool) -> None:
    card: dict[str, object] = {"external": {"uri": "https://a.example/card"}}
    embed = {"media": card} if is_in_media else card
    made = view(embed=embed) if holder == "record" else {**view(), "embed": embed}
    post = only(made)
    assert post.links == (Link("https://a.example/card", "https://a.example/card"),)


def test_a_link_that_is_given_twice_is_one_and_goes_from_the_text_s_end() -> None:
    embed = {"external": {"uri": "https://a.example"}}
    facets = [facet(9, 26, uri="https://a.example")]
    post = only({**view("Low tide https://a.example", facets=facets, embed=embed), "embed": embed})
    assert (post.text, post.links) == (
        "Low tide",
        (Link("https://a.example", "https://a.example"),),
    )


def test_a_repost_has_no_words() -> None:
    made = {"post": view(), "reason": {"$type": "app.bsky.feed.defs#reasonRepost"}}
    assert only(made) == Post(line=7, text="", is_repost=True)
    pinned = {"post": view(), "reason": {"$type": "app.bsky.feed.defs#reasonPin"}}
    assert texts(pinned) == ["Low tide"]


@pytest.mark.parametrize("kind", ["notFoundPost", "blockedPost"])
def test_a_hidden_post_gets_a_notice_with_its_address(kind: str) -> None:
    account = Account("a.json", detailed=True)
    value = [{"$type": f"app.bsky.feed.defs#{kind}", "uri": URI, "post": view()}, view()]
    assert [post.text for post in posts_in(value, 7, account)] == ["Low tide"]
    assert [(each.line, each.message) for each in account.notices] == [
        (7, "a post that Bluesky hides (deleted or blocked); left out")
    ]
    (entry,) = account.entries(())
    assert (entry.line, entry.kind, entry.what, entry.said) == (
        7, "notice", "a post that Bluesky hides (deleted or blocked)", URI,
    )  # fmt: skip


def test_a_post_that_is_not_shown_may_have_no_address() -> None:
    account = Account("a.json", detailed=True)
    assert list(posts_in({"$type": "#blockedPost", "uri": None}, 7, account)) == []
    assert [each.said for each in account.entries(())] == [""]


def test_a_thread_gives_what_is_above_then_itself_then_the_replies() -> None:
    thread = {
        "post": view("itself"),
        "parent": {"post": view("parent"), "parent": {"post": view("grandparent")}},
        "replies": [{"post": view("reply 1"), "replies": [{"post": view("deep")}]},
                    {"post": view("reply 2")}],
    }  # fmt: skip
    found = texts({"thread": thread, "threadgate": {"post": view("not this")}})
    assert found == ["grandparent", "parent", "itself", "reply 1", "deep", "reply 2"]


def test_posts_are_found_whatever_wraps_them() -> None:
    assert texts({"feed": [{"post": view("1")}, {"post": view("2")}], "cursor": "x"}) == ["1", "2"]
    assert texts({"posts": {"deep": [view("1")]}}) == ["1"]
    assert texts([5, "x", None, view("1")]) == ["1"]


def test_a_stored_picture_s_address_is_made_of_its_blob_and_its_owner() -> None:
    image = {"alt": "A quay", "image": {"ref": {"$link": "bafy"}, "mimeType": "image/jpeg"}}
    embed = {"$type": "app.bsky.embed.images", "images": [image]}
    url = "https://cdn.bsky.app/img/feed_fullsize/plain/did:plc:anna/bafy@jpeg"
    assert only(view(embed=embed)).media == (Media("photo", url, "A quay", None, "bafy"),)
    old = {"images": [{"image": {"cid": "bafy"}}]}
    assert only(view(embed=old)).media == (Media("photo", url, None, None, "bafy"),)


def test_a_video_has_its_playlist_and_preview_where_the_view_shows_them() -> None:
    stored = {"video": {"ref": {"$link": "bafy"}}, "alt": "Waves"}
    shown = {"playlist": "https://v.example/p.m3u8", "thumbnail": "https://v.example/t.jpg"}
    post = only({**view(embed=stored), "embed": shown})
    assert post.media == (
        Media("video", "https://v.example/t.jpg", "Waves", "https://v.example/p.m3u8"),
    )
    assert only({**view(), "embed": {"media": shown}}).media[0].video_url == shown["playlist"]


def test_an_event_of_the_stream_has_its_address_in_parts() -> None:
    commit = {
        "operation": "create",
        "collection": "app.bsky.feed.post",
        "rkey": "p2",
        "record": {"$type": "app.bsky.feed.post", "text": "Low tide"},
    }
    event = {"did": "did:plc:anna", "time_us": 1, "kind": "commit", "commit": commit}
    post = only(event)
    assert (post.text, post.tweet_id, post.author_id) == ("Low tide", URI, "did:plc:anna")
    assert texts({**event, "commit": {"operation": "delete", "rkey": "p2"}}) == []
    like = {**commit, "collection": "app.bsky.feed.like", "record": {"subject": {"uri": URI}}}
    assert texts({**event, "commit": like}) == []
    assert texts({"did": "did:plc:anna", "kind": "identity"}) == []


def test_a_view_has_the_addresses_and_what_the_record_does_not_say() -> None:
    shown = {"fullsize": "https://cdn.bsky.app/img/a@jpeg", "alt": "A quay"}
    stored = {"image": {"ref": {"$link": "bafy"}}}
    post = only({**view(embed={"images": [stored]}), "embed": {"images": [shown]}})
    assert post.media == (Media("photo", shown["fullsize"], "A quay", None, "bafy"),)


def test_the_page_beside_a_quoted_post_is_a_card() -> None:
    external = {"title": "Tides", "uri": "https://a.example", "description": "All"}
    card = Card("Tides", "All", "https://a.example")
    assert only(view(embed={"external": external})).card == card
    assert only(view(embed={"media": {"external": external}})).card == card
