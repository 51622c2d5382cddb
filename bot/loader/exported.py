"""Reads threads that Threadbot exported as text, Markdown or JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.background.priority import yielding
from bot.loader.entities import unique_handles, unique_links
from bot.loader.line_account import Account
from bot.loader.raw.decode import clean
from bot.loader.raw.line import Line
from bot.models import Link, Metadata, Thread, Tweet
from bot.thread_ids import ids, own_title

TEXT, JSON = "threadbot-text", "threadbot-json"
HEAD = re.compile(
    r"(?P<title>[^\n]*)\n\s*\n(?P<quoted>- )?Exported by Threadbot: a (?P<what>thread|preview)"
    r"\s*\n"
)
OBJECT = re.compile(
    r"[\s\[]*\{\s*\"id\"\s*:\s*\"[0-9a-f]{12}\"\s*,\s*\"title\"\s*:\s*\"(?:[^\"\\]|\\.){0,20000}\"\s*,"
    r"\s*\"author\"\s*:\s*(?:null|\"\w{0,20}\"),\s*\"complete\"\s*:"
)
NUMBER = re.compile(r"(?:\*\*)?\d+/\d+(?:\*\*)?")
LABELLED = re.compile(r"(?:- )?(Author|Source|Date|Permalink|Id|Mentions|Link): (.+)")
URL_BEHIND = re.compile(r"(.*) <(\S+)>$")
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(slots=True)
class _Gathered:
    """A tweet while its lines are read."""

    line: int
    lines: list[str] = field(default_factory=list)
    blanks: int = 0
    """Blank lines since the last line with text."""
    known: dict[str, list[str]] = field(default_factory=dict)


def looks_like_text(head: str) -> bool:
    """Whether a text begins as an exported thread does."""
    return HEAD.match(head) is not None


def looks_like_json(head: str) -> bool:
    """Whether JSON begins as an exported thread, or a list of them, does."""
    return OBJECT.match(head) is not None


def parse_text(text: str, metadata: Metadata, account: Account) -> tuple[Thread, ...]:
    """Return the thread in `text`. Lines that no export has get a notice."""
    head = HEAD.match(text)
    assert head is not None  # noqa: S101  # `looks_like_text` has checked it
    quoted = bool(head["quoted"])
    about: dict[str, list[str]] = {}
    gathered: list[_Gathered] = []
    begun = text.count("\n", 0, head.end())
    for number, raw in enumerate(yielding(text.split("\n")), start=1):
        line = Line(number, raw.strip())
        now = gathered[-1] if gathered else None
        labelled = LABELLED.fullmatch(raw.rstrip())
        if number <= begun:
            if line.text:
                account.boilerplate(line, "the exported thread's header")
        elif NUMBER.fullmatch(raw.rstrip()):
            gathered.append(_Gathered(number))
            account.boilerplate(line, "a tweet's number")
        elif now and not now.known and raw.startswith("> " if quoted else "  "):
            now.lines += [""] * now.blanks if now.lines else []
            now.lines.append(_unescaped(raw[2:]) if quoted else raw[2:])
            now.blanks = 0
            account.tweet(line, now.line)
        elif now and not now.known and (not line.text or raw.rstrip() == ">"):
            now.blanks += 1
        elif labelled:
            known = now.known if now else about
            known.setdefault(labelled[1], []).append(labelled[2])
            account.boilerplate(line, "a tweet's details")
        elif line.text:
            account.left_out(line, "not a line of an exported thread; left out")
    title = _unescaped(head["title"].removeprefix("# ")) if quoted else head["title"]
    return _threads(
        [_of_text(each) for each in gathered],
        metadata,
        account,
        title=title,
        author=_handle(about),
        source=_first(about, "Source"),
        complete=head["what"] == "thread",
    )


def threads_of_records(
    records: Iterator[tuple[int, Any]], metadata: Metadata, account: Account
) -> tuple[Thread, ...]:
    """Return the threads in JSON records. Records without a thread get a notice."""
    found: list[Thread] = []
    for line, value in records:
        made: tuple[Thread, ...] = ()
        if isinstance(value, dict) and isinstance(value.get("tweets"), list):
            made = _threads(
                [_of_json(each, line) for each in value["tweets"] if isinstance(each, dict)],
                metadata,
                account,
                title=_str(value.get("title")) or "",
                author=_str(value.get("author")),
                source=_str(value.get("source_url")),
                complete=value.get("complete") is not False,
            )
        if made:
            found += made
            for tweet in made[0].tweets:
                account.record(line, "tweet", str(line), tweet.text)
        else:
            message = "a record without a tweet; left out"
            account.notice(line, message)
            account.record(line, "notice", message, "")
    return tuple(found)


TweetFields = Mapping[str, Any]


def _threads(
    tweet_fields: Sequence[TweetFields],
    metadata: Metadata,
    account: Account,
    *,
    title: str,
    author: str | None,
    source: str | None,
    complete: bool,
) -> tuple[Thread, ...]:
    """Return the thread with these tweets, if there are any."""
    author = metadata.author or author
    tweets = tuple(
        Tweet(
            text=clean(each["text"]),
            mentions=unique_handles(list(each["mentions"])),
            links=unique_links(each["links"]),
            author=each["author"] or author,
            created_at=each["created_at"],
            permalink=each["permalink"],
            tweet_id=each["tweet_id"],
            file=account.file,
            line=each["line"],
        )
        for each in tweet_fields
        if each["text"] or each["links"]
    )
    if not tweets:
        return ()
    own_id, aliases = ids(tweets, author)
    return (
        Thread(
            id=own_id,
            aliases=aliases,
            title=metadata.title or clean(title).strip() or own_title(tweets) or "(no words)",
            author=author,
            complete=complete,
            source_url=metadata.source or source,
            dumps=(account.file,),
            tweets=tweets,
        ),
    )


def _of_text(gathered: _Gathered) -> TweetFields:
    known = gathered.known
    parted = [(URL_BEHIND.fullmatch(each), each) for each in known.get("Link", [])]
    return {
        "text": "\n".join(gathered.lines),
        "author": _handle(known),
        "created_at": _first(known, "Date"),
        "permalink": _first(known, "Permalink"),
        "tweet_id": _first(known, "Id"),
        "mentions": [each.lstrip("@") for each in (_first(known, "Mentions") or "").split()],
        "links": [Link(found[1], found[2]) if found else Link(raw) for found, raw in parted],
        "line": gathered.line,
    }


def _of_json(tweet: Mapping[str, Any], line: int) -> TweetFields:
    links = [each for each in _list(tweet.get("links")) if isinstance(each, dict)]
    return {
        "text": _str(tweet.get("text")) or "",
        "author": _str(tweet.get("author")),
        "created_at": _str(tweet.get("created_at")),
        "permalink": _str(tweet.get("url")),
        "tweet_id": _str(tweet.get("id")),
        "mentions": [each for each in _list(tweet.get("mentions")) if isinstance(each, str)],
        "links": [
            Link(printed, _str(each.get("url")))
            for each in links
            if (printed := _str(each.get("printed")))
        ],
        "line": line,
    }


def _handle(known: Mapping[str, Sequence[str]]) -> str | None:
    author = _first(known, "Author")
    return author.lstrip("@") if author else None


def _first(known: Mapping[str, Sequence[str]], key: str) -> str | None:
    return known[key][0] if key in known else None


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: found[1], text)


def _str(value: Any) -> str | None:
    return clean(value) if isinstance(value, str) and value else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
