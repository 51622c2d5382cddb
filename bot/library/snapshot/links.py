"""Finds links to tweets and threads in a text, and gives each its key. Pure.

A key names one post or page, whatever shape its link has: `x:1900` is the tweet with that id on X.
Keys are compared as a whole, so a link never leads to another tweet than its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.models import Thread, Tweet

LINK = re.compile(
    r"(?<![A-Za-z0-9_@/.\"“-])(?<!\bthread:)(?<!\bsite:)"
    r"(?:https?://|at://|(?:[a-z0-9-]+\.)+[a-z]{2,}/)[^\s<>\[\]\"“”«»|`]+",
    re.IGNORECASE,
)
"""A link in a text, with or without its scheme; not the value of an operator of a question."""
TRAILING = ".,;:!?'’…*_~。、，！？；：）」』"
"""Punctuation after a link that is not part of it."""
BARE_ID = re.compile(r"\d{15,19}")
"""A tweet's id; those of the last ten years have 18 or 19 digits."""
X_HOSTS = re.compile(
    r"(?:.+\.)?(?:x|twitter|(?:fx|vx|fixv|zz)twitter|fixupx|fixvx|twittpr|xcancel)\.com"
    r"|(?:.+\.)?nitter\..+"
)
"""X, its mirrors, and sites whose links show a tweet in other programs."""
X_POST = re.compile(
    r"/(?:i(?:/web)?|(?P<handle>(?!(?:web|users)/)\w{1,20}))/status(?:es)?/(?P<id>\d{1,19})(?!\w)",
    re.ASCII,
)
PERMALINK = re.compile(
    r"https://(?:x|twitter)\.com/(?:i(?:/web)?|(?!(?:i|web|users)/)(\w{1,20}))/status/(\d{1,19})",
    re.ASCII,
)
"""The usual shape of an X_POST's URL; matching it is ten times faster than splitting a URL."""
UNROLLED = re.compile(r"/(?:thread|t)/(?P<id>\d{15,19})(?:\.html)?/?", re.ASCII)
"""A page that shows the thread which starts with that tweet, such as one of Thread Reader App."""
MASTODON_POST = re.compile(
    r"/(?:(?:web/|deck/)?@[^/]+|users/[^/]+/statuses|(?:web|deck)/statuses)/(?P<id>\d+)/?"
)
BLUESKY_POST = re.compile(r"/profile/(?P<who>[^/]+)/post/(?P<key>[^/]+)/?")
BLUESKY_ADDRESS = re.compile(r"at://(?P<who>[^/]+)/app\.bsky\.feed\.post/(?P<key>[^/?#]+)")


@dataclass(frozen=True, slots=True)
class Reference:
    """A link, or a tweet's id, in a text."""

    key: str
    """The key of what it leads to."""
    is_post: bool
    """Whether it leads to a tweet or another post, rather than to some page."""
    author: str | None
    """The handle in the link, if it has one."""
    start: int
    """Where it starts in the text."""
    end: int
    """Where it ends."""


def references(text: str) -> list[Reference]:
    """Return the links in `text`, in order; or the tweet whose bare id is the whole text."""
    bare = text.strip().strip("<>")
    if BARE_ID.fullmatch(bare):
        return [Reference(f"x:{bare}", is_post=True, author=None, start=0, end=len(text))]
    return list(_links(text))


def without(text: str, found: Sequence[Reference]) -> str:
    """Return `text` without the references `found`, which are in order."""
    for each in reversed(found):
        left, right = text[: each.start], text[each.end :]
        if left.endswith("<") and right.startswith(">"):
            left, right = left[:-1], right[1:]
        text = f"{left} {right}"
    return " ".join(text.split())


def key_of(url: str) -> str | None:
    """Return the key of what `url` leads to; None if it is no URL."""
    known = _known(url)
    return known[0] if known else None


def keys_of(thread: Thread) -> list[str]:
    """Return the distinct keys of a thread and of its tweets."""
    keys: dict[str | None, None] = {}
    if thread.source_url:
        keys[key_of(thread.source_url)] = None
    for tweet in thread.tweets:
        url, tweet_id = tweet.permalink, tweet.tweet_id
        usual = PERMALINK.fullmatch(url) if url else None
        if usual and tweet_id and tweet_id.isdecimal():  # most often
            keys[f"x:{usual[2]}"] = None
            keys[f"x:{tweet_id}"] = None
        else:
            keys.update(dict.fromkeys(_keys_of_tweet(tweet)))
    return [each for each in keys if each]


def position_of(thread: Thread, key: str) -> int | None:
    """Return the position, from 1, of the tweet of `thread` with that key; 1 for its own page."""
    for position, tweet in enumerate(thread.tweets, start=1):
        if key in _keys_of_tweet(tweet):
            return position
    return 1 if thread.source_url and key_of(thread.source_url) == key else None


def _links(text: str) -> Iterator[Reference]:
    for match in LINK.finditer(text):
        url = _trimmed(match[0])
        known = _known(url)
        cut_short = match[0].startswith(("…", "..."), len(url))  # by the page it was copied from
        # A host alone is no thread's page.
        if known is not None and not cut_short and (known[1] or "/" in known[0]):
            yield Reference(*known, start=match.start(), end=match.start() + len(url))


def _trimmed(url: str) -> str:
    """Return `url` without the punctuation of the sentence that it is in."""
    while url and (url[-1] in TRAILING or (url[-1] == ")" and url.count("(") < url.count(")"))):
        url = url[:-1]
    return url


def _known(url: str) -> tuple[str, bool, str | None] | None:
    """Return the key of `url`, whether it leads to a post, and the author's handle, if any."""
    if usual := PERMALINK.fullmatch(url):
        return f"x:{usual[2]}", True, usual[1]
    if address := BLUESKY_ADDRESS.match(url):
        return f"at:{address['who'].lower()}/{address['key']}", True, address["who"]
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
    except ValueError:  # such as https://[
        return None
    host = parts.netloc.lower().removeprefix("www.")
    if post := X_POST.match(parts.path):
        if X_HOSTS.fullmatch(host) or BARE_ID.fullmatch(post["id"]):
            return f"x:{post['id']}", True, post["handle"]
    elif page := UNROLLED.fullmatch(parts.path):
        return f"x:{page['id']}", True, None
    elif post := MASTODON_POST.fullmatch(parts.path):
        return f"{host}:{post['id']}", True, None
    elif post := BLUESKY_POST.fullmatch(parts.path):
        return f"at:{post['who'].lower()}/{post['key']}", True, post["who"]
    return f"{host}{parts.path.rstrip('/')}", False, None


def key_of_id(tweet_id: str | None) -> str | None:
    """Return the key of a tweet by its id; on Mastodon and Bluesky that is an address."""
    if not tweet_id:
        return None
    return f"x:{tweet_id}" if tweet_id.isdecimal() else key_of(tweet_id)


def _keys_of_tweet(tweet: Tweet) -> Iterator[str]:
    key = key_of(tweet.permalink) if tweet.permalink else None
    if key:
        yield key
    if tweet.tweet_id and tweet.tweet_id.isdecimal():
        if key is None or key.startswith("x:"):
            yield f"x:{tweet.tweet_id}"
    elif tweet.tweet_id and (own := key_of(tweet.tweet_id)):  # on Mastodon and Bluesky, an address
        yield own
