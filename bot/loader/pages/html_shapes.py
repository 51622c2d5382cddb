"""Describes how the sites and savers that Threadbot knows write a post in HTML.

Each shape is a list of CSS selectors. The parser bounds how deep elements are nested, so
that reading a page takes linear time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MARKUP = re.compile(r"\s*<[!a-zA-Z]")


def of_class(*names: str) -> re.Pattern[str]:
    """Return a pattern for the class attribute of an element that has one of `names`."""
    any_of = rf"(?<![\w-])(?:{'|'.join(names)})(?![\w-])"
    return re.compile(rf"class\s*=\s*(?:\"[^\">]*?{any_of}|'[^'>]*?{any_of}|{any_of})")


@dataclass(frozen=True, slots=True)
class Shape:
    """How a site writes a post."""

    format: str
    """The format's name."""
    mark: re.Pattern[str]
    """Finds each post in the markup; also tells the format, and the line."""
    box: str
    """The element of a post."""
    text: str
    """The element of its words."""
    handle: str
    """The elements that name its author, the best first."""
    name: str
    """The element of the author's display name."""
    date: str
    """The elements with its date."""
    link: str
    """The elements that link to it."""
    media: str
    """The elements around its pictures and videos."""
    quote: str = "blockquote.quoted-tweet"
    """The element of a quoted post."""
    quote_text: str = "p"
    """The words of a quoted post."""
    poll: str = ".poll-choice-option"
    """The options of a poll."""
    card: str = ".card-container"
    """The preview of a page."""
    card_title: str = ".card-title"
    """The page's title."""
    card_description: str = ".card-description"
    """The page's description."""
    main: str = ""
    """The post that the page shows, or an element around it."""
    repost: str = ""
    """What says that another person's post is a repost."""
    more: str = ""
    """What says that a post's text is cut."""
    gone: str = ""
    """What says that a post is not there."""
    keeps_lines: bool = False
    """Whether line breaks in the markup are shown."""
    on_x: bool = True
    """Whether its posts are on X."""


X = Shape(
    format="x-page",
    mark=re.compile(r"data-testid\s*=\s*[\"']?tweet[\"'\s>]"),
    box='[data-testid="tweet"]',
    text='[data-testid="tweetText"]',
    handle='[data-testid="User-Name"] a, [data-testid="User-Names"] a',
    name='[data-testid="User-Name"], [data-testid="User-Names"]',
    date="a time",
    link='a[href*="/status/"]',
    media='[data-testid="tweetPhoto"], [data-testid="videoPlayer"], [data-testid="videoComponent"]',
    poll='[data-testid="cardPoll"] li',
    card='[data-testid="card.wrapper"]',
    main='[data-testid="tweet"][tabindex="-1"]',
    repost='[data-testid="socialContext"]',
    more='[data-testid="tweet-text-show-more-link"]',
    keeps_lines=True,
)
OLD_X = Shape(
    format="twitter-page",
    mark=of_class("js-tweet-text", "js-stream-tweet"),
    box=".tweet[data-tweet-id]",
    text=".js-tweet-text, .tweet-text",
    handle=".tweet[data-screen-name]",
    name=".fullname",
    date="._timestamp, .js-short-timestamp, .tweet-timestamp",
    link=".tweet-timestamp",
    media=".AdaptiveMedia, .js-media-container",
    quote=".QuoteTweet, .QuoteTweet-container",
    quote_text=".QuoteTweet-text",
    main=".permalink-tweet",
    keeps_lines=True,
)
NITTER = Shape(
    format="nitter-page",
    mark=of_class("timeline-item"),
    box=".timeline-item",
    text=".tweet-content",
    handle=".timeline-item[data-username], .username",
    name=".fullname",
    date=".tweet-date a",
    link=".tweet-link, .tweet-date a",
    media=".attachments",
    quote=".quote",
    quote_text=".quote-text",
    main=".main-tweet",
    repost=".retweet-header",
    gone=".unavailable-box",
    keeps_lines=True,
)
EMBED = Shape(
    format="embedded-tweets",
    mark=of_class("twitter-tweet", "twitter-video"),
    box="blockquote.twitter-tweet, blockquote.twitter-video",
    text="p",
    handle="",
    name="",
    date="",
    link='a[href*="/status"]',
    media="",
)
MASTODON = Shape(
    format="mastodon-page",
    mark=of_class("status__content"),
    box=".status, .detailed-status",
    text=".e-content, .status__content__text, .status__content",
    handle=".display-name__account",
    name=".display-name__html",
    date="time",
    link="a.u-uid, a.status__relative-time, a.detailed-status__datetime",
    media=".media-gallery, .video-player, .attachment-list",
    poll=".poll__option__text",
    card=".status-card",
    card_title=".status-card__title",
    card_description=".status-card__description",
    main=".detailed-status",
    repost=".status__prepend",
    quote=".status__quote",
    quote_text=".status__content",
    on_x=False,
)
BLUESKY = Shape(
    format="bluesky-page",
    mark=re.compile(r"data-testid\s*=\s*[\"']?(?:postThreadItem|feedItem)-by-"),
    box='[data-testid^="postThreadItem-by-"], [data-testid^="feedItem-by-"]',
    text='[data-testid="postText"]',
    handle='[data-testid^="postThreadItem-by-"], [data-testid^="feedItem-by-"]',
    name="",
    date='a[href*="/post/"]',
    link='a[href*="/post/"]',
    media='img[src*="/feed_thumbnail/"], img[src*="/feed_fullsize/"]',
    keeps_lines=True,
    on_x=False,
)
SAVED = Shape(
    format="saved-tweets",
    mark=of_class("tweet-text", "tweet-content", "tweet-body", "tweet-text-content"),
    box=".tweet, .tweet-item, .tweet-card, .tweet-container, article[data-tweet-id]",
    text=".tweet-text, .tweet-content, .tweet-body",
    handle=".tweet-handle, .tweet-username, .screen-name, .screenname, .handle, .username",
    name=".tweet-author strong, .tweet-author, .tweet-name, .author-name, .fullname, .full-name",
    date="time, .tweet-date, .tweet-time, .tweet-timestamp, .timestamp, .date",
    link='a[href*="/status/"]',
    media=".tweet-media, .media, .tweet-images, .attachments",
    quote="blockquote.quoted-tweet, .quoted-tweet, .quote-tweet",
    quote_text=".tweet-text, .quoted-tweet-text, .quoted-text",
)
"""What defuddle and many exporters write."""
SHAPES = (X, OLD_X, NITTER, MASTODON, BLUESKY, SAVED, EMBED)


def shapes_of(markup: str) -> list[Shape]:
    """Return the shapes that the posts in `markup` may have, the likeliest first."""
    if not MARKUP.match(markup):
        return []
    return [shape for shape in SHAPES if shape.mark.search(markup)]
