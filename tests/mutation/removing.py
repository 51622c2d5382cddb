"""Removes each protection once and runs its tests: `python -m tests.mutation protections`.

In a copy of the working tree. Prints each protection with the tests that failed without it. Exits
with 1 if one survives: if a test that is named for it passes without it.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import cache_from_source
from os import environ
from pathlib import Path

from tests.mutation.protected import Edit, Protection, tables
from tests.mutation.reach import ROOT

LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "data", "build", "dist", "*.egg-info")
PATIENCE = 300
"""Seconds for the tests of one protection; they fail if they take longer."""
OF_A_TEST = 40
"""Seconds for one of them."""
OUTCOMES = ("PASSED", "FAILED", "ERROR", "SKIPPED", "XFAIL")


@dataclass(frozen=True, slots=True)
class Removal:
    """A protection to remove, and where it is listed."""

    table: str
    fault: str
    protection: Protection


def main(arguments: Sequence[str]) -> int:
    """Run the command; 0 if tests fail without each protection."""
    options = _options(arguments)
    chosen = list(_chosen(options.table, " ".join(options.words).casefold()))
    if not chosen:
        sys.stderr.write("No protection is listed by these words.\n")
        return 2
    with tempfile.TemporaryDirectory(prefix="protections-") as folder:
        root = Path(folder, "tree")
        shutil.copytree(ROOT, root, ignore=LEFT_OUT)
        tests = sorted({test for each in chosen for test in each.protection.tests})
        whole = outcomes(root, tests, PATIENCE * len(chosen))
        unfit = [each for each in tests if came(each, whole) != "passed"]
        for each in unfit:
            sys.stdout.write(f"WITH ALL PROTECTIONS: {each}: {came(each, whole)}\n")
        survived = sum(not _judged(each, root) for each in chosen)
    sys.stdout.write(f"{len(chosen) - survived} of {len(chosen)} protections are tested.\n")
    return 1 if survived or unfit else 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation protections")
    parser.description = __doc__
    parser.add_argument("words", nargs="*", help="only those whose entry has these words")
    parser.add_argument("--table", help="only those of protections/TABLE.toml")
    return parser.parse_args(arguments)


def _chosen(table: str | None, words: str) -> Iterator[Removal]:
    for listed in tables():
        for row in listed.rows if table in (None, listed.name) else ():
            for each in row.protections:
                entry = (row.fault, each.what, *each.tests, *(edit.file for edit in each.edits))
                if words in "\n".join(entry).casefold():
                    yield Removal(listed.name, row.fault, each)


def _judged(removal: Removal, root: Path) -> bool:
    """Remove a protection, say what its tests made of that, and return whether all failed."""
    protection = removal.protection
    began = time.monotonic()
    with removed(protection.edits, root):
        found = outcomes(root, protection.tests, PATIENCE)
    came_of = {each: came(each, found) for each in protection.tests}
    caught = all(each == "failed" for each in came_of.values())
    sys.stdout.write(
        f"{'caught' if caught else 'SURVIVES'} {time.monotonic() - began:.0f} s  "
        f"{removal.table}: {removal.fault[:60]}: {protection.what}\n"
    )
    for test, outcome in came_of.items():
        sys.stdout.write(f"    {outcome}: {test}\n")
    sys.stdout.flush()
    return caught


@contextmanager
def removed(edits: Sequence[Edit], root: Path) -> Iterator[None]:
    """Change files below `root` for a while."""
    before = {each.file: (root / each.file).read_text(encoding="utf-8") for each in edits}
    try:
        for each in edits:
            path = root / each.file
            _write(path, path.read_text(encoding="utf-8").replace(each.old, each.new))
        yield
    finally:
        for file, source in before.items():
            _write(root / file, source)


def _write(path: Path, source: str) -> None:
    """Write a file, and delete what Python has compiled of it, which may look as new."""
    path.write_text(source, encoding="utf-8")
    if path.suffix == ".py":
        Path(cache_from_source(str(path))).unlink(missing_ok=True)


def outcomes(root: Path, tests: Sequence[str], seconds: float) -> dict[str, str]:
    """Run tests and return what came of each case: a word of OUTCOMES, or nothing if it hung."""
    command = [sys.executable, "-m", "pytest", "-p", "no:randomly", "-p", "no:cacheprovider"]
    command += ["-q", "-rA", "--tb=no", "--no-header", f"--timeout={OF_A_TEST}", *tests]
    own = {**environ, "PYTHONPATH": str(root)}
    try:
        done = subprocess.run(
            command, cwd=root, env=own, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return dict.fromkeys(tests, "FAILED")
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    words = (each.split(" ", 1) for each in lines if each.startswith(OUTCOMES))
    return {rest.partition(" - ")[0]: word for word, rest in (each for each in words if each[1:])}


def came(test: str, found: dict[str, str]) -> str:
    """Return what came of a test: failed if one case of it did, passed if all passed."""
    cases = [word for case, word in found.items() if case == test or case.startswith(f"{test}[")]
    if "FAILED" in cases or "ERROR" in cases:
        return "failed"
    return "passed" if cases and set(cases) == {"PASSED"} else "not run"
