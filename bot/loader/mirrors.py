"""Knows the addresses that mirrors of X, such as nitter, give to pictures and videos. Pure."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote

OF_X = re.compile(r"https?://[\w.-]*\btwimg\.com/", re.ASCII)
SMALL = re.compile(r"(?<=\.jpg|\.png)\?name=\w+$")
"""A size of a picture, which has the same address in others."""
MIRRORED = re.compile(r"/pic/(?:orig/)?(?:(?P<encoded>enc/)?)(?P<path>[^?]+)")
MIRRORED_VIDEO = re.compile(r"/video/(?:enc/)?[0-9A-F]+/(?P<url>https?%3A.+)", re.IGNORECASE)


def original(address: str) -> str:
    """Return the address on X of a picture or a video that a mirror shows."""
    if OF_X.match(address):
        return SMALL.sub("", address)
    video = MIRRORED_VIDEO.search(address)
    if video:
        return unquote(video["url"])
    found = MIRRORED.search(address)
    if not found:
        return address
    path = unquote(found["path"])
    if found["encoded"]:
        try:
            path = base64.b64decode(path + "=" * (-len(path) % 4), b"-_", validate=True).decode(
                "ascii"
            )
        except (binascii.Error, ValueError):
            return address
    path = path.split("?", 1)[0]
    if path.startswith(("http://", "https://")):
        return path
    return f"https://{path}" if ".twimg.com/" in path else f"https://pbs.twimg.com/{path}"
