"""`python -m tests`: every check there is. `python -m tests lint`: all but the tests.

Tests run in random order, in one process more than there are cores, as some wait; the seed at the
top repeats an order with `--randomly-seed=SEED`. Then comes the branch coverage of the pure core by
its own tests, files at 100 % left out.
What follows the verb `test` goes to pytest: `python -m tests test -k reload`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PYTHON = sys.executable

LINT = (
    [PYTHON, "-m", "ruff", "check", "."],
    [PYTHON, "-m", "ruff", "format", "--check", "."],
    [PYTHON, "-m", "mypy"],
    [str(Path(PYTHON).parent / "lint-imports")],
)
PYTEST = [PYTHON, "-m", "pytest"]
PROCESSES = str((os.cpu_count() or 1) + 1)
TEST = [*PYTEST, "-n", PROCESSES, "--dist", "worksteal", "--cov", "--cov-report", "term-missing"]
SANITIZED = [PYTHON, "-m", "tests.sanitized"]


def main(arguments: list[str]) -> int:
    """Run what is asked for, all of it even if some fails; 0 if all passed."""
    verb, *rest = arguments or ["all"]
    plans = {
        "all": [[SANITIZED, *LINT], [TEST]],
        "lint": [list(LINT)],
        "test": [[[*PYTEST, *rest] if rest else TEST]],
    }
    if verb not in plans:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    failed = [command for plan in plans[verb] for command in _failed(plan)]
    for command in failed:
        sys.stderr.write(f"failed: {' '.join(command)}\n")
    return 1 if failed else 0


def _failed(plan: list[list[str]]) -> list[list[str]]:
    """Run commands, the first beside the others, as each keeps one core busy; return which fail."""
    first, *others = plan
    with tempfile.TemporaryFile() as said:
        kept = said if others else None
        beside = subprocess.Popen(first, cwd=ROOT, stdout=kept, stderr=kept)
        failed = [each for each in others if subprocess.run(each, cwd=ROOT).returncode]
        if beside.wait():
            failed.append(first)
        said.seek(0)
        sys.stdout.write(said.read().decode(errors="replace"))
        sys.stdout.flush()
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
