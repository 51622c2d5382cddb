"""Layers of a large load: built in parts, in two processes, and equal to one layer."""

from __future__ import annotations

import logging
import tempfile
import weakref
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any

import numpy as np
import pytest

from bot.background.helper import HelperFailed
from bot.library import layer_building, layer_files
from bot.library.layer_building import Builder
from bot.library.library import Library
from bot.library.snapshot.layer import Layer
from bot.library.snapshot.origins import Origins
from bot.library.snapshot.snapshot import Snapshot
from bot.library.snapshot.stacking import Contents, stacked
from bot.store.bulk_reader import BulkReader

THREADS = 60
FIRST = 1_900_000_000_000_000_000


def archive(folder: Path) -> Path:
    """Write a CSV of threads of one to four tweets."""
    rows = ["tweet_id,text,username,in_reply_to_status_id"]
    number = 0
    for thread in range(THREADS):
        for place in range(1 + thread % 4):
            above = str(FIRST + number - 1) if place else ""
            rows.append(f"{FIRST + number},Ports {thread} grow quiet {place},anna,{above}")
            number += 1
    path = folder / "posts.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@asynccontextmanager
async def loaded(folder: Path) -> AsyncIterator[Library]:
    async with Library.open(folder / "data", folder / "none", may_be_empty=True) as library:
        yield library


@pytest.fixture
async def store(tmp_path: Path) -> Path:
    """The file of a store with the archive."""
    async with loaded(tmp_path) as library:
        await library.load([archive(tmp_path)], "anna")
    return next((tmp_path / "data").glob("*.sqlite3"))


def built(store: Path, **changes: Any) -> Snapshot:
    with BulkReader(store) as reader:
        build = Builder(partial(BulkReader, store), store.with_name("index-9.bin")).build
        return stacked(Contents(1, [1], ()), reader, build=build, **changes)


def whole(store: Path) -> Snapshot:
    with BulkReader(store) as reader:
        return stacked(Contents(1, [1], ()), reader)


def equal(one: Snapshot, other: Snapshot) -> None:
    assert [*one.catalogue] == [*other.catalogue]
    assert len(one.index) == len(other.index)
    for text in ("ports 7", "quiet 3 ports", "zebra"):
        found = one.index.search(text, 20)[1].tolist()
        assert found == other.index.search(text, 20)[1].tolist()


def test_a_small_load_is_one_layer_without_a_second_process(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layer_building, "Helper", None)
    assert len(built(store).parts) == 1
    assert not list(store.parent.glob("index-9-*"))


@pytest.mark.parametrize("largest", [1_000, 30, 7])
def test_a_large_load_is_several_layers_that_equal_one(
    store: Path, monkeypatch: pytest.MonkeyPatch, largest: int
) -> None:
    monkeypatch.setattr(layer_building, "WORTH_A_HELPER", 1)
    monkeypatch.setattr(layer_building, "LARGEST", largest)
    made = built(store)
    tweets = sum(1 + each % 4 for each in range(THREADS))
    assert len(made.parts) == 2 * -(-tweets // (2 * largest))  # both processes build as many
    assert len({each.layer.name for each in made.parts}) == len(made.parts)
    assert len(list(store.parent.glob("index-9-*"))) == len(made.parts)
    assert sum(len(each.layer.origins) for each in made.parts) == THREADS
    equal(made, whole(store))


def test_without_a_second_process_the_layers_are_the_same(
    store: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(layer_building, "WORTH_A_HELPER", 1)

    def refused() -> None:
        raise HelperFailed("too many processes")

    monkeypatch.setattr(layer_building, "Helper", refused)
    made = built(store)
    assert len(made.parts) == 2
    equal(made, whole(store))
    assert "too many processes" in caplog.text


def test_what_a_second_process_fails_at_is_built_here(
    store: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(layer_building, "WORTH_A_HELPER", 1)
    monkeypatch.setattr(layer_building, "build_and_write", fails)
    equal(built(store), whole(store))
    assert "no such thing" in caplog.text


def fails(*_: object) -> None:
    raise ValueError("no such thing")


def test_layers_that_cannot_be_written_stay_in_memory(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layer_building, "WORTH_A_HELPER", 1)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    def refused() -> None:
        raise HelperFailed("none")

    monkeypatch.setattr(layer_building, "Helper", refused)
    monkeypatch.setattr(layer_files, "write_one", full)
    equal(built(store), whole(store))


def test_a_layer_that_cannot_be_read_is_built_again(
    store: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(layer_building, "WORTH_A_HELPER", 1)
    read = layer_files.read_one
    asked: list[str] = []

    def lost(path: Path, name: str) -> Layer:
        asked.append(name)
        if len(asked) == 1:
            next(path.parent.glob(f"*{name}*")).unlink()
        return read(path, name)

    monkeypatch.setattr(layer_files, "read_one", lost)
    made = built(store)
    assert len(made.parts) == len(asked) == 2
    equal(made, whole(store))
    assert "building it again" in caplog.text


def test_the_beginnings_of_versions_are_not_in_memory_while_layers_are_built(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layer_building, "WORTH_A_HELPER", 1)
    divide, build = Origins.divided, layer_building.built
    left: list[weakref.ref[Origins]] = []
    free: list[bool] = []

    def watched(origins: Origins, number: int) -> Iterator[Origins]:
        left.append(weakref.ref(origins))
        yield from divide(origins, number)

    def looking(*values: Any) -> Layer:
        free.append(left[0]() is None)
        return build(*values)

    monkeypatch.setattr(Origins, "divided", watched)
    monkeypatch.setattr(layer_building, "built", looking)
    built(store)
    assert free
    assert all(free)


def test_the_beginnings_of_versions_stay_in_memory_if_the_disk_is_full(
    store: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(layer_building, "WORTH_A_HELPER", 1)

    def full() -> IO[bytes]:
        return Path("/dev/full").open("w+b")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    made = built(store)
    assert sum(len(each.layer.origins) for each in made.parts) == THREADS
    equal(made, whole(store))
    assert "in memory" in caplog.text


def test_progress_counts_threads_of_all_parts_and_may_stop_the_work(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layer_building, "WORTH_A_HELPER", 1)
    monkeypatch.setattr("bot.library.snapshot.layer.PROGRESS_EVERY", 5)
    told: list[tuple[int, int]] = []
    built(store, progress=lambda done, of: told.append((done, of)))
    assert {of for _, of in told} == {THREADS}
    assert max(done for done, _ in told) >= 25

    class Stop(Exception):
        pass

    def stop(*_: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        built(store, progress=stop)


async def test_a_large_load_is_served_and_its_layers_are_read_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layer_building, "WORTH_A_HELPER", 1)
    monkeypatch.setattr(layer_building, "LARGEST", 40)
    async with loaded(tmp_path) as library:
        report = await library.load([archive(tmp_path)], "anna")
        assert report.threads_after == THREADS
        first = (await library.ask("ports 7")).tweets
    async with loaded(tmp_path) as library:
        assert (await library.ask("ports 7")).tweets == first


def test_parts_have_about_the_same_number_of_tweets() -> None:
    sizes = np.array([1, 1, 1, 1, 4, 4, 4])
    parts = layer_building.parts_of(sizes, 4)
    assert [end for _, end in parts[:-1]] == [start for start, _ in parts[1:]]
    assert (parts[0][0], parts[-1][1]) == (0, 7)
    assert max(int(sizes[start:end].sum()) for start, end in parts) <= 8
