"""Reading whole generations, and the bytes of dumps, from a real SQLite file."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import partial
from pathlib import Path

from bot.loader.raw.content import PIECE, Content, Part, pieces
from bot.store.bulk_reader import content
from bot.store.rows import NewDump
from bot.store.store import Store
from tests.store.stored import SHELF, new, versions_in


async def test_the_bytes_of_every_generation_are_kept(tmp_path: Path) -> None:
    async with Store.open(tmp_path) as store:
        await store.commit(SHELF, 0, [new(b"first")], actor="me", action="load")
        await store.commit(SHELF, 1, [new(b"second")], actor="me", action="load")
        kept = [
            content(store.path, (await store.members(SHELF, number))[0].sha256).read()
            for number in (1, 2)
        ]
    assert kept == [b"first", b"second"]


async def test_a_dump_in_many_files_comes_back_file_by_file(tmp_path: Path) -> None:
    parts = {"data/account.js": b"{}", "data/tweets.js": b"[1]" * PIECE, "data/empty.js": b""}
    files = Content(
        tuple(Part(name, partial(io.BytesIO, data), len(data)) for name, data in parts.items())
    )
    dump = replace(new(b"Okapis").dump, sha256=files.sha256)
    tweet = replace(dump.threads[0].tweets[0], file=f"{dump.file}/data/tweets.js")
    dump = replace(dump, threads=(replace(dump.threads[0], tweets=(tweet,)),))
    async with Store.open(tmp_path) as store:
        await store.commit(SHELF, 0, [NewDump(dump, files, "loaded", 1)], actor="me", action="load")
        (member,) = await store.members(SHELF, 1)
        stored = content(store.path, member.sha256)
        assert stored.sha256 == files.sha256
        assert {part.name: b"".join(pieces(part)) for part in stored.parts} == parts
        (version,) = versions_in(store, member)
        assert version.thread.tweets == (tweet,)
