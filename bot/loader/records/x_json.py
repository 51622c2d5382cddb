"""Reads posts in the JSON formats of X's APIs, archives and scrapers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.loader.entities import LEADING_MENTIONS
from bot.loader.records.json_values import Json, as_dict, as_list, as_text
from bot.loader.records.posts import Post, ShortLink, readable

ACCOUNT_NAME = re.compile(rb"\"username\"\s*:\s*\"(\w{1,15})\"", re.ASCII)
FIRST_YEAR, LAST_YEAR = 2006, 9998
"""The last day of 9999 may be outside the calendar in another time zone."""
CLASSIC_DATE = "%a %b %d %H:%M:%S %z %Y"
CLASSIC = re.compile(
    r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) (?P<day>[0-9]{2}) (?P<time>[0-9:]{8}) \+0000"
    r" (?P<year>[0-9]{4})"
)
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
ID = re.compile(r"[0-9]{1,20}")


def posts_in(value: Any, line: int, users: Mapping[str, str] | None = None) -> Iterator[Post]:
    """Yield the posts in a JSON value, in order.

    Args:
        value: what `json.loads` gave.
        line: where it starts in the file, from 1.
        users: handles by user id, of a page's `includes`.
    """
    # A list instead of recursion, because values may be nested deeper than the stack allows.
    waiting: list[tuple[Any, Mapping[str, str]]] = [(value, users or {})]
    while waiting:
        here, known = waiting.pop()
        if isinstance(here, list):
            waiting += [(each, known) for each in reversed(here)]
        elif isinstance(here, dict):
            post = _post(here, line, known)
            if post is not None:
                yield post
                continue
            known = {**known, **_included_users(here)}
            inner = [
                each for key, each in here.items() if key not in ("includes", "errors", "meta")
            ]
            waiting += [(each, known) for each in reversed(inner)]


def _post(record: Json, line: int, users: Mapping[str, str]) -> Post | None:
    """Return the post in `record`, if it has a known format."""
    legacy = record.get("legacy")
    if isinstance(legacy, dict) and _text(legacy, "full_text") is not None:
        return _graphql(record, legacy, line)
    if _text(record, "rawContent", "content") is not None and "user" in record:
        return _scraped(record, line)
    has_id = _id(record.get("id_str")) or _id(record.get("id"))
    if not has_id:
        return None
    if _text(record, "full_text") is not None:
        return _v1(record, line)
    if _text(record, "text") is not None:
        if "user" in record or "id_str" in record:
            return _v1(record, line)
        if "author_id" in record or "edit_history_tweet_ids" in record or "author" in record:
            return _v2(record, line, users)
    return None


def _v1(record: Json, line: int) -> Post:
    """Read API v1.1's format, and the tweets of an X archive, which have no user.

    https://docs.x.com/x-api/enterprise-gnip-2.0/fundamentals/data-dictionary
    """
    repeated = record.get("retweeted_status")
    if isinstance(repeated, dict) and (post := _post(repeated, line, {})) is not None:
        return replace(post, is_repost=True)
    longer = record.get("extended_tweet")
    body = {**record, **longer} if isinstance(longer, dict) else record
    user = as_dict(record.get("user"))
    raw = _text(body, "full_text", "text") or ""
    reply_to = _id(record.get("in_reply_to_status_id_str") or record.get("in_reply_to_status_id"))
    answered = _handle(record.get("in_reply_to_screen_name"))
    entities, media = as_dict(body.get("entities")), as_dict(body.get("extended_entities"))
    text, links = readable(
        raw,
        [*short_links(entities), *_pictures(entities), *_pictures(media)],
        is_reply=bool(answered),
    )
    return Post(
        line=line,
        text=text,
        mentions=_mentions(entities, "user_mentions", "screen_name"),
        links=links,
        author=_handle(user.get("screen_name")),
        author_id=_id(user.get("id_str") or user.get("id") or record.get("user_id_str")),
        created_at=iso(record.get("created_at")),
        tweet_id=_id(record.get("id_str") or record.get("id")),
        conversation=_id(record.get("conversation_id_str")),
        reply_to=reply_to,
        reply_to_author=answered,
        reply_to_author_id=_id(
            record.get("in_reply_to_user_id_str") or record.get("in_reply_to_user_id")
        ),
        is_repost="retweeted_status" in record
        or "retweeted_status_result" in record
        or raw.startswith("RT @"),
    )


def _graphql(record: Json, legacy: Json, line: int) -> Post:
    """Read a `tweet_results.result` of X's web client; a long post has its text in `note_tweet`."""
    user = as_dict(as_dict(as_dict(record.get("core")).get("user_results")).get("result"))
    named = as_dict(user.get("core")).get("screen_name") or as_dict(user.get("legacy")).get(
        "screen_name"
    )
    note = as_dict(
        as_dict(as_dict(record.get("note_tweet")).get("note_tweet_results")).get("result")
    )
    body: dict[str, Any] = {"id_str": record.get("rest_id"), **legacy}
    body["user"] = {"screen_name": named, "id_str": user.get("rest_id")}
    if isinstance(note.get("text"), str):
        body["full_text"] = note["text"]
        body["entities"] = note.get("entity_set", legacy.get("entities"))
    return _v1(body, line)


def _v2(record: Json, line: int, users: Mapping[str, str]) -> Post:
    """Read API v2's format, plain or flattened by twarc2."""
    author = as_dict(record.get("author"))
    author_id = _id(record.get("author_id") or author.get("id"))
    referenced = [as_dict(each) for each in as_list(record.get("referenced_tweets"))]
    kinds = {as_text(each.get("type")): _id(each.get("id")) for each in referenced}
    note = as_dict(record.get("note_tweet"))
    body = note if isinstance(note.get("text"), str) else record
    entities = as_dict(body.get("entities"))
    answered_id = _id(record.get("in_reply_to_user_id"))
    answered = _handle(as_dict(record.get("in_reply_to_user")).get("username"))
    raw = _text(body, "text") or ""
    text, links = readable(raw, short_links(entities), is_reply="replied_to" in kinds)
    return Post(
        line=line,
        text=text,
        mentions=_mentions(entities, "mentions", "username"),
        links=links,
        author=_handle(author.get("username")) or users.get(author_id or ""),
        author_id=author_id,
        created_at=iso(record.get("created_at")),
        tweet_id=_id(record.get("id")),
        conversation=_id(record.get("conversation_id")),
        reply_to=kinds.get("replied_to"),
        reply_to_author=answered or users.get(answered_id or ""),
        reply_to_author_id=answered_id,
        is_repost="retweeted" in kinds,
    )


def _scraped(record: Json, line: int) -> Post:
    """Read the format that snscrape and twscrape share."""
    user = as_dict(record.get("user"))
    answered = as_dict(record.get("inReplyToUser"))
    shorts = [
        ShortLink(short, as_text(each.get("text")), as_text(each.get("url")))
        for each in map(as_dict, as_list(record.get("links")))
        if (short := as_text(each.get("tcourl")))
    ]
    reply_to = _id(record.get("inReplyToTweetIdStr") or record.get("inReplyToTweetId"))
    raw = _text(record, "rawContent", "content") or ""
    text, links = readable(raw, shorts, is_reply=reply_to is not None)
    return Post(
        line=line,
        text=text,
        mentions=tuple(
            name
            for each in map(as_dict, as_list(record.get("mentionedUsers")))
            if (name := _handle(each.get("username")))
        ),
        links=links,
        author=_handle(user.get("username")),
        author_id=_id(user.get("id_str") or user.get("id")),
        created_at=iso(record.get("date")),
        tweet_id=_id(record.get("id_str") or record.get("id")),
        conversation=_id(record.get("conversationIdStr") or record.get("conversationId")),
        reply_to=reply_to,
        reply_to_author=_handle(answered.get("username")),
        reply_to_author_id=_id(answered.get("id_str") or answered.get("id")),
        is_repost=isinstance(record.get("retweetedTweet"), dict),
    )


def note_post(note: Json, line: int) -> Post | None:
    """Return the post in a record of `note-tweet.js`, or None if it is none."""
    core = as_dict(note.get("core"))
    if not isinstance(core.get("text"), str):
        return None
    links = [
        {"url": each.get("shortUrl"), "expanded_url": each.get("expandedUrl"),
         "display_url": each.get("displayUrl")}
        for each in map(as_dict, as_list(core.get("urls")))
    ]  # fmt: skip
    text, found = readable(core["text"], short_links({"urls": links}), is_reply=False)
    leading = LEADING_MENTIONS.match(text)
    mentions = [
        name
        for each in map(as_dict, as_list(core.get("mentions")))
        if (name := _handle(each.get("screenName")))
    ]
    return Post(
        line=line,
        text=text[leading.end() :] if leading and leading.end() < len(text) else text,
        links=found,
        mentions=tuple(mentions),
        created_at=iso(note.get("createdAt")),
    )


def account_name(data: bytes) -> str | None:
    """Return the handle in an X archive's `account.js`, or None."""
    found = ACCOUNT_NAME.search(data)
    return found[1].decode("ascii") if found else None


def iso(value: object) -> str | None:
    """Return a moment as ISO 8601 in UTC, to the second, or None if it cannot be parsed."""
    if not isinstance(value, str):
        return None
    classic = CLASSIC.fullmatch(value)
    if classic and classic["month"] in MONTHS:
        # X's own format; many times faster than strptime.
        month = MONTHS.index(classic["month"]) + 1
        value = f"{classic['year']}-{month:02}-{classic['day']}T{classic['time']}+00:00"
    moment = None
    for read in (datetime.fromisoformat, _classic_date):
        try:
            moment = read(value)
            break
        except (ValueError, OverflowError):
            continue
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _classic_date(value: str) -> datetime:
    return datetime.strptime(value, CLASSIC_DATE)  # noqa: DTZ007  # the format has %z


def _included_users(page: Json) -> dict[str, str]:
    users = map(as_dict, as_list(as_dict(page.get("includes")).get("users")))
    pairs = ((_id(user.get("id")), _handle(user.get("username"))) for user in users)
    return {user_id: handle for user_id, handle in pairs if user_id and handle}


def short_links(entities: Json) -> list[ShortLink]:
    """Return the links of an `entities` object."""
    return [
        ShortLink(
            short,
            None
            if "media_key" in each
            else as_text(each.get("display_url")) or as_text(each.get("expanded_url")),
            as_text(each.get("unwound_url")) or as_text(each.get("expanded_url")),
        )
        for each in map(as_dict, as_list(entities.get("urls")))
        if (short := as_text(each.get("url")))
    ]


def _pictures(entities: Json) -> list[ShortLink]:
    return [
        ShortLink(short, None, None)
        for each in map(as_dict, as_list(entities.get("media")))
        if (short := as_text(each.get("url")))
    ]


def _mentions(entities: Json, key: str, name: str) -> tuple[str, ...]:
    found = (_handle(as_dict(each).get(name)) for each in as_list(entities.get(key)))
    return tuple(handle for handle in found if handle)


def _id(value: object) -> str | None:
    """Return an id as text, or None; a float has already lost its last digits."""
    if not isinstance(value, int | str) or isinstance(value, bool):
        return None
    text = str(value)
    return text if ID.fullmatch(text) and text != "0" else None


def _handle(value: object) -> str | None:
    return value if isinstance(value, str) and re.fullmatch(r"\w{1,20}", value, re.ASCII) else None


def _text(record: Json, *keys: str) -> str | None:
    return next((record[key] for key in keys if isinstance(record.get(key), str)), None)
