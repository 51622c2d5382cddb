"""Putting a store in the place of another one: all of it, or nothing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.operations import placing
from bot.store import picture_files
from bot.store.migrations import FILE
from bot.store.opening import NEWEST
from tests.store.test_upkeep import names

PICTURE = f"{'a' * 64}.jpg"


def written(folder: Path, what: str, *, log: bool) -> Path:
    """The files of a store, each with a text."""
    (folder / picture_files.FOLDER).mkdir(parents=True)
    (folder / picture_files.FOLDER / PICTURE.replace("a", what[0])).write_text(what)
    for name in (FILE, NEWEST, "index-0.bin", *(placing.LOG if log else ())):
        (folder / name).write_text(f"{what} {name}")
    return folder


def contents(folder: Path) -> dict[str, str]:
    """What is in each file of a folder."""
    paths = (each for each in folder.rglob("*") if each.is_file())
    return {str(each.relative_to(folder)): each.read_text() for each in paths}


@pytest.mark.parametrize("log", [False, True])
def test_a_store_takes_the_place_of_another_one_which_stays_beside_it(
    tmp_path: Path, *, log: bool
) -> None:
    data = written(tmp_path / "data", "old", log=log)
    before = contents(data)
    new = written(tmp_path / "new", "new", log=False)
    (new / "index-0.bin").unlink()
    aside = placing.put_in_place(new, data)
    assert aside is not None
    assert contents(aside) == before
    media = [f"{picture_files.FOLDER}/{PICTURE.replace('a', each)}" for each in "no"]
    assert names(data) == sorted([aside.name, picture_files.FOLDER, NEWEST, FILE])
    assert all((data / each).exists() for each in media)
    assert (data / FILE).read_text() == f"new {FILE}"
    assert (data / NEWEST).read_text() == f"new {NEWEST}"


def test_a_store_is_put_where_there_is_none(tmp_path: Path) -> None:
    new = written(tmp_path / "new", "new", log=False)
    (tmp_path / "data").mkdir()
    assert placing.put_in_place(new, tmp_path / "data") is None
    assert (tmp_path / "data" / FILE).read_text() == f"new {FILE}"


@pytest.mark.parametrize("log", [False, True])
def test_a_store_that_cannot_be_moved_leaves_the_old_one_as_it_was(
    tmp_path: Path, *, log: bool
) -> None:
    data = written(tmp_path / "data", "old", log=log)
    before = contents(data)
    (tmp_path / "new").mkdir()  # without the file that has to be moved
    with pytest.raises(StoreError, match="a file cannot be moved"):
        placing.put_in_place(tmp_path / "new", data)
    assert contents(data) == before


def test_a_store_that_cannot_be_set_aside_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = written(tmp_path / "data", "old", log=True)
    before = contents(data)
    new = written(tmp_path / "new", "new", log=False)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    monkeypatch.setattr(shutil, "copy2", full)
    with pytest.raises(StoreError, match="the disk is full"):
        placing.put_in_place(new, data)
    assert contents(data) == before
    assert not list(data.glob(f"{placing.SET_ASIDE}*"))


def test_a_file_is_copied_where_there_are_no_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_text("a")

    def refused(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    assert placing.linked(tmp_path / "a", tmp_path / "b") == str(tmp_path / "b")
    assert (tmp_path / "b").read_text() == "a"
