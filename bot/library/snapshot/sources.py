"""Sources of a tweet, by how well they prove it. Never made up. Pure.

The permalink, or the page that the thread was saved from; a search on X for the exact words; links
as printed in the dump; and the dump's file and line, which are always known.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import quote, urlsplit

import regex

from bot.models import Source, Thread, Tweet
from bot.web_addresses import safe

SEARCH = "https://x.com/search?q="
PHRASE_WORDS = 10
"""Words of a search phrase; ten of them find one tweet."""
PHRASE_LENGTH = 120
"""Bytes of a search phrase, URL-encoded; X refuses much longer ones."""
BREAK = regex.compile(
    r"[\"“”„«»()…|]|https?://\S+|(?<![\w@])[@#]\w+|\s[-–—]\s"
    r"|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\uFE0F\u20E3]"
    r"|[\p{Cf}--\u200C]|\p{Cc}",
    regex.VERSION1,
)
"""What ends a phrase: quotes, links, emoji and invisible characters, except U+200C."""


def sources(thread: Thread, tweet: Tweet) -> tuple[Source, ...]:
    """Return the sources of `tweet`, best first. At least one has a URL; the last is its dump."""
    found: list[Source] = []
    page = next(
        (url for each in (tweet.permalink, thread.source_url) if each and (url := safe(each))), None
    )
    if page:
        found.append(Source("source", "Source", page))
    if _is_on_x(tweet) or not page:
        found.append(Source("find", "Find on X", find_url(tweet)))
    found += [
        Source("printed", printed_label(link.printed), safe(link.url) if link.url else None)
        for link in tweet.links
    ]
    found.append(Source("dump", f"{PurePosixPath(tweet.file).name}:{tweet.line}", None))
    return tuple(found)


def _is_on_x(tweet: Tweet) -> bool:
    """Whether a search on X may find it. A post with a permalink elsewhere is not there."""
    permalink = tweet.permalink or "https://x.com/"
    return permalink.startswith(("https://x.com/", "https://twitter.com/"))


def find_url(tweet: Tweet) -> str:
    """Return the URL of a search on X for the tweet's first words, by its author if known."""
    phrase = search_phrase(tweet.text)
    parts = [f'"{phrase}"'] if phrase else []
    if tweet.author:
        parts.append(f"from:{tweet.author}")
    elif not phrase:  # without words, search for whom it mentions or where it links to
        hosts = [f"url:{host}" for link in tweet.links if (host := _host(link.printed))]
        parts += [f"@{name}" for name in tweet.mentions[:3]] or hosts[:1]
    if not parts:
        parts += [_cut(word) for word in tweet.text.split()[:1]]
    return f"{SEARCH}{quote(' '.join(parts), safe='')}&f=live"


def search_phrase(text: str) -> str:
    """Return the first words of `text` that X can search for as a phrase.

    The first run of four words or more without BREAK, else the longest. A phrase in X's search can
    contain no quotation mark, and links are not found by their printed form.
    """
    runs = [run.split() for run in BREAK.split(text)]
    best: list[str] = next((run for run in runs if len(run) >= 4), max(runs, key=len))
    words = best[:PHRASE_WORDS]
    while len(words) > 1 and len(quote(" ".join(words))) > PHRASE_LENGTH:
        words.pop()
    phrase = " ".join(words).strip(" .,;:!?'’‘-–—")
    if len(quote(phrase)) <= PHRASE_LENGTH:
        return phrase
    return _cut(phrase)


def printed_label(printed: str) -> str:
    """Return the link as printed in the dump, without its scheme."""
    return re.sub(r"^https?://(?:www\.)?", "", printed, flags=re.IGNORECASE)


def _host(printed: str) -> str:
    """Return the host of a link, or an empty string if it has none to search for."""
    try:
        host = urlsplit(printed if "://" in printed else f"https://{printed}").netloc
    except ValueError:  # such as https://[
        return ""
    host = host.rstrip("….")
    return host if len(quote(host)) <= PHRASE_LENGTH else ""


def _cut(word: str) -> str:
    """Return as much of a long word as fits, for scripts without spaces."""
    word = word[:PHRASE_LENGTH]
    while len(quote(word)) > PHRASE_LENGTH:
        word = word[:-1]
    return word
