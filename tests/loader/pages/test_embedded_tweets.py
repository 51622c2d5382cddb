"""Tweets that pages embed."""

from __future__ import annotations

import pytest

from bot.loader.pages.embedded_tweets import link_of_frame, link_of_status, quoted, status_in
from bot.models import Link, Quote
from tests.loader.pages.test_html_nodes import node


def test_an_embedded_tweet_is_a_quote() -> None:
    found = node(
        "<p>Sand is <a href='https://t.co/a'>a.bc/d</a></p><p>no cargo.</p>&mdash; Captain B."
        " (@captain_b) <a href='https://twitter.com/captain_b/status/17?s=20'>August 9, 2023</a>"
    )
    assert quoted(found) == Quote(
        "Sand is a.bc/d\n\nno cargo.",
        "captain_b",
        "Captain B.",
        "2023-08-09",
        "https://x.com/captain_b/status/17",
    )


def test_what_an_embedded_tweet_does_not_say_is_unknown() -> None:
    assert quoted(node("<p>Sand</p><p></p>")) == Quote("Sand")
    assert quoted(node("&mdash; Ben (@ben) <a href='https://x.com/ben/status/1'>a</a>")) is None


def test_the_last_tweet_that_is_linked_is_the_embedded_one() -> None:
    found = node(
        "<a href='https://x.com/ben/status/1'>a</a><a href='https://x.com/i/web/status/2'>b</a>"
        "<a href='https://a.bc'>c</a><a>d</a>"
    )
    assert status_in(found) == "https://x.com/i/web/status/2"
    assert link_of_status(found) == Link("x.com/i/web/status/2", "https://x.com/i/web/status/2")
    assert status_in(node("")) is None
    assert link_of_status(node("")) is None


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        (
            "src='https://www.youtube.com/embed/N1M-_x?a=b'",
            "https://www.youtube.com/watch?v=N1M-_x",
        ),
        (
            "data-src='https://youtube-nocookie.com/embed/N1'",
            "https://www.youtube.com/watch?v=N1",
        ),
        (
            "src='https://platform.twitter.com/embed/Tweet.html?dnt=true&id=17&lang=en'",
            "https://x.com/i/status/17",
        ),
        ("src='https://platform.x.com/embed/Tweet.html?id=17'", "https://x.com/i/status/17"),
        ("src='https://platform.twitter.com/embed/Tweet.html?id=a'", None),
        ("src='https://platform.twitter.com/embed/Tweet.html'", None),
        ("src='https://a.bc/embed/N1'", None),
        ("", None),
    ],
)
def test_a_frame_leads_to_what_it_shows(markup: str, url: str | None) -> None:
    (frame,) = node(f"<iframe {markup}></iframe>").css("iframe")
    link = link_of_frame(frame)
    assert (link.url if link else None) == url
    if link and url:
        assert link.printed == url.removeprefix("https://").removeprefix("www.")
