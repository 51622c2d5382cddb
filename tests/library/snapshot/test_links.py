"""Links in a text, and what they lead to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library.snapshot.links import key_of, keys_of, position_of, references, without
from tests.library.snapshot.shelf import PORTS
from tests.strategies import any_text

LONG = "1900000000000000001"


@pytest.mark.parametrize(
    "text",
    [
        "https://x.com/anna/status/1901",
        "https://twitter.com/anna/status/1901?s=20",
        "https://mobile.twitter.com/anna/statuses/1901",
        "https://www.x.com/anna/status/1901/photo/1",
        "https://fxtwitter.com/anna/status/1901/en",
        "https://vxtwitter.com/anna/status/1901",
        "https://nitter.example.org/anna/status/1901#m",
        "https://x.com/i/web/status/1901",
        "x.com/i/status/1901",
        "<https://x.com/anna/status/1901>",
        "Look at (https://x.com/anna/status/1901), it is said there.",
        "[there](https://x.com/anna/status/1901)!",
        "||https://x.com/anna/status/1901||",
        "见https://x.com/anna/status/1901。",
    ],
)
def test_a_tweet_has_one_key_in_every_shape_of_its_link(text: str) -> None:
    assert [(each.key, each.is_post) for each in references(text)] == [("x:1901", True)]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (LONG, f"x:{LONG}"),
        (f"https://threadreaderapp.com/thread/{LONG}.html", f"x:{LONG}"),
        (f"https://other.example/anna/status/{LONG}", f"x:{LONG}"),
        ("https://mas.example/@anna/1099", "mas.example:1099"),
        ("https://mas.example/users/anna/statuses/1099", "mas.example:1099"),
        ("https://bsky.app/profile/Anna.bsky.social/post/3kX", "at:anna.bsky.social/3kX"),
        ("at://anna.bsky.social/app.bsky.feed.post/3kX", "at:anna.bsky.social/3kX"),
        ("https://threads.example/thread/77.html/?utm=1", "threads.example/thread/77.html"),
    ],
)
def test_other_links_have_keys_of_their_own(text: str, key: str) -> None:
    assert [each.key for each in references(text)] == [key]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no link at all",
        "2025",
        f"the number {LONG}",
        "thread:https://x.com/anna/status/1901 ports",
        "x.com/anna/status/19012345…",
        "https://[",
        "https://example.com",
    ],
)
def test_what_is_no_link_or_an_incomplete_one_leads_nowhere(text: str) -> None:
    assert references(text) == []


def test_an_id_is_exact() -> None:
    assert key_of("https://x.com/anna/status/1901abc") != "x:1901"
    assert key_of("https://other.example/anna/status/1901") != "x:1901"
    assert key_of("https://mas.example/users/anna/statuses/1901") != "x:1901"


def test_the_rest_of_a_text_is_what_stands_beside_its_links() -> None:
    text = "Ports <https://x.com/anna/status/1901> go quiet: https://x.com/anna/status/1902"
    assert without(text, references(text)) == "Ports go quiet:"


def test_a_thread_has_the_keys_of_its_page_and_of_its_tweets() -> None:
    keys = keys_of(PORTS)
    assert len(keys) == len(set(keys))
    for position, tweet in enumerate(PORTS.tweets, start=1):
        key = key_of(tweet.permalink) if tweet.permalink else f"x:{tweet.tweet_id}"
        assert key in keys
        assert position_of(PORTS, key or "") == position
    assert position_of(PORTS, "x:5") is None
    paged = replace(PORTS, source_url="https://threads.example/1")
    assert position_of(paged, "threads.example/1") == 1


def test_a_post_of_another_network_has_the_key_of_its_address_too() -> None:
    tweet = replace(
        PORTS.tweets[0],
        permalink="https://bsky.app/profile/anna.bsky.social/post/3k",
        tweet_id="at://did:plc:1/app.bsky.feed.post/3k",
    )
    thread = replace(PORTS, tweets=(tweet,), source_url=None)
    assert keys_of(thread) == ["at:anna.bsky.social/3k", "at:did:plc:1/3k"]
    numbered = replace(tweet, permalink="https://mas.example/@anna/7", tweet_id="1901")
    assert keys_of(replace(thread, tweets=(numbered,))) == ["mas.example:7"]


@given(any_text)
def test_any_text_has_links_within_it(text: str) -> None:
    for each in references(text):
        assert 0 <= each.start < each.end <= len(text)
    without(text, references(text))


PERMALINKS = r"https://(x|twitter)\.com/(i|web|users|anna_b|[a-z]{21})/status/[0-9]{1,20}"


@given(st.from_regex(PERMALINKS, fullmatch=True))
def test_a_usual_permalink_has_the_key_of_its_other_shapes(url: str) -> None:
    # A fragment or a scheme in capitals is not usual, and makes no difference.
    assert key_of(url) == key_of(url.replace("https://", "HTTPS://"))
