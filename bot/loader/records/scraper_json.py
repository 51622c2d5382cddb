"""Reads the JSON of scrapers that name fields in camel case: agent-twitter-client and its kin.

The same fields in Go's spelling (`PermanentURL`) and in those of other scrapers are read too, and
records that people write themselves, if they have a text and a tweet's address or id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace as with_changes

from bot.loader.attached import whole_number
from bot.loader.line_account import Account
from bot.loader.records.json_values import Json, as_dict, as_list, as_text
from bot.loader.records.posts import Post, ShortLink, quote_of, readable
from bot.loader.records.x_json import handle_of, id_of, iso
from bot.loader.records.x_media import media_in, poll_options
from bot.models import Media

FORMAT = "scraper-json"
CONTENT = re.compile(r"\"(?:permanentUrl|PermanentURL|twitterUrl|inReplyToStatusId)\"\s*:")
SHORT = re.compile(r"https?://t\.co/\w+", re.ASCII)
QUOTED = ("quotedstatus", "quotedtweet", "quote")
ABOVE = ("inreplytostatus", "inreplytotweet")
STATUS = re.compile(r"(?:x|twitter)\.com/(\w{1,20})/status/([0-9]{1,20})", re.ASCII)
ADDRESSES = ("permanenturl", "twitterurl", "url", "tweeturl", "permalink", "link")
TEXTS = ("fulltext", "text", "tweettext", "content")
NAMES = ("username", "handle", "screenname", "authorhandle", "authorusername")
WRITERS = ("author", "user")
"""Keys of an author's record; in JSON that people write themselves, of the handle alone."""
ANSWERED = ("inreplytostatusid", "inreplytoid", "inreplytotweetid")
REPEATED = ("retweetedstatus", "retweetedtweet", "retweetstatus", "retweet")
REPOSTS = ("retweet", "repost")
LISTS = ("media", "mediaurl", "mediaurls", "images", "imageurls")
TIME_BITS, FIRST_MOMENT = 22, 1_288_834_974.657
"""The bits below the time in a tweet's id, and the second from which it counts: those of X."""
LEAST_DIGITS = 15
"""Digits of an id with a time in it, but for the first days; shorter ones are plain counters."""
DAY = 86_400
"""Seconds: times without a zone, and days without a time, are off by as much."""
DATED_ID = "the plain id is taken for a tweet's, as the time in it is that of the record"
APART = re.compile(r"[_\s-]+")


def posts_in(value: Any, line: int, _: Account) -> Iterator[Post]:
    """Yield the posts in a JSON value; the posts of a `thread` come after its first."""
    return _posts_in(value, line)


def addressed_posts_in(value: Any, line: int, account: Account) -> Iterator[Post]:
    """Yield the posts in a JSON value of no known format: those with a tweet's address or id.

    A plain `id` is a tweet's if it has the time of the record in it; `account` gets a notice.
    """
    return _posts_in(value, line, account)


def _posts_in(value: Any, line: int, unsure: Account | None = None) -> Iterator[Post]:
    # A list instead of recursion, because values may be nested deeper than the stack allows.
    waiting: list[tuple[Any, Post | None]] = [(value, None)]
    while waiting:
        here, above = waiting.pop()
        if isinstance(here, list):
            waiting += [(each, above) for each in reversed(here)]
        elif isinstance(here, dict):
            if not any(isinstance(each, str) for each in here.values()):  # it has no text
                waiting += [(each, None) for each in reversed(here.values())]
                continue
            record = _folded(here)
            is_named = _status(record) is not None or id_of(record.get("tweetid"))
            is_dated = unsure is not None and not is_named and has_its_time(record)
            post = _post(record, line) if unsure is None or is_named or is_dated else None
            if post is not None and unsure is not None and is_dated:
                unsure.notice(line, DATED_ID)
            if post is None:
                waiting += [(each, None) for each in reversed(here.values())]
                continue
            if above is not None and not post.reply_to and post.tweet_id != above.tweet_id:
                post = with_changes(
                    post,
                    reply_to=above.tweet_id,
                    reply_to_author=above.author,
                    author=post.author or above.author,
                )
            answered = _above(record)
            if answered is not None:
                waiting.append((answered, None))
                parent = _post(_folded(answered), line)
                if parent is not None and not post.reply_to:
                    post = with_changes(
                        post, reply_to=parent.tweet_id, reply_to_author=parent.author
                    )
            yield post
            waiting += [(each, post) for each in reversed(as_list(record.get("thread")))]


def has_its_time(record: Json) -> bool:
    """Whether a plain `id` is a tweet's, as the time in it is that of the record, to the day.

    The ids of other sites have other times in them, or none. `record` has folded keys.
    """
    tweet_id, moment = id_of(record.get("id")), moment_in(record, MOMENTS)
    if tweet_id is None or moment is None or len(tweet_id) < LEAST_DIGITS:
        return False
    made = (int(tweet_id) >> TIME_BITS) / 1000 + FIRST_MOMENT
    return abs(datetime.fromisoformat(moment).timestamp() - made) <= DAY


def may_be_a_tweet(value: Any) -> bool:
    """Whether a record has a text and a plain id, which may be a tweet's."""
    if not isinstance(value, dict):
        return False
    record = _folded(value)
    has_text = any(isinstance(record.get(key), str) for key in TEXTS)
    return has_text and id_of(record.get("id")) is not None


def _above(record: Json) -> Json | None:
    """Return the post that `record` answers, if it is in it."""
    found = next((as_dict(record.get(key)) for key in ABOVE if record.get(key)), None)
    return found or None


def _folded(record: Json) -> Json:
    """Return `record` with its keys in one spelling: `permanenturl` for `permanentUrl`."""
    return {APART.sub("", key).lower(): value for key, value in record.items()}


def _post(record: Json, line: int) -> Post | None:
    """Return the post in `record`, whose keys are folded, or None if there is none."""
    text = next((t for key in TEXTS if isinstance(t := record.get(key), str)), None)
    status = _status(record)
    tweet_id = id_of(record.get("idstr")) or id_of(record.get("tweetid"))
    if tweet_id is None:  # other records may be numbered
        is_numbered = status is not None and record.keys().isdisjoint(ADDRESSES[:2])
        tweet_id = status[2] if status and is_numbered else id_of(record.get("id"))
    author = _folded(as_dict(record.get("author") or record.get("user")))
    name = _named(record) or _named(author)
    if name is None and status and status[1] not in ("i", "web"):
        name = status[1]
    written = _named(record, WRITERS)
    is_known = record.keys() & {"permanenturl", "twitterurl", "url", "conversationid", "tweetid"}
    if text is None or tweet_id is None:
        return None
    if not (name or written or status or is_known or has_its_time(record)):
        return None
    reply_to = next((found for key in ANSWERED if (found := id_of(record.get(key)))), None)
    media = _media(record)
    body, links = readable(
        text, _short_links(text, record, is_shown=bool(media)), is_reply=reply_to is not None
    )
    return Post(
        line=line,
        text=body,
        mentions=tuple(
            mentioned
            for each in map(as_dict, as_list(record.get("mentions")))
            if (mentioned := handle_of(_folded(each).get("username")))
        ),
        links=links,
        author=name or written,
        author_id=id_of(record.get("userid")) or id_of(author.get("id") or author.get("userid")),
        created_at=moment_in(record, MOMENTS),
        tweet_id=tweet_id,
        conversation=id_of(record.get("conversationid")),
        reply_to=reply_to,
        reply_to_author=handle_of(record.get("inreplytousername")),
        reply_to_author_id=id_of(record.get("inreplytouserid")),
        is_repost=_is_repost(record) or text.startswith("RT @"),
        author_name=_display_name(record, name or written) or _display_name(author),
        media=media,
        quote=next(
            (
                quote_of(post)
                for key in QUOTED
                if (post := _post(_folded(_without_quotes(as_dict(record.get(key)))), line))
            ),
            None,
        ),
        poll=poll_options(as_list(as_dict(record.get("poll")).get("options"))),
    )


def _status(record: Json) -> re.Match[str] | None:
    """Return the address of a post: the author's handle, and the id."""
    addresses = (as_text(record.get(key)) or "" for key in ADDRESSES)
    return next((found for each in addresses if (found := STATUS.search(each))), None)


def _named(record: Json, keys: Sequence[str] = NAMES) -> str | None:
    """Return the handle in a post or in its author's record, at any of `keys`."""
    names = (as_text(record.get(key)) or "" for key in keys)
    return next((found for each in names if (found := handle_of(each.removeprefix("@")))), None)


def _display_name(record: Json, handle: str | None = None) -> str | None:
    """Return the author's name; one that is the `handle` alone is none."""
    names = (as_text(record.get(key)) for key in ("name", "displayname", "author"))
    return next((each for each in names if each and each.removeprefix("@") != handle), None)


def _is_repost(record: Json) -> bool:
    if record.get("isretweet") is True or record.get("retweet") is True:
        return True
    if record.get("posttype") in REPOSTS or id_of(record.get("retweettweetid")):
        return True
    repeated = (_folded(as_dict(record.get(key))) for key in REPEATED)
    return any(each.get("id") or each.get("tweetid") for each in repeated)


def _without_quotes(record: Json) -> Json:
    """Return `record` without the posts in it, which may be nested without end."""
    return {key: each for key, each in record.items() if APART.sub("", key).lower() not in QUOTED}


def _short_links(text: str, record: Json, *, is_shown: bool) -> list[ShortLink]:
    """Return the short links in `text`; the scrapers list the goals in the text's order.

    Args:
        text: the raw text.
        record: the post.
        is_shown: whether the post has media, whose address then stands at the text's end.
    """
    entities = as_list(as_dict(record.get("entities")).get("urls"))
    goals: dict[str, str] = {}
    for each in map(as_dict, entities):
        short, goal = as_text(each.get("url")), as_text(each.get("expanded_url"))
        if short and goal:
            goals[short] = goal
    shorts = list(dict.fromkeys(SHORT.findall(text)))
    listed: Sequence[Any] = as_list(record.get("urls"))
    if not goals:
        goals = dict(zip(shorts, (each for each in listed if isinstance(each, str)), strict=False))
    return [
        ShortLink(each, goals.get(each), goals.get(each))
        for each in shorts
        if each in goals or (is_shown and text.rstrip().endswith(each))
    ]


MOMENTS = (
    "timeparsed", "createdat", "date", "timestamp", "creationdate", "publishedat",
    "publishedatutc", "tweetcreatedat", "datetime",
)  # fmt: skip


def moment_in(record: Json, keys: Sequence[str]) -> str | None:
    """Return the first of `keys` that has a time, as a text or in seconds or milliseconds."""
    for key in keys:
        value = record.get(key)
        seconds = whole_number(value)
        if seconds is not None and 0 < seconds < 10**14:
            moment = datetime.fromtimestamp(seconds / 1000 if seconds > 10**11 else seconds, UTC)
            return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        if found := iso(value):
            return found
    return None


def _media(record: Json) -> tuple[Media, ...]:
    """Return the pictures and videos; of a video, Go's scraper calls the picture `Preview`."""
    videos = (
        {
            "type": "video",
            "preview": each.get("preview"),
            "videoUrl": each.get("url"),
            "alt": each.get("alt"),
        }
        for each in (_folded(as_dict(one)) for one in as_list(record.get("videos")))
    )
    gifs = (
        {"type": "gif", "preview": each.get("preview"), "videoUrl": each.get("url")}
        for each in (_folded(as_dict(one)) for one in as_list(record.get("gifs")))
    )
    photos = (
        {"type": "photo", "url": each.get("url"), "alt_text": each.get("alttext")} if each else one
        for one in as_list(record.get("photos"))
        for each in [_folded(as_dict(one))]
    )
    extended = as_list(as_dict(record.get("extendedentities")).get("media"))
    listed = next((found for key in LISTS if (found := as_list(record.get(key)))), [])
    return media_in([*photos, *videos, *gifs, *(extended or listed)])
