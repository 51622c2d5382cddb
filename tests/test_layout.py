"""The layout of the tests: they mirror `bot/` file by file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

BOT, TESTS = ROOT / "bot", ROOT / "tests"

TESTED_ELSEWHERE = {
    "library/snapshot/views.py": "library/snapshot/test_snapshot.py",
    "loader/intake.py": "loader/test_files.py",
    "loader/raw/line.py": "loader/raw/test_decode.py",
    "models.py": "views/test_json_output.py",
    "reports.py": "views/test_report_text.py",
}
"""Modules that only declare records, and the test file that says most about those."""

OF_MANY_MODULES = {
    "app/test_several_bots.py",  # several processes with one database
    "app/test_forged.py",  # custom ids that somebody else wrote
    "app/test_meanwhile.py",  # what others do in the middle of a change or an answer
    "library/test_any_order.py",  # any order of loads, in all formats
    "library/test_apart.py",  # what each guild may see, whatever is done
    "library/test_upgrades.py",  # libraries of every earlier version
    "loader/test_any_bytes.py",  # any bytes at all
    "loader/test_fixtures.py",  # the dumps in tests/dumps
    "loader/test_hostile_files.py",  # files made to be slow or large
    "loader/test_seed.py",  # the dump in seeds
    "loader/test_streams.py",  # files of any size in bounded memory
    "terminal/test_meanwhile.py",  # the same on the terminal
    "terminal/test_postgres.py",  # all commands on a library in PostgreSQL
    "test_deployment.py",  # the image, the compose file and the systemd unit
    "test_docs.py",
    "test_image.py",  # the image as it was built
    "test_imports.py",
    "test_layout.py",
    "test_packaging.py",
    "views/test_words.py",  # all screens in all languages
}
"""Test files that mirror no module, since they test what many modules do together."""

OF_C = "search/bm25/kernels"
"""Tests of the folder of C files of that name, each against its NumPy twin."""

TOOLS = {"discord_server", "faults", "fuzz", "gallery", "mutation", "sanitized"}
"""Packages that tests run with, and that test themselves."""
OF_TOOLS = {"test_discord_server.py"}
"""Test files of such a package, beside it."""


def modules() -> list[str]:
    """Return every module of `bot/` that holds code, by its path from there."""
    found = (path.relative_to(BOT).as_posix() for path in BOT.rglob("*.py"))
    return sorted(each for each in found if Path(each).name not in ("__init__.py", "__main__.py"))


def files_of_tests() -> Iterator[str]:
    """Yield every file of tests of `bot/`, by its path from `tests/`."""
    for path in TESTS.rglob("test_*.py"):
        within = path.relative_to(TESTS)
        if within.parts[0] not in TOOLS and within.as_posix() not in OF_TOOLS:
            yield within.as_posix()


def mirrored(module: str) -> str:
    """Return the test file of `module`, by its path from `tests/`."""
    return Path(module).with_name(f"test_{Path(module).name}").as_posix()


def test_each_module_has_a_test_file_or_says_where_it_is_tested() -> None:
    without = [each for each in modules() if not (TESTS / mirrored(each)).exists()]
    assert without == sorted(TESTED_ELSEWHERE)


def test_each_test_file_mirrors_a_module_or_is_of_many() -> None:
    of_modules = {mirrored(each) for each in modules()}
    others = {each for each in files_of_tests() if not each.startswith(OF_C)} - of_modules
    assert sorted(others) == sorted(OF_MANY_MODULES)


@pytest.mark.parametrize("module", TESTED_ELSEWHERE)
def test_a_module_without_a_test_file_only_declares_records(module: str) -> None:
    source = (BOT / module).read_text(encoding="utf-8")
    assert "@dataclass" in source
    assert "    if " not in source
    assert "    for " not in source


@pytest.mark.parametrize(("module", "file"), TESTED_ELSEWHERE.items())
def test_the_file_that_tests_such_a_module_uses_it(module: str, file: str) -> None:
    dotted = "bot." + module.removesuffix(".py").replace("/", ".")
    assert f"from {dotted} import" in (TESTS / file).read_text(encoding="utf-8")


def test_each_folder_of_tests_mirrors_a_folder_of_the_bot() -> None:
    packages = {path.parent.relative_to(TESTS).as_posix() for path in TESTS.rglob("__init__.py")}
    own = {each for each in packages if each.split("/")[0] in TOOLS}
    assert [each for each in sorted(packages - own) if not (BOT / each).is_dir()] == []
