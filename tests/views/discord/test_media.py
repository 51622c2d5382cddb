"""What a tweet has beside its text, as Markdown and pictures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.i18n.messages import ENGLISH
from bot.models import Card, Media, Passage, PollOption, Quote
from bot.views.discord import media
from tests.strategies import tweet
from tests.views.shown import PASSAGE


def test_a_quoted_tweet_is_a_quote_with_its_author() -> None:
    quote = Quote("Two\nlines", "bob", "Bob *B*", "2025-06-13", "https://x.com/bob/status/1")
    assert media.lines(replace(tweet("a"), quote=quote), ENGLISH) == [
        r"> **Bob \*B\*** · \@bob · June 13, 2025 · [Source](<https://x.com/bob/status/1>)",
        "> Two\n> lines",
    ]


def test_a_quoted_tweet_of_nobody_known_is_its_words() -> None:
    assert media.lines(replace(tweet("a"), quote=Quote("Words")), ENGLISH) == ["> Words"]
    silent = Quote(" ", author_name="Bob")
    assert media.lines(replace(tweet("a"), quote=silent), ENGLISH) == ["> **Bob**"]


def test_a_card_may_be_a_title_alone() -> None:
    made = replace(tweet("a"), card=Card("A *page*", None, "ftp://e.org"))
    assert media.lines(made, ENGLISH) == [r"**A \*page\***"]


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
        (Media("photo", "https://e.org/1.jpg", file="1.jpg"), "attachment://1.jpg"),
        (Media("photo", "https://e.org/1.jpg", file="../1.jpg"), "https://e.org/1.jpg"),
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


def beneath(passage: Passage, room: int = 180, *, pictured: bool = False) -> list[str]:
    """What an answer shows below an excerpt."""
    return media.beneath(passage, ENGLISH, room, pictured=pictured)


def passage(alt_highlights: tuple[tuple[tuple[int, int], ...], ...] = (), **has: Any) -> Passage:
    """A passage whose tweet has all of that."""
    return replace(PASSAGE, tweet=tweet("a", **has), alt_highlights=alt_highlights)


def test_matched_alt_text_is_shown_and_other_alt_text_only_without_a_picture() -> None:
    two = (Media("photo", "https://e.org/1.jpg", "A crane"), Media("photo", alt="A *ship*"))
    assert beneath(passage(media=two), pictured=True) == ["-# 1 more picture"]
    assert beneath(passage(media=two)) == ["-# Alt text: A crane", "-# 2 pictures"]
    found = beneath(passage(((), ((2, 8),)), media=two), pictured=True)
    assert found == [r"-# Alt text: A **\*ship\***", "-# 1 more picture"]


def test_a_video_is_a_link() -> None:
    video = Media("video", "https://e.org/1.jpg", video_url="https://e.org/1.mp4")
    assert beneath(passage(media=(video,))) == ["-# [Video](<https://e.org/1.mp4>)"]
    assert beneath(passage(media=(video, video)), pictured=True) == [
        "-# [Video](<https://e.org/1.mp4>) · 1 more picture"
    ]


def test_a_quoted_tweet_below_an_excerpt_names_its_author_and_links_to_it() -> None:
    quote = Quote("Two\nlines", "bob", "Bob", None, "https://x.com/bob/status/1")
    assert beneath(passage(quote=quote)) == [
        r"-# Quotes Bob (\@bob): [“Two lines”](<https://x.com/bob/status/1>)"
    ]
    assert beneath(passage(quote=Quote(""))) == ["-# Quotes: a tweet"]
    far = replace(quote, permalink="https://x.com/" + "b" * 300)
    assert beneath(passage(quote=far)) == [r"-# Quotes Bob (\@bob): “Two lines”"]


def test_a_poll_and_a_card_are_lines_below_an_excerpt() -> None:
    poll = (PollOption("Yes", 1), PollOption("No", 1200), PollOption("Perhaps"))
    assert beneath(passage(poll=poll)) == ["-# Poll: Yes (1 vote) · No (1,200 votes) · Perhaps"]
    card = Card("A page", "About it", "https://e.org/a")
    assert beneath(passage(card=card)) == ["-# Link: [A page](<https://e.org/a>) · About it"]
    assert beneath(passage(card=Card("A page"))) == ["-# Link: A page"]


def test_what_is_too_long_for_its_line_is_left_out() -> None:
    card = Card("A page", "About it", "https://e.org/a")
    assert beneath(passage(card=card), room=16) == ["-# Link: A page"]
    assert beneath(passage(card=card), room=5) == []


@pytest.mark.parametrize(
    ("name", "handle", "shown"),
    [
        ("Anna", "anna_b", r"Anna (\@anna\_b)"),
        ("Anna", None, "Anna"),
        (None, "anna", r"\@anna"),
        ("anna", "anna", r"\@anna"),
        (" ", None, ""),
    ],
)
def test_an_author_has_a_name_and_a_handle(
    name: str | None, handle: str | None, shown: str
) -> None:
    assert media.by_line(name, handle) == shown


def test_alt_text_is_as_long_as_discord_allows() -> None:
    made = media.description(Media("photo", alt="🔥" * 1_000))
    assert made is not None
    assert 400 <= len(made) <= 512
    assert media.description(Media("photo", alt=" ")) is None


def test_the_first_picture_that_can_be_shown_is_the_thumbnail() -> None:
    made = media.thumbnail(
        tweet("a", media=(Media("photo"), Media("photo", file="1.jpg", alt="A crane")))
    )
    assert made is not None
    assert (made.media.url, made.description) == ("attachment://1.jpg", "A crane")
    assert media.thumbnail(tweet("a", media=(Media("photo", file="no good.jpg"),))) is None
