"""`python -m tests`: every check there is. `python -m tests lint`: all but the tests themselves.

Tests run in random order, in one process per core; the seed at the top repeats an order with
`--randomly-seed=SEED`. Then comes the branch coverage of the pure core, files at 100 % left out.
What follows the verb `test` goes to pytest: `python -m tests test -k reload`.
"""

from __future__ import annotations

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
TEST = [*PYTEST, "-n", "auto", "--dist", "worksteal", "--cov", "--cov-report", "term-missing"]


def main(arguments: list[str]) -> int:
    """Run what is asked for, all of it even if some fails; 0 if all passed."""
    verb, *rest = arguments or ["all"]
    plans = {"all": [*LINT, TEST], "lint": list(LINT), "test": [[*PYTEST, *rest] if rest else TEST]}
    if verb not in plans:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    failed = [command for command in plans[verb] if subprocess.run(command, cwd=ROOT).returncode]
    for command in failed:
        sys.stderr.write(f"failed: {' '.join(command)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
