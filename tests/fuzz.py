"""`python -m tests.fuzz [SECONDS] [FOLDER]`: the loader under a coverage-guided fuzzer.

It begins with the dumps in `tests/dumps`, and with real samples where they are at hand, and keeps
what reaches new code in FOLDER. Where an input is JSON, half of its changes replace, leave out,
repeat or exchange whole values, because changed bytes mostly are no JSON. An input that breaks a
promise of the loader is written to the current folder as `broken-…`, once for each place in the
code, and the run goes on. It goes into `tests/dumps/crashes`, where a test reads it from then on.
Needs the extra `fuzz`.
"""

from __future__ import annotations

import hashlib
import io
import json
import random
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["bot.loader"]):
    from tests.loader.promises import keeps_its_promises

DUMPS = Path(__file__).parent / "dumps"
SAMPLES = Path(__file__).parents[2] / "shared"
SECONDS = 600
LONGEST = 6000
"""Bytes of the longest input: traps that need more are in `benchmarks/loader.py`."""
SLOW = 5
"""Seconds of the processor that so short an input may take at most."""
WORDS = (
    "• • •", "---", "author: ", "source: https://x.com/a/status/1", "Read 4 tweets",
    "More from @a", "Jan 3, 2024", "Thread by @a", "@a ", "1/ ", "(1/2)",
    "**A** @a [2024-01-03](https://x.com/a/s)", "[a](https://b.c/d)", "![a](b)", "  \\x0a",
    "window.YTD.tweets.part0 = [", "full_text", "id_str", "in_reply_to_status_id_str",
    "created_at", "tweet_id,text,", "content-tweet", "data-tweet=", "noteTweet", "orderedItems",
    "inReplyTo", "app.bsky.feed.post", "facets", "byteStart", "rawContent", "referenced_tweets",
    "https://t.co/a", "\\xff\\xfe", "\\xef\\xbb\\xbf", "&amp;", "\\\\u0000",
    "THREAD START", "THREAD END", "## Replies", "> ## Excerpt", "### 2 @b (B)", "[Tweet link](",
    "([View Tweet](https://x.com/a/status/1900000000000000001))", "Replying to @b", "Follow on X",
    "This Thread may be Removed Anytime!", "8 hours ago • 2 tweets • 1 min read",
    "<rss", "<feed xmlns=", "<item>", "<entry>", "<![CDATA[", "<guid>", "<pubDate>", "<link>",
    "<description>", "<dc:creator>", "</", "<blockquote", "&lt;br&gt;",
    "reply_id", "retweet_id", "quote_id", "conversation_id", "category", "subcategory",
    "inReplyToStatusId", "permanentUrl", "timeParsed", "isRetweet", "thread", "quotedStatus",
    "tweets", "scheduled_date", "platforms", "posts", "post_content_input", "reply_to",
    "community-tweet", "note-tweet", "legacy", "core", "article", "article_results",
    "content_state", "blocks", "entityMap", "extended_entities", "video_info", "variants", "alt",
    "edit_history_tweet_ids", "edit_info", "editControl", "initial", "includes", "attachments",
    "media_keys", "Body,Posted", "tweet_1,tweet_2", "1.9E+18",
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**20, 1e300, "", "0", "x", "@", " ", "\ud800", "\0", "https://",
    "1900000000000000001", "2024-13-45T25:61:61Z", "Thu Jan 99 00:00:00 +0000 2024", [], {}, [[]],
    [None], {"": None},
)  # fmt: skip
"""Values that a reader may meet where it expects another."""
PREFIX = b"window.YTD"


def corpus() -> dict[str, bytes]:
    """What to begin with: every dump that a test has, every sample, and some of them zipped."""
    paths = [path for path in sorted(DUMPS.rglob("*")) if not path.name.endswith("expected.json")]
    for folder in ("samples", "faults"):
        paths += sorted((SAMPLES / folder).rglob("*"))
    dumps = {path.name: path.read_bytes() for path in paths if path.is_file()}
    columns = b"Body,Posted,Who\nPorts sleep.,2024-01-03,anna_ports\nShips do not.,2024-01-04,bob\n"
    zipped = {
        "pages.zip": _zip({f"{number}.txt": dumps[name] for number, name in enumerate(dumps)}),
        "archive.zip": _zip(
            {
                "data/account.js": b'window.YTD.account.part0 = [{"account":{"username":"a"}}]',
                "data/tweets.js": dumps["x_archive_tweets.txt"],
                "data/note-tweet.js": dumps["x_archive_note_tweets.txt"],
                "data/tweets_media/1-a.jpg": b"\xff\xd8\xff\xe0",
            }
        ),
    }
    cut = {name: dump[:LONGEST] for name, dump in dumps.items()}
    return {**cut, **zipped, "columns.csv": columns}


def _zip(files: dict[str, bytes]) -> bytes:
    """The files as an archive that is short enough."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, dump in files.items():
            if packed.tell() + len(dump) < LONGEST - 200 * len(made.namelist()):
                made.writestr(name, dump)
    return packed.getvalue()


class Finder:
    """Tries inputs, and writes down those that break a promise, one for each place in the code."""

    def __init__(self) -> None:
        self.runs = 0
        self._places: set[tuple[str, str, int]] = set()

    def __call__(self, data: bytes) -> None:
        self.runs += 1
        began = time.process_time()
        try:
            keeps_its_promises(data)
            took = time.process_time() - began
            assert took < SLOW, f"{took:.0f} seconds"
        except Exception as error:  # noqa: BLE001  whatever the loader should not have raised
            frame = traceback.extract_tb(error.__traceback__)[-1]
            said = str(error) if isinstance(error, AssertionError) else type(error).__name__
            place = (said, frame.filename, frame.lineno or 0)
            if place not in self._places:
                self._places.add(place)
                file = Path(f"broken-{hashlib.sha1(data, usedforsecurity=False).hexdigest()}")
                file.write_bytes(data)
                sys.stderr.write(f"{file}: {''.join(traceback.format_exception(error))}\n")
                sys.stderr.flush()


def changed(data: bytes, longest: int, seed: int) -> bytes:
    """The next input: `data` with another value in its JSON, or with other bytes."""
    dice = random.Random(seed)  # noqa: S311
    if dice.random() < 0.5:
        start = data.find(b"=") + 1 if data.startswith(PREFIX) else 0
        made = data[:start] + _other_json(data[start:], dice)
        if made != data and len(made) <= longest:
            return made
    return bytes(atheris.Mutate(data, longest))


def _other_json(data: bytes, dice: random.Random) -> bytes:
    """`data` with one to three other values, if it is JSON or has a line of JSON."""
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        lines = data.split(b"\n")
        if len(lines) > 1 and lines[0].startswith((b"{", b"[")):
            at = dice.randrange(len(lines))
            lines[at] = _other_json(lines[at], dice)
        return b"\n".join(lines)
    places = list(_places(whole))
    for _ in range(dice.randint(1, 3)):
        if places:
            parent, key = dice.choice(places)
            _exchange(parent, key, dice.choice(places), dice)
    try:
        return json.dumps(whole, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return data


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each object or list with each of its keys or indices."""
    for key in value if isinstance(value, dict) else range(len(value)) if _is_list(value) else ():
        yield value, key
        yield from _places(value[key])


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _exchange(parent: Any, key: Any, other: tuple[Any, Any], dice: random.Random) -> None:
    """Put another value at a place, or none, or the same twice; places may be gone by now."""
    try:
        match dice.randrange(5):
            case 0:
                parent[key] = dice.choice(ODD)
            case 1:
                del parent[key]
            case 2:
                parent[key] = json.loads(json.dumps(other[0][other[1]]))
            case 3:
                parent[key] = [parent[key], json.loads(json.dumps(parent[key]))]
            case _ if isinstance(parent, dict) and isinstance(other[1], str):
                parent[other[1]] = parent.pop(key)
            case _:
                parent[key] = {"": parent[key]}
    except (KeyError, IndexError, ValueError, RecursionError):
        return


def main(arguments: list[str]) -> None:
    """Fuzz for as long as is asked for."""
    seconds, *rest = arguments or [str(SECONDS)]
    with tempfile.TemporaryDirectory() as nowhere:
        kept = Path(rest[0] if rest else nowhere) / "kept"
        kept.mkdir(exist_ok=True, parents=True)
        for name, dump in corpus().items():
            (kept / name).write_bytes(dump)
        words = Path(nowhere) / "words"
        words.write_text("".join(f'"{word}"\n' for word in map(_quoted, WORDS)))
        options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={SLOW * 4}"]
        atheris.Setup(
            [sys.argv[0], f"-dict={words}", *options, str(kept)], Finder(), custom_mutator=changed
        )
        atheris.Fuzz()


def _quoted(word: str) -> str:
    """A word as the fuzzer's dictionaries have it."""
    plain = word.replace('"', '\\"')
    return "".join(c if c.isascii() else "".join(f"\\x{b:02x}" for b in c.encode()) for c in plain)


if __name__ == "__main__":
    main(sys.argv[1:])
