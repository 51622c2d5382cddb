"""What a file and what a terminal get."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable

import pytest

from bot.views.terminal import output

ANSI = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b\]8;[^\x1b]*\x1b\\")
"""What styles text, and what begins and ends links."""
LINK = re.compile(r"\x1b\]8;[^;]*;([^\x1b]+)\x1b\\")
"""The beginning of a link, with where it leads."""


class Tty(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def plain(rows: Iterable[output.Row]) -> str:
    """What a file gets."""
    stream = io.StringIO()
    output.write(rows, stream)
    return stream.getvalue()


def coloured(
    rows: Iterable[output.Row], monkeypatch: pytest.MonkeyPatch, **environment: str
) -> str:
    """What a terminal gets."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    settings = {"TERM": "xterm-256color", "COLUMNS": "60", **environment}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    stream = Tty()
    output.write(rows, stream)
    return stream.getvalue()
