"""Layers in files: written once, read back, and built again where they are damaged."""

from __future__ import annotations

import logging
import os
import time
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.background.progress import Stopped
from bot.library import layer_files
from bot.library.layer_files import Unusable, fetch, is_left, leave, named, write, write_merged
from bot.library.snapshot.layer import Layer
from bot.library.snapshot.layered import Part
from bot.store.shelf import Shelf
from tests.library.snapshot.shelf import CAFE, PORTS, RICE, snapshot_of


def parts_of(*gone: Sequence[bool] | None) -> list[Part]:
    """Layers of one or two threads, with these masks."""
    layers = [snapshot_of(PORTS, RICE).parts[0].layer, snapshot_of(CAFE).parts[0].layer]
    return [
        Part(layer, None if mask is None else np.array(mask))
        for layer, mask in zip(layers, gone, strict=False)
    ]


def read(path: Path) -> tuple[list[Part], bool]:
    """What the files have now."""
    return layer_files.read(path, named(path))


def test_layers_come_back_with_their_masks(tmp_path: Path) -> None:
    parts = parts_of([True, False], None)
    path = tmp_path / "index-0.bin"
    write(path, "first", parts)
    again, is_torn = read(path)
    assert not is_torn
    assert [each.layer.name for each in again] == [each.layer.name for each in parts]
    assert [each.mask.tolist() for each in again] == [[True, False], [False]]
    assert [*again[1].layer.catalogue] == [*parts[1].layer.catalogue]
    assert named(path).key == "first"
    with pytest.raises(FileNotFoundError):
        named(tmp_path / "index-7.bin")


def test_layers_are_merged_in_a_file_as_in_memory(tmp_path: Path) -> None:
    parts = parts_of([True, False], None)
    path = tmp_path / "index-0.bin"
    made = write_merged(path, parts, [], lambda: None)
    authors, arrays = made.to_arrays()
    layers, gone = [each.layer for each in parts], [each.mask for each in parts]
    same, expected = Layer.merged(layers, gone, []).to_arrays()
    assert authors == same
    assert arrays.keys() == expected.keys()
    for name, each in expected.items():
        np.testing.assert_array_equal(arrays[name], each)
    assert layer_files.layer_file(tmp_path, made.name)
    assert write(path, "first", [Part(made)]) == []  # its file is there already
    again, is_torn = read(path)
    assert (again[0].layer.name, is_torn) == (made.name, False)


def test_a_merge_that_is_stopped_leaves_no_file(tmp_path: Path) -> None:
    left = [1, 2]

    def step() -> None:
        if not left:
            raise Stopped
        left.pop()

    with pytest.raises(Stopped):
        write_merged(tmp_path / "index-0.bin", parts_of(None, None), [], step)
    assert not [*tmp_path.iterdir()]


def test_layers_that_are_in_memory_are_not_read(tmp_path: Path) -> None:
    parts = parts_of(None, None)
    path = tmp_path / "index-0.bin"
    assert write(path, "first", parts[:1]) == [parts[0].layer.name]
    assert write(path, "second", parts) == [parts[1].layer.name]
    known = {parts[0].layer.name: parts[0].layer}
    again, _ = layer_files.read(path, named(path), known)
    assert again[0].layer is parts[0].layer
    assert again[1].layer is not parts[1].layer


def test_names_that_an_earlier_version_wrote_are_of_no_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "index-0.bin"
    with monkeypatch.context() as earlier:
        earlier.setattr(layer_files, "FILE_VERSION", layer_files.FILE_VERSION - 1)
        write(path, "first", parts_of(None))
    with pytest.raises(Unusable, match="made from other data"):
        named(path)


def test_a_load_writes_its_own_layer_only(tmp_path: Path) -> None:
    parts = parts_of(None, None)
    path = tmp_path / "index-0.bin"
    write(path, "first", parts[:1])
    (file,) = tmp_path.glob("index-0-*")
    before = file.stat().st_mtime_ns
    write(path, "second", parts)
    assert file.stat().st_mtime_ns == before
    assert len(list(tmp_path.glob("index-0-*"))) == 2
    named = path.stat().st_mtime_ns
    write(path, "second", parts)
    assert path.stat().st_mtime_ns == named


def test_a_damaged_layer_is_left_out_and_the_others_are_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    parts = parts_of(None, None)
    path = tmp_path / "index-0.bin"
    write(path, "first", parts)
    file = tmp_path / f"index-0-{parts[0].layer.name}.bin"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    caplog.set_level(logging.WARNING)
    again, is_torn = read(path)
    assert is_torn
    assert [each.layer.name for each in again] == [parts[1].layer.name]
    assert f"cannot use {file.name}: it is damaged; building its threads again" in caplog.text
    file.unlink()
    assert read(path)[1]


@pytest.fixture
def whole_reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of what checksums were computed of, without headers."""
    checked: list[int] = []
    crc32 = zlib.crc32

    def counted(data: memoryview | bytes, *crc: int) -> int:
        if crc:  # else it is a header
            checked.append(len(data))
        return crc32(data, *crc)

    monkeypatch.setattr(zlib, "crc32", counted)
    return checked


def test_a_large_layer_is_read_whole_only_until_it_is_known_to_be_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole_reads: list[int]
) -> None:
    monkeypatch.setattr(layer_files, "TRUSTED_FROM", 1)
    path = tmp_path / "index-0.bin"
    parts = parts_of(None)
    write(path, "first", parts)
    whole_reads.clear()
    read(path)
    assert len(whole_reads) == 1  # the file that names the layers, which is small
    file = tmp_path / f"index-0-{parts[0].layer.name}.bin"
    os.utime(file, ns=(1, 1))
    read(path)
    assert len(whole_reads) == 3
    write(path, "first", parts)  # names it with its new time
    whole_reads.clear()
    read(path)
    assert len(whole_reads) == 1


def test_a_small_layer_is_always_read_whole(tmp_path: Path, whole_reads: list[int]) -> None:
    path = tmp_path / "index-0.bin"
    write(path, "first", parts_of(None))
    whole_reads.clear()
    read(path)
    assert len(whole_reads) == 2


def change_unnoticed(file: Path, at: int) -> None:
    """Change a byte; the file's inode, size and time stay what they were."""
    found = file.stat()
    with file.open("r+b") as open_file:
        open_file.seek(at, os.SEEK_END if at < 0 else os.SEEK_SET)
        byte = open_file.read(1)[0]
        open_file.seek(-1, os.SEEK_CUR)
        open_file.write(bytes([byte ^ 1]))
    os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))


def test_a_layer_that_changed_unnoticed_is_found_afterwards_and_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layer_files, "TRUSTED_FROM", 1)
    parts = parts_of(None, None)
    path = tmp_path / "index-0.bin"
    write(path, "first", parts)
    file = tmp_path / f"index-0-{parts[0].layer.name}.bin"
    change_unnoticed(file, -5)
    assert not read(path)[1]
    assert layer_files.damaged(path, parts, lambda: None) == [parts[0].layer.name]
    assert not file.exists()
    assert layer_files.damaged(path, parts[1:], lambda: None) == []


@pytest.mark.parametrize("at", [20, 24, 29, 40, 90])
def test_a_header_that_changed_unnoticed_is_noticed_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    monkeypatch.setattr(layer_files, "TRUSTED_FROM", 1)
    parts = parts_of(None)
    path = tmp_path / "index-0.bin"
    write(path, "first", parts)
    change_unnoticed(tmp_path / f"index-0-{parts[0].layer.name}.bin", at)
    assert read(path) == ([], True)


def test_files_of_layers_that_nothing_names_are_deleted_after_a_while(tmp_path: Path) -> None:
    path = tmp_path / "index-0.bin"
    parts = parts_of(None, None)
    write(path, "first", parts)
    other = tmp_path / "index-1-0a.bin"
    other.touch()
    old = time.time() - layer_files.UNUSED_FOR - 1
    for each in tmp_path.iterdir():
        os.utime(each, (old, old))
    new = tmp_path / "index-0-0b.bin"
    new.touch()
    write(path, "second", parts[1:])
    left = {each.name for each in tmp_path.iterdir()}
    assert left == {path.name, other.name, new.name, f"index-0-{parts[1].layer.name}.bin"}


def left(folder: Path) -> tuple[Shelf, Path, list[Part]]:
    """Layers that a machine left, where another one keeps such files, and the layers."""
    pytest.importorskip("fsspec")
    shelf, parts = Shelf(str(folder / "shared")), parts_of(None)
    ours, theirs = (folder / name / "index-0.bin" for name in ("ours", "theirs"))
    for each in (ours, theirs):
        each.parent.mkdir()
    write(ours, "first", parts, shelf)
    return shelf, theirs, parts


def test_layers_that_another_machine_left_are_fetched(tmp_path: Path) -> None:
    shelf, theirs, parts = left(tmp_path)
    fetch(theirs, shelf, lambda key: key == "second")
    assert not theirs.exists()
    fetch(theirs, shelf, lambda key: key == "first")
    assert [each.layer.name for each in read(theirs)[0]] == [each.layer.name for each in parts]


def test_a_shared_layer_that_is_damaged_is_built_again(tmp_path: Path) -> None:
    shelf, theirs, parts = left(tmp_path)
    layer = tmp_path / "shared" / f"index-0-{parts[0].layer.name}.bin"
    content = bytearray(layer.read_bytes())
    content[-10] ^= 1
    layer.write_bytes(content)
    fetch(theirs, shelf, lambda _: True)
    assert read(theirs) == ([], True)
    assert not theirs.with_name(layer.name).exists()


def test_a_shared_layer_that_is_missing_is_built_again(tmp_path: Path) -> None:
    shelf, theirs, parts = left(tmp_path)
    (tmp_path / "shared" / f"index-0-{parts[0].layer.name}.bin").unlink()
    fetch(theirs, shelf, lambda _: True)
    assert read(theirs) == ([], True)
    assert not [*theirs.parent.glob("index-0-*")]


def test_layers_are_written_though_they_cannot_be_left_for_other_machines(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pytest.importorskip("fsspec")
    (tmp_path / "shared").write_bytes(b"no folder")
    parts = parts_of(None)
    assert write(tmp_path / "index-0.bin", "first", parts, Shelf(str(tmp_path / "shared"))) == [
        parts[0].layer.name
    ]
    assert "cannot leave layers for other machines yet" in caplog.text
    assert not is_left(tmp_path / "index-0.bin")
    (tmp_path / "shared").unlink()
    leave(tmp_path / "index-0.bin", Shelf(str(tmp_path / "shared")))
    assert is_left(tmp_path / "index-0.bin")
    assert {each.name for each in tmp_path.glob("*.bin")} == {
        each.name for each in (tmp_path / "shared").iterdir()
    }


def test_of_shared_layers_only_those_that_are_needed_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("fsspec")
    monkeypatch.setattr(layer_files, "LEFT_FOR", -1)
    shelf = Shelf(str(tmp_path / "shared"))
    first, second = parts_of(None), parts_of(None)
    write(tmp_path / "index-0.bin", "first", first, shelf)
    write(tmp_path / "index-0.bin", "second", second, shelf)
    assert {*shelf.names()} == {"index-0.bin", f"index-0-{second[0].layer.name}.bin"}


@pytest.mark.parametrize("days", [2, -2])
def test_a_machine_whose_clock_is_wrong_deletes_no_layers_that_others_just_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    pytest.importorskip("fsspec")
    shelf = Shelf(str(tmp_path / "shared"))
    first, second = parts_of(None), parts_of(None)
    write(tmp_path / "index-0.bin", "first", first, shelf)
    old = tmp_path / "shared" / "index-0-0a.bin"
    old.touch()
    os.utime(old, (0, 0))
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + days * 24 * 3600)
    write(tmp_path / "index-0.bin", "second", second, shelf)
    layers = {f"index-0-{parts[0].layer.name}.bin" for parts in (first, second)}
    assert {*shelf.names()} == {"index-0.bin", *layers}
