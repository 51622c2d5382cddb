"""Files to dumps."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SeedsMissing
from bot.intake import Intake, display_name, take_in, take_in_seeds
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
    assert read == ["dumps/a.txt", "dumps/b.txt", "dumps/deep/c.md"]
    assert failed == ["dumps/deep/blank.txt"]


def test_seeds_are_named_by_their_path_in_the_folder(folder: Path) -> None:
    assert named(take_in_seeds(folder)) == (["a.txt", "b.txt", "deep/c.md"], ["deep/blank.txt"])


def test_the_given_seeds_are_read() -> None:
    intake = take_in_seeds(SEEDS)
    assert len(intake.readings) == 1
    assert intake.faults == ()
    assert intake.readings[0].data.startswith(b"Chinese AI Companies")


def test_a_hidden_file_that_somebody_names_is_read(folder: Path) -> None:
    assert named(take_in([folder / ".hidden.txt"])) == (["dumps/.hidden.txt"], [])


def test_a_missing_file_is_told_and_the_others_are_read(folder: Path) -> None:
    intake = take_in([folder / "absent.txt", folder / "a.txt"])
    assert named(intake) == (["dumps/a.txt"], ["dumps/absent.txt"])
    assert "No such file" in intake.faults[0].message


def test_an_unreadable_dump_is_told_with_its_line(folder: Path) -> None:
    (folder / "page.txt").write_text("\n<html>", encoding="utf-8")
    (fault,) = take_in([folder / "page.txt"]).faults
    assert (fault.file, fault.line) == ("dumps/page.txt", 2)
    assert "web page" in fault.message


def test_a_folder_without_a_dump_is_told(folder: Path) -> None:
    empty = folder / "empty"
    empty.mkdir()
    assert named(take_in([empty])) == ([], [str(empty)])


def test_a_file_named_twice_is_read_once(folder: Path) -> None:
    twice = [folder / "a.txt", Path("dumps/a.txt"), folder]
    assert named(take_in(twice))[0].count("dumps/a.txt") == 1


def test_what_is_said_of_the_files_is_said_of_each(folder: Path) -> None:
    intake = take_in([folder], Metadata(author="anna"))
    assert {each.dump.threads[0].author for each in intake.readings} == {"anna"}


def test_seeds_that_are_not_there_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SeedsMissing, match=r"there is no such folder.*THREADBOT_SEEDS"):
        take_in_seeds(tmp_path / "absent")
    (tmp_path / ".hidden.txt").write_text("Not to be read.", encoding="utf-8")
    with pytest.raises(SeedsMissing, match="holds no dump"):
        take_in_seeds(tmp_path)


def test_a_path_is_shown_from_here_where_it_lies_below(folder: Path) -> None:
    assert display_name(folder / "a.txt") == "dumps/a.txt"
    assert display_name(Path("dumps/a.txt")) == "dumps/a.txt"
    assert display_name(folder.parent.parent / "a.txt").startswith("/")
