"""Restoring: beside a running bot, or in the place of the store."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.errors import BackupUnusable, StoreError
from bot.library.library import Library
from bot.operations import restore
from bot.operations.backup import back_up
from bot.store import restoring, upkeep
from bot.store.migrations import FILE
from bot.store.opening import NEWEST
from bot.store.places import SQLiteFolder
from bot.store.store import Store
from tests.app.conftest import Scene
from tests.conftest import ROOT, SEEDS, Program
from tests.store.stored import SHELF
from tests.store.test_erasing import commit
from tests.store.test_upkeep import HOLD, filled, names


async def backed_up(folder: Path, *texts: str) -> Path:
    """A backup of a library with the last of `texts`."""
    await filled(folder / "data", *texts)
    await asyncio.to_thread(back_up, folder / "data", folder / "backup.zip")
    return folder / "backup.zip"


async def test_an_open_library_serves_what_is_restored_and_can_go_back(tmp_path: Path) -> None:
    backup = await backed_up(tmp_path, "Okapis are shy")
    async with Library.open(tmp_path / "data", SEEDS) as library:
        assert (await library.ask("okapis")).tweets == 1
        async with Store.open(tmp_path / "data") as store:
            await commit(store, 2, b"Zebras are not")
        await library.catch_up()
        assert (await library.ask("okapis")).tweets == 0
        async with restore.opened(backup, tmp_path / "data") as opened:
            (relation,) = restore.relations(opened, tmp_path / "data")
            assert (relation.kind, relation.changes) == ("newer", 1)
            (done,) = restore.take_over(opened, tmp_path / "data", "ada")
            assert done.generation == 3
        await library.catch_up()
        assert (await library.ask("okapis")).tweets == 1
        assert (await library.ask("zebras")).tweets == 0
        await library.undo("ada")
        assert (await library.ask("zebras")).tweets == 1
    assert not [each for each in names(tmp_path / "data") if each.startswith(".restore")]


async def test_a_restore_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = await backed_up(tmp_path, "Okapis are shy")
    async with Store.open(tmp_path / "data") as store:
        await commit(store, 2, b"Zebras are not")

    def broken(*_: object) -> None:
        raise StoreError(tmp_path, "the disk is broken")

    async with restore.opened(backup, tmp_path / "data") as opened:
        monkeypatch.setattr(restoring, "carry_out", broken)
        with pytest.raises(StoreError, match="broken"):
            restore.take_over(opened, tmp_path / "data", "ada")
    monkeypatch.undo()
    async with Library.open(tmp_path / "data", SEEDS) as library:
        assert library.generation == 2
        assert (await library.ask("zebras")).tweets == 1


async def test_a_backup_of_a_new_machine_has_the_whole_history(tmp_path: Path) -> None:
    backup = await backed_up(tmp_path, "Okapis are shy", "Zebras are not")
    there = tmp_path / "there"
    async with restore.opened(backup, there) as opened:
        assert not SQLiteFolder(there).exists()
        assert restore.put_in_place(opened, there) is None
    async with Store.open(there) as store:
        assert [each.generation for each in await store.history(SHELF, 9)] == [2, 1]
    assert (there / FILE).stat().st_mode & 0o777 == 0o600


async def test_what_is_replaced_is_set_aside_as_it_was(tmp_path: Path) -> None:
    backup = await backed_up(tmp_path, "Okapis are shy")
    data = tmp_path / "data"
    (data / FILE).write_bytes(b"damaged")
    (data / f"{FILE}-wal").write_bytes(b"old log")
    (data / "index-0.bin").write_bytes(b"old index")
    async with restore.opened(backup, data) as opened:
        aside = restore.put_in_place(opened, data)
    assert aside is not None
    assert (aside / FILE).read_bytes() == b"damaged"
    assert names(aside) == ["index-0.bin", NEWEST, FILE, f"{FILE}-wal"]
    async with Library.open(data, SEEDS) as library:
        assert (await library.ask("okapis")).tweets == 1


def test_a_store_that_a_bot_has_open_is_not_replaced(tmp_path: Path) -> None:
    backup = asyncio.run(backed_up(tmp_path, "Okapis are shy"))
    data = tmp_path / "data"
    before = names(data)

    async def replace() -> None:
        async with restore.opened(backup, data) as opened:
            restore.put_in_place(opened, data)

    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data / FILE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(StoreError, match="Stop it, then re"):
            asyncio.run(replace())
        assert {*before} <= {*names(data)}
        holder.communicate()
    asyncio.run(replace())


async def test_what_is_no_backup_changes_nothing(tmp_path: Path) -> None:
    await filled(tmp_path / "data", "Okapis are shy")
    (tmp_path / "bad.zip").write_bytes(b"no zip")
    before = names(tmp_path / "data")
    with pytest.raises(BackupUnusable):
        async with restore.opened(tmp_path / "bad.zip", tmp_path / "data"):
            pass
    assert names(tmp_path / "data") == before


async def test_a_bot_on_discord_serves_what_is_restored_and_names_it_in_the_history(
    scene: Scene, tmp_path: Path, threadbot: Program
) -> None:
    own = await scene.client.libraries.own(scene.guild.id)
    data, ours = scene.library.folder, ("--guild", str(scene.guild.id))
    settings = {"THREADBOT_DATA": str(data), "THREADBOT_SEEDS": str(scene.seeds)}

    async def run(*arguments: str) -> None:
        done = await asyncio.to_thread(threadbot, *arguments, settings=settings)
        assert done.status == 0
        await own.catch_up()

    async def answer() -> str:
        return (await (await scene.ada.slash("ask", question="okapis")).reply()).text

    (tmp_path / "okapi.txt").write_text("Okapis are shy", encoding="utf-8")
    await run("load", str(tmp_path / "okapi.txt"), *ours)
    await run("backup", "b.zip")
    await run("remove", "okapi.txt", *ours, "--yes")
    assert "Nothing matches" in await answer()
    await run("restore", "b.zip", "--yes")
    assert "__Okapis__ are shy" in await answer()
    history = await (await scene.grace.slash("library history")).reply()
    assert [line.split(": ", 1)[1] for line in history.text.splitlines()[1:]] == [
        "terminal restored a backup",
        "terminal removed “okapi.txt”",
        "terminal loaded “okapi.txt”",
        "terminal restored a backup",  # what Undo takes back
    ]
    undone = await (await scene.grace.press(history, label="Undo")).reply()
    assert undone.text.startswith("**Grace undid this: terminal restored a backup**")
    assert "Nothing matches" in await answer()


RESTORE = """
import asyncio, sys
from pathlib import Path
from bot.operations import restore
async def main():
    print("begun", flush=True)
    async with restore.opened(Path(sys.argv[1]), Path(sys.argv[2])) as backup:
        restore.take_over(backup, Path(sys.argv[2]), "ada")
asyncio.run(main())
"""


def test_a_killed_restore_leaves_one_library_or_the_other(tmp_path: Path) -> None:
    backup = asyncio.run(backed_up(tmp_path, "Okapis are shy"))
    there = tmp_path / "there"
    path = asyncio.run(filled(there, "Zebras are not"))
    for number in range(15):
        with subprocess.Popen(
            [sys.executable, "-c", RESTORE, str(backup), str(there)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        ) as running:
            assert running.stdout is not None
            running.stdout.readline()
            time.sleep(number * 0.01)
            running.kill()
        assert upkeep.damage(path, full=True) == []
        assert upkeep.counts(path)["generation"] in (1, 2)
