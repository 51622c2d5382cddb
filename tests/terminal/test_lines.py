"""Lines that a person types."""

from __future__ import annotations

import sys

import pytest

from bot.terminal.lines import editing
from tests.views.terminal.tty import Tty


def test_a_chat_does_without_termios(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "termios", None)  # as on Windows
    with editing(Tty("chips\n")) as nothing:
        assert nothing is None
