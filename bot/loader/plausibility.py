"""Says why a text hardly is a thread: a list, a chat, an article, a table, a program. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

from bot.i18n.messages import Sentence, sentence
from bot.loader.pages.display_formats import fits
from bot.loader.pages.markdown_lines import HEADING, NUMBERED
from bot.loader.pages.tweet_boundaries import BOXED
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
ENDS = re.compile(r"[.!?…:;。！？؟)\]”\"'’]\W*$")
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
    r"|.*[;{}]|[\w.\[\]]+\s*[+*/-]?=\s*\S.*|[)}\]]+[;,]?|(?:import|from|use|package)\s+[\w.:{} ,*]+"
    r"|return\b.*|@\w+\(.*\)?|//.*|/\*.*|\*/"
)
SEPARATOR = re.compile(r"[,;\t|]")


def doubt(threads: Sequence[Thread], lines: Sequence[str], *, is_known: bool) -> Sentence | None:
    """Return why a text hardly is a thread, or None.

    Args:
        threads: what was read from it.
        lines: its lines.
        is_known: whether the file names an author or a page on X.
    """
    written = [line.strip() for line in lines if line.strip()]
    if len(written) < LEAST_LINES or has_counters(written):
        return None
    headings = [found[1] for line in written if (found := HEADING.fullmatch(line))]
    if sum(not NUMBERED.fullmatch(each) for each in headings) >= LEAST_HEADINGS:
        return DOCUMENT
    if is_known:
        return None
    if _share(written, lambda line: SYNTAX.fullmatch(line) is not None) > MOSTLY:
        return CODE
    if _is_table(written):
        return TABLE
    if _is_chat(written):
        return CHAT
    if _share(written, _is_item) >= ALMOST_ALL:
        return ITEMS
    return _doubt_sentences(threads, lines)


def _doubt_sentences(threads: Sequence[Thread], lines: Sequence[str]) -> Sentence | None:
    pairs = [
        (above.strip(), below.strip())
        for above, below in pairwise(lines)
        if above.strip() and below.strip()
    ]
    broken = sum(
        len(above) > SHORT and not ENDS.search(above) and below[:1].islower()
        for above, below in pairs
    )
    if broken >= LEAST_LINES and broken > BROKEN * len(pairs):
        return WRAPPED
    texts = [tweet.text for thread in threads for tweet in thread.tweets]
    long = sum(len(text) for text in texts if not fits(text))
    if len(texts) > 1 and long > MOSTLY * sum(map(len, texts)):
        return LONG
    return None


def _share(lines: Sequence[str], is_so: Callable[[str], object]) -> float:
    return sum(bool(is_so(line)) for line in lines) / len(lines)


def has_counters(lines: Sequence[str]) -> bool:
    """Whether at least two lines have counters, as only threads do."""
    return sum(bool(COUNTED.search(line) or BOXED.match(line)) for line in lines) > 1


def _is_item(line: str) -> bool:
    """Whether a line is a few words and no sentence."""
    words = BULLET.sub("", line, count=1)
    few = len(words.split()) <= SHORT_WORDS and len(words) <= SHORT
    return few and not ENDS.search(words) and words.isascii()


def _is_chat(lines: Sequence[str]) -> bool:
    """Whether most lines begin with a speaker, and at least two speak more than once."""
    speakers = Counter(found["name"] for line in lines if (found := SPEAKER.match(line)))
    several = sum(number > 1 for number in speakers.values())
    return several >= LEAST_SPEAKERS and speakers.total() > MOSTLY * len(lines)


def _is_table(lines: Sequence[str]) -> bool:
    """Whether the lines have the same number of cells, or begin with the time."""
    if _share(lines, STAMP.match) > MOSTLY:
        return True
    cells = Counter(
        len(SEPARATOR.findall(line)) for line in lines if not re.search(r"[.!?…]$", line)
    )
    most, number = cells.most_common(1)[0] if cells else (0, 0)
    return most > 1 and number > ALMOST_ALL * len(lines)
