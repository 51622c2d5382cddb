"""Statistics for a terminal, and for a file."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from bot.reports import Tally
from bot.views.terminal import stats_output
from tests.views.figures import (
    SEED,
)
from tests.views.terminal.tty import ANSI, Tty


@pytest.mark.parametrize("columns", [60, 72, 80])
def test_no_command_is_broken_where_nothing_is_loaded(
    monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    empty = replace(
        SEED, dumps=0, complete=0, previews=0, tweets=0, months=(), hosts=(), authors=()
    )
    tty = Tty()
    stats_output.write_stats(replace(empty, dated=0, unknown=0), tty)
    lines = ANSI.sub("", tty.getvalue()).splitlines()
    assert any("`threadbot load PATH…`" in each for each in lines)
    assert max(map(len, lines)) <= columns


def test_a_file_gets_plain_lines_and_a_terminal_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "60")
    stats = replace(
        SEED, dated=37, first="2025-05-01", last="2025-06-01", authors=(Tally("anna", 30),)
    )
    stats = replace(stats, months=(Tally("2025-04", 30), Tally("2025-06", 7)), unknown=7)
    file, tty = io.StringIO(), Tty()
    stats_output.write_stats(stats, file)
    stats_output.write_stats(stats, tty)
    lines = file.getvalue().splitlines()
    assert lines[3:7] == ["Tweets per month", "30  Apr 2025", " 0  May 2025", " 7  Jun 2025"]
    assert "30  @anna" in lines
    assert lines[-1] == "7 more tweets do not name their author."
    assert "\x1b" not in file.getvalue()
    assert "█" not in file.getvalue()
    seen = ANSI.sub("", tty.getvalue())
    (april,) = [each for each in seen.splitlines() if each.startswith("Apr 2025")]
    (june,) = [each for each in seen.splitlines() if each.startswith("Jun 2025")]
    assert april.count("█") == 20
    assert june.count("█") == 4
    assert max(map(len, seen.splitlines())) <= 60
