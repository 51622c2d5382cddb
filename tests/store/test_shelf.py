"""The shared folder of layers, on a disk and in another file system that fsspec knows."""

from __future__ import annotations

import importlib
import random
import sys
import time
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest

from bot.errors import ShelfUnusable
from bot.store.shelf import Shelf
from tests import s3_server


def address(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty folder."""
    pytest.importorskip("fsspec")
    if kind == "disk":
        return str(tmp_path / "shared")
    root = "memory:/" if kind == "memory" else str(request.getfixturevalue("bucket"))
    return f"{root}/{tmp_path.name}"


@pytest.fixture(params=["disk", "memory", "s3"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    return Shelf(address(request.param, request, tmp_path))


def got(shelf: Shelf, name: str) -> bytes | None:
    """What a file has; None if there is none."""
    out = BytesIO()
    return out.getvalue() if shelf.get(name, out) else None


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


def test_a_folder_is_checked_and_left_as_it_was(shelf: Shelf) -> None:
    shelf.check()
    assert shelf.names() == {}


def test_what_other_machines_do_is_seen_at_once(bucket: str, tmp_path: Path) -> None:
    import botocore.session

    client = botocore.session.get_session().create_client("s3")
    name = bucket.removeprefix("s3://")
    key = f"{tmp_path.name}/a.bin"
    shelf = Shelf(f"{bucket}/{tmp_path.name}")
    assert (shelf.names(), shelf.has("a.bin")) == ({}, False)
    for content in (b"okapi", b"tapir and okapi", b"emu"):
        client.put_object(Bucket=name, Key=key, Body=content)
        assert [*shelf.names()] == ["a.bin"]
        assert shelf.has("a.bin")
        assert got(shelf, "a.bin") == content
    client.delete_object(Bucket=name, Key=key)
    assert not shelf.has("a.bin")
    assert got(shelf, "a.bin") is None
    assert shelf.names() == {}


def test_a_file_of_several_parts_is_whole(bucket: str, tmp_path: Path) -> None:
    content = random.Random(1).randbytes(20 << 20)  # noqa: S311  # not a secret
    (tmp_path / "a.bin").write_bytes(content)
    shelf = Shelf(f"{bucket}/{tmp_path.name}")
    shelf.put(tmp_path / "a.bin")
    assert got(shelf, "a.bin") == content


def test_a_missing_bucket_is_an_error(bucket: str, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"okapi")
    shelf = Shelf(f"{bucket}-missing/layers")
    with pytest.raises(OSError, match="bucket does not exist"):
        shelf.put(tmp_path / "a.bin")
    with pytest.raises(OSError, match="bucket does not exist"):
        shelf.check()


@pytest.mark.parametrize(
    ("endpoint", "keys", "said"),
    [("http://127.0.0.1:1", True, "EndpointConnectionError"), ("", False, "NoCredentialsError")],
)
def test_what_s3_lacks_is_an_error(
    bucket: str,
    monkeypatch: pytest.MonkeyPatch,
    endpoint: str,
    keys: bool,  # noqa: FBT001  # a parameter of the test
    said: str,
) -> None:
    if endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    if not keys:
        for each in s3_server.KEYS:
            monkeypatch.delenv(each)
    s3fs = pytest.importorskip("s3fs")
    monkeypatch.setattr(s3fs.S3FileSystem, "retries", 1)
    s3fs.S3FileSystem.clear_instance_cache()
    shelf = Shelf(f"{bucket}/layers")
    for call in (shelf.names, shelf.check, partial(shelf.has, "a.bin")):
        with pytest.raises(OSError, match=said):
            call()
    s3fs.S3FileSystem.clear_instance_cache()


def test_an_address_that_nothing_is_installed_for_is_an_error() -> None:
    pytest.importorskip("fsspec")
    with pytest.raises(ShelfUnusable, match="THREADBOT_LAYERS cannot be used"):
        Shelf("nowhere://bucket")


def test_without_the_package_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(ShelfUnusable, match=r"pip install 'threadbot\[layers\]'"):
        Shelf("s3://bucket/layers")


def test_without_the_package_for_s3_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("fsspec")
    monkeypatch.setitem(sys.modules, "s3fs", None)
    registry = importlib.import_module("fsspec.registry")
    monkeypatch.delitem(vars(registry)["_registry"], "s3", raising=False)
    with pytest.raises(ShelfUnusable, match=r"pip install 'threadbot\[s3\]'"):
        Shelf("s3://bucket/layers")
