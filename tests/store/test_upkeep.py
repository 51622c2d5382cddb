"""Checking, counting, copying and compacting the store's file."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store import upkeep
from bot.store.migrations import FILE
from bot.store.store import Store
from tests.conftest import ROOT
from tests.store.stored import SHELF, new

HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1])
held.execute("SELECT count(*) FROM tweet").fetchone()
print("open", flush=True)
sys.stdin.read()
"""


def names(folder: Path) -> list[str]:
    """The names of what is in a folder, in order."""
    return sorted(each.name for each in folder.iterdir())


async def filled(folder: Path, *texts: str) -> Path:
    """A store with a generation for each text."""
    async with Store.open(folder) as store:
        for number, text in enumerate(texts):
            await store.commit(
                SHELF, number, [new(text.encode(), f"{number}.txt")], actor="me", action="load"
            )
    return folder / FILE


async def test_a_sound_store_has_no_damage_and_says_what_it_has(tmp_path: Path) -> None:
    path = await filled(tmp_path, "Okapis are shy", "Zebras are not")
    assert upkeep.damage(path) == upkeep.damage(path, full=True) == []
    counts = upkeep.counts(path)
    assert (counts["dump"], counts["tweet"], counts["generation"]) == (2, 2, 2)
    facts = upkeep.facts(path)
    assert facts.schema == 5
    assert len(facts.parsers) == 1
    assert facts.newest is not None


async def test_damaged_pages_are_found(tmp_path: Path) -> None:
    path = await filled(tmp_path, *(f"Okapi {each} is shy" for each in range(40)))
    data = bytearray(path.read_bytes())
    for at in range(4096 * 4, len(data), 4096):
        data[at : at + 64] = b"\xff" * 64
    path.write_bytes(data)
    assert upkeep.damage(path) != []


async def test_bytes_of_a_dump_that_changed_are_found_only_by_the_full_check(
    tmp_path: Path,
) -> None:
    path = await filled(tmp_path, "Okapis are shy", "Zebras are not")
    with sqlite3.connect(path) as changed:
        changed.execute(
            "UPDATE piece SET packed = (SELECT packed FROM piece AS other WHERE"
            " other.sha256 <> piece.sha256) WHERE rowid = 1"
        )
    changed.close()
    assert upkeep.damage(path) == []
    (found,) = upkeep.damage(path, full=True)
    assert "have changed" in found


async def test_a_row_without_what_it_refers_to_is_found_by_the_full_check(tmp_path: Path) -> None:
    path = await filled(tmp_path, "Okapis are shy")
    with sqlite3.connect(path) as changed:
        changed.execute("DELETE FROM dump")
    changed.close()
    assert any("refers to" in each for each in upkeep.damage(path, full=True))


async def test_a_copy_is_one_file_for_its_owner_with_the_same_rows(tmp_path: Path) -> None:
    path = await filled(tmp_path, "Okapis are shy")
    async with Store.open(tmp_path) as store:  # as the running bot has it open, with a log
        await store.commit(SHELF, 1, [new(b"Zebras are not")], actor="me", action="load")
        upkeep.copy(path, tmp_path / "copy")
    assert upkeep.counts(tmp_path / "copy") == upkeep.counts(path)
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600
    assert not [each for each in names(tmp_path) if each.startswith("copy-")]


async def test_a_copy_overwrites_nothing(tmp_path: Path) -> None:
    path = await filled(tmp_path, "Okapis are shy")
    (tmp_path / "copy").write_text("kept", encoding="utf-8")
    with pytest.raises((StoreError, OSError)):
        upkeep.copy(path, tmp_path / "copy")
    assert (tmp_path / "copy").read_text(encoding="utf-8") == "kept"


async def test_vacuum_gives_back_space_while_the_store_is_open(tmp_path: Path) -> None:
    path = await filled(tmp_path, "Okapis are shy " * 20_000)
    async with Store.open(tmp_path) as store:
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE large AS SELECT randomblob(300000)")
            other.execute("DROP TABLE large")
        other.close()
        done = upkeep.vacuum(path)
        assert done.is_log_empty
        assert done.after < done.before
        assert done.after == upkeep.size(path)
        assert await store.generation(SHELF) == 1
        await store.commit(SHELF, 1, [], actor="me", action="remove")
    assert upkeep.damage(path, full=True) == []


async def test_vacuum_says_if_the_log_could_not_be_emptied(tmp_path: Path) -> None:
    path = await filled(tmp_path, "Okapis are shy")
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM tweet").fetchone()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(upkeep, "BUSY_MS", 50)
        assert not upkeep.vacuum(path).is_log_empty
    reader.close()


def test_a_store_that_another_process_has_open_is_known(tmp_path: Path) -> None:
    path = asyncio.run(filled(tmp_path, "Okapis are shy"))
    assert not upkeep.is_open_elsewhere(path)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"open\n"
        assert upkeep.is_open_elsewhere(path)
        holder.communicate()
    assert not upkeep.is_open_elsewhere(path)


def test_what_is_not_there_is_an_error_and_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        upkeep.facts(tmp_path / FILE)
    assert not [*tmp_path.iterdir()]
