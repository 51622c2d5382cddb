"""Changes that a worker makes: what the library serves then, and what stays if the worker ends."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Literal

import pytest

from bot.background.worker import Limits
from bot.errors import (
    FilesDoubted,
    OutOfMemory,
    OutOfTime,
    ReloadRunning,
    StoppedLate,
    WorkerDied,
)
from bot.library import current, generations
from bot.library.guilds import GuildLibraries
from bot.library.library import Library
from bot.library.workers import Change, Opened, Workers
from bot.models import Progress, Step
from bot.reports import LoadReport
from tests.databases import at

pytestmark = pytest.mark.usefixtures("each_database")


ALL = Workers(Limits(60, 500))
LARGE = 9_000
"""Tweets of a layer that is not merged at once."""


@pytest.fixture
async def library(tmp_path: Path, seeds: Path) -> AsyncIterator[Library]:
    """A library whose changes are made in workers."""
    async with Library.open(at(tmp_path / "data"), seeds, workers=ALL) as library:
        yield library


def posts(folder: Path, count: int, word: str) -> Path:
    """A file of single tweets with that word, by the format of X's API."""
    path = folder / f"{word}.json"
    path.write_text(
        json.dumps(
            [
                {
                    "id_str": str(1_500_000_000_000_000_000 + hash(word) % 10_000_019 + number),
                    "full_text": f"{word} number {number}",
                    "created_at": "Wed Jan 29 15:19:44 +0000 2020",
                    "user": {"screen_name": "bird"},
                }
                for number in range(count)
            ]
        ),
        encoding="utf-8",
    )
    return path


async def under_way(library: Library, path: Path) -> asyncio.Task[LoadReport]:
    """A load by Grace that has begun."""
    seen = asyncio.Event()
    loop = asyncio.get_running_loop()

    def step(_: Step) -> None:
        loop.call_soon_threadsafe(seen.set)

    loading = asyncio.create_task(library.load([path], "Grace", progress=step))
    await seen.wait()
    return loading


async def test_a_load_is_made_elsewhere_and_served_here(library: Library, tmp_path: Path) -> None:
    steps: list[Step] = []
    report = await library.load([posts(tmp_path, 300, "okapi")], "me", progress=steps.append)
    (each,) = report.dumps
    assert (report.generation, each.added, each.threads, each.tweets) == (2, 300, 300, 300)
    assert each.dump.threads == ()
    assert steps
    assert library.generation == 2
    assert (await library.ask("okapi")).tweets == 300
    assert (await library.history(1))[0].actor == "me"


async def test_what_a_worker_filed_is_mapped_and_not_built_again(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("indexed in this process")

    await library.load([posts(tmp_path, LARGE, "okapi")], "me")
    monkeypatch.setattr("bot.library.snapshot.layer.Layer.build", refuse)
    before = library.current.whole.parts
    await library.load([posts(tmp_path, 200, "tapir")], "me")
    assert (await library.ask("tapir")).tweets == 200
    assert library.current.whole.parts[0].layer is before[0].layer


async def test_every_change_can_be_made_elsewhere(library: Library, tmp_path: Path) -> None:
    path = posts(tmp_path, 150, "okapi")
    assert (await library.preview([path])).changed
    assert library.generation == 1
    checked = await library.check([path])
    assert len(checked.dumps[0].dump.threads) == 150
    await library.load([path], "me")
    await library.forget("me", author="bird")
    assert (await library.ask("okapi")).tweets == 0
    await library.undo("me")
    assert (await library.ask("okapi")).tweets == 150
    await library.remove("okapi.json", "me")
    assert (await library.ask("okapi")).tweets == 0
    assert not (await library.preview_reload()).changed
    assert not (await library.reload("me")).changed
    assert library.generation == 5


async def test_a_guild_s_change_is_made_elsewhere(library: Library, tmp_path: Path) -> None:
    libraries = GuildLibraries(library)
    own = await libraries.own(7)
    await own.load([posts(tmp_path, 200, "okapi")], "me")
    assert (await own.ask("okapi")).tweets == 200
    assert (await library.ask("okapi")).tweets == 0
    assert own.tweets == library.tweets + 200
    await libraries.settled()


async def test_what_a_worker_doubts_or_refuses_is_raised_here(
    library: Library, tmp_path: Path
) -> None:
    path = tmp_path / "list.txt"
    path.write_text("Milk\nEggs\nBread\nRope\n", encoding="utf-8")
    with pytest.raises(FilesDoubted, match=r"list\.txt"):
        await library.load([path], "me", is_confirmed=False)
    assert library.generation == 1


async def test_a_change_over_its_limits_changes_nothing(tmp_path: Path, seeds: Path) -> None:
    path = posts(tmp_path, 2_000, "okapi")
    for limits, error in ((Limits(0.01, 500), OutOfTime), (Limits(60, 20), OutOfMemory)):
        async with Library.open(at(tmp_path / "data"), seeds, workers=Workers(limits)) as library:
            with pytest.raises(error):
                await library.load([path], "me")
            assert library.generation == 1
            assert (await library.ask("suitcases")).tweets
    async with Library.open(at(tmp_path / "data"), seeds, workers=ALL) as library:
        assert (await library.load([path], "me")).changed


async def test_cancelling_a_load_changes_nothing_and_lets_the_next_one_in(
    library: Library, tmp_path: Path
) -> None:
    path = posts(tmp_path, 20_000, "okapi")
    loading = await under_way(library, path)
    with pytest.raises(ReloadRunning, match="Grace"):
        await library.load([path], "me")
    loading.cancel()
    await asyncio.wait({loading})
    assert loading.cancelled()
    assert (library.generation, library.busy) == (1, False)
    assert (await library.load([posts(tmp_path, 150, "tapir")], "me")).generation == 2


async def test_a_worker_that_is_killed_is_told_of_and_nothing_is_lost(
    library: Library, tmp_path: Path
) -> None:
    path = posts(tmp_path, 20_000, "okapi")
    loading = await under_way(library, path)
    for each in workers_of(os.getpid()):
        os.kill(each, signal.SIGKILL)
    with pytest.raises(WorkerDied, match="status -9"):
        await loading
    assert library.generation == 1
    assert (await library.load([path], "me")).generation == 2


class Late(Workers):
    """Workers that are killed when their change is made."""

    async def make(
        self,
        opened: Opened,
        part: Literal["loading", "removal"],
        change: Change,
        progress: Progress | None,
    ) -> LoadReport:
        await super().make(opened, part, change, progress)
        raise WorkerDied(-signal.SIGKILL)


async def test_a_worker_that_is_killed_after_its_change_is_told_of(
    tmp_path: Path, seeds: Path
) -> None:
    async with Library.open(at(tmp_path / "data"), seeds, workers=Late()) as library:
        with pytest.raises(StoppedLate):
            await library.load([posts(tmp_path, 200, "okapi")], "me")
        assert library.generation == 2
        assert (await library.ask("okapi")).tweets == 200


def workers_of(parent: int) -> list[int]:
    """The processes that the fork server of this one has started."""
    below: dict[int, list[int]] = {}
    for each in Path("/proc").iterdir():
        with suppress(OSError):  # it has ended meanwhile
            if each.name.isdecimal():
                stat = (each / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
                below.setdefault(int(stat[1]), []).append(int(each.name))
    return [worker for server in below.get(parent, ()) for worker in below.get(server, ())]


async def test_layers_are_merged_in_a_worker_and_served_here(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("merged in this process")

    monkeypatch.setattr(current, "merged", refuse)
    monkeypatch.setattr(current, "merged_in_file", refuse)
    for word in ("okapi", "tapir"):
        await library.load([posts(tmp_path, LARGE, word)], "me")
    assert len(library.current.whole.parts) > 1
    while len(library.current.whole.parts) > 1:  # noqa: ASYNC110  # in the background
        await asyncio.sleep(0.01)
    assert [(await library.ask(word)).tweets for word in ("okapi", "tapir")] == [LARGE] * 2
    assert library.generation == 3
    await library.load([posts(tmp_path, 150, "zebra")], "me")
    before = len(library.current.whole.parts)
    await library.load([posts(tmp_path, 150, "ibex")], "me")
    assert len(library.current.whole.parts) == before  # few tweets are merged at once


async def test_much_that_another_process_loaded_is_indexed_in_a_worker(
    library: Library, tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "MUCH", 100)
    async with Library.open(at(tmp_path / "data"), seeds) as other:
        await other.load([posts(tmp_path, 150, "okapi")], "you")
        await other.settled()
    for each in (tmp_path / "data").glob("index-0*"):
        each.unlink()
    monkeypatch.setattr("bot.library.snapshot.layer.Layer.build", None)
    await library.catch_up()
    assert (await library.ask("okapi")).tweets == 150


async def test_a_library_without_files_is_indexed_in_a_worker(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    async with Library.open(at(data), seeds) as library:
        await library.load([posts(tmp_path, 150, "okapi")], "me")
    for each in data.glob("index-0*"):
        each.unlink()
    monkeypatch.setattr(generations, "MUCH", 100)
    monkeypatch.setattr("bot.library.snapshot.layer.Layer.build", None)
    async with Library.open(at(data), seeds, workers=ALL) as library:
        assert (await library.ask("okapi")).tweets == 150


async def test_small_loads_are_done_here(tmp_path: Path, seeds: Path) -> None:
    few = Workers(Limits(0.0, 500), least=100_000)
    folder = tmp_path / "loads"
    folder.mkdir()
    async with Library.open(at(tmp_path / "data"), seeds, workers=few) as library:
        await library.load([posts(folder, 150, "okapi")], "me")
        posts(folder, 1_000, "tapir")
        with pytest.raises(OutOfTime):
            await library.load([folder], "me")
        with pytest.raises(OutOfTime):
            await library.load([folder / "tapir.json"], "me")
