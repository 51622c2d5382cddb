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
        "all": [*LINT, TEST, SANITIZED],
        "lint": list(LINT),
        "test": [[*PYTEST, *rest] if rest else TEST],
    }
    if verb not in plans:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    failed = [command for command in plans[verb] if subprocess.run(command, cwd=ROOT).returncode]
    for command in failed:
        sys.stderr.write(f"failed: {' '.join(command)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
