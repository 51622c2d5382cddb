"""Turning posts into readable text, and into threads."""

from __future__ import annotations

import pytest

from bot.loader.records.posts import Post, ShortLink, as_main, original, readable, thread_of
from bot.models import Link, Metadata, Tweet
from bot.thread_ids import thread_id

LINK = ShortLink("https://t.co/a", "a.example/…", "https://a.example/x")
PICTURE = ShortLink("https://t.co/p", None, None)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Low tide https://t.co/a https://t.co/p", "Low tide"),
        ("Low https://t.co/a tide", "Low https://a.example/x tide"),
        ("Low https://t.co/p tide", "Low  tide"),
        ("Low tide https://t.co/other", "Low tide https://t.co/other"),
        ("  Tide &lt; quay &amp;amp; crane \n", "Tide < quay &amp; crane"),
        ("https://t.co/a", ""),
    ],
)
def test_short_links_go_at_the_end_and_are_put_out_in_full_elsewhere(raw: str, text: str) -> None:
    assert readable(raw, [LINK, PICTURE], is_reply=False)[0] == text


def test_a_link_is_printed_as_x_shows_it_and_given_once() -> None:
    bare = ShortLink("https://t.co/b", None, "https://b.example")
    nowhere = ShortLink("https://t.co/c", "c.example", None)
    links = readable("Tide", [LINK, PICTURE, LINK, bare, nowhere], is_reply=False)[1]
    assert links == (Link("a.example/…", "https://a.example/x"),)


def test_a_link_that_leads_nowhere_is_put_out_as_it_is_shown() -> None:
    nowhere = ShortLink("https://t.co/c", "c.example", None)
    assert readable("See https://t.co/c now", [nowhere], is_reply=False)[0] == "See c.example now"


def test_the_mentions_that_lead_a_reply_are_taken_off() -> None:
    assert readable("@anna @bob Low tide", [], is_reply=True)[0] == "Low tide"
    assert readable("@anna @bob Low tide", [], is_reply=False)[0] == "@anna @bob Low tide"
    assert readable("Low tide, @bob", [], is_reply=True)[0] == "Low tide, @bob"


def test_a_repost_s_original_is_what_it_repeats() -> None:
    repost = Post(
        line=3, text="RT @bob:  Low\ntide ", author="anna", author_id="7", tweet_id="1",
        is_repost=True,
    )  # fmt: skip
    assert original(repost) == Post(line=3, text="Low\ntide", author="bob", is_repost=True)
    same = Post(line=3, text="A word: RT @bob: Low tide", author="anna")
    assert original(same) is same


def test_a_thread_is_its_first_named_author_s() -> None:
    posts = [
        Post(line=1, text="Low tide\nat the quay", tweet_id="11", created_at="2024-03-01T10:00:00Z",
             mentions=("bob", "Bob"), links=(Link("a\x07", "https://a\x07"), Link("b…", None))),
        Post(line=2, text="High\x07 tide", tweet_id="12", author="anna", part="tweets.js"),
        Post(line=4, text="Ebb", tweet_id="x", author="ben"),
        Post(line=5, text="Flood", tweet_id="13", permalink="https://social.example/13\x07"),
    ]  # fmt: skip
    thread = thread_of(posts, "a.json", Metadata(author="metadata"), complete=False)
    assert thread.tweets == (
        Tweet(
            text="Low tide\nat the quay", mentions=("bob",),
            links=(Link("a", "https://a"), Link("b…", None)), author="anna",
            created_at="2024-03-01T10:00:00Z", permalink="https://x.com/anna/status/11",
            tweet_id="11", file="a.json", line=1,
        ),
        Tweet(
            text="High tide", mentions=(), links=(), author="anna", created_at=None,
            permalink="https://x.com/anna/status/12", tweet_id="12", file="a.json/tweets.js",
            line=2,
        ),
        Tweet(
            text="Ebb", mentions=(), links=(), author="ben", created_at=None, permalink=None,
            tweet_id="x", file="a.json", line=4,
        ),
        Tweet(
            text="Flood", mentions=(), links=(), author="anna", created_at=None,
            permalink="https://social.example/13", tweet_id="13", file="a.json", line=5,
        ),
    )  # fmt: skip
    assert (thread.title, thread.author, thread.complete) == ("Low tide", "anna", False)
    assert (thread.dumps, thread.source_url) == (("a.json",), None)
    assert (
        thread_id("\nlow tide at the quay\nhigh tide\nebb\nflood", "anna", "11") in thread.aliases
    )
    assert thread.id in thread.aliases


def test_a_thread_without_an_author_is_by_the_given_author() -> None:
    post = Post(line=1, text="", tweet_id="11", links=(Link("a…", None),))
    thread = thread_of([post], "a", Metadata(author="anna"), complete=True)
    assert (thread.author, thread.title, thread.complete) == ("anna", "(no words)", True)
    nobody = thread_of([post], "a", Metadata(), complete=True)
    assert nobody.tweets[0].permalink == "https://x.com/i/status/11"


def test_a_dump_s_main_thread_has_the_title_and_the_page_that_the_dump_names() -> None:
    thread = thread_of([Post(line=1, text="Low tide")], "a", Metadata(), complete=True)
    named = as_main(thread, Metadata(title="Tides", source="https://a.example"))
    assert (named.title, named.source_url) == ("Tides", "https://a.example")
    assert as_main(thread, Metadata()) == thread
