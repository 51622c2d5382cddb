"""What must be so before a store is opened, and who may read it."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.arrays.atomic_file import replacing
from bot.errors import StoreMissing
from bot.store import opening
from bot.store.migrations import FILE
from bot.store.opening import MARK, NEWEST, make_ready, marked, read_uri
from bot.store.store import Store
from tests.conftest import ROOT
from tests.store.stored import SHELF, new

HOLD = """
import asyncio, sys
from pathlib import Path
from bot.store.store import Store
async def hold():
    async with Store.open(Path(sys.argv[1])):
        print("open", flush=True)
        await asyncio.to_thread(sys.stdin.read)
asyncio.run(hold())
"""


async def checked(folder: Path, mark: Path) -> None:
    """Have a store open until it was checked."""
    async with Store.open(folder):
        for _ in range(500):
            if not await asyncio.to_thread(mark.exists):
                break
            await asyncio.sleep(0.01)


posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix
async def test_a_new_store_is_for_its_owner_alone(tmp_path: Path) -> None:
    umask = os.umask(0)
    try:
        async with Store.open(tmp_path / "a" / "data") as store:
            await store.commit(SHELF, 0, [new(b"Okapis")], actor="me", action="load")
            files = {each.name: mode(each) for each in store.path.parent.iterdir()}
    finally:
        os.umask(umask)
    assert mode(tmp_path / "a" / "data") == 0o700
    assert {FILE, f"{FILE}-wal", f"{FILE}-shm", NEWEST} < {*files}
    assert {*files.values()} == {0o600}


@posix
def test_a_new_store_is_its_owner_s_from_the_first_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_make_private", lambda _: None)
    umask = os.umask(0)
    try:
        make_ready(tmp_path / "data" / FILE)
    finally:
        os.umask(umask)
    assert (mode(tmp_path / "data"), mode(tmp_path / "data" / FILE)) == (0o700, 0o600)


@posix
async def test_an_earlier_store_is_taken_from_others(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with Store.open(data):
        pass
    data.chmod(0o755)
    (data / FILE).chmod(0o644)
    async with Store.open(data):
        pass
    assert (mode(data), mode(data / FILE)) == (0o700, 0o600)
    (data / "notes.txt").touch()  # the folder is not Threadbot's alone
    data.chmod(0o755)
    async with Store.open(data):
        pass
    assert mode(data) == 0o755


@pytest.mark.parametrize("beside", ["index-0.bin", f"{FILE}-wal", NEWEST])
@pytest.mark.parametrize("state", ["missing", "empty"])
def test_a_database_that_is_gone_is_not_begun_anew(tmp_path: Path, beside: str, state: str) -> None:
    (tmp_path / beside).write_bytes(b"something")
    if state == "empty":
        (tmp_path / FILE).touch()
    with pytest.raises(StoreMissing, match=f"the database is {state}, but {beside} beside it"):
        make_ready(tmp_path / FILE)
    assert (tmp_path / FILE).exists() == (state == "empty")


def test_an_empty_file_alone_is_a_new_store(tmp_path: Path) -> None:
    (tmp_path / FILE).touch()
    (tmp_path / f"{FILE}-wal").touch()
    make_ready(tmp_path / FILE)


@posix
def test_what_a_killed_program_leaves_is_noticed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"open\n"
        with marked(tmp_path) as left:
            assert left == []
        process.kill()
        process.wait()
    with marked(tmp_path) as left:
        assert len(left) == 1
    asyncio.run(checked(tmp_path, left[0]))
    assert not left[0].exists()  # checked, and found whole
    assert list(tmp_path.glob(MARK)) == []


def test_marks_of_one_program_differ(tmp_path: Path) -> None:
    with ExitStack() as stack:
        for _ in range(3):
            assert stack.enter_context(marked(tmp_path)) == []
        assert len(list(tmp_path.glob(MARK))) == 3
    assert list(tmp_path.glob(MARK)) == []
    with marked(tmp_path / "nowhere") as left:
        assert left == []


def test_names_of_folders_may_have_any_characters(tmp_path: Path) -> None:
    folder = tmp_path / "50% of #1? ü"
    folder.mkdir()
    path = folder / FILE
    path.touch()
    assert "%25" in read_uri(path)
    assert read_uri(path).endswith("?mode=rw")


def dead_process() -> int:
    """Return the number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


@posix
async def test_what_a_killed_program_was_writing_goes_when_the_store_is_opened(
    tmp_path: Path,
) -> None:
    (tmp_path / "media").mkdir()
    unfinished = f".{dead_process()}.{'0' * 16}.tmp"
    left = [tmp_path / f"index-0.bin{unfinished}", tmp_path / f"media/{'a' * 64}.jpg{unfinished}"]
    for each in left:
        each.write_bytes(b"half")
    with replacing(tmp_path / "index-1.bin") as out:
        async with Store.open(tmp_path):
            assert not [each for each in left if each.exists()]
        out.write(b"whole")
    assert (tmp_path / "index-1.bin").read_bytes() == b"whole"
