"""Computes stable thread ids: the same in every dump, and after every reload. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from hashlib import blake2b, sha256
from itertools import product
from typing import Literal

from bot.models import Tweet

LARGEST_KEY = 2**63 - 1
LONGEST_NUMBER = len(str(LARGEST_KEY))
ROOT_LENGTH = 40
"""Characters that identify a thread; shorter first tweets, such as “A thread 🧵”, may repeat."""
STEM_LENGTH = 40
"""Characters of a first tweet that find its whole text, if it was cut."""
CUT = "..."
"""The end of a normalised text that was cut; `…` is normalised to it."""
MOST_MERGED = 4_096
"""Ids of merged versions. Versions that differ in all would have the cube of their number."""
QUOTES = str.maketrans("‘’‚‛“”„‟«»–—‒―−", '\'\'\'\'""""""-----')
ID = re.compile(
    r"[0-9a-f]{12}|\d{9,64}|(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{8,64}", re.IGNORECASE | re.ASCII
)
"""A thread's id or a tweet's, or most of a thread's, or another hash, which no word looks like."""
LINK = re.compile(r"(?:https?|at)://\S*|(?:[\w-]+\.)+[a-z]{2,}/\S*", re.IGNORECASE)
MARKDOWN_LINK = re.compile(r"!?\[[^\]]*\]\((?P<link>[^\s)]*)\)")
NAMED = re.compile(r"(?:thread|id)\s*[:=]\s*", re.IGNORECASE)
"""What people write before an id."""
AROUND = " \t\r\n\"'`“”„«»‘’*_#<>()[]{}.,;:!?…"
"""What stands around an id or a link that was pasted, and is no part of it."""
KindOfReference = Literal["id", "link", "words"]


def reference_of(text: str) -> tuple[KindOfReference, str]:
    """Return whether `text` is an id, a link or words, and the id, link or words alone.

    An id may be written as `#8ceb0e646c06` or between quotation marks. Words with an id among them
    are that id: the rest is no search, because the id is exact.
    """
    said = text.strip()
    if link := MARKDOWN_LINK.fullmatch(said):
        said = link["link"]
    if LINK.fullmatch(address := said.strip(" <>\"'`“”„«»‘’")):
        return "link", address
    inner = NAMED.sub("", said.strip(AROUND)).strip(AROUND)
    if ID.fullmatch(inner):
        return "id", inner
    words = [each.strip(AROUND) for each in said.split()]
    hashes = [each for each in words if ID.fullmatch(each) and not each.isdecimal()]
    return ("id", hashes[0]) if hashes else ("words", said)


def kind_of(reference: str) -> KindOfReference:
    """Return whether a reference to a thread is an id, a link or words."""
    return reference_of(reference)[0]


def normalised(text: str) -> str:
    """Return `text` in the form in which copies of a tweet are equal.

    Unicode compatibility forms, case, spaces and the shapes of quotes and dashes do not count.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(QUOTES)
    return " ".join(text.casefold().split())


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


def beginning_of(root: str) -> str:
    """Return the text of a thread's first tweet, normalised, from the thread's root."""
    return root.split("\n", 2)[1]  # the root begins with a line end


def stem_of(text: str) -> str:
    """Return the beginning of a thread's first tweet, normalised; empty if the tweet is short.

    The stem of a tweet that was cut, as previews are, is that of its whole text.
    """
    return _stem(normalised(text))


def _stem(first: str) -> str:
    stem = first.removesuffix(CUT)[:STEM_LENGTH]
    return stem if len(stem) == STEM_LENGTH else ""


def is_cut(text: str) -> bool:
    """Whether `text` ends as a text does that was cut."""
    return ends_cut(normalised(text))


def ends_cut(beginning: str) -> bool:
    """Whether a normalised text ends as a text does that was cut."""
    return beginning.endswith(CUT)


def stem_key(text: str) -> int:
    """Return a hash of the stem of a first tweet; 0 if it has none."""
    return key_of_stem(normalised(text))


def key_of_stem(beginning: str) -> int:
    """Return `stem_key` of a first tweet that is normalised."""
    stem = _stem(beginning)
    return key64(stem) if stem else 0


def tweet_key(tweet_id: str) -> int:
    """Return a tweet's id as 64 bits, signed: the number that it is, else a hash of it."""
    if tweet_id.isascii() and tweet_id.isdecimal() and len(tweet_id) <= LONGEST_NUMBER:
        number = int(tweet_id)
        if number <= LARGEST_KEY:
            return number
    return key64(tweet_id)


def key64(text: str) -> int:
    """Return a stable hash of `text`: 64 bits, signed, as SQLite and NumPy store them."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def own_title(tweets: Sequence[Tweet]) -> str:
    """Return the title of a thread without a given one: the first line of its first words."""
    return next((tweet.text.split("\n", 1)[0] for tweet in tweets if tweet.text), "")


def thread_id(root: str, author: str | None = None, tweet_id: str | None = None) -> str:
    """Return a thread's id, twelve hexadecimal digits, from what is known of its beginning."""
    key = "\x1f".join((root, (author or "").lower(), tweet_id or ""))
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def ids(tweets: Sequence[Tweet], author: str | None) -> tuple[str, frozenset[str]]:
    """Return a thread's id, and all ids it may have in dumps that know or hold less of it."""
    return ids_of(root_text(tweets), author, tweets[0].tweet_id)


def ids_of(root: str, author: str | None, first: str | None) -> tuple[str, frozenset[str]]:
    """Return what `ids` does, from a thread's root, its author and its first tweet's id."""
    own = thread_id(root, author, first)
    aliases = {own, thread_id(root), thread_id(root, author)}
    if stem := _stem(beginning_of(root)):
        aliases.add(thread_id(f"stem\n{stem}"))
    return own, frozenset(aliases)


def merged_ids(versions: Iterable[tuple[Sequence[Tweet], str | None]]) -> frozenset[str]:
    """Return all ids that any merge of some of `versions` has; each is its tweets and author.

    If these are more than MOST_MERGED, only those that each version has.
    """
    found = list(versions)
    roots = {root_text(tweets) for tweets, _ in found}
    authors = {None, *(author for _, author in found)}
    firsts = {None, *(tweets[0].tweet_id for tweets, _ in found)}
    if len(roots) * len(authors) * len(firsts) > MOST_MERGED:
        return frozenset().union(*(ids(*each)[1] for each in found))
    return frozenset(thread_id(*each) for each in product(roots, authors, firsts))
