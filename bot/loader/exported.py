"""Reads threads that Threadbot exported as text, Markdown or JSON."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.loader.attached import (
    cleaned_card,
    cleaned_media,
    cleaned_poll,
    cleaned_quote,
    one_line,
    web_url,
    whole_number,
)
from bot.loader.entities import unique_handles, unique_links
from bot.loader.line_account import Account
from bot.loader.raw.decode import clean
from bot.loader.raw.line import Line
from bot.loader.records.json_values import as_dict
from bot.models import Card, Link, Media, MediaKind, Metadata, PollOption, Quote, Thread, Tweet
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
LABELLED = re.compile(
    r"(?:- )?(Author|Source|Date|Permalink|Id|Mentions|Link|Name|Option|Votes|Card|Description|Page"
    r"|Photo|Video|GIF|File): (.+)"
)
PICTURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<url>.*)\)")
SIGNED = re.compile(r"—(?: (?!\(@)(?P<name>.*?))?(?: \(@(?P<handle>[^\s()]+)\))?")
KINDS: Mapping[str, MediaKind] = {"Photo": "photo", "Video": "video", "GIF": "gif"}
QUOTED = ("author", "author_name", "created_at", "permalink")
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
    quoted: list[str] = field(default_factory=list)
    """The lines of the tweet that it quotes."""
    media: list[Media] = field(default_factory=list)
    poll: list[PollOption] = field(default_factory=list)


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
    for number, raw in enumerate(text.split("\n"), start=1):
        line = Line(number, raw.strip())
        now = gathered[-1] if gathered else None
        labelled = LABELLED.fullmatch(raw.rstrip())
        if number <= begun:
            if line.text:
                account.boilerplate(line, "the exported thread's header")
        elif NUMBER.fullmatch(raw.rstrip()):
            gathered.append(_Gathered(number))
            account.boilerplate(line, "a tweet's number")
        elif now and not now.known and raw.startswith("> >" if quoted else "|"):
            inner = raw[4:] if quoted else raw[2:]
            now.quoted.append(_unescaped(inner) if quoted else inner)
            account.tweet(line, now.line)
        elif now and (picture := PICTURE.fullmatch(raw.rstrip())):
            alt = html.unescape(picture["alt"])
            now.media.append(Media("photo", picture["url"], alt, None, picture["url"]))
            now.known.setdefault("Picture", []).append(alt)
            account.boilerplate(line, "a tweet's details")
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
            if now:
                _add_detail(now, labelled[1], labelled[2])
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


def _add_detail(now: _Gathered, label: str, value: str) -> None:
    """Add what a label says of the picture or the option above it."""
    if label in KINDS and now.media:
        video = web_url(value)
        above = now.media[-1]
        url = None if above.url == video else above.url
        now.media[-1] = replace(above, kind=KINDS[label], url=url, video_url=video)
    elif label == "File" and now.media:
        now.media[-1] = replace(now.media[-1], file=value)
    elif label == "Option":
        now.poll.append(PollOption(value))
    elif label == "Votes" and now.poll:
        now.poll[-1] = PollOption(now.poll[-1].label, whole_number(value))


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
    left_out = 0
    tweets: list[Tweet] = []
    for each in tweet_fields:
        media = cleaned_media(each["media"], account.pictures)
        left_out += len(each["media"]) - len(media)
        tweet = Tweet(
            text=clean(each["text"]),
            mentions=unique_handles(list(each["mentions"])),
            links=unique_links(each["links"]),
            author=each["author"] or author,
            created_at=each["created_at"],
            permalink=each["permalink"],
            tweet_id=each["tweet_id"],
            file=account.file,
            line=each["line"],
            author_name=one_line(each["author_name"]),
            media=media,
            quote=cleaned_quote(each["quote"]),
            poll=cleaned_poll(each["poll"]),
            card=cleaned_card(each["card"]),
        )
        if tweet.text or tweet.links or media or tweet.quote or tweet.poll or tweet.card:
            tweets.append(tweet)
    if left_out:
        message = f"pictures that are not in this file and have no address: {left_out:,}; left out"
        account.notice(None, message)
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
            tweets=tuple(tweets),
        ),
    )


def _quote(lines: Sequence[str]) -> Quote | None:
    """Return the quoted tweet in the lines behind marks: its words, and its author below."""
    rest = list(lines)
    about: dict[str, str] = {}
    for label in ("Permalink", "Date"):
        start = f"— {label}: "
        if len(rest) > 2 and rest[-1].startswith(start):
            about[label] = rest.pop().removeprefix(start)
    signed = SIGNED.fullmatch(rest[-1]) if rest else None
    if signed is None:
        return Quote("\n".join(rest)) if rest else None
    text = "\n".join(rest[:-1]).removesuffix("\n")
    return Quote(text, signed["handle"], signed["name"], about.get("Date"), about.get("Permalink"))


def _of_text(gathered: _Gathered) -> TweetFields:
    known = gathered.known
    title = _first(known, "Card")
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
        "author_name": _first(known, "Name"),
        "media": tuple(gathered.media),
        "quote": _quote(gathered.quoted),
        "poll": tuple(gathered.poll),
        "card": Card(title, _first(known, "Description"), _first(known, "Page")) if title else None,
    }


def _of_json(tweet: Mapping[str, Any], line: int) -> TweetFields:
    links = _records(tweet.get("links"))
    quote, card = as_dict(tweet.get("quote")), as_dict(tweet.get("card"))
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
        "author_name": _str(tweet.get("author_name")),
        "media": tuple(_media_of_json(each) for each in _records(tweet.get("media"))),
        "quote": Quote(text, *_strings(quote, *QUOTED))
        if (text := _str(quote.get("text")))
        else None,
        "poll": tuple(
            PollOption(label, whole_number(each.get("votes")))
            for each in _records(tweet.get("poll"))
            if (label := _str(each.get("label")))
        ),
        "card": Card(title, *_strings(card, "description", "url"))
        if (title := _str(card.get("title")))
        else None,
    }


def _media_of_json(value: Mapping[str, Any]) -> Media:
    kinds = (each for each in KINDS.values() if each == value.get("kind"))
    kind: MediaKind = next(kinds, "photo")
    return Media(kind, *_strings(value, "url", "alt", "video_url", "file"))


def _records(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in _list(value) if isinstance(each, dict)]


def _strings(value: Mapping[str, Any], *keys: str) -> list[str | None]:
    return [_str(value.get(key)) for key in keys]


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
