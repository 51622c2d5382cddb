"""What a tweet has beside its text, as Markdown and pictures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.i18n.messages import ENGLISH
from bot.models import Card, Media, PollOption, Quote
from bot.views.discord import media
from tests.strategies import tweet


def test_a_quoted_tweet_is_a_quote_with_its_author() -> None:
    quote = Quote("Two\nlines", "bob", "Bob *B*", "2025-06-13", "https://x.com/bob/status/1")
    assert media.lines(replace(tweet("a"), quote=quote), ENGLISH) == [
        r"> **Bob \*B\*** · \@bob · June 13, 2025 · [Source](<https://x.com/bob/status/1>)",
        "> Two\n> lines",
    ]


def test_a_quoted_tweet_of_nobody_known_is_its_words() -> None:
    assert media.lines(replace(tweet("a"), quote=Quote("Words")), ENGLISH) == ["> Words"]


def test_a_poll_and_a_card_are_text() -> None:
    made = replace(
        tweet("a"),
        poll=(PollOption("Yes", 1), PollOption("No", 1200), PollOption("Perhaps")),
        card=Card("A page", "About it", "https://e.org/a"),
    )
    assert media.lines(made, ENGLISH) == [
        "-# Poll",
        "- Yes · 1 vote",
        "- No · 1,200 votes",
        "- Perhaps",
        "**[A page](<https://e.org/a>)**",
        "-# About it",
    ]


def test_alt_text_and_videos_can_be_read() -> None:
    made = replace(
        tweet("a"),
        media=(
            Media("photo", "https://e.org/1.jpg", "A *crane*"),
            Media("photo", "https://e.org/2.jpg"),
            Media("video", "https://e.org/3.jpg", video_url="https://e.org/3.mp4"),
            Media("photo", alt="A lost picture"),
        ),
    )
    assert media.lines(made, ENGLISH) == [
        r"-# Alt text: A \*crane\*",
        "-# [Video](<https://e.org/3.mp4>)",
        "-# Picture · Alt text: A lost picture",
    ]
    assert media.pictures(made) == made.media[:3]
    assert media.item(made.media[0]).description == "A *crane*"


@pytest.mark.parametrize(
    ("of", "address"),
    [
        (Media("photo", "https://e.org/1.jpg", file="1.jpg"), "https://e.org/1.jpg"),
        (Media("photo", file="1.jpg"), "attachment://1.jpg"),
        (Media("photo", "ftp://e.org/1.jpg", file="1.jpg"), "attachment://1.jpg"),
        (Media("photo", "https://[", file="1.jpg"), "attachment://1.jpg"),
        (Media("photo", "https://e.org/" + "a" * 2048), None),
        (Media("photo"), None),
    ],
)
def test_a_picture_is_shown_from_where_it_is(of: Media, address: str | None) -> None:
    assert media.address(of) == address
    assert media.is_attached(of) == (address == "attachment://1.jpg")
