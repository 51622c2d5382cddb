"""What the loader noticed in a file, in the reader's language where it is known here. Pure.

Notices are stored in English, as the loader words them. So they are recognised by their words;
what is not known here stays English.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from bot.i18n.messages import Field, Sentence, counted, sentence

NO_TWEETS = "no tweets were found ({why})"
"""Why a file cannot be read of which all was left out; the notices say why."""
KNOWN = (
    sentence("a line of unknown kind; left out"),
    sentence("a post by @{handle}, not the thread's author; left out"),
    sentence("a post that the page does not show; left out"),
    sentence("a post without text or links; left out"),
    sentence("a quoted post by @{handle}, not part of this tweet; left out"),
    sentence("a record that is not valid JSON ({error}); left out"),
    sentence("a record without a tweet; left out"),
    sentence("a repost, not part of the thread; left out"),
    sentence("a row without text; left out"),
    sentence("control characters; left out"),
    sentence("mentions and links without a tweet above; added to the tweet below"),
    sentence("mentions and links without a tweet; left out"),
    sentence("not UTF-8; read as {encoding}, a guess (save the file as UTF-8 to be sure)"),
    sentence("not a line of front matter; left out"),
    sentence("nothing marks where a tweet ends; read each paragraph as one tweet"),
    sentence("read only the posts that this page embeds; nothing says that they are one thread"),
    sentence("read the words of a web page; the lines are those of its text"),
    sentence("replies and comments, not part of the thread; left out"),
    sentence("some bytes are not {encoding}; shown as \ufffd"),
    sentence("the author is unknown; add the archive’s account.js, or give an author (--author)"),
    sentence("the author's answer to @{handle}, not part of the thread; left out"),
    sentence("the date contradicts the tweet’s id; the id’s date is used"),
    sentence("the date {day} contradicts the tweet's id, which says {right}; used {right}"),
    sentence("the file has only the beginning of this text"),
    sentence(
        "the page's own thread is missing from this file; read only the previews of other threads, "
        "and left its title, source and date out"
    ),
    sentence("the page shows only the beginning of this post"),
    sentence("this page is no thread; read each post as a thread of its own"),
    counted(
        0, "left out {count} reply to somebody else", "left out {count} replies to somebody else"
    ),
    counted(0, "left out {count} repost", "left out {count} reposts"),
    counted(
        0,
        "left out {count} post without text or links",
        "left out {count} posts without text or links",
    ),
    sentence("no post names its author; give one (--author)"),
)
"""What the loader says most often."""
FIELDS: Mapping[str, str] = {
    "count": "[0-9,]+",
    "handle": r"\w+",
    "day": "[0-9-]+",
    "right": "[0-9-]+",
}
"""What fields consist of, where that is known."""
TIMES = re.compile(r"(?P<what>.+) \((?P<number>[0-9,]+) times(?:: lines (?P<lines>[0-9, ]+) …)?\)")
"""How a notice says that it stands for several."""


def noticed(message: str) -> Sentence | str:
    """What a notice says, to be said in any language; itself if it is not known."""
    if found := _found(message):
        return found
    several = TIMES.fullmatch(message)
    what = _found(several["what"]) if several else None
    if several is None or what is None:
        return message
    number = int(several["number"].replace(",", ""))
    if several["lines"] is None:
        return sentence("{what} ({number} times)", what=what, number=number)
    return sentence(
        "{what} ({number} times: lines {lines} …)", what=what, number=number, lines=several["lines"]
    )


def reasons(why: str) -> Iterator[Sentence | str]:
    """The notices that the reason NO_TWEETS lists, each as `noticed` has it."""
    pieces = why.split("; ")
    while pieces:
        # A notice may have a semicolon, too: the longest that is known counts.
        for length in (3, 2, 1):
            found = noticed("; ".join(pieces[:length]))
            if not isinstance(found, str) or length == 1:
                yield found
                del pieces[:length]
                break


def _found(message: str) -> Sentence | None:
    for pattern, known in _patterns():
        if match := pattern.fullmatch(message):
            fields: dict[str, Field] = {**match.groupdict()}
            if "count" in fields:
                fields["count"] = int(match["count"].replace(",", ""))
            return replace(known, fields=fields)
    return None


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Sentence], ...]:
    return tuple(
        (_pattern(text), known)
        for known in KNOWN
        for text in (known.english, known.one)
        if text is not None
    )


def _pattern(text: str) -> re.Pattern[str]:
    """The pattern of what `text` becomes with any fields."""
    pattern, seen = "", set[str]()
    for words, name, _, _ in string.Formatter().parse(text):
        pattern += re.escape(words)
        if name is not None:
            pattern += f"(?P={name})" if name in seen else f"(?P<{name}>{FIELDS.get(name, '.+?')})"
            seen.add(name)
    return re.compile(pattern)
