"""The smallest pictures that their first bytes make of a kind, and an archive that has some."""

from __future__ import annotations

import base64
import json
import zipfile
from pathlib import Path

JPEG = b"\xff\xd8\xff\xe0 a jpeg"
GIF = b"GIF89a a gif"
WEBP = b"RIFF\x04\x00\x00\x00WEBPVP8 "
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg=="
)


def archive(path: Path, *, pictures: bool = True) -> Path:
    """Write an X archive of three tweets; the first shows two photos, the second is one alone."""
    url = "https://pbs.twimg.com/media"

    def record(number: int, text: str, *photos: str) -> dict[str, object]:
        reply = {"in_reply_to_status_id_str": str(1900 + number - 1)} if number > 1 else {}
        media = [
            {"url": "https://t.co/p", "type": "photo", "media_url_https": f"{url}/{photo}"}
            for photo in photos
        ]
        return {
            "tweet": {
                "id_str": str(1900 + number),
                "full_text": text,
                "created_at": "Thu Jun 12 10:00:00 +0000 2025",
                **reply,
                **({"in_reply_to_user_id_str": "5"} if number > 1 else {}),
                "user_id_str": "5",
                "extended_entities": {"media": media},
            }
        }

    tweets = [
        record(1, "Okapis by the fence https://t.co/p", "a.jpg", "b.png"),
        record(2, "https://t.co/p", "c.jpg"),
        record(3, "They left"),
    ]
    account = [{"account": {"username": "anna_ports", "accountId": "5"}}]
    with zipfile.ZipFile(path, "w") as whole:
        whole.writestr("data/account.js", f"window.YTD.account.part0 = {json.dumps(account)}")
        whole.writestr("data/tweets.js", f"window.YTD.tweets.part0 = {json.dumps(tweets)}")
        if pictures:
            whole.writestr("data/tweets_media/1901-a.jpg", JPEG)
            whole.writestr("data/tweets_media/1901-b.png", PNG)
            whole.writestr("data/tweets_media/1902-c.jpg", b"no picture")
            whole.writestr("data/direct_messages_media/1-d.jpg", JPEG + b"private")
    return path


def outbox(path: Path) -> Path:
    """Write a Mastodon archive of one post, whose photo is in the archive alone."""
    me = "https://social.example/users/anna"
    photo = {
        "type": "Document",
        "mediaType": "image/jpeg",
        "url": "/media_attachments/files/1/original/a.jpg",
        "name": "A gate, shut",
    }
    post = {
        "type": "Note",
        "id": f"{me}/statuses/1",
        "attributedTo": me,
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
        "published": "2023-01-01T10:00:00Z",
        "content": "<p>Okapis by the fence</p>",
        "attachment": [photo],
    }
    whole = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "type": "OrderedCollection",
        "orderedItems": [{"type": "Create", "object": post}],
    }
    with zipfile.ZipFile(path, "w") as archived:
        archived.writestr("outbox.json", json.dumps(whole))
        archived.writestr("media_attachments/files/1/original/a.jpg", JPEG)
    return path
