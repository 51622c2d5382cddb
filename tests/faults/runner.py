"""Runs commands of the program fast, each in a fork of one process that has imported all of it.

`python -m tests.faults.runner` is that process: it reads a job from each line, as JSON, and writes
what came of it. The shim is loaded into it.
"""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from types import TracebackType
from typing import Any

from tests.conftest import ROOT
from tests.faults import shim
from tests.faults.shim import Fault

TIMEOUT = 120.0
"""Seconds for a command."""
END = "\x1e"
"""Before and after the status of a command, where there are several."""
KILLED = -9
"""The status of a process that was killed."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a command came to."""

    status: int
    """Its exit status; KILLED if it was killed."""
    out: str
    """What it printed."""
    err: str
    """What it said on the side."""
    counts: tuple[int, ...] = ()
    """How many writes, syncs and operations there were."""

    @property
    def has_trace(self) -> bool:
        """Whether it printed a traceback."""
        return "Traceback (most recent call last)" in self.err + self.out


class Runner:
    """The process that runs commands."""

    def __init__(self) -> None:
        """Start it, with the shim if that can be built."""
        library = shim.built()
        environment = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("DISCORD_", "THREADBOT_"))
        }
        environment |= {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
        environment |= {"LD_PRELOAD": str(library)} if library else {}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.runner"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            cwd=ROOT,
            encoding="utf-8",
        )

    def __enter__(self) -> Runner:
        """Return the runner."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def __call__(
        self,
        data: Path,
        *arguments: str,
        seeds: Path | None = None,
        fault: Fault | None = None,
        said: str = "",
    ) -> Done:
        """Run a command on the library in the folder `data`, while `fault` happens to it."""
        return self.all_of(data, [arguments], seeds=seeds, fault=fault, said=said)[0]

    def all_of(
        self,
        data: Path,
        commands: Sequence[Sequence[str]],
        *,
        seeds: Path | None = None,
        fault: Fault | None = None,
        said: str = "",
    ) -> list[Done]:
        """Run commands one after the other in one process; each has what all said on the side."""
        assert self._process.stdin
        assert self._process.stdout
        job = {
            "data": str(data),
            "seeds": str(seeds or data.parent / "no-seeds"),
            "commands": commands,
            "fault": asdict(fault) if fault else None,
            "said": said,
        }
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        parts = answer["out"].split(END)
        statuses = [int(each) for each in parts[1::2]] or [answer["status"]]
        return [
            Done(status, out, answer["err"], tuple(answer["counts"]))
            for status, out in zip(statuses, parts[::2], strict=False)
        ]


def _work(job: Mapping[str, Any], out: Any, err: Any, counts: Path) -> int:
    """Run a command in this process, which is a fork; return the exit status."""
    for key, name in (("data", "THREADBOT_DATA"), ("seeds", "THREADBOT_SEEDS")):
        os.environ[name] = job[key]
    said = TemporaryFile()  # noqa: SIM115  # until the end
    said.write(job["said"].encode())
    said.seek(0)
    for source, target in ((said, 0), (out, 1), (err, 2)):
        os.dup2(source.fileno(), target)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    os.chdir(Path(job["data"]).parent)
    if job["fault"]:
        shim.arm(Path(job["data"]), Fault(**job["fault"]), counts)
    commands = job["commands"]
    for each in commands:
        status = _status(job, each)
        sys.stderr.flush()
        if len(commands) > 1:
            sys.stdout.write(f"{END}{status}{END}")
        sys.stdout.flush()
    return status


def _status(job: Mapping[str, Any], arguments: Sequence[str]) -> int:
    """Run a command; return its exit status."""
    from bot.terminal.main import main
    from tests.faults.scenes import BOT

    try:
        if arguments == [BOT]:
            return bot_at_work(Path(job["data"]), Path(job["seeds"]))
        return main(arguments)
    except SystemExit as error:
        return int(error.code or 0)
    except BaseException:  # noqa: BLE001  # what the program does not catch
        import traceback

        traceback.print_exc()
        return 1


def bot_at_work(data: Path, seeds: Path) -> int:
    """Have a bot on a Discord of its own, where somebody reloads the seeds; return 0."""
    from tests.app.conftest import reloaded, scene_with

    async def work() -> None:
        async with scene_with(data, seeds) as scene:
            await reloaded(scene)

    asyncio.run(work())
    return 0


def serve(jobs: Any, answers: Any) -> None:
    """Carry out a job from each line of `jobs`."""
    import bot.loader.files
    import bot.loader.parser
    import bot.terminal.commands
    import bot.terminal.operating  # noqa: F401

    for line in jobs:
        job = json.loads(line)
        with TemporaryFile() as out, TemporaryFile() as err, NamedTemporaryFile() as counts:
            child = os.fork()
            if child == 0:
                os._exit(_work(job, out, err, Path(counts.name)))
            done = {"status": _wait(child), "counts": shim.counted(Path(counts.name))}
            for name, each in (("out", out), ("err", err)):
                each.seek(0)
                done[name] = each.read().decode("utf-8", "replace")
        answers.write(json.dumps(done) + "\n")
        answers.flush()


def _wait(child: int) -> int:
    """Return the exit status of a process, negative if a signal ended it; kill it if it hangs."""
    end = time.monotonic() + TIMEOUT
    descriptor = os.pidfd_open(child)
    try:
        if not select.select([descriptor], [], [], max(end - time.monotonic(), 0))[0]:
            os.kill(child, signal.SIGABRT)
    finally:
        os.close(descriptor)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout)
