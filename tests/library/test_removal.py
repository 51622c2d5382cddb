"""Removing dumps, and hiding threads and authors."""

from __future__ import annotations

from pathlib import Path

from bot.library.library import Library
from tests.conftest import SEED


async def test_forgetting_is_undone_and_survives_a_reload(tmp_path: Path, seeds: Path) -> None:
    async with Library.open(tmp_path / "data", seeds) as shared:
        report = await shared.forget("me", thread="suitcases")
        assert report.tweets_after == 18
        (seeds / "copy.txt").write_bytes(SEED.read_bytes() + b"\n")
        await shared.reload("me")
        assert (await shared.ask("suitcases")).tweets == 0
        await shared.undo("me")
        assert (await shared.ask("suitcases")).tweets == 0
        await shared.undo("me")
        assert (await shared.ask("suitcases")).tweets > 0
