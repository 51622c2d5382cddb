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
from bot.loader.raw.markup import parsed


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
        ('<blockquote class="twitter-video">', EMBED),
        ('<p class="js-stream-tweet">', OLD_X),
        ('<p data-testid="feedItem-by-anna.example">', BLUESKY),
        ('<p class="tweet-content">', SAVED),
        ('<p class="tweet-body">', SAVED),
        ('<p class="tweet-text-content">', SAVED),
    ],
)
def test_a_page_is_known_by_the_markup_of_its_posts(markup: str, shape: Shape) -> None:
    assert shapes_of(f"<html>{markup}") == [shape]
    assert shapes_of(f"words {markup}") == []


def test_other_markup_has_no_shape() -> None:
    assert shapes_of('<p data-testid="tweetText">') == []
    assert [shape.format for shape in SHAPES] == [
        "x-page", "twitter-page", "nitter-page", "mastodon-page", "bluesky-page", "saved-tweets",
        "embedded-tweets",
    ]  # fmt: skip


def test_a_page_may_have_several() -> None:
    both = '<p class="twitter-tweet"><p class="timeline-item">'
    assert shapes_of(both) == [NITTER, EMBED]


def marked(*names: str, tag: str = "p") -> list[str]:
    """Elements with those values of `data-testid`."""
    return [f'<{tag} data-testid="{name}"></{tag}>' for name in names]


def classed(*names: str, tag: str = "p") -> list[str]:
    """Elements with those classes."""
    return [f'<{tag} class="a {name}"></{tag}>' for name in names]


STATUS = '<a href="https://x.com/anna/status/1"></a>'
BY_ANNA = marked("postThreadItem-by-anna.example", "feedItem-by-anna.example")
BLUESKY_POST = '<a href="https://bsky.app/profile/anna.example/post/3k"></a>'
ELEMENTS = {
    X: {
        "box": marked("tweet"),
        "text": marked("tweetText"),
        "handle": [
            f'<div data-testid="{name}"><a></a></div>' for name in ("User-Name", "User-Names")
        ],
        "name": marked("User-Name", "User-Names"),
        "date": ["<a><time></time></a>"],
        "link": [STATUS],
        "media": marked("tweetPhoto", "videoPlayer", "videoComponent"),
        "poll": ['<ul data-testid="cardPoll"><li></li></ul>'],
        "card": marked("card.wrapper"),
        "main": ['<article data-testid="tweet" tabindex="-1"></article>'],
        "repost": marked("socialContext"),
        "more": marked("tweet-text-show-more-link"),
    },
    OLD_X: {
        "box": ['<div class="tweet" data-tweet-id="1"></div>'],
        "text": classed("js-tweet-text", "tweet-text"),
        "handle": ['<div class="tweet" data-screen-name="anna"></div>'],
        "name": classed("fullname"),
        "date": classed("_timestamp", "js-short-timestamp", "tweet-timestamp"),
        "link": classed("tweet-timestamp", tag="a"),
        "media": classed("AdaptiveMedia", "js-media-container"),
        "quote": classed("QuoteTweet", "QuoteTweet-container"),
        "quote_text": classed("QuoteTweet-text"),
        "main": classed("permalink-tweet"),
    },
    NITTER: {
        "box": classed("timeline-item"),
        "text": classed("tweet-content"),
        "handle": ['<div class="timeline-item" data-username="anna"></div>', *classed("username")],
        "name": classed("fullname"),
        "date": ['<span class="tweet-date"><a></a></span>'],
        "link": [*classed("tweet-link"), '<span class="tweet-date"><a></a></span>'],
        "media": classed("attachments"),
        "quote": classed("quote"),
        "quote_text": classed("quote-text"),
        "main": classed("main-tweet"),
        "repost": classed("retweet-header"),
        "gone": classed("unavailable-box"),
    },
    EMBED: {
        "box": classed("twitter-tweet", "twitter-video", tag="blockquote"),
        "text": ["<p></p>"],
        "link": [STATUS, '<a href="https://x.com/anna/statuses/1"></a>'],
    },
    MASTODON: {
        "box": classed("status", "detailed-status"),
        "text": classed("e-content", "status__content__text", "status__content"),
        "handle": classed("display-name__account"),
        "name": classed("display-name__html"),
        "date": ["<time></time>"],
        "link": classed("u-uid", "status__relative-time", "detailed-status__datetime", tag="a"),
        "media": classed("media-gallery", "video-player", "attachment-list"),
        "poll": classed("poll__option__text"),
        "card": classed("status-card"),
        "card_title": classed("status-card__title"),
        "card_description": classed("status-card__description"),
        "main": classed("detailed-status"),
        "repost": classed("status__prepend"),
        "quote": classed("status__quote"),
        "quote_text": classed("status__content"),
    },
    BLUESKY: {
        "box": BY_ANNA,
        "text": marked("postText"),
        "handle": BY_ANNA,
        "date": [BLUESKY_POST],
        "link": [BLUESKY_POST],
        "media": [
            f'<img src="https://cdn.example/img/{size}/plain/a">'
            for size in ("feed_thumbnail", "feed_fullsize")
        ],
    },
    SAVED: {
        "box": [
            *classed("tweet", "tweet-item", "tweet-card", "tweet-container"),
            '<article data-tweet-id="1"></article>',
        ],
        "text": classed("tweet-text", "tweet-content", "tweet-body"),
        "handle": classed(
            "tweet-handle", "tweet-username", "screen-name", "screenname", "handle", "username"
        ),
        "name": [
            '<div class="tweet-author"></div>',
            *classed("tweet-name", "author-name", "fullname", "full-name"),
        ],
        "date": [
            "<time></time>",
            *classed("tweet-date", "tweet-time", "tweet-timestamp", "timestamp", "date"),
        ],
        "link": [STATUS],
        "media": classed("tweet-media", "media", "tweet-images", "attachments"),
        "quote": [
            *classed("quoted-tweet", tag="blockquote"),
            *classed("quoted-tweet", "quote-tweet"),
        ],
        "quote_text": classed("tweet-text", "quoted-tweet-text", "quoted-text"),
    },
}
"""For each shape and part of a post, the elements that the sites write it with."""
NOTHING_NAMED = ("handle", "name", "date", "media", "main", "repost", "more", "gone")


@pytest.mark.parametrize(
    ("shape", "part", "markup"),
    [
        pytest.param(shape, part, markup, id=f"{shape.format}-{part}-{number}")
        for shape, parts in ELEMENTS.items()
        for part, elements in parts.items()
        for number, markup in enumerate(elements)
    ],
)
def test_each_part_of_a_post_is_found(shape: Shape, part: str, markup: str) -> None:
    assert parsed(markup).css_first(getattr(shape, part)) is not None


@pytest.mark.parametrize("shape", SHAPES, ids=[shape.format for shape in SHAPES])
def test_what_a_site_does_not_write_is_not_looked_for(shape: Shape) -> None:
    missing = [part for part in NOTHING_NAMED if part not in ELEMENTS[shape]]
    assert {getattr(shape, part) for part in missing} <= {""}


def test_a_saved_page_s_name_may_be_the_strong_part_of_its_author() -> None:
    head = '<div class="tweet-author"><strong>Anna</strong> yesterday</div>'
    assert {node.tag for node in parsed(head).css(SAVED.name)} == {"div", "strong"}
