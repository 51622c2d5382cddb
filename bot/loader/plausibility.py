"""Says why a text hardly is a thread: a list, a chat, an article, a table, a program. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice, pairwise

from bot.i18n.messages import Sentence, sentence
from bot.loader.pages.display_formats import fits
from bot.loader.pages.markdown_lines import NUMBERED, heading_of
from bot.loader.pages.tweet_boundaries import BOXED, may_count
from bot.models import Thread

CODE = sentence("this looks like program code, not a thread")
CHAT = sentence("this looks like a chat between several people, not a thread")
ITEMS = sentence("this looks like a list of short items, not a thread")
DOCUMENT = sentence("this looks like a document with headings, not a thread")
LONG = sentence("most of its paragraphs are too long for a tweet, as in an article")
WRAPPED = sentence("its lines break inside sentences, as in a letter or an article")
TABLE = sentence("this looks like a table or a log, not a thread")

SEVERAL = sentence("this page has posts by several people, so it hardly is a thread")
WEB_PAGE = sentence("this looks like a web page without a thread")

LEAST_LINES = 3
"""Lines of the shortest text that is judged by the form of its lines."""
MOSTLY = 0.6
ALMOST_ALL = 0.8
BROKEN = 0.4
"""The share of line ends that are inside a sentence where lines are wrapped."""
SHORT_WORDS = 3
SHORT = 30
"""Characters of the longest item of a list."""
LEAST_HEADINGS = 3
LEAST_SPEAKERS = 2
BULLET = re.compile(r"(?:[-*+•▪◦‣–]|\[[ xX]?\]|\d{1,3}[.)])\s+(?:\[[ xX]?\]\s+)?")
ENDS = frozenset(".!?…:;。！？؟)]”\"'’")
"""How a sentence ends, or a line that leads to the next one."""
COUNTED = re.compile(r"(?<![\w/])\d{1,3}\s?[/／](?:\d{1,3}|[nN])?(?![\w/])")
SPEAKER = re.compile(
    r"(?:\[?(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?\s+)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[ap]m)?\]?"
    r"\s*[-–]?\s*)?[<*]{0,2}(?P<name>@?[^\W\d_][\w.'-]{0,20}(?: [^\W\d_][\w.'-]{0,20}){0,2})"
    r"[>*]{0,2}:[*]{0,2}\s+\S",
    re.IGNORECASE,
)
STAMP = re.compile(r"\[?\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?")
SYNTAX = re.compile(
    r"(?:import|from|def|class|return|#include|using|package|public|private|function|const|let|var"
    r"|if|for|while|else|elif|try|except|fn|impl|use|module|end|SELECT|INSERT|CREATE)\b.*[({:;=<\"']"
    r"|.*[;{}]|[\w.\[\]]+\s*[+*/-]?=\s*\S.*|[)}\]]+[;,]?"
    r"|(?:import|from|use|package)\s++[\w.:{} ,*]+"
    r"|return\b.*|@\w+\(.*\)?|//.*|/\*.*|\*/"
)
SEPARATORS = ",;\t|"
SENTENCE_ENDS = (".", "!", "?", "…")


def doubt(threads: Sequence[Thread], lines: Sequence[str], *, is_known: bool) -> Sentence | None:
    """Return why a text hardly is a thread, or None.

    Args:
        threads: what was read from it.
        lines: its lines.
        is_known: whether the file names an author or a page on X.
    """
    stripped = [line.strip() for line in lines]
    written = [line for line in stripped if line]
    if len(written) < LEAST_LINES or has_counters(written):
        return None
    headings = [found for line in written if (found := heading_of(line)) is not None]
    if sum(not NUMBERED.fullmatch(each) for each in headings) >= LEAST_HEADINGS:
        return DOCUMENT
    if is_known:
        return None
    if _share(written, SYNTAX.fullmatch, MOSTLY) > MOSTLY:
        return CODE
    if _is_table(written):
        return TABLE
    if _is_chat(written):
        return CHAT
    if _share(written, _is_item, ALMOST_ALL) >= ALMOST_ALL:
        return ITEMS
    return _doubt_sentences(threads, stripped)


def _doubt_sentences(threads: Sequence[Thread], lines: Sequence[str]) -> Sentence | None:
    pairs = [(above, below) for above, below in pairwise(lines) if above and below]
    broken = sum(
        len(above) > SHORT and below[0].islower() and not _is_ended(above) for above, below in pairs
    )
    if broken >= LEAST_LINES and broken > BROKEN * len(pairs):
        return WRAPPED
    texts = [tweet.text for thread in threads for tweet in thread.tweets]
    long = sum(len(text) for text in texts if not fits(text))
    if len(texts) > 1 and long > MOSTLY * sum(map(len, texts)):
        return LONG
    return None


def _share(lines: Sequence[str], is_so: Callable[[str], object], least: float) -> float:
    """Return the share of the lines that are so; 0 as soon as it can only be below `least`."""
    others = 0
    for line in lines:
        if not is_so(line):
            others += 1
            if (len(lines) - others) / len(lines) < least:
                return 0
    return (len(lines) - others) / len(lines)


def has_counters(lines: Sequence[str]) -> bool:
    """Whether at least two lines have counters, as only threads do."""
    return len(list(islice(filter(_has_counter, lines), 2))) > 1


def _has_counter(line: str) -> bool:
    return bool((may_count(line) and COUNTED.search(line)) or BOXED.match(line))


def _is_ended(line: str) -> bool:
    """Whether a sentence ends at the end of a line."""
    for sign in reversed(line):
        if sign in ENDS or sign.isalnum() or sign == "_":
            return sign in ENDS
    return False


def _is_item(line: str) -> bool:
    """Whether a line is a few words and no sentence."""
    words = BULLET.sub("", line, count=1)
    few = len(words.split()) <= SHORT_WORDS and len(words) <= SHORT
    return few and words.isascii() and not _is_ended(words)


def _is_chat(lines: Sequence[str]) -> bool:
    """Whether most lines begin with a speaker, and at least two speak more than once."""
    if _share(lines, SPEAKER.match, MOSTLY) <= MOSTLY:
        return False
    speakers = Counter(found["name"] for line in lines if (found := SPEAKER.match(line)))
    several = sum(number > 1 for number in speakers.values())
    return several >= LEAST_SPEAKERS


def _is_table(lines: Sequence[str]) -> bool:
    """Whether the lines have the same number of cells, or begin with the time."""
    if _share(lines, STAMP.match, MOSTLY) > MOSTLY:
        return True
    rows = [line for line in lines if not line.endswith(SENTENCE_ENDS)]
    cells = Counter(sum(map(line.count, SEPARATORS)) for line in rows)
    most, number = cells.most_common(1)[0] if cells else (0, 0)
    return most > 1 and number > ALMOST_ALL * len(lines)
