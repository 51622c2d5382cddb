"""Reads Mastodon's JSON: the outbox of an account's archive, or any ActivityStreams object.

https://www.w3.org/TR/activitystreams-vocabulary/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from bot.loader.attached import web_url, whole_number
from bot.loader.line_account import Account
from bot.loader.raw.decode import clean
from bot.loader.records.html_text import text_and_links
from bot.loader.records.json_values import Json, as_dict, as_text, unpacked
from bot.loader.records.posts import Post
from bot.loader.records.x_json import iso
from bot.models import Media, MediaKind, PollOption

FORMAT = "mastodon"
CONTENT = re.compile(r"\"(?:https?:)?//www\.w3\.org/ns/activitystreams")
PUBLIC = ("https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public")
COLLECTIONS = ("OrderedCollection", "OrderedCollectionPage", "Collection", "CollectionPage")
ACTOR = re.compile(r"https?://([^/\s]+)/(?:users/|@)([\w.-]+)")
OUTBOX = re.compile(r"(?:[^/]*/)?outbox\.json")
"""The path of the file with an account's posts in its archive."""


def outboxes_among(names: Iterable[str]) -> list[str]:
    """Return the paths in `names` of files with an account's posts."""
    return [name for name in names if OUTBOX.fullmatch(name)]


def posts_in(value: Any, line: int, account: Account) -> Iterator[Post]:
    """Yield the public posts in a JSON value. Everything else gets a notice."""
    waiting = [value]
    for here in unpacked(waiting):
        if not isinstance(here, dict):
            _left_out(account, line, "not an ActivityStreams activity")
        elif here.get("type") in COLLECTIONS:
            waiting += [each for key in ("orderedItems", "items") if (each := here.get(key))]
        elif here.get("type") == "Announce":
            yield Post(line=line, text="", is_repost=True)
        elif here.get("type") in ("Create", "Update"):
            waiting.append(here.get("object"))
        elif here.get("type") in ("Note", "Article", "Question"):
            if _is_public(here):
                yield _post(here, line)
            else:
                _left_out(account, line, "a post that is not public")
        else:
            _left_out(account, line, f"an activity that is not a post ({here.get('type')!s:.40})")


def _left_out(account: Account, line: int, message: str) -> None:
    account.notice(line, f"{message}; left out")
    account.record(line, "notice", message, "")


def _is_public(note: Json) -> bool:
    to = [each for key in ("to", "cc") for each in _values(note.get(key))]
    return any(each in PUBLIC for each in to)


def _post(note: Json, line: int) -> Post:
    actor = as_text(note.get("attributedTo")) or as_text(note.get("actor"))
    reply_to = as_text(note.get("inReplyTo"))
    tags = [each for each in _values(note.get("tag")) if isinstance(each, dict)]
    text, links = text_and_links(as_text(note.get("content")) or "", is_reply=reply_to is not None)
    warning = clean(as_text(note.get("summary")) or "").strip()
    own_id = as_text(note.get("id"))
    url = as_text(note.get("url")) or own_id
    return Post(
        line=line,
        text=f"{warning}\n\n{text}".strip() if warning else text,
        mentions=tuple(
            name.removeprefix("@")
            for each in tags
            if each.get("type") == "Mention" and (name := as_text(each.get("name")))
        ),
        links=links,
        author=_name(actor),
        author_id=_actor_key(actor),
        created_at=iso(note.get("published")),
        tweet_id=own_id,
        conversation=as_text(note.get("conversation")),
        reply_to=reply_to,
        reply_to_author_id=_actor_key(reply_to),
        permalink=url if url and url.startswith(("http://", "https://")) else None,
        media=tuple(_media(note)) if note.get("attachment") else (),
        poll=tuple(_poll(note)) if "oneOf" in note or "anyOf" in note else (),
    )


def _media(note: Json) -> Iterator[Media]:
    """Yield the attachments. In an archive their addresses are paths to its files."""
    for each in map(as_dict, _values(note.get("attachment"))):
        type_ = as_text(each.get("mediaType")) or ""
        url = as_text(each.get("url")) or as_text(each.get("href")) or ""
        alt = as_text(each.get("name")) or as_text(each.get("summary"))
        file = None if web_url(url) else url or None
        if type_.startswith("image/") or (not type_ and each.get("type") == "Image"):
            kind: MediaKind = "gif" if type_ == "image/gif" else "photo"
            yield Media(kind, web_url(url), alt, None, file)
        elif type_.startswith("video/") or each.get("type") == "Video":
            preview = as_text(as_dict(each.get("icon")).get("url"))
            yield Media("video", web_url(preview), alt, web_url(url), file)


def _poll(note: Json) -> Iterator[PollOption]:
    for each in map(as_dict, [*_values(note.get("oneOf")), *_values(note.get("anyOf"))]):
        votes = as_dict(each.get("replies")).get("totalItems")
        if label := as_text(each.get("name")):
            yield PollOption(label, whole_number(votes))


def _name(actor: str | None) -> str | None:
    """Return `name@host` for an actor's address, or None."""
    found = ACTOR.match(actor or "")
    return f"{found[2]}@{found[1].lower()}" if found else None


def _actor_key(address: str | None) -> str | None:
    """Return a key that is equal for all addresses of an actor and of the actor's posts."""
    name = _name(address)
    return name.lower() if name else address


def _values(value: object) -> list[Any]:
    """Return the values of a property as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]
