"""The smallest pictures that their first bytes make of a kind."""

from __future__ import annotations

import base64

JPEG = b"\xff\xd8\xff\xe0 a jpeg"
GIF = b"GIF89a a gif"
WEBP = b"RIFF\x04\x00\x00\x00WEBPVP8 "
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg=="
)
