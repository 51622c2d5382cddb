"""What protects from the faults of `docs/reliability.md`, as `protections/*.toml` list it.

Each file is about one table. Each row of the table has the protections that its promise depends on,
or says why there is none to remove. A protection is a piece of the code, what it becomes without
the protection, and the tests that then fail.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.mutation.reach import ROOT

FOLDER = Path(__file__).with_name("protections")
DOCUMENT = ROOT / "docs" / "reliability.md"
OF_ALL_KINDS = "tests/faults/test_faults.py"
"""Has short versions of the long programs, which the document names."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a file."""

    file: str
    """Its path from the root of the repository."""
    old: str
    """A piece of it that occurs once."""
    new: str
    """What takes its place."""


@dataclass(frozen=True, slots=True)
class Protection:
    """A piece of the code that protects from a fault."""

    what: str
    """What it does, in a few words."""
    edits: tuple[Edit, ...]
    """What removes it; mostly one."""
    tests: tuple[str, ...]
    """Tests that all fail without it, as pytest names them; without brackets: one case of them."""


@dataclass(frozen=True, slots=True)
class Row:
    """What protects from one fault."""

    fault: str
    """The first cell of its row in the document."""
    protections: tuple[Protection, ...]
    without: str
    """Why a part of the row, or all of it, has none that could be removed; mostly empty."""


@dataclass(frozen=True, slots=True)
class Table:
    """What protects from the faults of one table."""

    name: str
    """Of the file, without its suffix."""
    title: str
    """The heading above the table in the document."""
    rows: tuple[Row, ...]


def tables(folder: Path = FOLDER) -> list[Table]:
    """Read all files of protections."""
    return [_table(path) for path in sorted(folder.glob("*.toml"))]


def _table(path: Path) -> Table:
    listed = tomllib.loads(path.read_text(encoding="utf-8"))
    return Table(path.stem, listed["table"], tuple(_row(each) for each in listed["row"]))


def _row(listed: Mapping[str, Any]) -> Row:
    protections = tuple(_protection(each) for each in listed.get("protection", []))
    return Row(listed["fault"], protections, listed.get("without", ""))


def _protection(listed: Mapping[str, Any]) -> Protection:
    edits = tuple(
        Edit(each["file"], each["old"], each["new"]) for each in (listed, *listed.get("also", []))
    )
    return Protection(listed["what"], edits, tuple(listed["tests"]))


def documented(title: str, document: str) -> dict[str, str]:
    """Return the rows of the table below a heading: the cell of the tests by that of the fault."""
    _, found, below = document.partition(f"\n## {title}\n")
    if not found:
        raise KeyError(title)
    lines = [each for each in below.partition("\n## ")[0].splitlines() if each.startswith("|")]
    cells = [[cell.strip() for cell in each.strip("|").split("|")] for each in lines[2:]]
    return {fault: test for fault, _, test, _ in cells}


def faults_of(row: Row, cell: str, root: Path = ROOT) -> list[str]:
    """Return what is wrong with the entries of a row, given the document's cell of its tests."""
    found = [] if row.protections or row.without else ["no protection, and no reason for that"]
    for each in row.protections:
        found += [f"{each.what}: {one}" for one in _faults(each, cell, root)]
    return found


def _faults(protection: Protection, cell: str, root: Path) -> list[str]:
    found = [fault for each in protection.edits for fault in _faults_of_edit(each, root)]
    if not protection.tests:
        found.append("no test")
    for each in protection.tests:
        path, _, name = each.partition("::")
        if not _is_named(path, cell):
            found.append(f"the document's row does not name {path}")
        if not (root / path).is_file():
            found.append(f"there is no {path}")
        elif not name or not _is_defined(name, (root / path).read_text(encoding="utf-8")):
            found.append(f"{path} has no test {name!r}")
    return found


def _faults_of_edit(edit: Edit, root: Path) -> list[str]:
    path = root / edit.file
    if not path.is_file():
        return [f"there is no {edit.file}"]
    source = path.read_text(encoding="utf-8")
    times = source.count(edit.old)
    if times != 1:
        return [f"{edit.file} has {edit.old!r} {times} times, not once"]
    if path.suffix == ".py":
        try:
            ast.parse(source.replace(edit.old, edit.new))
        except SyntaxError as error:
            return [f"{edit.file} is no Python without it: {error}"]
    return []


def _is_named(path: str, cell: str) -> bool:
    """Whether the document's cell names a file of tests, or a folder above it."""
    named: Sequence[str] = re.findall(r"`(tests/[^`]+)`", cell)
    long = any(each.startswith("tests/faults/") for each in named)
    return (path == OF_ALL_KINDS and long) or any(
        path == each or (each.endswith("/") and path.startswith(each)) for each in named
    )


def _is_defined(test: str, source: str) -> bool:
    return re.search(rf"def {re.escape(test.partition('[')[0])}\(", source) is not None
