"""Reads what gallery-dl writes about X: a JSON file for each picture, and lists (`-j`).

https://github.com/mikf/gallery-dl
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec.structs import replace as with_changes

from bot.loader.attached import media_at
from bot.loader.line_account import Account
from bot.loader.records.json_values import Json, as_dict, as_list, as_text
from bot.loader.records.posts import Post, ShortLink, quote_of, readable
from bot.loader.records.x_json import handle_of, id_of, iso
from bot.models import Media

FORMAT = "gallery-dl"
CONTENT = re.compile(r"\"(?:retweet_id|quote_id|reply_id)\"\s*:\s*\"?\d")
"""gallery-dl writes these ids, 0 for none. Its files of other sites have none of them."""
MEDIA_NAME = re.compile(r"[\w-]{15}", re.ASCII)
SHORT = re.compile(r"https?://t\.co/\w+", re.ASCII)
QUOTED_APART = "a quoted post without the post that quotes it; left out"


class Finder:
    """Finds the posts in records: files' metadata, or the parts of the messages of `-j`.

    A message is a number, for a file its URL, and the metadata. A post with several pictures has a
    record for each; `joined` makes one post of them.
    """

    def __init__(self) -> None:
        """Start before the first record."""
        self._url: str | None = None

    def __call__(self, value: Any, line: int, _: Account) -> Iterator[Post]:
        """Yield the posts in a record."""
        if isinstance(value, str | int):
            self._url = value if isinstance(value, str) else None
            return
        url, self._url = self._url, None
        if isinstance(value, dict) and id_of(value.get("tweet_id")):
            yield _post(value, url, line)


def joined(posts: Iterable[Post], account: Account) -> Iterator[Post]:
    """Yield one post for all records of it, and quoted posts as parts of those that quote them."""
    above: Post | None = None
    for post in posts:
        if post.quoted_by:
            if above is not None and above.tweet_id == post.quoted_by:
                above = with_changes(above, quote=quote_of(post))
            else:
                account.notice(post.line, QUOTED_APART, post.part)
                account.record(post.line, "notice", QUOTED_APART, post.text)
        elif above is not None and above.tweet_id == post.tweet_id:
            above = with_changes(above, media=_each_once((*above.media, *post.media)))
        else:
            if above is not None:
                yield above
            above = post
    if above is not None:
        yield above


def _each_once(media: Iterable[Media]) -> tuple[Media, ...]:
    """Return `media` in order, each once, with its description if any has it."""
    found: dict[tuple[str | None, str | None], Media] = {}
    for each in media:
        key = each.url, each.video_url
        if key not in found or each.alt:
            found[key] = each
    return tuple(found.values())


def _post(record: Json, url: str | None, line: int) -> Post:
    author = as_dict(record.get("author"))
    reply_to = id_of(record.get("reply_id"))
    raw = as_text(record.get("content")) or ""
    shorts = [ShortLink(each, None, None) for each in SHORT.findall(raw)]
    text, links = readable(raw, shorts, is_reply=reply_to is not None)
    return Post(
        line=line,
        text=text,
        mentions=tuple(
            name
            for each in map(as_dict, as_list(record.get("mentions")))
            if (name := handle_of(each.get("name")))
        ),
        links=links,
        author=handle_of(author.get("name")),
        author_id=id_of(author.get("id")),
        created_at=iso(record.get("date")),
        tweet_id=id_of(record.get("tweet_id")),
        conversation=id_of(record.get("conversation_id")),
        reply_to=reply_to,
        reply_to_author=handle_of(record.get("reply_to")),
        is_repost=id_of(record.get("retweet_id")) is not None,
        author_name=as_text(author.get("nick")),
        media=_media(record, url),
        quoted_by=id_of(record.get("quote_id")),
    )


def _media(record: Json, url: str | None) -> tuple[Media, ...]:
    """Return the file that a record is about: by its URL, or by the name that X gave it."""
    alt = record.get("description")
    name, ending = as_text(record.get("filename")), as_text(record.get("extension"))
    if url is None and name and MEDIA_NAME.fullmatch(name) and ending in ("jpg", "png", "webp"):
        url = f"https://pbs.twimg.com/media/{name}?format={ending}&name=orig"
    found = media_at(url, alt) if url and "twimg.com/" in url else None
    return (found,) if found else ()
