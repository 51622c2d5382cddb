"""`python -m tests.fuzz [SECONDS] [FOLDER] [TARGET]`: what strangers send, under a fuzzer.

The fuzzer is guided by coverage. TARGET is one of these:
- `files`, by default: the loader with all its readers;
- `questions`: questions, and references to threads;
- `custom-ids`: what a forged button may carry.

The loader begins with the dumps in `tests/dumps`, and with real samples where they are there. What
reaches new code is kept in FOLDER. Where an input is JSON, half of its changes replace, leave out,
repeat or exchange whole values, because changed bytes mostly are no JSON. An input that breaks a
promise is written to the current folder as `broken-…`, once for each place in the code, and the run
goes on. A dump goes into `tests/dumps/crashes`, where a test reads it from then on. Needs the extra
`fuzz`.
"""

from __future__ import annotations

import hashlib
import io
import json
import random
import re
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(
    include=[
        "bot.loader",
        "bot.search",
        "bot.views.discord.custom_id",
        "bot.thread_ids",
        "bot.bidi",
    ]
):
    from bot.bidi import isolated
    from bot.library.snapshot.links import references, without
    from bot.library.snapshot.snapshot import Snapshot
    from bot.search.analyzer import Analyzer
    from bot.search.query import parse
    from bot.thread_ids import kind_of
    from bot.views import markdown, wording
    from bot.views.discord import custom_id, long_questions
    from bot.views.terminal.visible import CONTROL, visible
    from bot.web_addresses import safe
    from tests.directions import loose
    from tests.library.snapshot.shelf import CAFE, PORTS, RICE, snapshot_of
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

    def __init__(self, check: Callable[[bytes], None]) -> None:
        self.runs = 0
        self._check = check
        self._places: set[tuple[str, str, int]] = set()

    def __call__(self, data: bytes) -> None:
        self.runs += 1
        began = time.process_time()
        try:
            self._check(data)
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


LIBRARY: Snapshot = snapshot_of(PORTS, RICE, CAFE)
IDS = frozenset(PORTS.aliases | RICE.aliases | CAFE.aliases)
ANALYZER = Analyzer()
IN_LINE = 200
"""Characters of a line that is shown as a title."""


def reads_questions(data: bytes) -> None:
    """Read `data` as a question, a reference to a thread, and a text that is shown."""
    text = data.decode("utf-8", "replace")
    query = parse(text, ANALYZER)
    assert all(each.term for each in query.terms), "a term without characters"
    found = references(text)
    without(text, found)
    matches = LIBRARY.lookup.matches(text, 5)
    if kind_of(text) == "id" and matches and matches.kind == "id":
        names = (text.lower().strip().strip("#\"'`“”.,;:!?()<>[]{}*_ "), *text.lower().split())
        assert any(each in IDS or each.isdecimal() for each in names) or any(
            each in text.lower() for each in IDS
        ), "an id that opens another thread"
    assert not CONTROL.search(visible(text)), "a control character"
    shown = (isolated(text), markdown.escape(text), wording.short(text, IN_LINE))
    assert not any(map(loose, shown)), "a direction that is not ended"
    address = safe(text)
    assert address is None or safe(address) == address, "an address that changes again"


PATTERNS = tuple(
    value for name, value in vars(custom_id).items() if name.isupper() and isinstance(value, str)
)
"""The templates of custom ids, and other constants, which are patterns too."""


def reads_custom_ids(data: bytes) -> None:
    """Read `data` as the custom ids of a message, one per line."""
    ids = data.decode("utf-8", "replace").split("\n")
    for each in ids:
        for pattern in PATTERNS:
            with suppress(re.error):
                re.fullmatch(pattern, each)
        long_questions.unpacked(each)
    asking = custom_id.asking_of(ids)
    if asking is not None:
        assert asking.question, "a question without words"
    long_questions.gathered(ids)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "files": keeps_its_promises,
    "questions": reads_questions,
    "custom-ids": reads_custom_ids,
}
QUESTIONS = (
    'china "hard drives" -rumour', "from:anna since:2024 until:2024-05 site:wsj.com",
    "#8ceb0e646c06",
    "has:link thread:8ceb0e646c06 ports*", "https://x.com/anna/status/1900", "1900000000000000001",
    "<https://x.com/a@b/>", "港 静か", "\u202eports\u2066", "(a OR b) -c", "“ports”…", PORTS.id,
)  # fmt: skip


def beginnings(target: str) -> dict[str, bytes]:
    """What to begin with."""
    if target == "files":
        return corpus()
    carried = [custom_id.ask(each) or "" for each in QUESTIONS]
    packed = [long_questions.packed(each) for each in QUESTIONS]
    said = (
        *QUESTIONS,
        *carried,
        *packed,
        custom_id.read(PORTS.id, 3),
        custom_id.page(PORTS.id, 1, 2),
    )
    return {f"{number}": each.encode() for number, each in enumerate((*said, "\n".join(said)))}


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
    target = rest[1] if len(rest) > 1 else "files"
    with tempfile.TemporaryDirectory() as nowhere:
        kept = Path(rest[0] if rest else nowhere) / "kept"
        kept.mkdir(exist_ok=True, parents=True)
        for name, dump in beginnings(target).items():
            (kept / name).write_bytes(dump)
        words = Path(nowhere) / "words"
        words.write_text("".join(f'"{word}"\n' for word in map(_quoted, WORDS)))
        options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={SLOW * 4}"]
        atheris.Setup(
            [sys.argv[0], f"-dict={words}", *options, str(kept)],
            Finder(TARGETS[target]),
            custom_mutator=changed if target == "files" else None,
        )
        atheris.Fuzz()


def _quoted(word: str) -> str:
    """A word as the fuzzer's dictionaries have it."""
    plain = word.replace('"', '\\"')
    return "".join(c if c.isascii() else "".join(f"\\x{b:02x}" for b in c.encode()) for c in plain)


if __name__ == "__main__":
    main(sys.argv[1:])
