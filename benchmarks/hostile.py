"""Checks and loads files made to be slow or large: seconds, and megabytes above a start.

The seconds are those of the processor, so other programs do not count.

`python -m benchmarks.hostile NAME…` runs only those whose name has one of the words.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.hostile import HOSTILE, SAID

SLOWEST = 60
"""Seconds after which a run is stopped."""
LARGEST = 4 * 1024**3
"""Bytes of address space that a run may have."""
LEAD = 34


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
    """Return the seconds, the most megabytes, and the last line of `threadbot COMMAND PATH`."""
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
            preexec_fn=_limited,
        )
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = used.ru_utime + used.ru_stime
        said.seek(max(said.seek(0, os.SEEK_END) - 2_000, 0))
        lines = said.read().decode(errors="replace").replace(str(folder), "").split("\n")
        last = next((each for each in reversed(lines) if each.strip()), "")
        return seconds, used.ru_maxrss / 1024, f"({child.returncode}) {last[:90]}"


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SLOWEST, SLOWEST))
    resource.setrlimit(resource.RLIMIT_AS, (LARGEST, LARGEST))


if __name__ == "__main__":
    main(sys.argv[1:])
