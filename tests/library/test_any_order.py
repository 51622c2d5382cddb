"""The same threads in dumps of every format: whatever the order, it is one library."""

from __future__ import annotations

import asyncio
import html
import io
import json
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.library.library import Library
from bot.library.snapshot.thread_merge import merge
from bot.loader.parser import read_dump
from bot.models import Thread
from tests.strategies import sentences

FIRST_ID = 1_600_000_000_000_000_000
Said = list[list[str]]
"""The texts of the tweets of some threads."""
some_threads = st.lists(
    st.lists(sentences, min_size=1, max_size=3), min_size=1, max_size=3, unique_by=lambda t: t[0]
)


def ids(said: Said) -> list[list[int]]:
    """An id for each tweet: the same in every format."""
    return [
        [FIRST_ID + 1000 * number + place for place in range(len(thread))]
        for number, thread in enumerate(said)
    ]


def rows(said: Said) -> list[tuple[int, str, int | None]]:
    """Each tweet's id, its text, and the id of the one before it in its thread."""
    return [
        (own, text, own - 1 if place else None)
        for thread, known in zip(said, ids(said), strict=True)
        for place, (text, own) in enumerate(zip(thread, known, strict=True))
    ]


def classic(said: Said, *, signed: bool = True) -> list[dict[str, object]]:
    user = {"user": {"screen_name": "anna", "id_str": "7"}} if signed else {}
    return [
        {
            "id_str": str(own),
            "full_text": html.escape(text),
            "created_at": "Wed Jan 29 15:19:44 +0000 2020",
            "in_reply_to_status_id_str": str(above) if above else None,
            "in_reply_to_screen_name": "anna" if above else None,
            **user,
        }
        for own, text, above in rows(said)
    ]


def as_json(said: Said) -> bytes:
    return json.dumps(classic(said)).encode()


def as_archive(said: Said) -> bytes:
    records = json.dumps([{"tweet": each} for each in classic(said, signed=False)])
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("data/tweets.js", f"window.YTD.tweets.part0 = {records}")
        archive.writestr("data/account.js", 'window.YTD.account.part0 = [{"username" : "anna"}]')
    return made.getvalue()


def as_table(said: Said) -> bytes:
    lines = [f"{own},anna,{text},{above or ''}" for own, text, above in rows(said)]
    return "\n".join(["tweet_id,username,text,in_reply_to_status_id", *lines]).encode()


def as_page(said: Said) -> bytes:
    tweets = "".join(
        f'<div class="content-tweet" data-tweet="{own}" data-screenname="anna">{text}</div>'
        for own, text, _ in rows(said[:1])
    )
    return f"<html>{tweets}</html>".encode()


def as_text(said: Said) -> bytes:
    return "\n---\n".join(said[0]).encode()


FORMATS = {
    "a.json": as_json,
    "b.zip": as_archive,
    "c.csv": as_table,
    "d.html": as_page,
    "e.txt": as_text,
}
orders = st.permutations(sorted(FORMATS))


def shown(threads: list[Thread]) -> set[Thread]:
    """The threads without what tells the order of the dumps."""
    return {
        replace(
            each,
            dumps=tuple(sorted(each.dumps)),
            tweets=tuple(replace(tweet, file="", line=0) for tweet in each.tweets),
        )
        for each in threads
    }


@given(some_threads, orders)
def test_in_any_order_dumps_of_all_formats_make_the_same_threads(
    said: Said, order: list[str]
) -> None:
    def read(names: list[str]) -> list[Thread]:
        dumps = [read_dump(FORMATS[name](said), name) for name in names if name != "b.zip"]
        return list(merge(thread for dump in dumps for thread in dump.threads))

    found = read(order)
    assert shown(found) == shown(read(sorted(order)))
    assert len(found) == len(said)
    assert [
        t.tweet_id
        for each in sorted(found, key=lambda t: t.tweets[0].tweet_id or "")
        for t in each.tweets
    ] == [str(own) for known in ids(said) for own in known]


@settings(max_examples=12)
@given(some_threads, orders, st.data())
def test_loading_in_any_order_and_taking_back_ends_where_it_began(
    said: Said, order: list[str], data: st.DataObject
) -> None:
    asyncio.run(_load_and_take_back(said, order, data.draw(st.integers(1, len(order)))))


async def _load_and_take_back(said: Said, order: list[str], first: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for each, made in FORMATS.items():
            (folder / each).write_bytes(made(said))

        async def threads(library: Library) -> set[Thread]:
            return shown([await library.thread(each.id) for each in library.threads()])

        async with Library.open(folder / "data", folder / "none", may_be_empty=True) as library:
            await library.load([folder / each for each in order[:first]], "me")
            begun = await threads(library)
            for each in order[first:]:
                await library.load([folder / each], "me")
            whole = await threads(library)
            for _ in order[first:]:
                if library.generation > 1:
                    await library.undo("me")
            assert await threads(library) == begun
        async with Library.open(folder / "other", folder / "none", may_be_empty=True) as library:
            await library.load([folder / each for each in sorted(order)], "me")
            assert await threads(library) == whole
