"""Runs `threadbot ask` on the seeds: time from start to exit, including the first load."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
RUNS = 20


def main() -> None:
    """Print the time of the first run, which loads the seeds, and of the following runs."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {"THREADBOT_SEEDS": str(ROOT / "seeds"), "THREADBOT_DATA": folder}
        times = [_timed({**os.environ, **settings}) for _ in range(RUNS + 1)]
    first, *rest = times
    print(f"threadbot ask, first run, loading the seeds: {first:.3f} s")
    print(
        f"threadbot ask, {RUNS} runs after it: min {min(rest):.3f} s, "
        f"median {statistics.median(rest):.3f} s, max {max(rest):.3f} s"
    )


def _timed(environment: dict[str, str]) -> float:
    program = Path(sys.executable).parent / "threadbot"
    started = time.perf_counter()
    subprocess.run(
        [program, "ask", "chip export controls"],
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - started
