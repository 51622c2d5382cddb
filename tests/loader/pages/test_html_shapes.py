"""How sites write their posts."""

from __future__ import annotations

import pytest

from bot.loader.pages.html_shapes import (
    BLUESKY,
    EMBED,
    MASTODON,
    NITTER,
    OLD_X,
    SAVED,
    SHAPES,
    Shape,
    X,
    of_class,
    shapes_of,
)


@pytest.mark.parametrize(
    ("markup", "is_found"),
    [
        ('<p class="a tweet-text b">', True),
        ("<p class='tweet-text'>", True),
        ("<p class = tweet-text>", True),
        ("<p class=tweet-text-a>", False),
        ('<p class="a-tweet-text">', False),
        ('<p class="a" id="tweet-text">', False),
        ('<p class="a>tweet-text">', False),
        ("<p class=a tweet-text>", False),
    ],
)
def test_a_class_is_found_in_any_kind_of_quotes(markup: str, *, is_found: bool) -> None:
    assert (of_class("other", "tweet-text").search(markup) is not None) is is_found


@pytest.mark.parametrize(
    ("markup", "shape"),
    [
        ('<article data-testid="tweet">', X),
        ("<article data-testid=tweet class=a>", X),
        ('<p class="js-tweet-text">', OLD_X),
        ('<p class="timeline-item thread">', NITTER),
        ('<p class="status__content">', MASTODON),
        ('<p data-testid="postThreadItem-by-anna.example">', BLUESKY),
        ('<p class="tweet-text">', SAVED),
        ('<blockquote class="twitter-tweet">', EMBED),
    ],
)
def test_a_page_is_known_by_the_markup_of_its_posts(markup: str, shape: Shape) -> None:
    assert shapes_of(f"<html>{markup}") == [shape]
    assert shapes_of(f"words {markup}") == []


def test_other_markup_has_no_shape() -> None:
    assert shapes_of('<p data-testid="tweetText">') == []
    assert len({shape.format for shape in SHAPES}) == len(SHAPES) == 7


def test_a_page_may_have_several() -> None:
    both = '<p class="twitter-tweet"><p class="timeline-item">'
    assert shapes_of(both) == [NITTER, EMBED]
