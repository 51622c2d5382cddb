"""Power cuts: what was not synced is lost, in part and in any order."""

from __future__ import annotations

import os
import random
import shutil
import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.runner import KILLED, Runner
from tests.faults.scenes import Judge, Scene
from tests.faults.shim import KILL, Fault

WRITE, TRUNCATE, RENAME, UNLINK, SYNC = range(1, 6)
"""Kinds of records in the shim's journal."""
HEAD = struct.Struct("=5q")
SECTOR = 512
"""Bytes that a disk writes whole."""
Record = tuple[int, str, str, int, bytes]
"""Kind, path, other path, offset and data."""


def records(journal: Path) -> Iterator[Record]:
    """Read the shim's journal."""
    data, at = journal.read_bytes(), 0
    while at + HEAD.size <= len(data):
        kind, path, other, offset, length = HEAD.unpack_from(data, at)
        at += HEAD.size
        names = data[at : at + path].decode(), data[at + path : at + path + other].decode()
        at += path + other
        size = length if kind == WRITE else 0
        yield kind, *names, offset, data[at : at + size]
        at += size


@dataclass
class _File:
    """A file on the disk, and what is not synced of it."""

    synced: bytes
    pending: list[tuple[int, int, bytes]] = field(default_factory=list)
    """Kind, offset and data."""

    def write(self, kind: int, offset: int, data: bytes) -> None:
        self.pending.append((kind, offset, data))

    def sync(self) -> None:
        for each in self.pending:
            self.synced = _applied(self.synced, *each)
        self.pending.clear()

    def cut(self, draw: random.Random) -> bytes:
        """Return what is left: some of the pending writes, by sectors."""
        found = self.synced
        for kind, offset, data in self.pending:
            if draw.random() < 0.5:
                continue
            if kind == WRITE and draw.random() < 0.3:
                data = data[: draw.randrange(0, len(data) + 1, SECTOR)] if data else data
            found = _applied(found, kind, offset, data)
        return found


def _applied(content: bytes, kind: int, offset: int, data: bytes) -> bytes:
    if kind == TRUNCATE:
        return content[:offset].ljust(offset, b"\0")
    if not data:
        return content
    return content[:offset].ljust(offset, b"\0") + data + content[offset + len(data) :]


class Disk:
    """A folder on a disk that loses power."""

    def __init__(self, folder: Path) -> None:
        """Begin with what is in `folder`, all of it synced."""
        self._folder = folder
        self._files = {
            str(path): _File(path.read_bytes()) for path in folder.rglob("*") if path.is_file()
        }
        self._names = dict(self._files)
        """The names that survive a power cut."""
        self._changes: list[tuple[str, _File | None]] = []
        """Changes of names that do not, in order."""

    def replay(self, record: Record) -> None:
        """Carry out an operation."""
        kind, path, other, offset, data = record
        if kind in (WRITE, TRUNCATE):
            if path not in self._files:
                self._files[path] = _File(b"")
                self._changes.append((path, self._files[path]))
            self._files[path].write(kind, offset, data)
        elif kind == SYNC:
            self._sync(path)
        else:
            moved = self._files.pop(path, None) or _File(b"")
            self._changes.append((path, None))
            if kind == RENAME:
                self._files[other] = moved
                self._changes.append((other, moved))

    def _sync(self, path: str) -> None:
        if Path(path).is_dir():
            for name, file in self._changes:
                self._name(self._names, name, file)
            self._changes.clear()
        elif path in self._files:
            file = self._files[path]
            file.sync()
            if all(each is not file for each in self._names.values()):
                self._names[path] = file  # file systems write the name of a new file with it

    @staticmethod
    def _name(names: dict[str, _File], name: str, file: _File | None) -> None:
        if file is None:
            names.pop(name, None)
        else:
            names[name] = file

    def left(self, draw: random.Random) -> dict[str, bytes]:
        """Return what is left in each file if the power is cut now."""
        names = dict(self._names)
        for name, file in self._changes[: draw.randint(0, len(self._changes))]:
            self._name(names, name, file)  # file systems keep changes of names in order
        # The index of the log is a cache in memory.
        return {name: file.cut(draw) for name, file in names.items() if not name.endswith("-shm")}

    def cut(self, draw: random.Random) -> None:
        """Lose power: leave in the folder what is left."""
        shutil.rmtree(self._folder)
        self._folder.mkdir()
        for name, content in self.left(draw).items():
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def cut(runner: Runner, scene: Scene, to: Path, points: int, seed: int) -> Counter[str]:
    """Cut the power at `points` random operations of the scene's command; examine what is left.

    Returns:
        How often the old generation was served then, and how often the new one.
    """
    judge = Judge.of(runner, scene, to)
    draw = random.Random(seed)  # noqa: S311  # repeatable
    served: Counter[str] = Counter()
    journal = to.with_name(f"{to.name}.journal")
    for _ in range(points):
        place = scene.copied(to)
        place.data.mkdir(exist_ok=True)
        disk = Disk(place.data)
        # At the end too: what the command reported as done must survive.
        number = draw.randint(1, judge.work.counts[2] + 3)
        journal.unlink(missing_ok=True)
        done = place.act(runner, Fault(KILL, number, journal=os.fspath(journal)))
        assert done.status in (KILLED, 0), done
        for each in records(journal):
            disk.replay(each)
        disk.cut(draw)
        try:
            found = judge.examine(place)
            assert done.status == KILLED or found == "new" or judge.before == judge.after
        except AssertionError as error:
            raise AssertionError(f"{scene.name}: at {number}: {error}") from error
        served[found] += 1
    return served
