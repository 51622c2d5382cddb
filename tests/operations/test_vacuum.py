"""Compacting the store."""

from __future__ import annotations

import asyncio
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.operations.vacuum import vacuum
from bot.store import upkeep
from bot.store.migrations import FILE
from tests.store.test_upkeep import filled

Usage = namedtuple("Usage", "total used free")


def test_space_is_given_back(tmp_path: Path) -> None:
    path = asyncio.run(filled(tmp_path, "Okapis are shy " * 20_000))
    with upkeep.connected(path) as connection:
        connection.execute("CREATE TABLE large AS SELECT randomblob(300000)")
        connection.execute("DROP TABLE large")
    done = vacuum(tmp_path)
    assert done.before - done.after > 100_000
    assert upkeep.damage(path, full=True) == []


def test_without_a_store_or_space_nothing_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StoreError, match="no store here"):
        vacuum(tmp_path)
    path = asyncio.run(filled(tmp_path, "Okapis are shy"))
    before = path.read_bytes()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100, 90, 10))
    with pytest.raises(StoreError, match="free bytes"):
        vacuum(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before
