"""Addresses of pictures on mirrors of X."""

from __future__ import annotations

import base64

import pytest

from bot.loader.mirrors import original

PATH = base64.urlsafe_b64encode(b"media/GabcdeX.jpg?name=small").decode().rstrip("=")


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("https://pbs.twimg.com/pic/a.jpg", "https://pbs.twimg.com/pic/a.jpg"),
        ("/pic/media%2FG.jpg%3Fname%3Dsmall", "https://pbs.twimg.com/media/G.jpg"),
        ("https://nitter.example/pic/orig/media%2FG.jpg", "https://pbs.twimg.com/media/G.jpg"),
        ("/pic/video.twimg.com%2FG.mp4", "https://video.twimg.com/G.mp4"),
        ("/pic/https%3A%2F%2Fa.example%2Fb.jpg", "https://a.example/b.jpg"),
        ("/pic/http%3A%2F%2Fa.example%2Fb.jpg", "http://a.example/b.jpg"),
        (f"/pic/enc/{PATH}", "https://pbs.twimg.com/media/GabcdeX.jpg"),
        (f"/pic/orig/enc/{PATH}", "https://pbs.twimg.com/media/GabcdeX.jpg"),
        ("/pic/enc/%%%", "/pic/enc/%%%"),
        ("/pic/enc/a", "/pic/enc/a"),
        ("/video/0AB/https%3A%2F%2Fvideo.twimg.com%2Fa.m3u8", "https://video.twimg.com/a.m3u8"),
        ("/video/enc/0ab/https%3A%2F%2Fvideo.twimg.com%2Fa", "https://video.twimg.com/a"),
        ("https://a.example/b.jpg", "https://a.example/b.jpg"),
        ("", ""),
    ],
)
def test_a_picture_s_address_on_x_is_found(address: str, there: str) -> None:
    assert original(address) == there
