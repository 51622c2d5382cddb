"""Reads media, polls and cards as X's APIs, its web client and scrapers write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.loader.attached import kind_of, media_at, web_url, whole_number
from bot.loader.records.json_values import Json, as_dict, as_list, as_text
from bot.models import Card, Media, MediaKind, PollOption

KINDS: Mapping[str, MediaKind] = {
    "photo": "photo",
    "image": "photo",
    "video": "video",
    "animated_gif": "gif",
    "gif": "gif",
}
PICTURES = (
    "media_url_https", "media_url", "original", "preview_image_url", "previewImageUrl", "fullUrl",
    "thumbnailUrl", "thumbnail_url", "previewUrl", "preview", "thumb", "poster", "image_url",
    "imageUrl",
)  # fmt: skip
"""Keys of a picture's URL, of a video its preview picture."""
ALTS = ("ext_alt_text", "alt_text", "altText", "alt")
VIDEOS = ("videoUrl", "video_url", "source_url")
MOST_CHOICES = 4


def media_in(values: Iterable[Any]) -> tuple[Media, ...]:
    """Return the media that objects or URLs describe, in order, each once."""
    found = (_media(each) for each in values)
    return tuple(dict.fromkeys(each for each in found if each))


def _media(value: Any) -> Media | None:
    if not isinstance(value, dict):
        return media_at(value)
    alt = next((text for key in ALTS if (text := as_text(value.get(key)))), None)
    picture = next((url for key in PICTURES if (url := web_url(value.get(key)))), None)
    video = _best_video(value) or next(
        (url for key in VIDEOS if (url := web_url(value.get(key)))), None
    )
    own = media_at(value.get("url"), alt) if "t.co/" not in str(value.get("url")) else None
    if own and own.video_url:
        video, own = video or own.video_url, None
    shown = media_at(picture, alt) or own
    if shown is None and video is None:
        return None
    kind = _kind(value, shown.url if shown and shown.url else video or "", has_video=bool(video))
    return Media(kind, shown.url if shown else None, alt, video if kind != "photo" else None)


def _kind(value: Json, url: str, *, has_video: bool) -> MediaKind:
    said = as_text(value.get("type")) or (as_text(value.get("_type")) or "").rsplit(".", 1)[-1]
    known = KINDS.get(said.lower())
    if known:
        return known
    found = kind_of(url)
    return "video" if has_video and found == "photo" else found


def _best_video(value: Json) -> str | None:
    """Return the URL of the MP4 with the highest bit rate."""
    info = as_dict(value.get("video_info") or value.get("videoInfo"))
    variants = as_list(info.get("variants") or value.get("variants"))
    best: tuple[int, str] | None = None
    for each in map(as_dict, variants):
        kind = each.get("content_type") or each.get("contentType") or ""
        url = web_url(each.get("url") or each.get("src"))
        if not url or "mpegurl" in str(kind).lower():
            continue
        rate = whole_number(each.get("bitrate") or each.get("bit_rate")) or 0
        if best is None or rate > best[0]:
            best = rate, url
    return best[1] if best else None


def attached_media(record: Json) -> tuple[Media, ...]:
    """Return the media of a record in API v1.1's format; `extended_entities` has them all."""
    for holder in ("extended_entities", "extendedEntities", "entities"):
        found = media_in(as_list(as_dict(record.get(holder)).get("media")))
        if found:
            return found
    return media_in(as_list(record.get("mediaDetails") or record.get("media")))


def scraped_media(media: Any) -> tuple[Media, ...]:
    """Return the media of a scraper's record: a list, or lists by kind."""
    if isinstance(media, dict):
        lists = (("photos", "photo"), ("videos", "video"), ("animated", "gif"), ("gifs", "gif"))
        return media_in(
            {"type": kind, **each} if isinstance(each, dict) else each
            for key, kind in lists
            for each in as_list(media.get(key))
        )
    return media_in(as_list(media))


def card_of(card: Json, urls: Mapping[str, str]) -> Card | None:
    """Return the preview of a page, if `card` is one.

    Args:
        card: a record's `card`.
        urls: the targets of short links.
    """
    title = as_text(card.get("title"))
    if title:  # a scraper's
        url = as_text(card.get("url")) or as_text(card.get("unwound_url")) or ""
        return Card(title, as_text(card.get("description")), urls.get(url, url))
    values = _bindings(card)
    title = as_text(values.get("title"))
    if title is None or _choices(values):
        return None
    url = as_text(values.get("card_url")) or as_text(as_dict(card.get("legacy")).get("url")) or ""
    return Card(title, as_text(values.get("description")), urls.get(url, url))


def poll_of(card: Json) -> tuple[PollOption, ...]:
    """Return the options of a poll, if `card` is one."""
    options = as_list(card.get("options"))
    if options:
        return poll_options(options)
    return _choices(_bindings(card))


def poll_options(options: Iterable[Any]) -> tuple[PollOption, ...]:
    """Return the options of a poll that objects describe, in their order."""
    found = [each for each in options if isinstance(each, dict) and as_text(each.get("label"))]
    found.sort(key=lambda each: whole_number(each.get("position")) or 0)
    counts = ("votes", "votesCount", "count")
    return tuple(
        PollOption(
            each["label"],
            next((n for key in counts if (n := whole_number(each.get(key))) is not None), None),
        )
        for each in found
    )


def _choices(values: Mapping[str, Any]) -> tuple[PollOption, ...]:
    return tuple(
        PollOption(label, whole_number(values.get(f"choice{place}_count")))
        for place in range(1, MOST_CHOICES + 1)
        if (label := as_text(values.get(f"choice{place}_label")))
    )


def _bindings(card: Json) -> dict[str, Any]:
    """Return the values that a card is filled with, by key."""
    values = as_dict(card.get("legacy") or card).get("binding_values")
    return dict(_pairs(values))


def _pairs(values: Any) -> Iterator[tuple[str, Any]]:
    """Yield keys and texts: the API has an object of values, the web client a list."""
    items = (
        values.items()
        if isinstance(values, dict)
        else [(each.get("key"), each.get("value")) for each in map(as_dict, as_list(values))]
    )
    for key, value in items:
        if isinstance(key, str):
            yield key, as_dict(value).get("string_value")
