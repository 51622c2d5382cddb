"""Reads each dump format: tweets per second, and the time for input designed to be slow."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.errors import DumpError
from bot.loader.files import take_in
from bot.loader.parser import read_dump

TWEETS = 20_000
IN_A_THREAD = 20
SAID = "Plunging trade is leading to production halts and threatening to undermine stability"
FIRST_ID = 1_600_000_000_000_000_000
SIZE = 100_000
FILES = 2_000


def main() -> None:
    """Print the speed of each format, then how the time for slow inputs grows with their size."""
    for name, made in FORMATS.items():
        data = made().encode()
        started = time.perf_counter()
        dump = read_dump(data, name)
        took = time.perf_counter() - started
        tweets = sum(len(thread.tweets) for thread in dump.threads)
        print(f"{name:>22}: {tweets / took:10,.0f} tweets/s ({len(data) / 1e6:.1f} MB)")
    for name, trap in TRAPS.items():
        once, twice = _timed(trap(SIZE)), _timed(trap(2 * SIZE))
        print(f"{name:>22}: {SIZE:,} of it {once:.3f} s, twice as much {twice:.3f} s")
    once, twice = _many_files(FILES), _many_files(2 * FILES)
    print(
        f"{'a ZIP of small files':>22}: {FILES:,} of them {once:.3f} s, twice as many {twice:.3f} s"
    )


def _many_files(count: int) -> float:
    """Return the seconds that a ZIP archive of `count` small files takes."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "many.zip")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(count):
                archive.writestr(f"{number}.txt", f"{SAID} {number}\n\n{SAID}\n")
        started = time.perf_counter()
        take_in([path])
        return time.perf_counter() - started


def _timed(data: str) -> float:
    started = time.perf_counter()
    with suppress(DumpError):
        read_dump(data.encode(), "trap")
    return time.perf_counter() - started


def _text() -> str:
    lines = (f"@one @two {SAID} {number} wsj.com/tech/a-…" for number in range(TWEETS))
    return "\n".join(lines)


def _ids() -> list[tuple[int, int | None]]:
    """Return each tweet's id, and the id of the previous tweet of its thread."""
    return [
        (FIRST_ID + number, FIRST_ID + number - 1 if number % IN_A_THREAD else None)
        for number in range(TWEETS)
    ]


def _v2_lines() -> str:
    records = (
        {
            "id": str(tweet),
            "text": f"{SAID} {tweet}",
            "author_id": "5",
            "created_at": "2022-12-06T05:06:07.000Z",
            **({"referenced_tweets": [{"type": "replied_to", "id": str(above)}]} if above else {}),
        }
        for tweet, above in _ids()
    )
    return "\n".join(map(json.dumps, records))


def _archive() -> str:
    records = [
        {
            "tweet": {
                "id_str": str(tweet),
                "full_text": f"{SAID} {tweet}",
                "created_at": "Tue Dec 06 05:06:07 +0000 2022",
                "in_reply_to_status_id_str": str(above) if above else None,
            }
        }
        for tweet, above in _ids()
    ]
    return f"window.YTD.tweets.part0 = {json.dumps(records, indent=1)}"


def _table() -> str:
    rows = (f"{tweet},{SAID} {tweet},bird,{above or ''}" for tweet, above in _ids())
    return "\n".join(["tweet_id,text,username,in_reply_to_status_id", *rows])


def _page() -> str:
    tweets = (
        f'<div class="content-tweet" id="tweet_{number}" data-tweet="{FIRST_ID + number}">'
        f"{SAID} {number}</div>"
        for number in range(TWEETS)
    )
    return "\n".join(["<html>", *tweets])


def _chain(size: int) -> str:
    count = size // 10
    records = (
        {
            "id": str(FIRST_ID + number),
            "text": "one of many",
            "author_id": "5",
            "referenced_tweets": [{"type": "replied_to", "id": str(FIRST_ID + number - 1)}],
        }
        for number in range(1, count)
    )
    first = {"id": str(FIRST_ID), "text": "the first of many", "author_id": "5"}
    return "\n".join(map(json.dumps, [*reversed(list(records)), first]))


def _outbox() -> str:
    actor = "https://social.example/users/bird"
    notes = (
        {
            "type": "Create",
            "object": {
                "type": "Note",
                "id": f"{actor}/statuses/{tweet}",
                "attributedTo": actor,
                "content": f"<p>{SAID} {tweet}</p>",
                "published": "2024-03-01T10:00:00Z",
                "to": ["as:Public"],
                "inReplyTo": f"{actor}/statuses/{above}" if above else None,
            },
        }
        for tweet, above in _ids()
    )
    return json.dumps(
        {"@context": "https://www.w3.org/ns/activitystreams", "orderedItems": [*notes]}
    )


def _bluesky() -> str:
    posts = (
        {
            "uri": _address(tweet),
            "author": {"did": "did:plc:bird", "handle": "bird.example"},
            "record": {
                "text": f"{SAID} {tweet}",
                "createdAt": "2024-03-01T10:00:00Z",
                **({"reply": {"parent": {"uri": _address(above)}}} if above else {}),
            },
        }
        for tweet, above in _ids()
    )
    return json.dumps({"feed": [{"post": post} for post in posts]})


def _address(tweet: int) -> str:
    return f"at://did:plc:bird/app.bsky.feed.post/{tweet}"


def _clip() -> str:
    posts = (
        f"**Bird** @bird [Mar 1, 2024](https://x.com/bird/status/{tweet})\n\n{SAID} {tweet}"
        for tweet, _ in _ids()
    )
    return "\n\n---\n\n".join(posts)


FORMATS: dict[str, Callable[[], str]] = {
    "Thread Reader text": _text,
    "API v2, JSON lines": _v2_lines,
    "X archive": _archive,
    "CSV": _table,
    "Thread Reader HTML": _page,
    "Markdown clip of X": _clip,
    "Mastodon": _outbox,
    "Bluesky": _bluesky,
}
TRAPS: dict[str, Callable[[int], str]] = {
    "closers after a link": lambda size: "see http://a.b/" + ")" * size,
    "links in a line": lambda size: "ab.com/… " * (size // 9),
    "mentions in a line": lambda size: "@ab " * (size // 4) + "x",
    "footers": lambda size: "Tweet\n" + "• • •\n" * (size // 6),
    "broken JSON": lambda size: '[{"a":,' + "\n" * size + "x",
    "one long reply chain": _chain,
    "one long word": lambda size: "a" * size,
    "brackets": lambda size: "[a](b" * (size // 5) + "\n![" * (size // 6),
    "dotted words": lambda size: "a." * (size // 2) + "\n\n" + "b-" * (size // 2),
    "short paragraphs": lambda size: "• one\n\n\ntwo\n" * (size // 12),
    "counters": lambda size: "\n".join(f"{n}/ of many" for n in range(size // 12)),
    "a page's own words": lambda size: (
        "Tweet\n• • •\n"
        + "Share\nan advertisement\n" * (size // 23)
        + "More from @a\n"
        + "Bob\n@bob\nJan 3, 2024\nwords\n" * (size // 27)
    ),
    "bold": lambda size: "**a " * (size // 8) + "<video" * (size // 12),
    "broken JSON lines": lambda size: '{"id":"1","text":"one of many", "broken\n' * (size // 40),
    "unclosed tweet boxes": lambda size: "<html>" + '<div class="content-tweet">a' * (size // 28),
    "unclosed posts of X": lambda size: (
        "<html>" + '<article data-testid="tweet"><div data-testid="tweetText">a' * (size // 58)
    ),
    "unclosed embedded tweets": lambda size: (
        "<html>" + '<blockquote class="twitter-tweet"><p>a' * (size // 38)
    ),
    "unclosed elements": lambda size: "<html>" + "<div>a" * (size // 6),
    "unclosed bold paragraphs": lambda size: (
        "<html>" + "".join(f"<b c={n}><p>a" for n in range(size // 13))
    ),
    "front matter keys": lambda size: "---\n" + "k: v\n" * (size // 5) + "---\nOne tweet",
    "front matter unclosed": lambda size: "---\nauthor: a\n" + "k: v\n" * (size // 5),
}
