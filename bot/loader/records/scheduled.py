"""Reads what programs that schedule posts export: Typefully, Hypefury and their kin.

A record is a whole thread: one text with its tweets separated, or a list of tweets. Drafts were
never posted, so they are left out.
https://support.typefully.com/en/articles/13133296-typefully-api-v1-v2-migration-guide
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from bot.loader.entities import split_line
from bot.loader.line_account import Account
from bot.loader.records.json_values import Json, as_dict, as_list, as_text
from bot.loader.records.posts import Post
from bot.loader.records.scraper_json import moment_in
from bot.loader.records.x_json import handle_of, id_of
from bot.loader.records.x_media import media_in
from bot.models import Media

FORMAT = "scheduled-posts"
CONTENT = re.compile(
    r"\"(?:num_tweets|text_first_tweet|x_published_url|twitter_url|social_set_id)\"\s*:"
)
THREADS = re.compile(
    r"\"(?:tweets|posts|thread)\"\s*:\s*\[\s*"
    r"(?:\"|\{[^{}\[\]]{0,2000}?\"(?:status|text|content|tweetId)\"\s*:\s*\")"
)
"""A list of tweets in a record, as Hypefury has it."""
OF_X = re.compile(r"\"(?:author_id|id_str|edit_history_tweet_ids|conversation_id|full_text)\"\s*:")
"""Keys of X's own formats, whose pages may be called `tweets` too."""
BETWEEN = re.compile(r"\n{4,}")
"""Typefully separates the tweets of a thread by three blank lines."""
STATUS = re.compile(r"(?:x|twitter)\.com/(\w{1,20})/status(?:es)?/([0-9]{1,20})", re.ASCII)
PLATFORMS = ("x", "threads", "bluesky", "mastodon", "linkedin")
POSTED = ("published", "posted", "sent", "finished", "done", "success")
LISTS = ("tweets", "posts", "thread")
TEXTS = ("text", "content", "status", "body", "tweet", "full_text")
IDS = ("tweetId", "tweet_id", "id_str", "twitter_id", "x_post_id")
URLS = ("x_published_url", "twitter_url", "tweet_url", "tweetUrl", "published_url", "url", "link")
DATES = (
    "published_at", "published_on", "publishedAt", "x_post_published_at", "posted_at", "postedAt",
    "sent_at", "sentAt", "time", "date",
)  # fmt: skip
HANDLES = ("username", "user", "screen_name", "handle", "twitter_handle", "author", "account")
DRAFT = "a draft that is not published; left out"


class _Part(NamedTuple):
    """A tweet of a thread."""

    text: str
    media: tuple[Media, ...]
    tweet_id: str | None


def looks_like(beginning: str) -> bool:
    """Whether JSON that begins so is of such a program."""
    if CONTENT.search(beginning):
        return True
    return THREADS.search(beginning) is not None and not OF_X.search(beginning)


def posts_in(value: Any, line: int, account: Account) -> Iterator[Post]:
    """Yield the posts in a JSON value: each record's, chained by `key`. Drafts get a notice."""
    waiting = [value]
    count = 0
    while waiting:
        here = waiting.pop()
        if isinstance(here, list):
            waiting += reversed(here)
        elif isinstance(here, dict):
            parts = _parts(here)
            if not parts:
                waiting += reversed(
                    [each for each in here.values() if isinstance(each, list | dict)]
                )
            elif not _is_posted(here):
                account.notice(line, DRAFT)
                account.record(line, "notice", DRAFT, parts[0].text)
            else:
                yield from _thread(here, parts, f"{line}.{count}", line)
            count += 1


def _thread(record: Json, parts: Sequence[_Part], name: str, line: int) -> Iterator[Post]:
    """Yield the posts of a thread, of which often only the first one's URL is known."""
    url = next((found for key in URLS if (found := as_text(record.get(key)))), "")
    status = STATUS.search(url)
    author = status[1] if status else _handle(record)
    above: str | None = None
    for place, part in enumerate(parts):
        known = split_line(part.text.strip())
        own_id = part.tweet_id or (status[2] if status and place == 0 else None)
        key = own_id or f"\0{name}.{place}"
        elsewhere = url if place == 0 and not status and url.startswith("https://") else None
        yield Post(
            line=line,
            text=known.text,
            mentions=known.mentions,
            links=known.links,
            author=author,
            created_at=moment_in(record, DATES),
            tweet_id=own_id,
            reply_to=above,
            reply_to_author=author if above else None,
            permalink=elsewhere if _is_published_elsewhere(record) else None,
            media=part.media,
            key=key,
            is_cut=_is_preview(record),
        )
        above = key


def _parts(record: Json) -> list[_Part]:
    """Return the tweets of a record, or none if it is no thread."""
    platforms = as_dict(record.get("platforms"))
    for name in PLATFORMS:
        platform = as_dict(platforms.get(name))
        if platform.get("enabled") and (found := _listed(platform.get("posts"))):
            return found
    for name in LISTS:
        if found := _listed(record.get(name)):
            return found
    text = as_text(record.get("text"))
    if text is None and _is_preview(record):
        text = as_text(record.get("preview"))
    is_record = "num_tweets" in record or "text_first_tweet" in record or "social_set_id" in record
    if text is None or not (is_record or "twitter_url" in record):
        return []
    return [_Part(each, (), None) for each in BETWEEN.split(text) if each.strip()]


def _listed(values: object) -> list[_Part]:
    """Return the tweets in a list of texts or objects; none if the list has anything else."""
    parts = []
    for each in as_list(values):
        tweet = as_dict(each)
        text = each if isinstance(each, str) else None
        text = text or next((t for key in TEXTS if (t := as_text(tweet.get(key)))), None)
        media = media_in(as_list(tweet.get("media") or tweet.get("media_urls")))
        if text is None and not media:
            continue
        own_id = next((found for key in IDS if (found := id_of(tweet.get(key)))), None)
        parts.append(_Part(text or "", media, own_id))
    return parts


def _is_preview(record: Json) -> bool:
    """Whether a record is of Typefully's list, which has the beginning of the text only."""
    return "preview" in record and not record.get("platforms") and not record.get("text")


def _is_published_elsewhere(record: Json) -> bool:
    return "published_url" in record or "url" in record


def _is_posted(record: Json) -> bool:
    """Whether the record's status, or its date or URL of publishing, says that it was posted."""
    status = as_text(record.get("status")) or as_text(record.get("state"))
    if status:
        return status.lower() in POSTED
    keys = (
        "x_published_url",
        "twitter_url",
        "tweetIds",
        "published_at",
        "published_on",
        "posted_at",
    )
    return record.get("published") is True or any(record.get(key) for key in keys)


def _handle(record: Json) -> str | None:
    for key in HANDLES:
        value = record.get(key)
        inner = as_dict(value)
        name = (
            value if isinstance(value, str) else inner.get("username") or inner.get("screen_name")
        )
        if isinstance(name, str) and (found := handle_of(name.removeprefix("@"))):
            return found
    return None
