"""The n-th write or sync fails: the command says so, or succeeds, and the library stays whole."""

from __future__ import annotations

import errno
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.faults.runner import Runner
from tests.faults.scenes import Judge, Place, Scene
from tests.faults.shim import (
    FAIL_SYNC,
    FAIL_SYNCS,
    FAIL_WRITE,
    FAIL_WRITES,
    SYNCS,
    WRITES,
    Fault,
)

KINDS = (
    (FAIL_WRITE, errno.EIO, WRITES),
    (FAIL_WRITES, errno.ENOSPC, WRITES),
    (FAIL_SYNC, errno.EIO, SYNCS),
    (FAIL_SYNCS, errno.ENOSPC, SYNCS),
)
"""What fails, with which error, and what of it is counted."""


def faults(counts: Sequence[int], step: int) -> Iterator[Fault]:
    """Yield the faults of a command with so many writes and syncs: every `step`-th of each kind."""
    for mode, error, counted in KINDS:
        for number in range(1, counts[counted] + 1, step):
            yield Fault(mode, number, error)


def failed(runner: Runner, scene: Scene, to: Path, step: int = 1) -> Counter[str]:
    """Fail every `step`-th write and sync of the scene's command, and examine what is left.

    Returns:
        How often the command was refused with a clear message and how often it succeeded, and
        whether the old or the new generation was served then.

    Raises:
        AssertionError: something was not as it should be; says all that was not.
    """
    judge = Judge.of(runner, scene, to)
    came: Counter[str] = Counter()
    wrong: list[str] = []
    for fault in faults(judge.work.counts, step):
        try:
            came[_tried(judge, scene.copied(to), fault)] += 1
        except AssertionError as error:
            wrong.append(f"{fault}: {error}")
    assert not wrong, f"{len(wrong)} of {came.total() + len(wrong)}:\n" + "\n".join(wrong)
    return came


def _tried(judge: Judge, place: Place, fault: Fault) -> str:
    """Carry out the command with a fault; return whether it was refused, and what was left."""
    done = place.act(judge.runner, fault)
    assert not done.has_trace, done.err
    assert done.status in (0, 3), done
    if done.status == 3:
        assert "threadbot: " in done.err, done
        if fault.error == errno.ENOSPC and fault.mode == FAIL_WRITES:
            assert "disk is full" in done.err, done
    judge.find_leftovers(place)
    left = judge.examine(place)
    return f"{'refused' if done.status else 'done'}, {left}"
