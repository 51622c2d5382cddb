"""Computes stable thread ids: the same in every dump, and after every reload. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Literal

from bot.models import Tweet

ROOT_LENGTH = 40
"""Characters that identify a thread; shorter first tweets, such as “A thread 🧵”, may repeat."""
QUOTES = str.maketrans("‘’‚‛“”„‟«»–—‒―−", '\'\'\'\'""""""-----')
SPACE = re.compile(r"\s+")
ID = re.compile(r"[0-9a-f]{12}|\d{9,20}", re.IGNORECASE)
"""A thread's id, or a tweet's."""
LINK = re.compile(r"https?://\S*|(?:[\w-]+\.)+[a-z]{2,}/\S*", re.IGNORECASE)


def kind_of(reference: str) -> Literal["id", "link", "words"]:
    """Return whether a reference to a thread is an id, a link or words."""
    said = reference.strip()
    if ID.fullmatch(said):
        return "id"
    return "link" if LINK.fullmatch(said) else "words"


def normalised(text: str) -> str:
    """Return `text` in the form in which copies of a tweet are equal.

    Unicode compatibility forms, case, spaces and the shapes of quotes and dashes do not count.
    """
    return SPACE.sub(" ", unicodedata.normalize("NFKC", text).translate(QUOTES).casefold()).strip()


def root_text(tweets: Sequence[Tweet]) -> str:
    """Return a thread's root: its first tweet, normalised, and further ones while it is short."""
    return root_of(tweet.text for tweet in tweets)


def root_of(texts: Iterable[str]) -> str:
    """Return the root of a thread from its tweets' texts; see `root_text`."""
    root = ""
    for text in texts:
        root = f"{root}\n{normalised(text)}"
        if len(root) > ROOT_LENGTH:
            break
    return root


def key64(text: str) -> int:
    """Return a stable hash of `text`: 64 bits, signed, as SQLite and NumPy store them."""
    digest = hashlib.blake2b(text.encode("utf-8", errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def own_title(tweets: Sequence[Tweet]) -> str:
    """Return the title of a thread without a given one: the first line of its first words."""
    return next((tweet.text.split("\n", 1)[0] for tweet in tweets if tweet.text), "")


def thread_id(root: str, author: str | None = None, tweet_id: str | None = None) -> str:
    """Return a thread's id, twelve hexadecimal digits, from what is known of its beginning."""
    key = "\x1f".join((root, (author or "").lower(), tweet_id or ""))
    return hashlib.sha256(key.encode("utf-8", errors="surrogatepass")).hexdigest()[:12]


def ids(tweets: Sequence[Tweet], author: str | None) -> tuple[str, frozenset[str]]:
    """Return a thread's id, and all ids it may have in dumps with less metadata."""
    root = root_text(tweets)
    first = tweets[0].tweet_id
    own = thread_id(root, author, first)
    return own, frozenset({own, thread_id(root), thread_id(root, author)})
