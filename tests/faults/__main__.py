"""`python -m tests.faults [NAME…]`: faults at all places. Without a name: all of them.

Names: kills, failures, power, damage. `--seed=N` draws other places, `--scene=NAME` takes only one
scene, and `--share=0.1` tries a tenth of the places.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.faults import damage, failures, kills, power, shim, workers
from tests.faults.runner import Runner
from tests.faults.scenes import Scene, scenes

KILLS, WORKERS, CUTS, DAMAGED = 300, 10, 200, 200
"""How many places in all scenes together; for damage, in each kind of file."""
WORKER = "worker"
"""The name of the scene in which the worker of a bot is killed; for kills only."""
FILES = ("threadbot.sqlite3", "threadbot.sqlite3-wal", "index-*.bin")
"""The kinds of files that are damaged."""


def main(arguments: Sequence[str]) -> int:
    """Try the faults; 0 if the library survived all of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scene")
    parser.add_argument("--share", type=float, default=1.0)
    options = parser.parse_args(arguments)
    if shim.built() is None:
        sys.stderr.write("The shim cannot be built: this needs Linux and a C compiler.\n")
        return 2
    failed = 0
    with tempfile.TemporaryDirectory() as folder, Runner() as runner:
        every = [
            each
            for each in scenes(runner, Path(folder, "scenes"))
            if options.scene in (None, each.name)
        ]
        for name in options.names or FAULTS:
            for scene in every:
                failed += _tried(name, runner, scene, Path(folder, "try"), options, len(every))
            if name == "kills" and options.scene in (None, WORKER):
                failed += _workers_killed(Path(folder, "workers"), options)
    return 1 if failed else 0


def _workers_killed(folder: Path, options: argparse.Namespace) -> int:
    """Kill the worker of a bot on Discord, and print what came of it; 1 if the bot failed."""
    points = max(round(WORKERS * options.share), 1)
    return _told(f"kills in {WORKER}", lambda: workers.killed(folder, points, options.seed))


def _tried(
    name: str,
    runner: Runner,
    scene: Scene,
    to: Path,
    options: argparse.Namespace,
    number: int,
) -> int:
    """Try a kind of fault on a scene, and print what came of it; 1 if it did not survive."""
    return _told(
        f"{name} in {scene.name}", lambda: FAULTS[name](runner, scene, to, options, number)
    )


def _told(what: str, attempt: Callable[[], Counter[str]]) -> int:
    """Print what comes of an attempt; 1 if it failed."""
    started = time.monotonic()
    try:
        told = ", ".join(f"{count} {each}" for each, count in sorted(attempt().items()))
    except AssertionError as error:
        told = f"FAILED: {error}"
    took = time.monotonic() - started
    if told:
        sys.stdout.write(f"{what}: {told} ({took:.0f} s)\n")
        sys.stdout.flush()
    return int(told.startswith("FAILED"))


def _kills(
    runner: Runner, scene: Scene, to: Path, options: argparse.Namespace, number: int
) -> Counter[str]:
    points = max(round(KILLS / number * options.share), 1)
    return kills.killed(runner, scene, to, points, options.seed)


def _failures(
    runner: Runner, scene: Scene, to: Path, options: argparse.Namespace, number: int
) -> Counter[str]:
    del number
    return failures.failed(runner, scene, to, max(round(1 / options.share), 1))


def _power(
    runner: Runner, scene: Scene, to: Path, options: argparse.Namespace, number: int
) -> Counter[str]:
    points = max(round(CUTS / number * options.share), 1)
    return power.cut(runner, scene, to, points, options.seed)


def _damage(
    runner: Runner, scene: Scene, to: Path, options: argparse.Namespace, number: int
) -> Counter[str]:
    del number
    came: Counter[str] = Counter()
    if scene.name != "load":
        return came
    whole = to.with_name("whole")
    points = max(round(DAMAGED * options.share), 1)
    logged = damage.with_log(runner, scene, whole)
    for name in FILES:
        place = logged.folder if name.endswith("-wal") else scene.folder
        found = damage.damaged(runner, place, scene, name, points, options.seed, to)
        came += Counter({f"{name} {what}": count for what, count in found.items()})
    return came


FAULTS: dict[str, Callable[[Runner, Scene, Path, argparse.Namespace, int], Counter[str]]] = {
    "kills": _kills,
    "failures": _failures,
    "power": _power,
    "damage": _damage,
}
"""The kinds of faults."""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
