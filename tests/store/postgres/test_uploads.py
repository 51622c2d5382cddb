"""Uploads that any process may load."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.databases import at

pytestmark = pytest.mark.usefixtures("in_postgres")


async def test_an_upload_is_there_for_all_until_it_is_dropped(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    (here / "files").mkdir(parents=True)
    large = bytes(range(256)) * 10_000
    (here / "said.json").write_text("{}")
    (here / "files" / "a é.txt").write_bytes(large)
    (here / "files" / "empty").touch()
    async with at(tmp_path).open() as store:
        await store.keep_upload("token", here, '{"bytes": 7}')
        assert await store.kept_uploads() == {"token": '{"bytes": 7}'}
        assert await store.fetch_upload("token", here)
        assert await store.fetch_upload("token", there)
        found = {each.relative_to(there).as_posix() for each in there.rglob("*")}
        assert found == {"said.json", "files", "files/a é.txt", "files/empty"}
        assert (there / "files" / "a é.txt").read_bytes() == large
        await store.drop_upload("token")
        assert not await store.fetch_upload("token", there)
        assert not there.exists()  # somebody loaded or cancelled it


async def test_old_uploads_go(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    async with at(tmp_path).open() as store:
        await store.keep_upload("token", tmp_path / "files", "{}")
        await store.sweep_uploads(60)
        assert await store.kept_uploads() == {"token": "{}"}
        await store.sweep_uploads(-1)
        assert await store.kept_uploads() == {}
