"""`python -m tests.fuzz [SECONDS] [FOLDER]`: the loader under a coverage-guided fuzzer.

It begins with the dumps in `tests/dumps` and keeps what reaches new code in FOLDER. What breaks a
promise of the loader ends the run, and is written to the current folder; it goes into
`tests/dumps/crashes`, where a test reads it from then on. Needs the extra `fuzz`.
"""

from __future__ import annotations

import io
import sys
import tempfile
import zipfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["bot.loader"]):
    from tests.loader.promises import keeps_its_promises

DUMPS = Path(__file__).parent / "dumps"
SECONDS = 600
LONGEST = 6000
"""Bytes of the longest input: traps that need more are in `benchmarks/loader.py`."""
SLOW = 5
"""Seconds that so short an input may take at most."""
WORDS = (
    "• • •", "---", "author: ", "source: https://x.com/a/status/1", "Read 4 tweets",
    "More from @a", "Jan 3, 2024", "Thread by @a", "@a ", "1/ ", "(1/2)",
    "**A** @a [2024-01-03](https://x.com/a/s)", "[a](https://b.c/d)", "![a](b)", "  \\x0a",
    "window.YTD.tweets.part0 = [", "full_text", "id_str", "in_reply_to_status_id_str",
    "created_at", "tweet_id,text,", "content-tweet", "data-tweet=", "noteTweet", "orderedItems",
    "inReplyTo", "app.bsky.feed.post", "facets", "byteStart", "rawContent", "referenced_tweets",
    "https://t.co/a", "\\xff\\xfe", "\\xef\\xbb\\xbf", "&amp;", "\\\\u0000",
)  # fmt: skip


def corpus() -> list[bytes]:
    """What to begin with: every dump that a test has, and some of them zipped."""
    dumps = [
        path.read_bytes()
        for path in sorted(DUMPS.rglob("*"))
        if path.suffix != ".json" and path.is_file()
    ]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for number, dump in enumerate(dumps[:3]):
            made.writestr(f"data/tweets-part{number}.js", dump)
    return [dump for dump in [*dumps, packed.getvalue()] if len(dump) <= LONGEST]


def main(arguments: list[str]) -> None:
    """Fuzz for as long as is asked for."""
    seconds, *rest = arguments or [str(SECONDS)]
    with tempfile.TemporaryDirectory() as nowhere:
        kept = Path(rest[0] if rest else nowhere)
        kept.mkdir(exist_ok=True)
        for number, dump in enumerate(corpus()):
            (kept / f"dump-{number}").write_bytes(dump)
        words = Path(nowhere) / "words"
        words.write_text("".join(f'"{word}"\n' for word in map(_quoted, WORDS)))
        options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={SLOW}"]
        atheris.Setup([sys.argv[0], f"-dict={words}", *options, str(kept)], keeps_its_promises)
        atheris.Fuzz()


def _quoted(word: str) -> str:
    """A word as the fuzzer's dictionaries have it."""
    plain = word.replace('"', '\\"')
    return "".join(c if c.isascii() else "".join(f"\\x{b:02x}" for b in c.encode()) for c in plain)


if __name__ == "__main__":
    main(sys.argv[1:])
