"""`python -m tests.loader.expected`: write the `.expected.json` beside each dump in `tests/dumps`.

It names every file that it changes. Read these before you commit them: the loader may be wrong.

`python -m tests.loader.expected table FOLDER … [--right FILE]` prints instead what each file in
folders of other dumps is read as. FILE is JSON that says what is right:
`{"file": {"threads": 1, "tweets": 3}}`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.errors import DumpError
from bot.loader.parser import read_dump
from bot.models import Metadata
from tests.loader.test_fixtures import PAIRS, as_expected_files_say_it

LONGEST_NOTICES = 200
"""Characters of a file's notices in the table."""


def write_expected(path: Path) -> bool:
    """Write the loader's result for the dump at `path`, if it differs from the file's."""
    expected = path.with_suffix(".expected.json")
    found = as_expected_files_say_it(path.read_bytes(), path.name)
    if expected.exists() and json.loads(expected.read_text(encoding="utf-8")) == found:
        return False
    expected.write_text(f"{json.dumps(found, ensure_ascii=False, indent=2)}\n", encoding="utf-8")
    return True


def table(folders: Sequence[Path], right: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a Markdown table of all files in `folders`, but for descriptions."""
    yield "| file | format | threads | tweets | notices | right |"
    yield "|---|---|---|---|---|---|"
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    dumps = [path for path in files if not (path.suffix == ".md" and _is_description(path))]
    for path in dumps:
        yield row(path, right.get(path.name))
    yield f"\n{len(dumps)} files"


def _is_description(path: Path) -> bool:
    return path.name == "README.md" or "\nSeverity: " in path.read_text(encoding="utf-8")


def row(path: Path, right: Mapping[str, Any] | None) -> str:
    """Return what the file at `path` is read as, as a row of the table."""
    given = right or {}
    try:
        dump = read_dump(path.read_bytes(), path.name, Metadata(author=given.get("author")))
    except DumpError as error:
        name, said = "refused", [str(error.reason)]
        counts = {"threads": 0, "tweets": 0}
    else:
        name = dump.format
        tweets = sum(len(thread.tweets) for thread in dump.threads)
        counts = {"threads": len(dump.threads), "tweets": tweets}
        said = [each.message for each in dump.notices] + ([str(dump.doubt)] if dump.doubt else [])
    wanted = {key: given[key] for key in counts if key in given}
    verdict = "not judged" if not wanted else "yes" if wanted.items() <= counts.items() else "no"
    notices = f"{len(said)}: {'; '.join(dict.fromkeys(said))}"[:LONGEST_NOTICES] if said else "0"
    notices = notices.replace("|", "\\|").replace("\n", " ")
    cells = (path.name, name, counts["threads"], counts["tweets"], notices, verdict)
    return f"| {' | '.join(map(str, cells))} |"


def main() -> None:
    """Update all pairs, or print the table."""
    parser = argparse.ArgumentParser(prog="tests.loader.expected")
    parser.add_argument("what", nargs="?", choices=["table"])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--right", type=Path)
    given = parser.parse_args()
    if given.what == "table":
        right = json.loads(given.right.read_text(encoding="utf-8")) if given.right else {}
        for line in table(given.folders, right):
            sys.stdout.write(f"{line}\n")
        return
    for path in PAIRS:
        if write_expected(path):
            sys.stdout.write(f"{path.with_suffix('.expected.json').name}\n")


if __name__ == "__main__":
    main()
