"""What the fuzzer begins with, and words that it may put in."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from bot.views.discord import custom_id, long_questions
from bot.views.export import KINDS, exported
from tests.library.snapshot.shelf import PORTS

DUMPS = Path(__file__).parents[1] / "dumps"
SAMPLES = Path(__file__).parents[3] / "shared"
LONGEST = 6000
"""Bytes of the longest input: traps that need more are in `benchmarks/loader.py`."""
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
IN_QUESTIONS = (
    "from:", "mentions:", "since:", "until:", "site:", "thread:", "has:link", "has:media", "-",
    "OR", "yesterday", "last week", "2 weeks ago", "june 2024", "13.06.2025", "in 2024", "before",
    "after", "between", "who", "what did", "@anna", "#", "*", "“", "”", "(", ")", "¦", "ports",
    "rice", "ships", "prots", "rise", "カフェ", "café", "\u202e", "\u2066", "\u200b",
    "https://x.com/anna/status/1901", "https://www.threads.example/thread/77.html",
)  # fmt: skip
"""Words that a question is made of."""
QUESTIONS = (
    'china "hard drives" -rumour', "from:anna since:2024 until:2024-05 site:wsj.com",
    "#8ceb0e646c06",
    "has:link thread:8ceb0e646c06 ports*", "https://x.com/anna/status/1900", "1900000000000000001",
    "<https://x.com/a@b/>", "港 静か", "\u202eports\u2066", "(a OR b) -c", "“ports”…", PORTS.id,
    "ports ships rice queues dawn", '"grow quiet" ports -rice', "ports from:anna", "prots qiet",
    "port* thread:ports", "what did @anna write about ports in 2024", "@anna", "@nobody", "港",
    "ports " * 60, " ".join(f"ports {number * 7919:x}" for number in range(300)),
    "since:yesterday ports", 'until:"2 weeks ago" rice', "since:june 2024 ports",
    'since:"13 June 2024" until:2024-12-31 ports', "since:03/04/2024 x", "ports since:2024-06",
    "has:link ports", "site:wsj.com", "https://www.wsj.com/ports", "wsj.com", "mentions:anna quiet",
    "bob_ports", "@bob_ports", "second par", "静か 船", "c", "prts from:bob_ports -rice OR ships",
    "https://x.com/anna/status/1901", "from:bob_ports since:2024-01-01 rise",
)  # fmt: skip


THREAD, SEAL = PORTS.id, "0123456789abcdef"
PACKED = long_questions.packed("Which ports grow quiet, and which ships never came?")
IDS = (
    custom_id.read(THREAD, 3),
    f"{custom_id.read(THREAD, 3)}¦0{PACKED[:9]}",
    custom_id.page(THREAD, 1, 2),
    f"tb1:page:{THREAD}:1",
    *(custom_id.of_thread(what, THREAD) for what in ("jump", "find", "save", "post")),
    *(custom_id.of_thread(what, THREAD) for what in ("jumped", "found")),
    custom_id.more(THREAD, 2),
    custom_id.posting(THREAD, 4, 0, 1),
    custom_id.delete(10**18),
    custom_id.stop(10**18),
    custom_id.ask("quiet ports") or "",
    *(f"tb1:{what}:3:b:1:quiet ports" for what in ("hits", "why", "sources", "share", "shared")),
    *("tb1:back:3:N:2:quiet ports", "tb1:why:3:B:2:¦", "tb1:share:3:n:000000:¦"),
    f"tb1:within:{THREAD}:3:n:1:quiet ports",
    "tb1:choice:3:b:1",
    *("tb1:undo:5", "tb1:undo:5:s", "tb1:undo:5:g"),
    *(custom_id.decide(what, SEAL) for what in ("apply", "cancel")),
    custom_id.decide("apply", "seeds"),
    custom_id.end(SEAL),
    custom_id.pick(),
    custom_id.forget(THREAD, None, SEAL),
    custom_id.forget(None, SEAL, SEAL),
    custom_id.remove("17", SEAL),
    custom_id.which(SEAL),
    custom_id.which(None),
    *(custom_id.WHICH_DUMP, custom_id.UNHIDE, custom_id.KEEP, custom_id.NOT_NOW, custom_id.HERE),
    *(custom_id.WORD_MENU, custom_id.GO_MENU, f"{custom_id.GO_MENU}¦1{PACKED[9:]}"),
    custom_id.go("read", THREAD, 2),
    custom_id.go("all", THREAD, 1),
)
"""A custom id of each kind, and values of menus."""
MESSAGES = (
    ("tb1:why:3:B:2:¦", f"tb1:read:{THREAD}:1¦0{PACKED[:9]}", f"tb1:go¦1{PACKED[9:]}"),
    ("tb1:share:3:n:1:¦", f"tb1:save:{THREAD}¦1{PACKED[9:]}", f"tb1:find:{THREAD}¦0{PACKED[:9]}"),
    ("tb1:back:3:b:1:¦", f"tb1:here¦0{PACKED[:9]}"),
    ("tb1:back:3:b:1:quiet ports", "tb1:ask:a¦b", "tb1:keep"),
)
"""The custom ids of messages that carry a question, and of one that lacks a part of it."""


def beginnings(target: str) -> dict[str, bytes]:
    """What to begin with."""
    if target == "files":
        return corpus()
    said = QUESTIONS if target == "questions" else (*IDS, *map("\n".join, (IDS, *MESSAGES)))
    return {f"{number}": each.encode() for number, each in enumerate(said)}


def words(target: str) -> tuple[str, ...]:
    """What the fuzzer may put in."""
    return {"files": WORDS, "questions": IN_QUESTIONS}.get(target, IDS)


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
    exports = {f"export.{kind}": exported(PORTS, kind).encode() for kind in KINDS}
    return {**cut, **zipped, **exports, "columns.csv": columns}


def _zip(files: dict[str, bytes]) -> bytes:
    """The files as an archive that is short enough."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, dump in files.items():
            if packed.tell() + len(dump) < LONGEST - 200 * len(made.namelist()):
                made.writestr(name, dump)
    return packed.getvalue()
