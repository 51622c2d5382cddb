"""Locks on files: processes see each other, and a lock ends with its holder."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.file_locks import is_abandoned, lock


@pytest.mark.skipif(sys.platform == "win32", reason="there are no locks there")
def test_a_file_is_locked_until_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.touch()
    with path.open("rb") as ours, path.open("rb") as theirs:
        assert lock(ours)
        assert not lock(theirs)
        assert not is_abandoned(path)
    assert is_abandoned(path)


def test_without_locks_a_file_counts_as_abandoned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sys.platform == "win32":
        return

    def refuse(*_: object) -> None:
        raise OSError

    monkeypatch.setattr("fcntl.flock", refuse)
    (tmp_path / "a").touch()
    assert is_abandoned(tmp_path / "a")
