"""The shared folder of layers, on a disk and in another file system that fsspec knows."""

from __future__ import annotations

import sys
import time
from io import BytesIO
from pathlib import Path

import pytest

from bot.errors import ShelfUnusable
from bot.store.shelf import Shelf


@pytest.fixture(params=["disk", "memory"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    pytest.importorskip("fsspec")
    return Shelf(
        str(tmp_path / "shared") if request.param == "disk" else f"memory://{tmp_path.name}"
    )


def test_what_is_put_can_be_fetched(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"okapi")
    assert not shelf.has("a.bin")
    assert shelf.names() == {}
    shelf.put(tmp_path / "a.bin")
    assert shelf.has("a.bin")
    out = BytesIO()
    assert shelf.get("a.bin", out)
    assert out.getvalue() == b"okapi"
    assert [*shelf.names()] == ["a.bin"]
    assert abs(shelf.names()["a.bin"] - time.time()) < 60


def test_a_file_is_replaced(shelf: Shelf, tmp_path: Path) -> None:
    for content in (b"okapi", b"tapir"):
        (tmp_path / "a.bin").write_bytes(content)
        shelf.put(tmp_path / "a.bin")
    out = BytesIO()
    assert shelf.get("a.bin", out)
    assert out.getvalue() == b"tapir"
    assert [*shelf.names()] == ["a.bin"]


def test_what_is_not_there_is_not_fetched_and_can_be_deleted(shelf: Shelf, tmp_path: Path) -> None:
    out = BytesIO()
    assert not shelf.get("a.bin", out)
    shelf.delete("a.bin")
    (tmp_path / "a.bin").write_bytes(b"okapi")
    shelf.put(tmp_path / "a.bin")
    shelf.delete("a.bin")
    assert not shelf.has("a.bin")


def test_an_address_that_nothing_is_installed_for_is_an_error() -> None:
    pytest.importorskip("fsspec")
    with pytest.raises(ShelfUnusable, match="THREADBOT_LAYERS cannot be used"):
        Shelf("nowhere://bucket")


def test_without_the_package_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(ShelfUnusable, match=r"pip install 'threadbot\[layers\]'"):
        Shelf("s3://bucket/layers")
