"""A tweet's text and attachments on a terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Card, Media, PollOption, Quote, Tweet
from bot.views.terminal.tweet_output import attached_rows, marked
from tests.strategies import tweet
from tests.views.terminal.tty import plain


def shown(made: Tweet) -> str:
    """What is shown below the text of a tweet."""
    return plain(list(attached_rows(made, 3)))


@given(st.text(min_size=1), st.data())
def test_marking_changes_no_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    spans = marked(text, [(start, end)])
    assert "".join(each.text for each in spans) == text
    assert [each.text for each in spans if each.style == "match"] == [text[start:end]]


def test_a_window_says_what_it_leaves_out() -> None:
    assert [each.text for each in marked("one two three", [(4, 7)], (4, 7))] == [
        "…",
        "",
        "two",
        "",
        "…",
    ]


@pytest.mark.parametrize(
    ("media", "said"),
    [
        (Media("photo", "https://a.example/1.jpg"), "   Photo: https://a.example/1.jpg\n"),
        (Media("photo", file="ab.jpg"), "   Photo: ab.jpg\n"),
        (Media("gif"), "   GIF\n"),
        (
            Media("video", "https://a.example/1.jpg", video_url="https://a.example/1.mp4"),
            "   Video: https://a.example/1.mp4\n",
        ),
        (
            Media("photo", "https://a.example/1.jpg", alt="A port"),
            "   Photo: https://a.example/1.jpg\n   Alt text: A port\n",
        ),
    ],
)
def test_media_are_a_link_and_their_alt_text(media: Media, said: str) -> None:
    assert shown(replace(tweet("No ship."), media=(media,))) == said


def test_a_quote_is_below_its_own_author() -> None:
    whole = Quote(
        "It is so.", "ben", "Ben Ito", "2025-06-13T10:00:00Z", "https://x.com/ben/status/1"
    )
    assert shown(replace(tweet("No ship."), quote=whole)) == (
        "   Quotes Ben Ito (@ben) · 2025-06-13:\n"
        "      It is so.\n"
        "      Source: https://x.com/ben/status/1\n"
    )
    assert shown(replace(tweet("No ship."), quote=Quote("So."))) == (
        "   Quotes another tweet:\n      So.\n"
    )
    assert "Quotes @ben:" in shown(replace(tweet("No ship."), quote=Quote("So.", "ben")))


def test_a_poll_has_shares_only_if_all_votes_are_known() -> None:
    known = (PollOption("Yes", 3), PollOption("No", 1))
    assert shown(replace(tweet("?"), poll=known)) == "   Poll: Yes 75 % · No 25 % (4 votes)\n"
    unknown = (PollOption("Yes", 3), PollOption("No"))
    assert shown(replace(tweet("?"), poll=unknown)) == "   Poll: Yes · No\n"


def test_a_card_is_a_linked_page() -> None:
    card = Card("Ports", "Quiet ones.", "https://a.example/1")
    assert shown(replace(tweet("!"), card=card)) == (
        "   Linked page: Ports: Quiet ones.\n   Link: https://a.example/1\n"
    )
    assert shown(replace(tweet("!"), card=Card("Ports"))) == "   Linked page: Ports\n"
