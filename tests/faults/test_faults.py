"""A few faults of each kind; `python -m tests.faults` tries all places."""

from __future__ import annotations

import errno
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.migrations import FILE
from tests.faults import damage, failures, kills, power, shim, workers
from tests.faults.runner import Runner
from tests.faults.scenes import QUESTIONS, Scene, scenes
from tests.terminal.test_main import damage_page

pytestmark = pytest.mark.skipif(
    shim.built() is None, reason="the shim needs Linux and a C compiler"
)
SEED = random.Random().randrange(10**6)  # noqa: S311  # other places each time
POINTS = 3


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner() as started:
        yield started


@pytest.fixture(scope="module")
def every(runner: Runner, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    """Every scene by its name."""
    return {each.name: each for each in scenes(runner, tmp_path_factory.mktemp("scenes"))}


@pytest.fixture(scope="module")
def loading(every: dict[str, Scene]) -> Scene:
    """A load into a library with layers."""
    return every["load"]


def test_after_a_kill_a_whole_generation_is_served(
    runner: Runner, loading: Scene, tmp_path: Path
) -> None:
    served = kills.killed(runner, loading, tmp_path / "try", POINTS, SEED)
    assert served.total() == POINTS


def test_a_bot_whose_worker_is_killed_says_so_and_serves_on(tmp_path: Path) -> None:
    came = workers.killed(tmp_path, 1, SEED, latest=0)
    assert came.total() == 1


def test_a_write_or_sync_that_fails_is_said_or_made_up_for(
    runner: Runner, loading: Scene, tmp_path: Path
) -> None:
    came = failures.failed(runner, loading, tmp_path / "try", step=60)
    assert any(each.startswith("refused") for each in came)


@pytest.mark.parametrize("name", ["replace", "repair"])
def test_a_store_that_takes_another_one_s_place_does_so_whole_or_not_at_all(
    runner: Runner, every: dict[str, Scene], tmp_path: Path, name: str
) -> None:
    step = 13 if name == "repair" else 7  # hits the moves at the end
    came = failures.failed(runner, every[name], tmp_path / "try", step)
    assert any(each.startswith("refused") for each in came)
    assert kills.killed(runner, every[name], tmp_path / "try", POINTS, SEED).total() == POINTS


def test_a_kill_while_a_store_takes_another_one_s_place_leaves_one_of_them(
    runner: Runner, every: dict[str, Scene], tmp_path: Path
) -> None:
    served = kills.killed(runner, every["replace"], tmp_path / "try", POINTS, SEED, at_end=True)
    assert served == {"old": 2, "new": 1}


def test_a_bot_begins_its_work_on_a_full_disk(
    runner: Runner, every: dict[str, Scene], tmp_path: Path
) -> None:
    # Its first start, which would note the commands that it registers.
    full = shim.Fault(shim.FAIL_WRITES, 1, errno.ENOSPC)
    done = every["bot"].copied(tmp_path / "try").act(runner, full)
    assert done.status == 0, done.err


def test_the_writes_of_all_processes_of_a_command_are_counted(
    runner: Runner, every: dict[str, Scene], tmp_path: Path
) -> None:
    alone = every["load"].copied(tmp_path / "alone").act(runner, shim.Fault())
    in_a_worker = every["in-a-worker"].copied(tmp_path / "worker").act(runner, shim.Fault())
    assert in_a_worker.counts[shim.WRITES] >= alone.counts[shim.WRITES]


def test_after_a_power_cut_a_whole_generation_is_served(
    runner: Runner, loading: Scene, tmp_path: Path
) -> None:
    served = power.cut(runner, loading, tmp_path / "try", POINTS, SEED)
    assert served.total() == POINTS


def test_what_was_reported_as_done_survives_a_power_cut(
    runner: Runner, loading: Scene, tmp_path: Path
) -> None:
    place = loading.copied(tmp_path / "try")
    disk = power.Disk(place.data)
    journal = tmp_path / "journal"
    assert place.act(runner, shim.Fault(journal=str(journal))).status == 0
    done = place.answers(runner)
    for each in power.records(journal):
        disk.replay(each)
    for seed in range(3):
        disk.cut(random.Random(seed))  # noqa: S311  # repeatable
        assert place.answers(runner) == done


@pytest.mark.parametrize("name", ["threadbot.sqlite3", "threadbot.sqlite3-wal", "index-*.bin"])
def test_damage_never_gives_a_wrong_answer(
    runner: Runner, loading: Scene, tmp_path: Path, name: str
) -> None:
    whole = loading.folder
    if name.endswith("-wal"):
        whole = damage.with_log(runner, loading, tmp_path / "whole").folder
    came = damage.damaged(runner, whole, loading, name, POINTS, SEED, tmp_path / "try")
    assert came.total() == 3 * POINTS


def test_a_log_without_its_last_changes_is_refused(
    runner: Runner, loading: Scene, tmp_path: Path
) -> None:
    place = damage.with_log(runner, loading, tmp_path / "whole")
    with (place.data / f"{FILE}-wal").open("r+b") as log:
        log.truncate(4096)
    refused = place.run(runner, QUESTIONS[0])
    assert refused.status == 3
    assert "was stored, but the last one here is" in refused.err


def test_a_database_without_a_page_is_refused(
    runner: Runner, loading: Scene, tmp_path: Path
) -> None:
    place = loading.copied(tmp_path / "try")
    damage_page(place.data / FILE, "generation")
    refused = place.run(runner, QUESTIONS[0])
    assert refused.status == 3
    assert "it is damaged" in refused.err
    assert not refused.has_trace


def test_zeroes_in_index_files_do_not_change_the_answer(
    runner: Runner, loading: Scene, tmp_path: Path
) -> None:
    place = loading.copied(tmp_path / "try")
    right = place.answers(runner)
    for each in place.data.glob("index-0-*.bin"):
        content = bytearray(each.read_bytes())
        start, end = len(content) // 8, len(content) // 4  # the documents of each term
        content[start:end] = bytes(end - start)
        each.write_bytes(content)
    assert place.answers(runner) == right


def test_unsynced_writes_are_lost_and_synced_ones_stay(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    old = folder / "old"
    old.write_bytes(b"old")
    disk = power.Disk(folder)
    new = str(folder / "new")
    disk.replay((power.WRITE, new, "", 0, b"synced"))
    disk.replay((power.SYNC, new, "", 0, b""))
    disk.replay((power.WRITE, str(old), "", 0, b"new"))
    disk.replay((power.RENAME, new, str(folder / "renamed"), 0, b""))
    draws = (random.Random(seed) for seed in range(40))  # noqa: S311  # repeatable
    found = [disk.left(each) for each in draws]
    contents = {
        name: {each.get(str(folder / name)) for each in found} for name in ("old", "new", "renamed")
    }
    assert contents["old"] == {b"old", b"new"}
    assert contents["new"] == {b"synced", None}
    assert contents["renamed"] == {b"synced", None}
