"""How the program writes a command that runs it again."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bot.terminal.program import called_as, joined
from tests.conftest import Program


def test_words_are_quoted_for_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    assert joined(["ask", "it's $5"]) == """ask 'it'"'"'s $5'"""
    with monkeypatch.context() as on_windows:
        on_windows.setattr(os, "name", "nt")
        assert joined(["ask", "hard drives"]) == 'ask "hard drives"'


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """The installed program."""
    path = tmp_path / "bin" / "threadbot"
    path.parent.mkdir()
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_a_program_on_the_path_is_called_by_its_name(
    script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [str(script), "ask"])
    monkeypatch.setenv("PATH", str(script.parent))
    assert called_as() == ("threadbot",)
    monkeypatch.setenv("PATH", "/nowhere")
    assert called_as() == (str(script),)


def test_a_module_is_called_as_it_was(threadbot: Program) -> None:
    said = threadbot("suitcases of drives").err
    assert f"{sys.executable} -m bot ask 'suitcases of drives'" in said
