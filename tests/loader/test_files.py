"""Finding and reading dump files."""

from __future__ import annotations

import os
import resource
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.errors import DumpError, SeedsMissing
from bot.loader.files import file_name, take_in, take_in_seeds
from bot.loader.intake import Intake
from bot.loader.raw.pictures import file_name as file_name_of
from bot.models import Metadata
from tests.conftest import SEEDS
from tests.pictures import archive


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


def test_a_hidden_file_given_by_path_is_read(folder: Path) -> None:
    assert named(take_in([folder / ".hidden.txt"])) == ([f"{folder}/.hidden.txt"], [])


def test_a_missing_file_is_a_fault_and_the_others_are_read(folder: Path) -> None:
    intake = take_in([folder / "absent.txt", folder / "a.txt"])
    assert named(intake) == ([f"{folder}/a.txt"], [f"{folder}/absent.txt"])
    assert "No such file" in str(intake.faults[0].message)


def test_an_unreadable_dump_is_a_fault_with_its_line(folder: Path) -> None:
    (folder / "page.txt").write_text("\n<html>", encoding="utf-8")
    (fault,) = take_in([folder / "page.txt"]).faults
    assert (fault.file, fault.line) == (f"{folder}/page.txt", 2)
    assert "web page" in str(fault.message)


def test_a_folder_without_a_dump_is_a_fault(folder: Path) -> None:
    empty = folder / "empty"
    empty.mkdir()
    assert named(take_in([empty])) == ([], [str(empty)])


def test_a_file_named_twice_is_read_once(folder: Path) -> None:
    twice = [folder / "a.txt", Path("dumps/a.txt"), folder]
    assert named(take_in(twice))[0].count(f"{folder}/a.txt") == 1


def test_metadata_of_the_files_applies_to_each(folder: Path) -> None:
    intake = take_in([folder], Metadata(author="anna"))
    assert {each.dump.threads[0].author for each in intake.readings} == {"anna"}


def test_the_error_of_missing_seeds_says_what_to_do(tmp_path: Path) -> None:
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


TWEETS = b'window.YTD.tweets.part0 = [{"id_str": "1", "full_text": "Low tide"}]'
ACCOUNT = b'window.YTD.account.part0 = [{"account": {"username": "anna_ports"}}]'


def messages(intake: Intake) -> list[tuple[str, int | None, str]]:
    return [(each.file, each.line, str(each.message)) for each in intake.faults]


def saved(path: Path, data: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as writer:
        for name, data in files.items():
            writer.writestr(name, data)
    return path


@contextmanager
def no_more_files() -> Iterator[None]:
    """Make opening any file or folder fail, for root too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_files_are_read_in_the_order_in_which_they_are_named(folder: Path) -> None:
    read, _ = named(take_in([folder / "b.txt", folder / "deep", folder / "a.txt"]))
    assert read == [f"{folder}/{name}" for name in ("b.txt", "deep/c.md", "a.txt")]


def test_dumps_may_be_named_by_their_paths_in_a_folder(folder: Path) -> None:
    paths = [folder / "b.txt", folder / "deep", folder / "absent"]
    assert named(take_in(paths, below=folder)) == (
        ["b.txt", "deep/c.md"],
        ["deep/blank.txt", "absent"],
    )
    assert named(take_in([folder], below=folder)) == named(take_in_seeds(folder))


def test_an_unreadable_folder_is_a_fault_and_the_rest_is_read(folder: Path) -> None:
    with no_more_files():
        intake = take_in([folder, folder / "a.txt"])
    assert messages(intake) == [
        (str(folder), None, "the folder cannot be opened (Too many open files)"),
        (f"{folder}/a.txt", None, "the file cannot be opened (Too many open files)"),
    ]


def test_what_could_not_be_found_comes_before_what_could_not_be_read(folder: Path) -> None:
    (folder / "empty").mkdir()
    intake = take_in([folder / "deep" / "blank.txt", folder / "empty", folder / "absent"])
    assert messages(intake) == [
        (f"{folder}/empty", None, "the folder contains no files"),
        (f"{folder}/deep/blank.txt", None, "the file contains only blank lines"),
        (f"{folder}/absent", None, "the file cannot be opened (No such file or directory)"),
    ]


def test_seeds_that_cannot_be_read_are_an_error(folder: Path) -> None:
    with no_more_files(), pytest.raises(DumpError) as caught:
        take_in_seeds(folder)
    assert str(caught.value) == f"{folder}: the folder cannot be opened (Too many open files)"
    assert not isinstance(caught.value, SeedsMissing)


def test_metadata_of_the_seeds_applies_to_each(folder: Path) -> None:
    intake = take_in_seeds(folder, Metadata(author="anna"))
    assert {each.dump.threads[0].author for each in intake.readings} == {"anna"}


def test_unreadable_seeds_are_not_missing(tmp_path: Path) -> None:
    saved(tmp_path / "blank.txt", " ")
    assert named(take_in_seeds(tmp_path)) == ([], ["blank.txt"])


def test_a_link_to_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to(tmp_path / "absent")
    assert messages(take_in_seeds(tmp_path)) == [
        ("gone.txt", None, "the file cannot be opened (No such file or directory)")
    ]


def test_an_x_archive_in_a_folder_is_one_dump_that_goes_by_the_folder(tmp_path: Path) -> None:
    saved(tmp_path / "mine" / "data" / "account.js", ACCOUNT)
    saved(tmp_path / "mine" / "data" / "tweets.js", TWEETS)
    saved(tmp_path / "mine" / "data" / "like.js", b"window.YTD.like.part0 = []")
    saved(tmp_path / "a.txt", "Ports grow quiet.")
    intake = take_in_seeds(tmp_path)
    assert named(intake) == (["a.txt", "mine"], [])
    assert intake.readings[1].dump.threads[0].author == "anna_ports"
    names = [part.name for part in intake.readings[1].content.parts]
    assert names == ["data/account.js", "data/tweets.js"]


def test_a_folder_that_is_an_x_archive_goes_by_its_data(tmp_path: Path) -> None:
    saved(tmp_path / "data" / "tweets.js", TWEETS)
    intake = take_in([tmp_path])
    assert named(intake) == ([f"{tmp_path}/data"], [])
    assert [part.name for part in intake.readings[0].content.parts] == ["data/tweets.js"]


def test_the_account_is_given_for_each_line_where_that_is_asked_for(folder: Path) -> None:
    (reading,) = take_in([folder / "a.txt"], detailed=True).readings
    assert [each.line for each in reading.dump.account] == [1]
    assert take_in([folder / "a.txt"]).readings[0].dump.account == ()


def test_progress_is_reported_for_each_file_from_its_first_byte_to_its_last(tmp_path: Path) -> None:
    saved(tmp_path / "a.txt", "Ebb")
    saved(tmp_path / "data" / "account.js", ACCOUNT)
    saved(tmp_path / "data" / "tweets.js", TWEETS)
    saved(tmp_path / "data" / "tweets-part1.js", TWEETS)
    told: list[tuple[str, int, int]] = []
    take_in_seeds(tmp_path, progress=lambda s: told.append((str(s.doing), s.done, s.of)))
    size, archive = len(TWEETS), len(ACCOUNT) + 2 * len(TWEETS)
    assert told == [
        ("reading a.txt", 0, 3),
        ("reading a.txt", 3, 3),
        ("reading data", 0, archive),
        ("reading data", size, archive),
        ("reading data", 2 * size, archive),
    ]


def test_each_dump_in_a_zip_archive_is_one_and_so_is_each_fault(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"b.txt": b"Ebb", "blank.txt": b" ", "c.txt": b"Flood"})
    assert named(take_in_seeds(tmp_path)) == (["a.zip/b.txt", "a.zip/c.txt"], ["a.zip/blank.txt"])
    zipped(path, {"a.png": b"?"})
    assert messages(take_in_seeds(tmp_path)) == [
        ("a.zip", None, "this ZIP archive contains no files to read")
    ]


def test_a_zip_archive_that_an_x_archive_lies_beside_is_no_part_of_it(tmp_path: Path) -> None:
    saved(tmp_path / "data" / "tweets.js", TWEETS)
    zipped(tmp_path / "other.zip", {"a.txt": b"Ebb"})
    assert named(take_in_seeds(tmp_path)) == (["data", "other.zip/a.txt"], [])


def test_the_pictures_of_a_folder_are_beside_its_dumps(tmp_path: Path) -> None:
    archive(tmp_path / "archive.zip")
    made = tmp_path / "made"
    with zipfile.ZipFile(tmp_path / "archive.zip") as packed:
        packed.extractall(made)
    (reading,) = take_in([made]).readings
    path, name = next(iter(reading.pictures.used.items()))
    assert reading.content.beside is not None
    assert file_name_of(reading.content.beside.read(path)) == name


def test_seeds_are_read_without_an_account_of_their_lines(folder: Path) -> None:
    assert all(each.dump.account == () for each in take_in_seeds(folder).readings)
    (reading,) = take_in([folder / "a.txt"], detailed=True).readings
    assert reading.dump.account
