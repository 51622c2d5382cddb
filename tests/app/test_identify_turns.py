"""The turns in which shards begin sessions, in one process and in several."""

from __future__ import annotations

import asyncio
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from bot.app import identify_turns
from bot.app.identify_turns import FileTurns, SharedTurns, Turns
from bot.errors import StoreUnreachable
from bot.file_locks import lock
from tests.conftest import ROOT

PACE = 0.3
"""Seconds between two turns in these tests."""
TAKING = """
import asyncio, sys, time
from pathlib import Path
from bot.app import identify_turns
identify_turns.SECONDS = float(sys.argv[2])
async def take():
    turns = identify_turns.Turns(identify_turns.FileTurns(Path(sys.argv[1])))
    for _ in range(4):
        await turns.take(0, 0)
        print(time.time())
asyncio.run(take())
"""


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns that come soon."""
    monkeypatch.setattr(identify_turns, "SECONDS", PACE)


async def taken(folder: Path, bucket: int) -> float:
    """When a turn of another process came."""
    await Turns(FileTurns(folder)).take(0, bucket)
    return time.time()


def test_turns_are_as_far_apart_as_discord_asks() -> None:
    assert identify_turns.SECONDS >= 5.0


@pytest.mark.usefixtures("quick")
async def test_turns_of_a_bucket_are_apart_and_those_of_others_are_not(tmp_path: Path) -> None:
    moments = await asyncio.gather(*(taken(tmp_path, n % 2) for n in range(6)))
    one, other = sorted(moments[::2]), sorted(moments[1::2])
    assert max(one[0], other[0]) < min(one[1], other[1])
    assert all(late - early >= PACE for own in (one, other) for early, late in pairwise(own))


@pytest.mark.usefixtures("quick")
async def test_a_turn_that_was_missed_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identify_turns, "LATE", 0.1)
    await taken(tmp_path, 0)
    waiting = asyncio.create_task(taken(tmp_path, 0))
    await asyncio.sleep(0.05)
    time.sleep(PACE + 0.2)  # noqa: ASYNC251 - a machine that stands still
    another = await taken(tmp_path, 0)
    assert abs(await waiting - another) >= PACE


@pytest.mark.usefixtures("quick")
async def test_a_shard_connects_shortly_before_its_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identify_turns, "AHEAD", 0.2)
    begun = time.time() - 0.01
    await taken(tmp_path, 0)
    turns = Turns(FileTurns(tmp_path))
    await turns.approach(7, 0)
    connecting = time.time()
    await turns.take(7, 0)
    pace = PACE + identify_turns.LATE
    assert begun + pace - 0.2 <= connecting
    assert begun + pace <= time.time()
    await turns.approach(7, 0)
    await asyncio.sleep(0.2 + identify_turns.LATE)
    await turns.take(7, 0)
    assert begun + 3 * pace <= time.time(), "its turn was over, so it took the next one"


async def test_one_process_reserves_at_a_time(tmp_path: Path) -> None:
    with (tmp_path / "identify-0.turn").open("wb") as file:
        assert lock(file)  # as another process does
        reserving = asyncio.create_task(FileTurns(tmp_path).reserve(0))
        done, _ = await asyncio.wait({reserving}, timeout=0.3)
        assert not done
    assert await reserving >= 0


async def test_several_processes_take_turns(tmp_path: Path) -> None:
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", TAKING, str(tmp_path), str(PACE)),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        for _ in range(3)
    ]
    printed = [(await each.communicate())[0].split() for each in processes]
    moments = sorted(float(each) for own in printed for each in own)
    assert len(moments) == 12
    assert min(late - early for early, late in pairwise(moments)) >= PACE


@pytest.mark.parametrize("content", ["", "no number", "9999999999.0", "12.5"])
async def test_a_file_that_cannot_be_believed_holds_nobody_up(tmp_path: Path, content: str) -> None:
    (tmp_path / "identify-0.turn").write_text(content, encoding="utf-8")
    begun = time.monotonic()
    await taken(tmp_path, 0)
    assert time.monotonic() - begun < 30


@pytest.mark.usefixtures("quick")
async def test_without_a_folder_the_turns_of_a_process_are_apart_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    turns = FileTurns(tmp_path / "gone")
    waits = [await turns.reserve(bucket) for bucket in (0, 0, 1)]
    assert waits[0] == waits[2] == 0.0
    assert waits[1] >= PACE
    assert "cannot agree on turns with other processes" in caplog.text


async def test_turns_of_several_machines_are_theirs_while_they_can_be_asked(tmp_path: Path) -> None:
    class Elsewhere:
        def __init__(self) -> None:
            self.is_away = False
            self.asked: list[tuple[str, float]] = []

        async def reserved(self, name: str, seconds: float) -> float:
            if self.is_away:
                raise StoreUnreachable("the database", "it is away")
            self.asked.append((name, seconds))
            return 7.0

    counters = Elsewhere()
    turns = SharedTurns(counters, FileTurns(tmp_path))
    assert await turns.reserve(3) == 7.0
    assert counters.asked == [("identify 3", identify_turns.SECONDS + identify_turns.LATE)]
    counters.is_away = True
    assert await turns.reserve(3) == 0.0
    assert await turns.reserve(3) > 0.0
