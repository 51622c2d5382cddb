"""Which tests run which lines: recorded once, kept in the temporary folder."""

from __future__ import annotations

import getpass
import hashlib
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from coverage import Coverage

from tests.mutation import child
from tests.mutation.mutants import Scope
from tests.mutation.plugins import OPTIONS, Recorder

ROOT = Path(__file__).parent.parent.parent
BUDGET = 10.0
"""Seconds of tests that one mutant is worth beside those of the mirrored file, fastest first."""
Lines = dict[str, dict[int, set[str]]]
IMPORT = "import"
"""Stands for a test in what is recorded: what ran while modules were imported."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What each test runs."""

    seconds: dict[str, float]
    """How long each test takes, by its id."""
    lines: Lines
    """By file and line, the ids of the tests that run it, and `IMPORT`."""

    def at_import(self, path: str, scope: Scope) -> bool:
        """Tell whether the place is run while modules are imported, so that a test sees it late."""
        lines = self.lines.get(path, {})
        return scope.lines is None or any(IMPORT in lines.get(line, ()) for line in scope.lines)

    def tests(self, path: str, scope: Scope) -> list[str]:
        """Return the tests that could notice a change there, the nearest first."""
        lines = self.lines.get(path, {})
        wanted = lines if scope.lines is None else scope.lines
        found = set[str]().union(*(lines.get(line, ()) for line in wanted))
        if found == {IMPORT}:  # all that use the module may notice
            found = found.union(*lines.values())
        found -= {IMPORT}
        if not found:
            return []
        mirror = mirrors(path)
        found |= {test for test in self.seconds if test.startswith(mirror)}
        kept, spent = list[str](), 0.0
        for test in sorted(
            found, key=lambda test: (not test.startswith(mirror), self.seconds[test])
        ):
            near = test.startswith(mirror)
            spent += 0.0 if near else self.seconds[test]
            if near or spent < BUDGET:
                kept.append(test)
        return kept


def mirrors(path: str) -> str:
    """Return the file of the tests of `path`: tests/x/test_y.py for bot/x/y.py."""
    folder, _, name = path.removeprefix("bot/").rpartition("/")
    return "/".join(filter(None, ("tests", folder, f"test_{name}"))) + "::"


def record(files: Sequence[Path]) -> Reach:
    """Return what the tests in `files` run; only files that changed are run again."""
    kept = {file: _cache(file, key) for file, key in _keys(files).items()}
    stale = [file for file, cache in kept.items() if not cache.exists()]
    if stale:
        outcome = child.run(lambda _: _run(stale, kept))
        if outcome.status:
            message = f"the tests could not be recorded: {outcome.lines[-1:]}"
            raise RuntimeError(message)
    return _joined(json.loads(cache.read_bytes()) for cache in kept.values())


def _run(stale: Sequence[Path], caches: dict[Path, Path]) -> int:
    """Run the tests in this process and write what each file's tests run."""
    coverage = Coverage(data_file=None, source=["bot"], config_file=False)
    coverage.start()
    recorder = Recorder(coverage)
    options = [option for option in OPTIONS if option != "-x"]
    pytest.main([*options, *map(str, stale)], plugins=[recorder])
    coverage.stop()
    runs = _runs(coverage, recorder)
    for file in stale:
        prefix = f"{file.relative_to(ROOT).as_posix()}::"
        mine = {test: each for test, each in runs.items() if test.startswith((prefix, IMPORT))}
        seconds = {
            test: taken
            for test, taken in recorder.seconds.items()
            if test.startswith(prefix) and test not in recorder.failed
        }
        caches[file].write_text(json.dumps({"seconds": seconds, "runs": mine}), encoding="utf-8")
    return 0


def _runs(coverage: Coverage, recorder: Recorder) -> dict[str, dict[str, list[int]]]:
    """Return the lines of each file that each test runs, with those of its fixtures."""
    runs: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    data = coverage.get_data()
    users: dict[str, list[str]] = defaultdict(list)
    for test, names in recorder.fixtures.items():
        for name in names:
            users[f"fixture {name}"].append(test)
    for file in data.measured_files():
        path = Path(file).relative_to(ROOT).as_posix()
        for line, contexts in data.contexts_by_lineno(file).items():
            for context in contexts:
                for test in users.get(context, [context or IMPORT]):
                    runs[test][path].append(line)
    return runs


def _joined(kept: Iterable[dict[str, dict[str, dict[str, list[int]]]]]) -> Reach:
    seconds: dict[str, float] = {}
    lines: Lines = defaultdict(lambda: defaultdict(set))
    for one in kept:
        seconds |= one["seconds"]  # type: ignore[arg-type] # JSON: each key has its own shape
        for test, files in one["runs"].items():
            if test == IMPORT or test in one["seconds"]:
                for path, ran in files.items():
                    for line in ran:
                        lines[path][line].add(test)
    return Reach(seconds, lines)


def _keys(files: Sequence[Path]) -> dict[Path, str]:
    """Return for each file of tests a hash of all that its tests may depend on."""
    helpers = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "bot").rglob("*.so")]
    helpers += [
        file
        for file in (ROOT / "tests").rglob("*.py")
        if not file.name.startswith("test_") and "mutation" not in file.parts
    ]
    shared = _hash(helpers)
    dumps = _hash(file for file in (ROOT / "tests" / "dumps").rglob("*") if file.is_file())
    return {
        file: _hash([file], shared, dumps if b"dumps" in file.read_bytes() else "")
        for file in files
    }


def _hash(files: Iterable[Path], *more: str) -> str:
    digest = hashlib.sha256("|".join(more).encode())
    for file in sorted(files):
        digest.update(str(file).encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:32]


def _cache(file: Path, key: str) -> Path:
    folder = Path(tempfile.gettempdir()) / f"mutation-{getpass.getuser()}"
    folder.mkdir(exist_ok=True)
    return folder / f"{file.stem}-{key}.json"
