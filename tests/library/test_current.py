"""The snapshot that is served: kept up to date, whichever process changes the library."""

from __future__ import annotations

import asyncio
import errno
import gc
import time
import weakref
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from bot.errors import NothingToUndo, ReloadRunning
from bot.library import current, generations, layer_files
from bot.library.library import Library
from bot.library.snapshot.layer import Layer
from bot.library.snapshot.snapshot import Snapshot
from bot.library.workers import Workers
from bot.store.rows import Version
from bot.store.store import Store
from tests.databases import at, change
from tests.threads import LONG, SOON

pytestmark = pytest.mark.usefixtures("each_database")


async def test_another_process_s_load_is_noticed(tmp_path: Path, seeds: Path) -> None:
    (tmp_path / "more.txt").write_text("Okapis are shy\n", encoding="utf-8")
    async with Library.open(at(tmp_path / "data"), seeds) as here:
        async with Library.open(at(tmp_path / "data"), seeds) as there:
            await there.load([tmp_path / "more.txt"], "you")
        while (await here.ask("okapi")).tweets == 0:
            pass
        assert here.generation == 2


async def test_a_reader_is_not_disturbed_by_a_newer_program(tmp_path: Path, seeds: Path) -> None:
    data = tmp_path / "data"
    async with Library.open(at(data), seeds) as older:
        await asyncio.to_thread(
            change,
            at(data),
            "UPDATE dump SET parser_version = 0",
            "UPDATE generation SET checksum = 0",  # unknown
        )
        async with Library.open(at(data), seeds) as newer:
            assert newer.generation == 2
            assert (await older.ask("suitcases")).tweets > 0
            with pytest.raises(NothingToUndo):
                await newer.undo("me")


async def test_loads_and_the_filing_of_earlier_ones_do_not_get_in_each_other_s_way(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "WORTH_A_FILE", 1)
    path = tmp_path / "often.txt"
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        for number in range(25):  # each takes the place of what is just being filed
            path.write_text(f"{'word ' * number}is what number {number} says.", encoding="utf-8")
            await library.load([path], "me")
        assert (await library.ask("number 24")).hits
    async with Library.open(at(tmp_path / "data"), seeds) as again:
        assert (await again.ask("number 24")).hits
        assert again.tweets == library.tweets


def more(folder: Path, animal: str = "okapi") -> list[Path]:
    """A file to load, with one tweet."""
    path = folder / f"{animal}.txt"
    path.write_text(f"A thread on the {animal}", encoding="utf-8")
    return [path]


async def test_catching_up_serves_what_another_process_made(tmp_path: Path, seeds: Path) -> None:
    data = tmp_path / "data"
    async with Library.open(at(data), seeds) as here:
        async with Library.open(at(data), seeds) as there:
            await there.load(more(tmp_path), "you")
            assert (await there.ask("okapi")).tweets == 1
        before = here.current.snapshot
        assert (before.generation, here.version) == (1, before.version)
        await here.catch_up()
        assert here.generation == 2
        assert here.version > before.version
        assert (await here.ask("okapi")).tweets == 1


async def test_catching_up_with_nothing_serves_the_same_snapshot(
    tmp_path: Path, seeds: Path
) -> None:
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        before = library.current.snapshot
        await library.catch_up()
        assert library.current.snapshot is before


async def test_a_snapshot_that_is_in_use_stays_as_it_was(tmp_path: Path, seeds: Path) -> None:
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        before = library.current.snapshot
        await library.load(more(tmp_path), "me")
        assert len(before.index) == 37
        assert before.index.document_frequency("okapi") == 0
        assert library.current.snapshot.index.document_frequency("okapi") == 1


async def test_other_processes_are_looked_for_now_and_then_only(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    async with Library.open(at(data), seeds) as here, Library.open(at(data), seeds) as there:
        monkeypatch.setattr(current, "CHECK_EVERY", LONG)
        await here.current.notice_other_processes()
        await there.load(more(tmp_path), "you")
        before = asyncio.all_tasks()
        for _ in range(9):
            await here.current.notice_other_processes()
        assert not asyncio.all_tasks() - before
        assert here.generation == 1
        monkeypatch.setattr(current, "CHECK_EVERY", 0.0)
        while here.generation == 1:
            await here.current.notice_other_processes()
            await asyncio.sleep(0)
        assert here.generation == 2


async def test_a_question_does_not_wait_for_a_store_that_is_silent(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 2 * current.NOTICE_SECONDS < 3, "a server's library and the shared one, for suggestions"
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        asked: list[int] = []

        async def silent(scope: int) -> int:
            asked.append(scope)
            await asyncio.Event().wait()
            return 1

        monkeypatch.setattr(library.current.store, "generation", silent)
        monkeypatch.setattr(current, "NOTICE_SECONDS", 0.01)
        async with asyncio.timeout(SOON):
            assert (await library.ask("suitcases")).tweets > 0
        assert asked == [0]


async def test_a_guild_catches_up_with_what_is_shared(tmp_path: Path, seeds: Path) -> None:
    async with Library.open(at(tmp_path / "data"), seeds) as shared:
        own = await shared.beside(7)
        await own.load(more(tmp_path, "tapir"), "me")
        await shared.load(more(tmp_path, "okapi"), "me")
        assert (await own.ask("okapi")).tweets == 0
        await own.catch_up()
        assert (await own.ask("okapi")).tweets == (await own.ask("tapir")).tweets == 1
        assert (own.generation, own.current.snapshot.shared_generation) == (1, 2)
        await own.settled()


async def test_what_a_library_began_with_is_gone_once_it_serves_something_else(
    tmp_path: Path, seeds: Path
) -> None:
    async with Library.open(at(tmp_path / "data"), seeds):
        pass
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        known = weakref.ref(library.current.snapshot)
        await library.load(more(tmp_path), "me")
        await library.settled()
        gc.collect()  # tasks that ended may have kept it
        assert known() is None


async def test_large_layers_are_merged_in_a_file_and_served_from_there(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "WORTH_A_FILE", 1)
    monkeypatch.setattr(current, "SMALL", 0)  # so all are large
    merge = layer_files.write_merged
    made: list[str] = []

    def full(*_: object) -> Layer:
        raise OSError(errno.ENOSPC, "no space left")

    def counted(*values: Any) -> Layer:
        layer = merge(*values)
        made.append(layer.name)
        return layer

    async with Library.open(at(tmp_path / "data"), seeds) as library:
        monkeypatch.setattr(layer_files, "write_merged", full)
        await library.load(more(tmp_path, "okapi"), "me")
        await library.settled()
        assert len(library.current.whole.parts) == 2
        assert (await library.ask("okapi")).tweets == 1
        monkeypatch.setattr(layer_files, "write_merged", counted)
        await library.load(more(tmp_path, "tapir"), "me")
        await library.settled()
        assert [each.layer.name for each in library.current.whole.parts] == made
        shown = [*library.current.snapshot.catalogue]
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        assert [each.layer.name for each in library.current.whole.parts] == made
        assert [*library.current.snapshot.catalogue] == shown
        assert (await library.ask("tapir")).tweets == 1


async def test_one_change_at_a_time_and_the_next_is_told_whose_it_is(
    tmp_path: Path, seeds: Path
) -> None:
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        busy = [library.busy]
        async with library.current.exclusively("Grace"):
            busy.append(library.busy)
            for change in (library.load(more(tmp_path), "me"), library.reload("me")):
                with pytest.raises(ReloadRunning, match="Grace"):
                    await change
        assert [*busy, library.busy] == [False, True, False]
        assert (await library.load(more(tmp_path), "me")).changed


async def test_a_change_that_fails_does_not_keep_others_out(tmp_path: Path, seeds: Path) -> None:
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        with pytest.raises(KeyError):
            async with library.current.exclusively("Grace"):
                raise KeyError
        assert (await library.load(more(tmp_path), "me")).changed


async def test_questions_are_answered_while_the_library_changes(
    tmp_path: Path, seeds: Path
) -> None:
    async with (
        Library.open(at(tmp_path / "data"), seeds) as library,
        library.current.exclusively("Grace"),
    ):
        assert (await library.ask("suitcases")).tweets > 0
        assert (await library.thread("suitcases")).tweets


async def test_a_guild_s_own_layers_are_saved_for_the_next_start(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "WORTH_A_FILE", 1)
    async with Library.open(at(tmp_path / "data"), seeds) as shared:
        own = await shared.beside(7)
        await own.load(more(tmp_path), "me")
        await own.settled()
        shown = [*own.current.snapshot.catalogue]
        (part,) = own.current.whole.own
    names = {each.name for each in (tmp_path / "data").glob("index-7*")}
    assert names == {"index-7.bin", f"index-7-{part.layer.name}.bin"}
    async with Library.open(at(tmp_path / "data"), seeds) as shared:
        again = await shared.beside(7)
        assert [*again.current.snapshot.catalogue] == shown
        assert [each.layer.name for each in again.current.whole.own] == [part.layer.name]
        assert again.current.whole.parts[0].layer is shared.current.whole.parts[0].layer
        await again.settled()


async def test_a_guild_loads_while_the_shared_library_is_being_changed(
    tmp_path: Path, seeds: Path
) -> None:
    async with Library.open(at(tmp_path / "data"), seeds) as shared:
        own = await shared.beside(7)
        async with shared.current.exclusively("grace"):
            await own.load(more(tmp_path), "me")
            await own.catch_up()
        assert own.tweets == shared.tweets + 1
        await own.settled()


async def test_a_guild_that_is_up_to_date_keeps_its_snapshot(tmp_path: Path, seeds: Path) -> None:
    async with Library.open(at(tmp_path / "data"), seeds) as shared:
        own = await shared.beside(7)
        before = own.current.snapshot
        await own.catch_up()
        assert own.current.snapshot is before
        await own.settled()


async def test_a_library_that_has_settled_has_saved_its_newest_snapshot(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "WORTH_A_FILE", 1)
    path = tmp_path / "data" / "index-0.bin"
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        await library.settled()
        first = path.read_bytes()
        await library.load(more(tmp_path), "me")
        await library.settled()
        assert path.read_bytes() != first


async def test_a_library_that_has_settled_does_no_work_for_earlier_generations(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []
    ended: list[int] = []

    async def slowly(_: Store, __: int, snapshot: Snapshot) -> list[str]:
        begun.append(snapshot.generation)
        await asyncio.sleep(0.05)
        ended.append(snapshot.generation)
        return []

    async with Library.open(at(tmp_path / "data"), seeds, workers=Workers()) as library:
        await library.settled()
        monkeypatch.setattr(current, "save_snapshot", slowly)
        library.current.save_in_background()
        library.current.save_in_background()
        while not begun:  # noqa: ASYNC110  # in the background
            await asyncio.sleep(0)
        await library.settled()
        assert len(begun) == 2
        assert len(ended) == 1  # the first was cancelled, and the last is what `settled` saves
        await asyncio.sleep(0.1)
        assert len(ended) == 1


async def test_what_is_much_is_indexed_by_one_process(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "MUCH", 0)
    monkeypatch.setattr(generations, "WORTH_A_FILE", 1)
    built: list[int] = []
    build = Layer.build

    def counted(threads: Iterable[list[Version]], *rest: Any) -> Layer:
        made = build(threads, *rest)
        built.append(len(made.index))
        time.sleep(0.3)  # the other one looks for the files meanwhile
        return made

    data = tmp_path / "data"
    async with Library.open(at(data), seeds) as here, Library.open(at(data), seeds) as there:
        monkeypatch.setattr(Layer, "build", counted)
        loading = asyncio.create_task(here.load(more(tmp_path), "me"))
        while here.generation == there.generation == 1 and not built:
            await asyncio.sleep(0.01)
            await there.catch_up()
        await loading
        await there.catch_up()
        assert (await there.ask("okapi")).tweets == (await here.ask("okapi")).tweets > 0
        assert built == [1]
