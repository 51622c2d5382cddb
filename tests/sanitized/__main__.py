"""`python -m tests.sanitized`: tests the C kernels under sanitizers, and measures coverage.

Two builds run the same tests: one with AddressSanitizer and UBSan, one with gcov's counters. The
command fails if a test fails, if a sanitizer finds a fault or a leak, or if a line or branch of the
C code does not run and no reason stands beside it. Without gcc and its libraries it does nothing,
which is an error if the variable CI is set.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.sanitized.build import (
    Build,
    Unavailable,
    build_counted,
    build_sanitized,
    environment_of,
    find_gcc,
    leaks,
)
from tests.sanitized.coverage import exceptions, missing, read_coverage, table

ROOT = Path(__file__).parent.parent.parent
TESTS = "tests/search/bm25/kernels"
SEED = "--hypothesis-seed=0"
"""For the build that counts: the same examples each time. The other one has new ones."""


def main() -> int:
    """Build, test and measure; 0 if all is well."""
    try:
        gcc = find_gcc()
    except Unavailable as why:
        sys.stderr.write(f"The kernels are not tested under sanitizers: {why}.\n")
        return 1 if os.environ.get("CI", "").lower() in ("1", "true") else 0
    with TemporaryDirectory(prefix="threadbot-") as temporary:
        folder = Path(temporary)
        sanitized = build_sanitized(gcc, folder / "sanitized")
        counted = build_counted(gcc, folder / "counted")
        runs = {"sanitized": _start(sanitized), "counted": _start(counted, SEED)}
        passed = [_passed(name, run) for name, run in runs.items()]
        if not all(passed):
            return 1
        return _measure(counted.library.parent)


def _start(build: Build, *options: str) -> subprocess.Popen[str]:
    """Begin the tests with a build of the kernels."""
    # Sanitizers write to the file, not to sys.stderr: pytest must not keep that.
    pytest = ["-q", "--capture=sys", "-p", "no:cacheprovider", *options, TESTS]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.sanitized.run", str(build.library), *pytest],
        cwd=ROOT,
        env=environment_of(build),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _passed(name: str, run: subprocess.Popen[str]) -> bool:
    """Wait for a run, and print how it ended; all that it wrote if it failed."""
    output, _ = run.communicate()
    if run.returncode:
        sys.stdout.write(f"{output}\n{name}: failed with status {run.returncode}\n")
        return False
    (summary,) = [line for line in output.splitlines() if " passed in " in line]
    leaked = leaks(output)
    sys.stdout.write("\n".join([f"{name}: {summary}", *leaked, ""]))
    return not leaked


def _measure(folder: Path) -> int:
    """Print what was covered; 1 if anything was not."""
    covered = read_coverage(folder)
    sys.stdout.write(f"{table(covered)}\n")
    for each in exceptions():
        sys.stdout.write(f"not counted: {each}\n")
    if covered and all(each.complete for each in covered):
        return 0
    sys.stdout.write(missing(folder))
    return 1


if __name__ == "__main__":
    sys.exit(main())
