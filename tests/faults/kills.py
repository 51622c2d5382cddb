"""`kill -9` at any operation on a file: the next start serves a whole generation."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

from tests.faults.runner import KILLED, Runner
from tests.faults.scenes import Judge, Scene
from tests.faults.shim import KILL, KILL_TORN, Fault

WORKER_DIED = "ended unexpectedly (status -9)"
"""What a command says whose worker was killed."""


def killed(
    runner: Runner, scene: Scene, to: Path, points: int, seed: int, *, at_end: bool = False
) -> Counter[str]:
    """Kill the scene's command at `points` random operations, and examine what is left.

    Args:
        runner: runs commands.
        scene: the command, and the library it works on.
        to: where to make copies.
        points: how many operations.
        seed: of the random ones.
        at_end: whether to take the last operations instead.

    Returns:
        How often the old generation was served then, and how often the new one.
    """
    judge = Judge.of(runner, scene, to)
    draw = random.Random(seed)  # noqa: S311  # repeatable
    served: Counter[str] = Counter()
    last = judge.work.counts[2]
    for number in range(points):
        if at_end:
            fault = Fault(KILL, last - number)
        else:
            fault = Fault(draw.choice((KILL, KILL_TORN)), draw.randint(1, last))
        place = scene.copied(to)
        done = place.act(runner, fault)
        # Threads take turns, so the number of operations varies a little.
        assert done.status in (KILLED, 0) or WORKER_DIED in done.err, (fault, done)
        try:
            served[judge.examine(place)] += 1
        except AssertionError as error:
            raise AssertionError(f"{scene.name}: {fault}: {error}") from error
    return served
