"""The command that removes protections."""

from __future__ import annotations

from pathlib import Path

from tests.mutation.protected import Edit
from tests.mutation.removing import came, outcomes, removed


def test_a_protection_is_removed_and_its_tests_fail(tmp_path: Path) -> None:
    (tmp_path / "guard.py").write_text("LIMIT = 10\n", encoding="utf-8")
    (tmp_path / "test_guard.py").write_text(
        "import pytest\nimport guard\n\n\n"
        "@pytest.mark.parametrize('most', [9, 11])\n"
        "def test_limit(most):\n    assert most < 12 and guard.LIMIT < 12\n\n\n"
        "def test_other():\n    pass\n",
        encoding="utf-8",
    )
    tests = ["test_guard.py::test_limit", "test_guard.py::test_other", "test_guard.py::test_none"]
    assert came(tests[0], outcomes(tmp_path, tests[:2], 60)) == "passed"
    with removed([Edit("guard.py", "10", "12")], tmp_path):
        found = outcomes(tmp_path, tests[:2], 60)
    assert [came(each, found) for each in tests] == ["failed", "passed", "not run"]
    assert (tmp_path / "guard.py").read_text(encoding="utf-8") == "LIMIT = 10\n"
