"""The arguments of the terminal program, and their help."""

from __future__ import annotations

from pathlib import Path

import bot
from tests.conftest import Program


def test_wrong_usage_is_status_2(threadbot: Program) -> None:
    assert threadbot("ask").status == 2
    assert threadbot("frobnicate").status == 2
    assert threadbot("ask", "chips", "--limit", "0").status == 2


def test_version_and_help_need_no_library(threadbot: Program, tmp_path: Path) -> None:
    assert threadbot("--version").out == f"threadbot {bot.__version__}\n"
    assert "exit status" in threadbot("--help").out
    assert not (tmp_path / "data").exists()


def test_a_limit_that_is_no_number_is_said_to_be_none(threadbot: Program) -> None:
    assert "abc is not a positive whole number" in threadbot("ask", "chips", "--limit", "abc").err
