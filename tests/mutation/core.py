"""The pure core, and the tests that concern each module."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.mutation.reach import ROOT

ELSEWHERE = ("app", "gallery", "discord_server", "views", "mutation", "dumps", "terminal")
"""Folders of tests that are slow, or that only judge the modules they mirror."""
SLOW = frozenset({"test_cli.py", "test_discord_server.py", "test_docs.py", "test_privacy.py"})
"""Files of tests that start the program as a process, where no mutant reaches."""


def module_of(given: str) -> tuple[str, Path]:
    """Return the dotted name and the file of a module given by either.

    Raises:
        ValueError: there is no such module.
    """
    dotted = given.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    base = ROOT.joinpath(*dotted.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return dotted, path
    message = f"there is no module {given}"
    raise ValueError(message)


def core_modules() -> Iterator[str]:
    """Yield the dotted name of each module of the pure core, whose coverage is measured."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for pattern in project["tool"]["coverage"]["run"]["include"]:
        for file in sorted(ROOT.glob(pattern)):
            yield module_of(file.relative_to(ROOT).as_posix())[0]


def tests_for(module: str, given: Sequence[str]) -> list[Path]:
    """Return the files of tests that may judge `module`, or those in `given`."""
    if given:
        roots = [(ROOT / path).resolve() for path in given]
        files = [f for r in roots for f in (r.rglob("test_*.py") if r.is_dir() else [r])]
        return sorted(set(files))
    package = module.split(".")[1]
    if package == "loader":
        return sorted((ROOT / "tests" / "loader").rglob("test_*.py"))
    skipped = {ROOT / "tests" / folder for folder in ELSEWHERE if folder != package}
    return sorted(
        file
        for file in (ROOT / "tests").rglob("test_*.py")
        if not skipped.intersection(file.parents) and file.name not in SLOW
    )
