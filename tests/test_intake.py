"""Files to dumps."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.errors import SeedsMissing
from bot.intake import Intake, file_name, take_in, take_in_seeds
from bot.models import Metadata
from tests.conftest import SEEDS


def named(intake: Intake) -> tuple[list[str], list[str]]:
    """The files that were read, and those that could not be."""
    return [each.dump.file for each in intake.readings], [each.file for each in intake.faults]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of dumps in the current folder."""
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "dumps"
    for name, said in {
        "b.txt": "Rice prices double.",
        "a.txt": "Ports grow quiet.",
        "deep/c.md": "A lighthouse is sold.",
        ".hidden.txt": "Not to be read.",
        ".git/d.txt": "Not to be read.",
        "deep/blank.txt": " ",
    }.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(said, encoding="utf-8")
    return made


def test_a_folder_is_read_with_its_folders_but_for_what_is_hidden(folder: Path) -> None:
    read, failed = named(take_in([folder]))
    assert read == [f"{folder}/{name}" for name in ("a.txt", "b.txt", "deep/c.md")]
    assert failed == [f"{folder}/deep/blank.txt"]


def test_seeds_are_named_by_their_path_in_the_folder(folder: Path) -> None:
    assert named(take_in_seeds(folder)) == (["a.txt", "b.txt", "deep/c.md"], ["deep/blank.txt"])


def test_the_given_seeds_are_read() -> None:
    intake = take_in_seeds(SEEDS)
    assert len(intake.readings) == 1
    assert intake.faults == ()
    assert intake.readings[0].content.read().startswith(b"Chinese AI Companies")


def test_a_hidden_file_that_somebody_names_is_read(folder: Path) -> None:
    assert named(take_in([folder / ".hidden.txt"])) == ([f"{folder}/.hidden.txt"], [])


def test_a_missing_file_is_told_and_the_others_are_read(folder: Path) -> None:
    intake = take_in([folder / "absent.txt", folder / "a.txt"])
    assert named(intake) == ([f"{folder}/a.txt"], [f"{folder}/absent.txt"])
    assert "No such file" in str(intake.faults[0].message)


def test_an_unreadable_dump_is_told_with_its_line(folder: Path) -> None:
    (folder / "page.txt").write_text("\n<html>", encoding="utf-8")
    (fault,) = take_in([folder / "page.txt"]).faults
    assert (fault.file, fault.line) == (f"{folder}/page.txt", 2)
    assert "web page" in str(fault.message)


def test_a_folder_without_a_dump_is_told(folder: Path) -> None:
    empty = folder / "empty"
    empty.mkdir()
    assert named(take_in([empty])) == ([], [str(empty)])


def test_a_file_named_twice_is_read_once(folder: Path) -> None:
    twice = [folder / "a.txt", Path("dumps/a.txt"), folder]
    assert named(take_in(twice))[0].count(f"{folder}/a.txt") == 1


def test_what_is_said_of_the_files_is_said_of_each(folder: Path) -> None:
    intake = take_in([folder], Metadata(author="anna"))
    assert {each.dump.threads[0].author for each in intake.readings} == {"anna"}


def test_seeds_that_are_not_there_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SeedsMissing, match=r"the folder does not exist.*THREADBOT_SEEDS"):
        take_in_seeds(tmp_path / "absent")
    (tmp_path / ".hidden.txt").write_text("Not to be read.", encoding="utf-8")
    with pytest.raises(SeedsMissing, match="the folder contains no files"):
        take_in_seeds(tmp_path)


def test_a_dump_goes_by_its_whole_path_however_it_was_named(folder: Path) -> None:
    assert file_name(folder / "a.txt") == file_name(Path("dumps/a.txt")) == f"{folder}/a.txt"


def test_a_name_that_is_no_utf_8_is_shown_as_well_as_it_can_be(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    (tmp_path / name).write_text("Ports grow quiet.", encoding="utf-8")
    read, _ = named(take_in_seeds(tmp_path))
    assert read == ["caf\ufffd.txt"]


def test_a_pipe_is_no_dump_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a.txt").write_text("Ports grow quiet.", encoding="utf-8")
    assert named(take_in_seeds(tmp_path)) == (["a.txt"], [])
    (fault,) = take_in([tmp_path / "pipe"]).faults
    assert str(fault.message) == "this is not a regular file"
