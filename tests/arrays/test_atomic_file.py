"""Replacing files atomically, and deleting what killed processes left."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.arrays.atomic_file import OLD, replacing, sweep
from bot.file_locks import is_abandoned
from tests.conftest import ROOT

WRITE = """
import sys
from pathlib import Path
from bot.arrays.atomic_file import replacing
with replacing(Path(sys.argv[1])) as out:
    out.write(b"half")
    out.flush()
    print("writing", flush=True)
    sys.stdin.read()
"""


def writer(path: Path) -> subprocess.Popen[bytes]:
    """A process that is in the middle of writing `path`."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITE, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"writing\n"
    return process


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    with replacing(path) as out:
        out.write(b"first")
        assert not path.exists()
    assert path.read_bytes() == b"first"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 or sys.platform == "win32"
    with pytest.raises(TypeError), replacing(path) as out:
        out.write(b"second" + None)  # type: ignore[operator]  # fails
    assert path.read_bytes() == b"first"
    assert [each.name for each in tmp_path.iterdir()] == ["a.bin"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows syncs names by itself")
def test_the_file_is_synced_before_it_gets_its_name_and_the_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def synced(descriptor: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"
        done.append(f"sync {kind}")
        fsync(descriptor)

    def renamed(path: Path, to: Path) -> Path:
        done.append("rename")
        return replace(path, to)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    with replacing(tmp_path / "a.bin") as out:
        out.write(b"all")
    assert done == ["sync file", "rename", "sync folder"]


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be deleted there")
def test_only_files_of_killed_processes_are_swept(tmp_path: Path) -> None:
    with writer(tmp_path / "a.bin") as process:
        (partial,) = tmp_path.iterdir()
        os.utime(partial, (0, 0))  # even if it is very old
        assert not is_abandoned(partial)
        assert sweep(tmp_path) == 0
        process.kill()
        process.wait()
        assert sweep(tmp_path) == 1
    assert list(tmp_path.iterdir()) == []
    with replacing(tmp_path / "b.bin") as out:
        out.write(b"mine")
        assert sweep(tmp_path) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be deleted there")
def test_a_file_that_is_not_locked_yet_is_its_living_writers(tmp_path: Path) -> None:
    fresh = tmp_path / f"a.bin.{os.getppid()}.{'0' * 16}.tmp"
    fresh.touch()
    earlier = tmp_path / "index-0.bin.ab_12xyz"
    earlier.touch()
    other = tmp_path / "notes.tmp"
    other.touch()
    assert sweep(tmp_path) == 0
    for each in (fresh, earlier, other):
        os.utime(each, (time.time() - OLD - 1,) * 2)
    assert sweep(tmp_path) == 2
    assert list(tmp_path.iterdir()) == [other]
    # In a container, the next process often has the same number.
    same = tmp_path / f"a.bin.{os.getpid()}.{'0' * 16}.tmp"
    same.touch()
    assert sweep(tmp_path) == 1
    assert sweep(tmp_path / "nowhere") == 0
