"""What a file is called: without `..`, as long as that is the same file."""

from __future__ import annotations

from pathlib import Path

from bot.file_names import absolute


def test_a_path_through_a_folder_above_is_shortened(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    assert absolute(tmp_path / "inner" / ".." / "a.txt") == tmp_path / "a.txt"
    assert absolute(tmp_path / "inner" / ".." / "gone.txt") == tmp_path / "gone.txt"


def test_a_path_through_a_linked_folder_stays_if_it_is_another_file(tmp_path: Path) -> None:
    (tmp_path / "far" / "inner").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "far" / "inner")
    for folder in (tmp_path, tmp_path / "far"):
        (folder / "a.txt").write_text("a", encoding="utf-8")
    through = tmp_path / "link" / ".." / "a.txt"
    assert absolute(through) == through
    assert through.samefile(tmp_path / "far" / "a.txt")
