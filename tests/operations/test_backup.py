"""Backups: one file, whole or not there at all."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from bot.errors import BackupUnusable, OutputExists, StoreError
from bot.operations import backup as backups
from bot.operations.backup import MANIFEST, back_up, extracted
from bot.store import upkeep
from bot.store.migrations import FILE
from tests.conftest import ROOT
from tests.store.test_upkeep import filled, names

PICTURE = f"{'a' * 64}.png"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with two dumps and a picture."""
    folder = tmp_path / "data"
    path = asyncio.run(filled(folder, "Okapis are shy", "Zebras are not"))
    with upkeep.connected(path) as connection:
        connection.execute(
            "INSERT INTO picture SELECT sha256, 'a.png', ? FROM blob LIMIT 1", (PICTURE,)
        )
    (folder / "media").mkdir()
    (folder / "media" / PICTURE).write_bytes(b"a picture")
    return folder


def test_a_backup_has_the_store_and_its_pictures_for_the_owner_alone(
    data: Path, tmp_path: Path
) -> None:
    target = tmp_path / "backup.zip"
    manifest = back_up(data, target)
    assert target.stat().st_mode & 0o777 == 0o600
    assert {*manifest.files} == {FILE, f"media/{PICTURE}"}
    assert manifest.counts["tweet"] == 2
    assert manifest.missing == ()
    assert extracted(target, tmp_path / "again") == manifest
    assert upkeep.counts(tmp_path / "again" / FILE) == upkeep.counts(data / FILE)
    assert (tmp_path / "again" / "media" / PICTURE).read_bytes() == b"a picture"
    assert names(tmp_path) == ["again", "backup.zip", "data"]


def test_a_missing_picture_is_named(data: Path, tmp_path: Path) -> None:
    (data / "media" / PICTURE).unlink()
    assert back_up(data, tmp_path / "backup.zip").missing == (PICTURE,)
    assert extracted(tmp_path / "backup.zip", tmp_path / "again").missing == (PICTURE,)


def test_a_file_is_only_replaced_if_that_is_wanted(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "backup.zip"
    target.write_text("kept", encoding="utf-8")
    with pytest.raises(OutputExists):
        back_up(data, target)
    assert target.read_text(encoding="utf-8") == "kept"
    back_up(data, target, is_forced=True)
    assert zipfile.is_zipfile(target)


def test_a_damaged_store_is_not_backed_up_and_the_old_backup_stays(
    data: Path, tmp_path: Path
) -> None:
    target = tmp_path / "backup.zip"
    back_up(data, target)
    before = target.read_bytes()
    broken = bytearray((data / FILE).read_bytes())
    for at in range(4096 * 4, len(broken), 4096):
        broken[at : at + 64] = b"\xff" * 64
    (data / FILE).write_bytes(broken)
    with pytest.raises(StoreError, match="damaged"):
        back_up(data, target, is_forced=True)
    assert target.read_bytes() == before
    assert names(tmp_path) == ["backup.zip", "data"]


def test_a_changed_word_is_not_backed_up(data: Path, tmp_path: Path) -> None:
    with upkeep.connected(data / FILE) as connection:
        connection.execute("UPDATE tweet SET text = 'Okapis are sly' WHERE text LIKE 'Okapis%'")
    with pytest.raises(StoreError, match="it is damaged"):
        back_up(data, tmp_path / "backup.zip")
    assert names(tmp_path) == ["data"]


def test_a_backup_that_reads_back_otherwise_gets_no_name(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = upkeep.counts
    calls: list[Path] = []

    def counts(path: Path) -> dict[str, int]:
        calls.append(path)
        return {**real(path), "tweet": len(calls)}

    monkeypatch.setattr(upkeep, "counts", counts)
    with pytest.raises(BackupUnusable):
        back_up(data, tmp_path / "backup.zip")
    assert names(tmp_path) == ["data"]


def rewritten(source: Path, target: Path, name: str, data: bytes) -> Path:
    """A copy of a backup in which one file is another."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for each in old.namelist():
            new.writestr(each, data if each == name else old.read(each))
    return target


def test_what_is_no_backup_or_is_damaged_is_refused(data: Path, tmp_path: Path) -> None:
    good = tmp_path / "backup.zip"
    back_up(data, good)
    whole = good.read_bytes()
    manifest = json.loads(zipfile.ZipFile(good).read(MANIFEST))
    bad = tmp_path / "bad.zip"
    for number, content in enumerate((b"", b"no zip", whole[: len(whole) // 2])):
        bad.write_bytes(content)
        with pytest.raises(BackupUnusable):
            extracted(bad, tmp_path / f"a{number}")
    for number, (name, content) in enumerate(
        (
            (FILE, b"another"),
            (f"media/{PICTURE}", b"another"),
            (MANIFEST, b"{}"),
            (MANIFEST, b"[]"),
            (MANIFEST, json.dumps({**manifest, "format": 99}).encode()),
            (MANIFEST, json.dumps({**manifest, "counts": {"tweet": 1}}).encode()),
            (MANIFEST, json.dumps({**manifest, "files": {"../evil": "0"}}).encode()),
        )
    ):
        with pytest.raises(BackupUnusable):
            extracted(rewritten(good, bad, name, content), tmp_path / f"b{number}")
    assert not (tmp_path / "evil").exists()
    with pytest.raises(BackupUnusable):
        extracted(tmp_path / "missing.zip", tmp_path / "c")


def test_a_changed_byte_anywhere_is_found(data: Path, tmp_path: Path) -> None:
    good = tmp_path / "backup.zip"
    manifest = back_up(data, good)
    whole = bytearray(good.read_bytes())
    for number, at in enumerate(range(0, len(whole), max(len(whole) // 60, 1))):
        bad = tmp_path / "bad.zip"
        bad.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            found = extracted(bad, tmp_path / f"{number}")
        except BackupUnusable:
            continue
        assert found.files == manifest.files  # a byte that says nothing, such as of a date


BACK_UP = """
import sys
from pathlib import Path
from bot.operations.backup import back_up
print("begun", flush=True)
back_up(Path(sys.argv[1]), Path(sys.argv[2]), is_forced=True)
"""


def test_a_killed_backup_leaves_the_old_one_whole(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "backup.zip"
    manifest = back_up(data, target)
    for number in range(12):
        with subprocess.Popen(
            [sys.executable, "-c", BACK_UP, str(data), str(target)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        ) as running:
            assert running.stdout is not None
            running.stdout.readline()
            time.sleep(number * 0.004)
            running.kill()
        found = extracted(target, tmp_path / f"{number}")
        assert (found.counts, found.files.keys()) == (manifest.counts, manifest.files.keys())


def test_what_a_killed_backup_left_is_deleted_later(data: Path, tmp_path: Path) -> None:
    old, young = tmp_path / ".backup.zip.old", tmp_path / ".backup.zip.young"
    for each in (old, young):
        (each / "x").mkdir(parents=True)
    os.utime(old, (0, 0))
    back_up(data, tmp_path / "backup.zip")
    assert (old.exists(), young.exists()) == (False, True)


def test_a_backup_into_a_folder_that_is_not_there_is_an_error(data: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        back_up(data, tmp_path / "nowhere" / "backup.zip")
    with pytest.raises(StoreError, match="no store here"):
        back_up(tmp_path, tmp_path / "backup.zip")
    assert backups.FORMAT == 1
