"""What a test run covered of the C code, as gcovr reads it from gcov's counters."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.sanitized.build import SOURCES

NO_KERNEL = "checked.c"
"""What the checked build adds: its faults end the process, so they cannot be counted."""
EXCEPTION = re.compile(r"GCOVR_EXCL_\w+:? *(?:\d+/\d+ )?(?P<reason>.*?) *(?:\*/|$)")


@dataclass(frozen=True, slots=True)
class Covered:
    """What was run of one file."""

    name: str
    """The file's name."""
    lines: tuple[int, int]
    """How many lines ran, of how many."""
    branches: tuple[int, int]
    """How many branches were taken, of how many."""

    @property
    def complete(self) -> bool:
        """Whether all was run."""
        return self.lines[0] == self.lines[1] and self.branches[0] == self.branches[1]


def read_coverage(folder: Path) -> list[Covered]:
    """What was run of each file, from the counters in `folder`."""
    summary = json.loads(_gcovr(folder, "--json-summary"))
    return [
        Covered(
            each["filename"],
            (each["line_covered"], each["line_total"]),
            (each["branch_covered"], each["branch_total"]),
        )
        for each in summary["files"]
    ]


def missing(folder: Path) -> str:
    """gcovr's tables with the numbers of all lines that lack something."""
    return _gcovr(folder, "--txt") + _gcovr(folder, "--txt", "--txt-metric", "branch")


def exceptions() -> list[str]:
    """The branches that need not be taken, each with its reason, as the sources have them."""
    return [
        f"{source.name}:{number}: {found['reason']}"
        for source in sorted(SOURCES.glob("*.[ch]"))
        for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), start=1)
        if (found := EXCEPTION.search(line))
    ]


def table(covered: list[Covered]) -> str:
    """A line for each file."""
    rows = [f"{'file':<14}{'lines':>14}{'branches':>14}"]
    rows += [f"{each.name:<14}{_share(each.lines)}{_share(each.branches)}" for each in covered]
    return "\n".join(rows)


def _share(part: tuple[int, int]) -> str:
    done, every = part
    return f"{f'{done}/{every}':>9}{100 * done // max(every, 1):>4}%"


def _gcovr(folder: Path, *options: str) -> str:
    """What gcovr prints."""
    command = [sys.executable, "-m", "gcovr", "--root", str(SOURCES), "--exclude", NO_KERNEL]
    objects = ["--gcov-object-directory", str(folder), str(folder)]
    done = subprocess.run(
        [*command, *options, *objects], capture_output=True, text=True, check=True, cwd=SOURCES
    )
    return done.stdout
