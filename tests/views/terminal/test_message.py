"""Messages on a terminal and in a file."""

from __future__ import annotations

import io

import pytest

from bot.views.terminal import message
from tests.views.terminal.tty import Tty

COMMAND = "threadbot thread 15e2ef4b6f90 --from 7 --save some-file-with-a-long-name.md"
TEXT = (
    "Nothing is loaded yet. Load files with `threadbot load PATH…`, or put saved threads into a "
    f"folder.\n  {COMMAND}"
)


def test_a_terminal_gets_whole_words_and_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    for columns in range(30, 90):
        monkeypatch.setenv("COLUMNS", str(columns))
        stream = Tty()
        message.write(TEXT, stream)
        *lines, last = stream.getvalue().splitlines()
        assert max(map(len, lines)) <= columns
        assert any("`threadbot load PATH…`" in each for each in lines)
        assert " ".join(lines) == TEXT.splitlines()[0]
        assert last == f"  {COMMAND}"


def test_a_command_at_the_end_has_its_own_line_if_need_be(monkeypatch: pytest.MonkeyPatch) -> None:
    def shown(columns: int) -> list[str]:
        monkeypatch.setenv("COLUMNS", str(columns))
        stream = Tty()
        message.write("threadbot: --page 2: only 1 page. Type: threadbot ask 'a b'", stream)
        return stream.getvalue().splitlines()

    assert shown(80) == ["threadbot: --page 2: only 1 page. Type: threadbot ask 'a b'"]
    assert shown(50) == ["threadbot: --page 2: only 1 page. Type:", "  threadbot ask 'a b'"]


def test_a_file_gets_the_lines_as_they_are() -> None:
    stream = io.StringIO()
    message.write(f"{TEXT}\x1b", stream)
    assert stream.getvalue() == f"{TEXT}␛\n"
