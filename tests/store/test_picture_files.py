"""Tests of the files of pictures."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.errors import ContentChanged, StoreError
from bot.loader.raw.pictures import Pictures, Source, file_name
from bot.store.picture_files import FRESH, keep, sweep
from tests.pictures import JPEG, PNG

NAME = file_name(JPEG) or ""


def shown(data: bytes = JPEG) -> Pictures:
    pictures = Pictures(Source({"a.jpg": len(JPEG)}, lambda _: data))
    pictures.used["a.jpg"] = NAME
    return pictures


def test_a_picture_is_copied_once(tmp_path: Path) -> None:
    keep(tmp_path / "media", shown())
    assert (tmp_path / "media" / NAME).read_bytes() == JPEG
    keep(tmp_path / "media", shown(b"not read again"))
    assert [each.name for each in (tmp_path / "media").iterdir()] == [NAME]


def test_nothing_is_written_without_pictures(tmp_path: Path) -> None:
    keep(tmp_path / "media", Pictures())
    assert not (tmp_path / "media").exists()


def test_a_picture_that_changed_meanwhile_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentChanged):
        keep(tmp_path, shown(PNG))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "media").touch()
    with pytest.raises(StoreError, match="a picture cannot be written"):
        keep(tmp_path / "media", shown())


def test_old_pictures_that_no_dump_needs_are_swept(tmp_path: Path) -> None:
    needed, old, young = (f"{letter * 64}.jpg" for letter in "abc")
    for name in (needed, old, young, "other.txt"):
        (tmp_path / name).touch()
    for name in (needed, old, "other.txt"):
        os.utime(tmp_path / name, (0, 0))
    assert sweep(tmp_path, {needed}) == 1
    assert {each.name for each in tmp_path.iterdir()} == {needed, young, "other.txt"}
    assert sweep(tmp_path / "nowhere", ()) == 0
    assert FRESH > 0
