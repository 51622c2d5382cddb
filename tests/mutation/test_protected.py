"""The list of protections, held against the code and the document of faults."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.mutation.protected import (
    DOCUMENT,
    Edit,
    Protection,
    Row,
    Table,
    documented,
    faults_of,
    tables,
)

TABLES = tables()
TEXT = DOCUMENT.read_text(encoding="utf-8")


def test_each_table_of_faults_has_a_list() -> None:
    headings = re.findall(r"^## (.+)$", TEXT, re.MULTILINE)
    without = {"Fuzzing"}  # it tries what nobody has thought of
    assert {each.title for each in TABLES} == {*headings} - without


@pytest.mark.parametrize("table", TABLES, ids=[each.name for each in TABLES])
def test_each_row_of_the_document_has_its_protections_or_says_why_not(table: Table) -> None:
    assert [each.fault for each in table.rows] == list(documented(table.title, TEXT))


@pytest.mark.parametrize("table", TABLES, ids=[each.name for each in TABLES])
def test_each_protection_is_in_its_file_once_and_its_tests_are_those_of_the_row(
    table: Table,
) -> None:
    cells = documented(table.title, TEXT)
    wrong = [
        f"{row.fault}: {each}"
        for row in table.rows
        for each in faults_of(row, cells.get(row.fault, ""))
    ]
    assert wrong == []


def test_what_is_wrong_with_an_entry_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("if late:\n    stop()\n", encoding="utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text("def test_late():\n    ...\n", encoding="utf-8")

    def wrong(old: str, new: str, test: str) -> str:
        protection = Protection("It stops", (Edit("a.py", old, new),), (test,))
        row = Row("Too late", (protection,), "")
        return "; ".join(faults_of(row, "`tests/test_a.py`", tmp_path))

    whole = "tests/test_a.py::test_late"
    assert wrong("if late", "if False", whole) == ""
    assert "0 times" in wrong("if early", "if False", whole)
    assert "no Python" in wrong("if late", "if", whole)
    assert "no test 'test_early'" in wrong("if late", "if False", "tests/test_a.py::test_early")
    assert "does not name tests/b.py" in wrong("if late", "if False", "tests/b.py::test_late")
    assert faults_of(Row("Too late", (), ""), "") == ["no protection, and no reason for that"]
    assert faults_of(Row("Too late", (), "Tried by hand."), "") == []
