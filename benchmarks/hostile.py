"""Checks and loads files made to be slow or large: seconds, and megabytes above a start.

The seconds are those of the processor, so other programs do not count.

`python -m benchmarks.hostile NAME…` (with a dot) runs only those whose name has one of the words.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.hostile import HOSTILE, SAID

SLOWEST = 60
"""Seconds after which a run is stopped."""
LARGEST = 4 * 1024**3
"""Bytes of address space that a run may have."""
LEAD = 34
TICKS = os.sysconf("SC_CLK_TCK")
"""Of the processor's time, in a second."""


def main(words: Sequence[str] = ()) -> None:
    """Print a row for each file: how long `check` and `load` take, their memory, and the result."""
    with TemporaryDirectory() as folder:
        where = Path(folder)
        seeds = where / "seeds"
        seeds.mkdir()
        (seeds / "seed.txt").write_text(f"{SAID}.\n")
        plain = {command: _run(where, command, seeds / "seed.txt")[1] for command in RUNS}
        print(f"{'':>{LEAD}}    MB   check s  +MB   load s  +MB")
        for name, hostile in HOSTILE.items():
            if words and not any(each in name for each in words):
                continue
            path = hostile.at(where)
            row = f"{name:>{LEAD}} {path.stat().st_size / 1e6:5.1f}"
            for command in RUNS:
                seconds, megabytes, said = _run(where, command, path)
                row += f"  {seconds:7.1f} {megabytes - plain[command]:4.0f}"
            print(f"{row}  {said}", flush=True)
            path.unlink()


RUNS = {"check": ["check"], "load": ["load", "--yes"]}


def _run(folder: Path, command: str, path: Path) -> tuple[float, float, str]:
    """Return the seconds, the most megabytes, and the last line of `threadbot COMMAND PATH`.

    A worker process may do the reading, so all processes of the command's session are watched: the
    seconds are those of all, the megabytes those of the largest.
    """
    with TemporaryDirectory(dir=folder) as data, (folder / "said").open("w+b") as said:
        environment = {
            **os.environ,
            "THREADBOT_SEEDS": str(folder / "seeds"),
            "THREADBOT_DATA": data,
        }
        child = subprocess.Popen(
            [sys.executable, "-m", "bot", *RUNS[command], str(path)],
            env=environment,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_limited,
        )
        seconds: dict[int, float] = {}
        largest = 0.0
        while child.poll() is None:
            for pid, took, megabytes in _session(child.pid):
                seconds[pid] = took
                largest = max(largest, megabytes)
            time.sleep(0.02)
        said.seek(max(said.seek(0, os.SEEK_END) - 2_000, 0))
        lines = said.read().decode(errors="replace").replace(str(folder), "").split("\n")
        last = next((each for each in reversed(lines) if each.strip()), "")
        return sum(seconds.values()), largest, f"({child.returncode}) {last[:90]}"


def _session(leader: int) -> Iterator[tuple[int, float, float]]:
    """Yield each process of a session: its number, seconds, and most megabytes so far."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError):  # it may have ended
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == leader:
                status = (folder / "status").read_text()
                peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
                yield int(folder.name), (int(fields[11]) + int(fields[12])) / TICKS, peak


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SLOWEST, SLOWEST))
    resource.setrlimit(resource.RLIMIT_AS, (LARGEST, LARGEST))


if __name__ == "__main__":
    main(sys.argv[1:])
