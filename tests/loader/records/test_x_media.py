"""Tests of media, polls and cards in X's formats; `tests/dumps` has whole ones."""

from __future__ import annotations

import pytest

from bot.loader.records.x_media import (
    attached_media,
    card_of,
    media_in,
    poll_of,
    scraped_media,
)
from bot.models import Card, Media, PollOption

A, V = "https://pbs.twimg.com/media/A.jpg", "https://video.twimg.com/1/v.mp4"


def test_all_media_are_in_extended_entities() -> None:
    one, two = {"media_url_https": A, "type": "photo"}, {"media_url_https": f"{A}x"}
    record = {"entities": {"media": [one]}, "extended_entities": {"media": [one, two]}}
    assert [each.url for each in attached_media(record)] == [A, f"{A}x"]
    assert [each.url for each in attached_media({"entities": {"media": [one]}})] == [A]
    assert attached_media({"media": [A]}) == (Media("photo", A),)
    assert attached_media({"entities": None, "media": 5}) == ()


def test_a_video_is_the_one_with_the_highest_bit_rate() -> None:
    variants = [
        {"content_type": "application/x-mpegURL", "url": "https://video.twimg.com/1/l.m3u8"},
        {"content_type": "video/mp4", "bitrate": "99", "url": "https://video.twimg.com/1/s.mp4"},
        {"content_type": "video/mp4", "bitrate": "500", "url": V},
    ]
    value = {"type": "video", "media_url_https": A, "video_info": {"variants": variants}}
    assert media_in([value]) == (Media("video", A, None, V),)


def test_a_short_link_is_no_picture() -> None:
    assert media_in([{"url": "https://t.co/a", "type": "photo"}]) == ()
    assert media_in([{"url": A, "type": "image"}, A, 5, {}]) == (Media("photo", A),)


def test_a_scraper_lists_media_by_kind() -> None:
    found = scraped_media(
        {"photos": [{"url": A}], "animated": [{"thumbnailUrl": A, "videoUrl": V}]}
    )
    assert found == (Media("photo", A), Media("gif", A, None, V))
    assert scraped_media(None) == ()


def test_a_poll_is_no_card() -> None:
    poll = {
        "binding_values": {"choice1_label": {"string_value": "Yes"}, "title": {"string_value": "T"}}
    }
    assert poll_of(poll) == (PollOption("Yes"),)
    assert card_of(poll, {}) is None
    assert poll_of({"options": [{"label": "No", "votesCount": 4}, {"label": 5}]}) == (
        PollOption("No", 4),
    )


def test_a_card_leads_where_its_short_link_leads() -> None:
    values = {"title": {"string_value": "T"}, "card_url": {"string_value": "https://t.co/a"}}
    known = {"https://t.co/a": "https://a.example"}
    assert card_of({"binding_values": values}, known) == Card("T", None, "https://a.example")
    assert card_of({"binding_values": {}}, known) is None


def test_a_video_at_the_media_s_own_address_is_no_picture() -> None:
    assert media_in([{"type": "video", "url": V}]) == (Media("video", None, None, V),)
    assert media_in([{"url": V, "media_url_https": A}]) == (Media("video", A, None, V),)


def test_of_equal_bit_rates_the_first_one_counts_and_none_is_the_lowest() -> None:
    variants = [
        {"content_type": "video/mp4", "url": f"{V}?1"},
        {"contentType": "video/mp4", "bit_rate": 7, "src": f"{V}?2"},
        {"content_type": "video/mp4", "bitrate": 7, "url": f"{V}?3"},
        {"content_type": "video/mp4", "bitrate": 5, "url": f"{V}?4"},
    ]
    assert media_in([{"type": "video", "variants": variants}]) == (
        Media("video", None, None, f"{V}?2"),
    )


def test_a_card_s_values_may_be_a_list_of_pairs() -> None:
    values = [
        {"key": "title", "value": {"string_value": "T"}}, {"key": 5, "value": {}}, "x",
        {"key": "card_url", "value": {"string_value": "https://a.example"}},
    ]  # fmt: skip
    card = {"legacy": {"binding_values": values}}
    assert card_of(card, {}) == Card("T", None, "https://a.example")


@pytest.mark.parametrize(
    "key",
    [
        "media_url_https",
        "media_url",
        "original",
        "preview_image_url",
        "previewImageUrl",
        "fullUrl",
        "thumbnailUrl",
        "thumbnail_url",
        "previewUrl",
        "preview",
        "thumb",
        "poster",
        "image_url",
        "imageUrl",
    ],
)
def test_a_picture_s_address_has_several_names(key: str) -> None:
    assert media_in([{"type": "photo", key: A}]) == (Media("photo", A),)


def test_a_stream_or_a_variant_without_an_address_is_no_video() -> None:
    stream = {"contentType": "application/x-mpegURL", "bitrate": 900, "url": f"{V}?stream"}
    variants = [stream, {"bitrate": 800}, {"url": f"{V}?0"}, {"url": f"{V}?1", "bitrate": 1}]
    assert media_in([{"type": "video", "variants": variants}]) == (
        Media("video", None, None, f"{V}?1"),
    )


def test_a_scraper_s_card_leads_to_its_address() -> None:
    assert card_of({"title": "T", "unwound_url": "https://a.example"}, {}) == Card(
        "T", None, "https://a.example"
    )
