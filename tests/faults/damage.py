"""Bytes of a file change: a command gives the right answer or a clear error, never another."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from bot.store.migrations import FILE
from tests.faults.runner import Done, Runner
from tests.faults.scenes import OTHER_COMMANDS, QUESTIONS, Place, Scene, without_changing

PAGE = 4096
KINDS = ("flip", "zeroes", "cut")
"""A byte that changes, a page of zeroes, an end that is missing."""


def with_log(runner: Runner, scene: Scene, to: Path) -> Place:
    """Carry out the scene's command so that all it wrote is in the log only."""
    place = scene.copied(to.with_name(f"{to.name}-open"))
    with closing(sqlite3.connect(place.data / FILE)) as holder:
        holder.execute("SELECT count(*) FROM sqlite_master").fetchone()
        assert place.act(runner).status == 0
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(place.folder, to)
    return Place(scene, to)


def damage(path: Path, kind: str, draw: random.Random) -> str:
    """Damage a file somewhere; return what was done."""
    data = bytearray(path.read_bytes())
    at = draw.randrange(len(data))
    if kind == "flip":
        data[at] ^= draw.randint(1, 255)
    elif kind == "zeroes":
        at -= at % PAGE
        data[at : at + PAGE] = bytes(len(data[at : at + PAGE]))
    else:
        del data[at:]
    path.write_bytes(bytes(data))
    return f"{path.name}: {kind} at {at}"


def damaged(
    runner: Runner, whole: Path, scene: Scene, name: str, points: int, seed: int, to: Path
) -> Counter[str]:
    """Damage files of a library in `points` places, each on its own; run commands on each.

    Args:
        runner: runs commands.
        whole: the library's folder, with its seeds.
        scene: what it is of.
        name: a pattern of the files to damage.
        points: how many places.
        seed: of the random places.
        to: where to make copies.

    Returns:
        How many commands were right, and how many refused.
    """
    draw = random.Random(seed)  # noqa: S311  # repeatable
    commands = [*QUESTIONS, *OTHER_COMMANDS]
    place = _copied(whole, scene, to)
    right = {tuple(each): _shown(place, place.run(runner, each)) for each in commands}
    assert all(status in (0, 1) for status, _ in right.values()), right
    came: Counter[str] = Counter()
    for number in range(points):
        place = _copied(whole, scene, to)
        path = draw.choice(sorted(place.data.glob(name)))
        what = damage(path, KINDS[number % len(KINDS)], draw)
        for each in (QUESTIONS[0], *draw.sample(commands[1:], 2)):
            done = place.run(runner, each)
            came[_judged(what, each, done, _shown(place, done), right[tuple(each)])] += 1
    return came


def _judged(
    what: str, command: Sequence[str], done: Done, shown: tuple[int, str], right: tuple[int, str]
) -> str:
    """Return whether a command was right or refused.

    Raises:
        AssertionError: it was neither.
    """
    assert not done.has_trace, (what, command, done.err)
    if shown == right:
        return "right"
    assert done.status == 3, (what, command, done, right)
    assert "threadbot: " in done.err, (what, command, done)
    return "refused"


def _copied(whole: Path, scene: Scene, to: Path) -> Place:
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(whole, to)
    return Place(scene, to)


def _shown(place: Place, done: Done) -> tuple[int, str]:
    return done.status, without_changing(done.out, place.folder)
