"""Counts, titles and places of tweets in words, for Discord and the terminal. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.bidi import isolated
from bot.i18n.messages import Language, Sentence, sentence
from bot.models import Hit, Passage, Thread, ThreadMatches, ThreadSummary

TITLE_LENGTH = 100
BREAKING = re.compile(r"[^\S\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]+")
"""White space at which lines may break."""
NUMBERS = (
    sentence("one"),
    sentence("two"),
    sentence("three"),
    sentence("four"),
    sentence("five"),
    sentence("six"),
    sentence("seven"),
    sentence("eight"),
    sentence("nine"),
    sentence("ten"),
)
"""Numbers of words, spelled out."""
RELOADED = sentence("The library was reloaded since. This page is up to date.")
"""Above a page whose predecessor showed an earlier state of the library."""


MARK = "▶"
"""Before the tweet of a thread that was asked for."""


def tweets(number: int, say: Language) -> str:
    """`1 tweet`, `2 tweets`, `1,000 tweets`."""
    return say.count(number, "{count} tweet", "{count} tweets")


def threads(number: int, say: Language) -> str:
    """`1 thread`, `2 threads`."""
    return say.count(number, "{count} thread", "{count} threads")


def dumps(number: int, say: Language) -> str:
    """`1 file`, `2 files`."""
    return say.count(number, "{count} file", "{count} files")


def messages(number: int, say: Language) -> str:
    """`1 message`, `2 messages`."""
    return say.count(number, "{count} message", "{count} messages")


def tweets_in_threads(tweet_count: int, thread_count: int, say: Language) -> str:
    """`15 tweets in 4 threads`."""
    return say(
        "{tweets} in {threads}",
        tweets=tweets(tweet_count, say),
        threads=threads(thread_count, say),
    )


def number_word(number: int) -> Sentence | str:
    """`number` spelled out if it is at most ten, else in digits."""
    return NUMBERS[number - 1] if 1 <= number <= len(NUMBERS) else str(number)


def short(text: str, limit: int = TITLE_LENGTH) -> str:
    """`text` on one line, cut at a word boundary to at most `limit` characters."""
    whole = BREAKING.sub(" ", text).strip()
    line, room = isolated(whole), limit
    while len(line) > limit:
        # What ends its directional characters takes room too.
        line = isolated(_cut(whole, room))
        room -= 1
    return line


def _cut(line: str, limit: int) -> str:
    """`line` cut at a word boundary to at most `limit` characters, if it is longer."""
    if len(line) <= limit:
        return line
    cut = line[: max(limit - 1, 0)]
    space = cut.rfind(" ")
    return f"{cut[: space if space > limit // 2 else len(cut)].rstrip(' ,;:—–-')}…"


def page_of(number: int, last: int, say: Language) -> str:
    """`Page 2 of 4`."""
    return say("Page {number} of {last}", number=str(number), last=str(last))


def matches_note(matches: ThreadMatches, say: Language, words: str | None = None) -> str | None:
    """That other threads have the words in their title too, or that this one is only a guess.

    `words`: what was typed, to be named above a menu of the others.
    """
    if matches.count and words is not None:
        return say.count(
            matches.count,
            "{count} other thread has “{words}” in its title. The menu below offers it.",
            "{count} other threads have “{words}” in their title. The menu below offers them.",
            words=short(words, 60),
        )
    if matches.count:
        return say.count(
            matches.count,
            "{count} other thread has this in its title.",
            "{count} other threads have this in their title.",
        )
    if matches.kind == "tweets":
        return say("No title has these words. This thread has the tweet that matches them best.")
    return None


def size(number: int, say: Language, *, complete: bool) -> str:
    """The length of a thread; `complete` is false for a preview."""
    count = tweets(number, say)
    return count if complete else say("{tweets} (preview)", tweets=count)


def place(position: int, number: int, say: Language) -> str:
    """`tweet 5 of 19`."""
    return say("tweet {position} of {number}", position=str(position), number=str(number))


def place_in(thread: ThreadSummary, position: int, say: Language) -> str:
    """`tweet 5 of 19`; `tweet 5` in a preview, whose length is not known."""
    if thread.complete:
        return place(position, thread.tweets, say)
    return say("tweet {position}", position=str(position))


def only_beginning(number: int, say: Language) -> str:
    """That a preview has only the first tweets of its thread."""
    return say.count(
        number,
        "Preview: only its first tweet is saved",
        "Preview: only its first {count} tweets are saved",
    )


def iso_day(moment: str) -> str:
    """The date of an ISO 8601 timestamp, as precise as the timestamp is."""
    return moment[:10]


def about(
    hit: Hit,
    passage: Passage,
    say: Language,
    *,
    written: Callable[[str], str] = str,
    day: Callable[[str], str] = iso_day,
) -> str:
    """The position of a passage in its thread, with its author and date if they are known.

    Args:
        hit: the hit that the passage belongs to.
        passage: the tweet.
        say: the reader's language.
        written: escapes text for the surface.
        day: formats an ISO 8601 timestamp for the surface.
    """
    parts = [written(place(passage.position, hit.thread.tweets, say))]
    if passage.tweet.author:
        parts.append(written(f"@{passage.tweet.author}"))
    if passage.tweet.created_at:
        parts.append(day(passage.tweet.created_at))
    if not hit.thread.complete:
        parts.append(written(say("preview")))
    return " · ".join(parts)


def more(hit: Hit, say: Language) -> str | None:
    """`3 more in this thread: tweets 2, 7 …`; None if there are no more."""
    if not hit.more_in_thread:
        return None
    shown = [str(passage.position) for passage in hit.more]
    rest = " …" if hit.more_in_thread > len(shown) else ""
    return say.count(
        hit.more_in_thread,
        "{count} more in this thread: tweet {places}",
        "{count} more in this thread: tweets {places}",
        places=f"{say(', ').join(shown)}{rest}",
    )


def preview_banner(thread: Thread, say: Language) -> str | None:
    """The notice above a thread that is only a preview; None above a complete one."""
    if thread.complete:
        return None
    return say(
        "Preview only: the file contains {tweets} of this thread.",
        tweets=tweets(len(thread.tweets), say),
    )
