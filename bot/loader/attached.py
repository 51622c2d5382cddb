"""Decides what counts as a tweet's media, and cleans media, quotes, polls and cards. Pure.

Profile pictures, emoji and tracking pixels are pictures of the page, not of the tweet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

from bot.loader.raw.decode import clean
from bot.loader.raw.pictures import Pictures
from bot.models import Card, Media, MediaKind, PollOption, Quote

NOT_MEDIA = re.compile(
    r"profile_(?:images|banners|background)|default_profile|/emoji/|/hashflags?/|twemoji|/card_img/"
    r"|\b(?:1px|pixel|spacer|blank|transparent|tracking)\.(?:png|gif)|\.svg(?:[?#]|$)"
    r"|threadreaderapp\.com/|//(?:abs|abs-0)\.twimg\.com/|buymeacoffee|/favicon|/avatars?/",
    re.IGNORECASE,
)
NO_DESCRIPTIONS = frozenset(
    """image, images, photo, picture, video, gif, embedded video, video preview,
    图像, 图片, 圖片, 圖像, 画像, 이미지, imagen, imagem, immagine, bild, afbeelding, obraz, resim,
    gambar, изображение, зображення, صورة, תמונה, चित्र""".replace("\n    ", " ").split(", ")
)
"""What X and clippers write where the author described nothing, in several languages."""
VIDEO = re.compile(r"\.(?:mp4|m4v|mov|webm|m3u8)(?:[?#]|$)", re.IGNORECASE)
PICTURE = re.compile(
    r"\.(?:jpe?g|png|gif|webp)(?:[?#:]|$)|[?&]format=(?:jpe?g|png|webp)|pbs\.twimg\.com/",
    re.IGNORECASE,
)
THUMBNAIL = re.compile(r"/(?:ext_tw_|amplify_)video_thumb/|/(?P<gif>tweet_video_thumb)/")
ITS_LINK = re.compile(r"(?:^|(?<!\s)\s+)https?://t\.co/\w+\s*$")
LONGEST_URL = 2_000


def web_url(value: object) -> str | None:
    """Return `value` if it is an address on the web."""
    if not isinstance(value, str) or not value.startswith(("http://", "https://")):
        return None
    url = clean(value).strip()
    if len(url) > LONGEST_URL or re.search(r"[\s<>\"]", url) or not _host(url):
        return None
    return f"https{url[4:]}" if url.startswith("http://pbs.twimg.com/") else url


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def is_media(url: str) -> bool:
    """Whether the picture at `url` is a tweet's own, not one of the page around it."""
    return NOT_MEDIA.search(url) is None


def kind_of(url: str) -> MediaKind:
    """Return what is at `url`, as far as the URL says: X marks previews of videos and GIFs."""
    thumbnail = THUMBNAIL.search(url)
    if thumbnail:
        return "gif" if thumbnail["gif"] else "video"
    return "gif" if "/tweet_video/" in url else "video" if VIDEO.search(url) else "photo"


def media_at(url: object, alt: object = None) -> Media | None:
    """Return the picture or video at `url`, or None if it is not a tweet's media."""
    found = web_url(url)
    if found is None or not is_media(found):
        return None
    kind = kind_of(found)
    if VIDEO.search(found):
        return Media(kind, None, description(alt), found)
    return Media(kind, found, description(alt))


def looks_like_media(url: str) -> bool:
    """Whether a URL leads to a picture or a video rather than to a page."""
    return VIDEO.search(url) is not None or PICTURE.search(url) is not None


def without_its_link(text: str) -> str:
    """Return the text of a tweet without the short link that X puts at its end for its media."""
    return ITS_LINK.sub("", text)


def description(value: object) -> str | None:
    """Return an alt text, or None if it is missing or only says that there is a picture."""
    if not isinstance(value, str):
        return None
    lines = [" ".join(line.split()) for line in clean(value).split("\n")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return text if text and text.rstrip(".").casefold() not in NO_DESCRIPTIONS else None


def one_line(value: object) -> str | None:
    """Return a label or a name on one line, or None if it is empty or no text."""
    if not isinstance(value, str):
        return None
    return " ".join(clean(value).split()) or None


def cleaned_media(media: Iterable[Media], pictures: Pictures) -> tuple[Media, ...]:
    """Return `media` with clean texts and addresses, each once.

    What has neither an address, a file nor a description is left out.
    """
    found = [
        Media(
            each.kind,
            web_url(each.url),
            description(each.alt),
            web_url(each.video_url),
            pictures.file_for(each.file) if each.file else None,
        )
        for each in media
    ]
    return tuple(
        dict.fromkeys(each for each in found if each.url or each.video_url or each.file or each.alt)
    )


def cleaned_quote(quote: Quote | None) -> Quote | None:
    """Return `quote` with clean texts; None if it says nothing."""
    if quote is None or not (text := clean(quote.text).strip()):
        return None
    return Quote(
        text,
        one_line(quote.author),
        one_line(quote.author_name),
        quote.created_at,
        web_url(quote.permalink),
    )


def cleaned_poll(options: Iterable[PollOption]) -> tuple[PollOption, ...]:
    """Return the options of a poll with clean labels."""
    labelled = ((one_line(each.label), each.votes) for each in options)
    return tuple(
        PollOption(label, votes if votes is not None and votes >= 0 else None)
        for label, votes in labelled
        if label
    )


def cleaned_card(card: Card | None) -> Card | None:
    """Return `card` with clean texts; None if it has no title."""
    title = one_line(card.title) if card else None
    if card is None or title is None:
        return None
    return Card(title, one_line(card.description), web_url(card.url))


def whole_number(value: Any) -> int | None:
    """Return a count that a format may give as a text."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 19:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def base_name(url: str) -> str:
    """Return the last part of a URL's path."""
    try:
        return unquote(urlsplit(url).path).rsplit("/", 1)[-1]
    except ValueError:
        return ""
