"""How to see that the author said it: sources by grade, never faked.

A permalink or the page the thread was saved from; a search on X for the very words; a link as the
dump printed it; the dump's file and line, which are always known.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import quote, urlsplit

import regex

from bot.models import Source, Thread, Tweet

SEARCH = "https://x.com/search?q="
PHRASE_WORDS = 10
PHRASE_LENGTH = 120
"""As encoded bytes; a search for ten words finds one tweet, and longer ones meet X's limits."""
BREAK = regex.compile(
    r"[\"“”„«»()…|]|https?://\S+|(?<![\w@])[@#]\w+|\s[-–—]\s"
    r"|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\uFE0F\u20E3]"
    r"|[\p{Cf}--\u200C]|\p{Cc}",
    regex.VERSION1,
)
"""Where a phrase ends: at quotes, links, pictures and what is not seen. U+200C parts no words."""


def sources(thread: Thread, tweet: Tweet) -> tuple[Source, ...]:
    """The sources of `tweet`, best first; one at least has a URL, and the last names its dump."""
    found: list[Source] = []
    if tweet.permalink:
        found.append(Source("source", "Source", tweet.permalink))
    elif thread.source_url:
        found.append(Source("source", "Source", thread.source_url))
    if _is_on_x(tweet):
        found.append(Source("find", "Find on X", find_url(tweet)))
    found += [Source("printed", printed_label(link.printed), link.url) for link in tweet.links]
    found.append(Source("dump", f"{PurePosixPath(tweet.file).name}:{tweet.line}", None))
    return tuple(found)


def _is_on_x(tweet: Tweet) -> bool:
    """Whether a search on X may find it: a post with a permalink elsewhere is not there."""
    permalink = tweet.permalink or "https://x.com/"
    return permalink.startswith(("https://x.com/", "https://twitter.com/"))


def find_url(tweet: Tweet) -> str:
    """A search on X for the tweet's first words as an exact phrase, by its author where known."""
    phrase = search_phrase(tweet.text)
    parts = [f'"{phrase}"'] if phrase else []
    if tweet.author:
        parts.append(f"from:{tweet.author}")
    elif not phrase:  # nothing but signs: whoever it mentions, or its link's host, is all there is
        hosts = [f"url:{host}" for link in tweet.links if (host := _host(link.printed))]
        parts += [f"@{name}" for name in tweet.mentions[:3]] or hosts[:1]
    if not parts:
        parts += [_cut(word) for word in tweet.text.split()[:1]]
    return f"{SEARCH}{quote(' '.join(parts), safe='')}&f=live"


def search_phrase(text: str) -> str:
    """The longest of the runs of words at the beginning of `text` that X can search as a phrase.

    X's search takes no quotation mark inside a phrase, and finds no link by its printed form.
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
    """The link as the dump shows it, without its scheme."""
    return re.sub(r"^https?://(?:www\.)?", "", printed, flags=re.IGNORECASE)


def _host(printed: str) -> str:
    """The host of a link, or nothing where it has none that can be searched for."""
    try:
        host = urlsplit(printed if "://" in printed else f"https://{printed}").netloc
    except ValueError:  # such as https://[
        return ""
    host = host.rstrip("….")
    return host if len(quote(host)) <= PHRASE_LENGTH else ""


def _cut(word: str) -> str:
    """As much of an endless word as fits, as in scripts without spaces."""
    word = word[:PHRASE_LENGTH]
    while len(quote(word)) > PHRASE_LENGTH:
        word = word[:-1]
    return word
