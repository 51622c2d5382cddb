"""The libraries that faults happen to, the commands they happen in, and what must be true after."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.store.migrations import FILE, MIGRATIONS
from bot.terminal.session import WORTH_A_WORKER
from tests.faults.runner import Done, Runner
from tests.faults.shim import Fault
from tests.store.test_migrations import old_store

QUESTIONS: Sequence[Sequence[str]] = (
    ("ask", "--json", "okapi shy"),
    ("dumps", "--json"),
    ("threads", "--json"),
)
"""What is asked to see which generation is served."""
OTHER_COMMANDS: Sequence[Sequence[str]] = (
    ("thread", "--json", "okapi 77"),
    ("ask", "zebra river"),
    ("stats", "--json"),
    ("threads",),
    ("history",),
)
"""Further commands that only read."""
CHANGING = {"took_ms", "generation", "version", "id"}
"""Keys of JSON that differ between equal answers."""
BOT = "a bot on Discord, with a reload"
"""Stands for a command: a bot at work on a Discord of the tests; somebody reloads the seeds."""
Answers = tuple[str, ...]
"""What the questions were answered."""
BACKUP = "b.zip"
"""The backup that is made again, in the folder of the library, where writes fail."""
VARYING = re.compile(r"[0-9a-f]{6,}|\d+")
"""What differs between names of files that are made for the same purpose."""
SIDE_FILES = {VARYING.sub("#", f"{FILE}-{each}") for each in ("wal", "shm", "journal")}
"""What SQLite has beside a store, and takes care of by itself."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A command on a library."""

    name: str
    """What it is called."""
    folder: Path
    """A folder with `data`, as it is before, `seeds` and files."""
    command: Sequence[str]
    """The command; its paths are relative to `folder`."""
    is_repeatable: bool = True
    """Whether the command may be given again after it was carried out."""
    is_damaged: bool = False
    """Whether the library is damaged before, so that questions may be refused."""

    def copied(self, to: Path) -> Place:
        """Make a copy to try a fault on."""
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(self.folder, to)
        return Place(self, to)


@dataclass(frozen=True, slots=True)
class Place:
    """A copy of a scene."""

    scene: Scene
    """The scene."""
    folder: Path
    """Where."""

    @property
    def data(self) -> Path:
        """The library's folder."""
        return self.folder / "data"

    def names(self) -> frozenset[str]:
        """Return what files and folders there are in the library's folder, by purpose."""
        found = (path.relative_to(self.data) for path in self.data.rglob("*"))
        return frozenset(VARYING.sub("#", str(each)) for each in found)

    def contents(self) -> Mapping[str, bytes]:
        """Return what is in each file of the library's folder; nothing for a folder."""
        return {
            str(path.relative_to(self.data)): b"" if path.is_dir() else path.read_bytes()
            for path in self.data.rglob("*")
        }

    def run(self, runner: Runner, arguments: Sequence[str], fault: Fault | None = None) -> Done:
        """Run a command on it."""
        return runner(self.data, *arguments, seeds=self.folder / "seeds", fault=fault)

    def act(self, runner: Runner, fault: Fault | None = None) -> Done:
        """Run the scene's command."""
        return self.run(runner, self.scene.command, fault)

    def answers(self, runner: Runner) -> Answers:
        """Ask all questions; each must be answered."""
        every = runner.all_of(self.data, QUESTIONS, seeds=self.folder / "seeds")
        assert len(every) == len(QUESTIONS), every
        for done in every:
            assert done.status in ((0, 1, 3) if self.scene.is_damaged else (0, 1)), done
            assert not done.has_trace, done.err
        return tuple(without_changing(each.out, self.folder) for each in every)


def without_changing(out: str, folder: Path) -> str:
    """Return JSON without what differs between equal answers; other text as it is."""
    out = out.replace(str(folder), "…")
    try:
        shape = json.loads(out)
    except ValueError:
        return out
    return json.dumps(_cleaned(shape), sort_keys=True)


def _cleaned(shape: object) -> object:
    if isinstance(shape, dict):
        return {key: _cleaned(value) for key, value in shape.items() if key not in CHANGING}
    return [_cleaned(each) for each in shape] if isinstance(shape, list) else shape


@dataclass(frozen=True, slots=True)
class Judge:
    """Knows what a scene's library answers before its command and after it."""

    runner: Runner
    """Runs commands."""
    before: Answers
    """The answers before."""
    after: Answers
    """The answers after."""
    work: Done
    """The command without a fault."""
    names: frozenset[str]
    """The files that there may be in the library's folder."""
    contents: Mapping[str, bytes]
    """What is in them before."""

    @classmethod
    def of(cls, runner: Runner, scene: Scene, to: Path) -> Judge:
        """Carry out the command without a fault."""
        place = scene.copied(to)
        names, contents = place.names() | SIDE_FILES, place.contents()
        before = place.answers(runner)
        names |= place.names()
        place = scene.copied(to)
        work = place.act(runner, Fault())
        assert work.status == 0, work
        names |= place.names()
        after = place.answers(runner)
        return cls(runner, before, after, work, names | place.names(), contents)

    def find_leftovers(self, place: Place) -> None:
        """Check that a command that was not killed left no file but those of a library."""
        left = place.names() - self.names
        assert not left, f"left behind: {sorted(left)}"
        backup = place.data / BACKUP
        if backup.exists():
            with zipfile.ZipFile(backup) as archive:
                assert archive.testzip() is None

    def examine(self, place: Place) -> str:
        """Check that a library survived a fault: whole, old or new, and the command succeeds.

        Returns:
            Which generation was served, old or new; or that no byte is different, as then the
            answers and the command's success are those that are known.
        """
        if place.contents() == self.contents:
            return "unchanged"
        found = place.answers(self.runner)
        if not (place.scene.is_damaged and self._is_refused(found)):
            assert found in (self.before, self.after), (found, self.before, self.after)
        assert integrity(place.data / FILE) == ["ok"]
        if place.scene.is_repeatable or found != self.after:
            again = place.act(self.runner)
            assert again.status == 0, again
        assert place.answers(self.runner) == self.after
        return "new" if found == self.after != self.before else "old"

    def _is_refused(self, found: Answers) -> bool:
        """Whether a damaged library refuses what it does not answer as before or after."""
        each = zip(found, self.before, self.after, strict=True)
        return all(one in ("", old, new) for one, old, new in each)


def integrity(path: Path) -> list[str]:
    """Return what SQLite's own check says."""
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("PRAGMA integrity_check")]


def saved(path: Path, about: str, first: int, count: int) -> None:
    """Save a file with `count` posts about something, as X exports them."""
    posts = [
        {
            "id_str": str(10**17 + each),
            "full_text": f"The {about} {each} is shy, as Anna wrote on day {each % 31}",
            "created_at": "Wed Oct 10 20:19:24 +0000 2018",
            "user": {"screen_name": "anna", "name": "Anna"},
        }
        for each in range(first, first + count)
    ]
    path.write_text(json.dumps(posts), encoding="utf-8")


def scenes(runner: Runner, folder: Path) -> Iterator[Scene]:
    """Make the scenes, each in a folder of its own below `folder`."""
    base = folder / "base"
    (base / "seeds").mkdir(parents=True)
    saved(base / "seeds" / "seed.json", "okapi", 0, 120)
    yield Scene("first", _with(base, folder / "first"), ("reload",))
    made = Place(Scene("base", base, ()), base)
    assert made.run(runner, ("ask", "okapi")).status == 0
    saved(base / "small.json", "heron", 500, 20)
    assert made.run(runner, ("load", "--yes", "small.json")).status == 0
    yield from _of_changes(base, folder)
    yield from _of_operations(runner, base, folder)
    for version in range(1, len(MIGRATIONS)):
        old = folder / f"migration-{version}"
        (old / "data").mkdir(parents=True)
        old_store(old / "data", version)
        yield Scene(old.name, old, ("threads",))


def _of_changes(base: Path, folder: Path) -> Iterator[Scene]:
    """Make the scenes in which a library changes."""
    loading = _with(base, folder / "load")
    saved(loading / "more.json", "okapi", 1000, 130)
    yield Scene("load", loading, ("load", "--yes", "more.json"))
    working = _with(loading, folder / "in-a-worker")
    with (working / "more.json").open("a") as file:
        file.write(" " * WORTH_A_WORKER)
    yield Scene(working.name, working, ("load", "--yes", "more.json"))
    reloading = _with(base, folder / "reload")
    saved(reloading / "seeds" / "seed.json", "okapi", 40, 120)
    saved(reloading / "seeds" / "other.json", "zebra", 2000, 30)
    yield Scene("reload", reloading, ("reload",))
    yield Scene("undo", _with(base, folder / "undo"), ("undo",), is_repeatable=False)
    forgetting = ("forget", "--yes", "--thread", "okapi 77")
    yield Scene("forget", _with(base, folder / "forget"), forgetting, is_repeatable=False)
    removing = ("remove", "--yes", "seed.json")
    yield Scene("remove", _with(base, folder / "remove"), removing, is_repeatable=False)
    filing = _with(base, folder / "filing")
    for each in (filing / "data").glob("index-*"):
        each.unlink()
    yield Scene("filing", filing, ("ask", "okapi"))
    yield Scene("bot", _with(reloading, folder / "bot"), (BOT,), is_repeatable=False)


def _of_operations(runner: Runner, base: Path, folder: Path) -> Iterator[Scene]:
    """Make the scenes in which a library is looked after."""
    backing = _with(base, folder / "backup")
    there = Place(Scene("there", backing, ()), backing)
    assert there.run(runner, ("backup", f"data/{BACKUP}")).status == 0
    yield Scene("backup", backing, ("backup", "--force", f"data/{BACKUP}"))
    restoring = _with(base, folder / "restore")
    there = Place(Scene("there", restoring, ()), restoring)
    assert there.run(runner, ("backup", "b.zip")).status == 0
    assert there.run(runner, ("remove", "--yes", "seed.json")).status == 0
    yield Scene("restore", restoring, ("restore", "--yes", "b.zip"))
    replacing = ("restore", "--yes", "--replace", "b.zip")
    yield Scene("replace", _with(restoring, folder / "replace"), replacing)
    yield Scene("erase", _with(restoring, folder / "erase"), ("erase", "--yes"))
    yield Scene("vacuum", _with(restoring, folder / "vacuum"), ("vacuum",))
    repairing = _with(base, folder / "repair")
    with closing(sqlite3.connect(repairing / "data" / FILE)) as connection, connection:
        connection.execute("UPDATE tweet SET text = text || '!' WHERE text LIKE '%okapi 77 %'")
    yield Scene("repair", repairing, ("repair", "--yes"), is_damaged=True)


def _with(base: Path, to: Path) -> Path:
    """Copy a folder, and return the copy."""
    shutil.copytree(base, to)
    return to
