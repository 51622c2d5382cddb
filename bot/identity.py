"""Stable ids for threads: the same whichever dump a thread comes from, and after every reload."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence

from bot.models import Tweet

ROOT_LENGTH = 40
"""Characters of text that tell a thread's beginning from others': “A thread 🧵” does not."""
QUOTES = str.maketrans("‘’‚‛“”„‟«»–—‒―−", '\'\'\'\'""""""-----')
SPACE = re.compile(r"\s+")


def normalised(text: str) -> str:
    """`text` in the form in which two copies of one tweet are equal."""
    return SPACE.sub(" ", unicodedata.normalize("NFKC", text).translate(QUOTES).casefold()).strip()


def root_text(tweets: Sequence[Tweet]) -> str:
    """The normalised words a thread begins with: its first tweet, and more while that is short."""
    return root_of(tweet.text for tweet in tweets)


def root_of(texts: Iterable[str]) -> str:
    """`root_text` of a thread whose tweets say `texts`."""
    root = ""
    for text in texts:
        root = f"{root}\n{normalised(text)}"
        if len(root) > ROOT_LENGTH:
            break
    return root


def key64(text: str) -> int:
    """A hash of `text`: 64 bits, signed, as SQLite and NumPy keep them; always the same."""
    digest = hashlib.blake2b(text.encode("utf-8", errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def own_title(tweets: Sequence[Tweet]) -> str:
    """What a thread is called that nobody gave a title: its first tweet's first line."""
    return tweets[0].text.split("\n", 1)[0]


def thread_id(root: str, author: str | None = None, tweet_id: str | None = None) -> str:
    """Twelve hexadecimal digits for a thread that begins so, as far as it is known who wrote it."""
    key = "\x1f".join((root, (author or "").lower(), tweet_id or ""))
    return hashlib.sha256(key.encode("utf-8", errors="surrogatepass")).hexdigest()[:12]


def ids(tweets: Sequence[Tweet], author: str | None) -> tuple[str, frozenset[str]]:
    """A thread's id and all that it may be called elsewhere, where less is known of it."""
    root = root_text(tweets)
    first = tweets[0].tweet_id
    own = thread_id(root, author, first)
    return own, frozenset({own, thread_id(root), thread_id(root, author)})
