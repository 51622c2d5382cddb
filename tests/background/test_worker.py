"""Workers: their results, their limits, and how they end."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from bot.background import worker
from bot.background.memory import SELDOM, loading
from bot.background.worker import Limits, get_ready, in_worker
from bot.errors import OutOfMemory, OutOfTime, SeedsMissing, WorkerDied
from bot.i18n.messages import sentence
from bot.models import Progress, Step

LONG = 60.0
PLENTY = Limits(LONG, 500)
only_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces this limit")


async def add(one: int, other: int, progress: Progress) -> tuple[int, int]:
    """A job that tells how far it is."""
    progress(Step(sentence("adding"), 1, 2))
    progress(Step(sentence("adding"), 2, 2))
    return one + other, os.getpid()


async def fail(error: Exception, _: Progress) -> None:
    """A job that fails."""
    raise error


async def write_forever(path: Path, _: Progress) -> None:
    """A job that never ends, and shows that it lives."""
    _write_forever(path)


def _write_forever(path: Path) -> None:
    path.write_text(str(os.getpid()), encoding="ascii")
    while True:
        time.sleep(0.01)
        path.touch()


async def want(megabytes: int, _: Progress) -> int:
    """A job that needs much memory."""
    return len(bytearray(megabytes << 20))


async def die(_: Progress) -> None:
    """A job whose process ends."""
    os.kill(os.getpid(), signal.SIGKILL)


async def started(path: Path) -> int:
    """Wait for `write_forever`, and return its process."""
    while not (process := _process(path)):  # noqa: ASYNC110  # another process writes it
        await asyncio.sleep(0.01)
    return process


def _process(path: Path) -> int:
    return int(path.read_text(encoding="ascii") or 0) if path.exists() else 0


async def gone(process: int) -> bool:
    """Whether a process ends soon."""
    until = time.monotonic() + LONG
    while time.monotonic() < until:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        await asyncio.sleep(0.01)
    return False


async def thresholds(_: object) -> int:
    """How many new objects the worker makes between two searches for cycles."""
    return gc.get_threshold()[0]


async def test_a_worker_searches_seldom_for_cycles() -> None:
    before = gc.get_threshold()
    assert await in_worker(thresholds, Limits()) == SELDOM
    with loading():
        assert gc.get_threshold()[0] == SELDOM
    assert gc.get_threshold() == before


async def test_a_job_runs_elsewhere_and_its_result_and_steps_come_back() -> None:
    seen: list[Step] = []
    total, process = await in_worker(partial(add, 2, 3), PLENTY, seen.append)
    assert total == 5
    assert process != os.getpid()
    assert seen == [Step(sentence("adding"), 1, 2)]  # the second came too soon


async def test_our_errors_come_back_as_they_are_and_others_with_their_trace() -> None:
    with pytest.raises(SeedsMissing) as caught:
        await in_worker(partial(fail, SeedsMissing(Path("none"))), PLENTY)
    assert str(caught.value) == str(SeedsMissing(Path("none")))
    with pytest.raises(RuntimeError, match=r"in fail[\s\S]*KeyError: 'odd'"):
        await in_worker(partial(fail, KeyError("odd")), PLENTY)


class LargeError(Exception):
    """An error whose words take 30 MB until they are made."""

    def __str__(self) -> str:
        return f"{len(bytearray(30 << 20))} bytes"


@only_linux
async def test_an_error_has_the_memory_that_its_words_take() -> None:
    with pytest.raises(RuntimeError, match="31457280 bytes"):
        await in_worker(partial(fail, LargeError()), Limits(LONG, 10))


@only_linux
async def test_memory_is_limited() -> None:
    assert await in_worker(partial(want, 100), PLENTY) == 100 << 20
    with pytest.raises(OutOfMemory, match="more than 50 MB"):
        await in_worker(partial(want, 100), Limits(LONG, 50))


@pytest.mark.parametrize(
    "error",
    [
        SystemError("<function _find_and_load> returned NULL without setting an exception"),
        ImportError("libx.so: failed to map segment: Cannot allocate memory"),
        RuntimeError("can't start new thread"),
    ],
)
async def test_memory_that_is_short_is_told_however_python_says_it(error: Exception) -> None:
    with pytest.raises(OutOfMemory):
        await in_worker(partial(fail, error), PLENTY)


async def test_time_is_limited(tmp_path: Path) -> None:
    path = tmp_path / "alive"
    with pytest.raises(OutOfTime, match="longer than 2 seconds"):
        await in_worker(partial(write_forever, path), Limits(2.0, 500))
    assert await gone(_process(path))


async def test_a_death_is_told_with_its_signal() -> None:
    with pytest.raises(WorkerDied, match="status -9"):
        await in_worker(die, PLENTY)


async def test_cancelling_stops_the_worker(tmp_path: Path) -> None:
    path = tmp_path / "alive"
    task = asyncio.create_task(in_worker(partial(write_forever, path), PLENTY))
    process = await started(path)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await gone(process)


async def test_a_job_that_waits_for_its_turn_can_be_cancelled(tmp_path: Path) -> None:
    paths = [tmp_path / str(number) for number in range(worker.AT_ONCE + 1)]
    tasks = [asyncio.create_task(in_worker(partial(write_forever, each), PLENTY)) for each in paths]
    for each in paths[:-1]:
        await started(each)
    tasks[-1].cancel()
    tasks[0].cancel()
    await asyncio.wait({tasks[0], tasks[-1]})
    assert not paths[-1].exists()
    tasks[1].cancel()
    await asyncio.wait(tasks)
    assert await in_worker(partial(add, 1, 1), PLENTY)


async def test_a_worker_ends_with_the_program_that_waits_for_it(tmp_path: Path) -> None:
    path = tmp_path / "alive"
    code = (
        "import asyncio, sys; from functools import partial; from pathlib import Path\n"
        "from bot.background.worker import Limits, in_worker\n"
        "from tests.background.test_worker import write_forever\n"
        "asyncio.run(in_worker(partial(write_forever, Path(sys.argv[1])), Limits()))\n"
    )
    program = await asyncio.create_subprocess_exec(sys.executable, "-c", code, str(path))
    process = await started(path)
    program.kill()
    await program.wait()
    assert await gone(process)


async def test_a_folder_for_temporary_files_with_a_long_path_does(tmp_path: Path) -> None:
    folder = tmp_path / ("temporary" * 12)
    folder.mkdir(parents=True)
    code = (
        "import asyncio; from functools import partial\n"
        "from bot.background.worker import Limits, in_worker\n"
        "from tests.background.test_worker import add\n"
        "total, _ = asyncio.run(in_worker(partial(add, 2, 3), Limits()))\n"
        "print(total)\n"
    )
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        code,
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    said, _ = await program.communicate()
    assert said == b"5\n"


@pytest.mark.parametrize("delay", [0.1, 0.3, 0.6])
async def test_ctrl_c_while_workers_get_ready_leaves_no_trace(tmp_path: Path, delay: float) -> None:
    code = (
        "import asyncio, sys; from functools import partial; from pathlib import Path\n"
        "from bot.background.worker import Limits, in_worker\n"
        "from tests.background.test_worker import write_forever\n"
        "print('ready', flush=True)\n"
        "try: asyncio.run(in_worker(partial(write_forever, Path(sys.argv[1])), Limits()))\n"
        "except KeyboardInterrupt: pass\n"
    )
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        code,
        str(tmp_path / "alive"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.default_int_handler),
    )
    assert program.stdout
    await program.stdout.readline()
    await asyncio.sleep(delay)
    os.killpg(program.pid, signal.SIGINT)
    _, said = await program.communicate()
    assert said == b""


async def test_a_server_that_is_ready_starts_jobs_at_once() -> None:
    await get_ready()
    await get_ready()
    before = time.perf_counter()
    await in_worker(partial(add, 1, 1), PLENTY)
    assert time.perf_counter() - before < LONG
