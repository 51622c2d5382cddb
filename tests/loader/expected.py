"""`python -m tests.loader.expected`: write the `.expected.json` beside each dump in `tests/dumps`.

It names every file that it changes. Read these before you commit them: the loader may be wrong.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.loader.test_fixtures import PAIRS, as_expected_files_say_it


def write_expected(path: Path) -> bool:
    """Write the loader's result for the dump at `path`, if it differs from the file's."""
    expected = path.with_suffix(".expected.json")
    found = as_expected_files_say_it(path.read_bytes(), path.name)
    if expected.exists() and json.loads(expected.read_text(encoding="utf-8")) == found:
        return False
    expected.write_text(f"{json.dumps(found, ensure_ascii=False, indent=2)}\n", encoding="utf-8")
    return True


def main() -> None:
    """Update all pairs."""
    for path in PAIRS:
        if write_expected(path):
            sys.stdout.write(f"{path.with_suffix('.expected.json').name}\n")


if __name__ == "__main__":
    main()
