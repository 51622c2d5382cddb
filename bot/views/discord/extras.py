"""What a tweet has beside its text: pictures, a quoted tweet, a poll, a card. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import discord

from bot.i18n.messages import Language
from bot.models import Card, Media, PollOption, Quote, Tweet
from bot.views import markdown
from bot.views.wording import short

GALLERY = 10
"""Most pictures of a gallery."""
DESCRIPTION = 1024
"""Longest description of a picture."""
URL_LENGTH = 2048
"""Longest URL of a picture."""
LINK = 300
"""Longest URL of a link, in characters."""
QUOTE_UNITS = 500
"""Longest excerpt of a quoted tweet, in UTF-16 units."""
ALT = 160
"""Longest alt text below a tweet; the picture's description has more of it."""
OPTIONS, OPTION = 10, 60
"""Most options of a poll, and their longest label."""
CARD_TITLE, CARD_DESCRIPTION = 120, 160


def lines(tweet: Tweet, say: Language) -> list[str]:
    """Everything beside the text and the pictures themselves, as lines of Markdown."""
    return [
        *(_quote(tweet.quote, say) if tweet.quote else ()),
        *(_poll(tweet.poll, say) if tweet.poll else ()),
        *(_card(tweet.card) if tweet.card else ()),
        *(line for each in tweet.media[:GALLERY] for line in _media(each, say)),
    ]


def pictures(tweet: Tweet) -> tuple[Media, ...]:
    """The media of which a picture can be shown."""
    return tuple(each for each in tweet.media if address(each))[:GALLERY]


def address(media: Media) -> str | None:
    """Where Discord finds the picture: its URL, else the attached file; None if there is none."""
    if media.url and _is_web(media.url, URL_LENGTH):
        return media.url
    return f"attachment://{media.file}" if media.file else None


def is_attached(media: Media) -> bool:
    """Whether the picture has to be attached to the message."""
    return (address(media) or "").startswith("attachment://")


def item(media: Media) -> discord.MediaGalleryItem:
    """The picture for a gallery, described with its alt text."""
    said = short(media.alt, DESCRIPTION) if media.alt and media.alt.strip() else None
    return discord.MediaGalleryItem(address(media) or "", description=said)


def _is_web(url: str, longest: int) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:  # such as https://[
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and len(url) <= longest


def _quote(quote: Quote, say: Language) -> Iterator[str]:
    by = [f"**{markdown.escape(short(quote.author_name, 50))}**"] if quote.author_name else []
    if quote.author:
        by.append(markdown.escape(f"@{short(quote.author, 50)}"))
    if quote.created_at:
        by.append(markdown.day(quote.created_at))
    if quote.permalink and _is_web(quote.permalink, LINK):
        by.append(markdown.link(say("Source"), quote.permalink))
    if by:
        yield f"> {' · '.join(by)}"
    if quote.text.strip():
        yield markdown.quoted(markdown.excerpt(quote.text, (), QUOTE_UNITS))


def _poll(options: tuple[PollOption, ...], say: Language) -> Iterator[str]:
    yield f"-# {say('Poll')}"
    for each in options[:OPTIONS]:
        label = markdown.escape(short(each.label, OPTION))
        if each.votes is None:
            yield f"- {label}"
        else:
            yield f"- {label} · {say.count(each.votes, '{count} vote', '{count} votes')}"


def _card(card: Card) -> Iterator[str]:
    title = short(card.title, CARD_TITLE)
    if card.url and _is_web(card.url, LINK):
        yield f"**{markdown.link(title, card.url)}**"
    else:
        yield f"**{markdown.escape(title)}**"
    if card.description and card.description.strip():
        yield f"-# {markdown.escape(short(card.description, CARD_DESCRIPTION))}"


def _media(media: Media, say: Language) -> Iterator[str]:
    """The link to a video, or to a picture that cannot be shown, and the alt text."""
    label = {"photo": say("Picture"), "video": say("Video"), "gif": "GIF"}[media.kind]
    parts = []
    if media.video_url and _is_web(media.video_url, LINK):
        parts.append(markdown.link(label, media.video_url))
    elif not address(media) or media.kind != "photo":
        parts.append(label)
    if media.alt and media.alt.strip():
        parts.append(say("Alt text: {text}", text=markdown.escape(short(media.alt, ALT))))
    if parts:
        yield f"-# {' · '.join(parts)}"
