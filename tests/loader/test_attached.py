"""Tests of what counts as a tweet's media."""

from __future__ import annotations

import pytest

from bot.loader.attached import (
    LONGEST_URL,
    base_name,
    cleaned_card,
    cleaned_media,
    cleaned_poll,
    cleaned_quote,
    description,
    kind_of,
    looks_like_media,
    media_at,
    one_line,
    web_url,
    whole_number,
    without_its_link,
)
from bot.loader.raw.pictures import Pictures, Source, file_name
from bot.models import Card, Media, PollOption, Quote
from tests.pictures import JPEG


@pytest.mark.parametrize(
    "value",
    [
        "",
        None,
        5,
        "javascript:alert(1)",
        "//a.example/b",
        "https://",
        "https://a b",
        "https://[",
        "a",
    ],
)
def test_only_addresses_on_the_web_are_followed(value: object) -> None:
    assert web_url(value) is None


def test_an_old_address_of_a_picture_on_x_is_a_safe_one() -> None:
    assert web_url("http://pbs.twimg.com/media/A.jpg") == "https://pbs.twimg.com/media/A.jpg"
    assert web_url("http://a.example/A.jpg") == "http://a.example/A.jpg"


@pytest.mark.parametrize(
    "url",
    [
        "https://pbs.twimg.com/profile_images/1/a_bigger.jpg",
        "https://pbs.twimg.com/profile_banners/1/2",
        "https://abs-0.twimg.com/emoji/v2/72x72/1f3d6.png",
        "https://abs.twimg.com/sticky/default_profile_images/default.png",
        "https://pbs.twimg.com/card_img/1/a?format=jpg",
        "https://threadreaderapp.com/images/1px.png",
        "https://a.example/pixel.gif",
        "https://a.example/icon.svg",
    ],
)
def test_pictures_of_the_page_are_no_media(url: str) -> None:
    assert media_at(url) is None


def test_a_picture_and_a_video_are_told_apart_by_their_addresses() -> None:
    assert media_at("https://a.example/b.jpg", " A  crane ") == Media(
        "photo", "https://a.example/b.jpg", "A crane"
    )
    video = "https://a.example/b.mp4?tag=1"
    assert media_at(video) == Media("video", None, None, video)
    assert kind_of("https://pbs.twimg.com/tweet_video_thumb/A.jpg") == "gif"
    assert kind_of("https://pbs.twimg.com/amplify_video_thumb/1/img/A.jpg") == "video"
    assert kind_of("https://video.twimg.com/tweet_video/A.mp4") == "gif"
    assert kind_of("https://video.twimg.com/ext_tw_video/A.mp4") == "video"
    assert looks_like_media("https://pbs.twimg.com/media/A?format=png&name=large")
    assert not looks_like_media("https://news.example/jpg")


@pytest.mark.parametrize(
    "alt", ["Image", "image", "Image.", "图像", "Embedded video", " ", "", None, 7]
)
def test_what_every_picture_is_called_is_no_description(alt: object) -> None:
    assert description(alt) is None


def test_a_description_keeps_its_lines() -> None:
    assert description("A crane,\n\n\n\nbent ") == "A crane,\n\nbent"


def test_media_lose_what_is_unsafe_and_those_that_lead_nowhere() -> None:
    one = Media("photo", "https://a.example/b.jpg", "Image")
    given = [one, one, Media("video", "javascript:a", None, "file:///b"), Media("photo", alt="Fog")]
    assert cleaned_media(given, Pictures()) == (
        Media("photo", "https://a.example/b.jpg"),
        Media("photo", alt="Fog"),
    )


def test_a_file_that_is_not_beside_the_dump_is_none() -> None:
    named = Media("photo", "https://a.example/b.jpg", file=f"{'0' * 64}.jpg")
    assert cleaned_media([named], Pictures()) == (Media("photo", "https://a.example/b.jpg"),)


def test_quotes_polls_and_cards_are_cleaned() -> None:
    quote = Quote(" Hm\x00 ", " ben ", "Ben \n B.", "2025", "ftp://a")
    assert cleaned_quote(quote) == Quote("Hm", "ben", "Ben B.", "2025", None)
    assert cleaned_quote(Quote(" \x00")) is None
    options = [PollOption(" a  b "), PollOption(" ", 3), PollOption("c", -1)]
    assert cleaned_poll(options) == (PollOption("a b"), PollOption("c"))
    assert cleaned_card(Card(" ", "b")) is None
    assert cleaned_card(Card("a", " b\nc", "d")) == Card("a", "b c")
    assert cleaned_card(None) is None
    assert cleaned_quote(None) is None


def test_small_things() -> None:
    assert [whole_number(each) for each in ("12", 12, "1.2", True, None, "9" * 30)] == [
        12, 12, None, None, None, None,
    ]  # fmt: skip
    assert whole_number("9" * 18) == int("9" * 18)
    assert whole_number("9" * 19) is None
    assert base_name("https://a.example/b/c%20d.jpg?e") == "c d.jpg"
    assert base_name("https://a.example/") == ""
    assert base_name("https://[") == ""
    assert one_line(5) is None
    assert without_its_link("A crane https://t.co/abc") == "A crane"
    assert without_its_link("https://t.co/abc says so") == "https://t.co/abc says so"


def test_an_address_has_at_most_two_thousand_characters() -> None:
    longest = f"https://a.example/{'b' * (LONGEST_URL - 18)}"
    assert len(longest) == LONGEST_URL
    assert web_url(longest) == longest
    assert web_url(f"{longest}b") is None


def test_the_name_of_a_picture_in_the_library_is_kept() -> None:
    pictures = Pictures(Source({"media/1-a.jpg": len(JPEG)}, lambda _: JPEG))
    (found,) = cleaned_media([Media("photo", file="1-a.jpg")], pictures)
    assert found.file == file_name(JPEG)
