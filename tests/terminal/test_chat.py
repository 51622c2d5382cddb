"""The chat in the terminal, run as its users run it."""

from __future__ import annotations

import fcntl
import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from bot.terminal.chat import _editing
from tests.conftest import ROOT, Program
from tests.views.terminal.tty import Tty


def test_alone_it_is_a_chat_and_says_so(threadbot: Program) -> None:
    done = threadbot(said="hard drives\n1\n/thread\n/threads\n/help\n/nonsense\n/thread zebra\n")
    assert done.status == 0
    assert "DISCORD_TOKEN is not set, so Threadbot runs as a chat" in done.out
    assert "1. Chinese AI Companies Dodge" in done.out
    assert "16. To avoid raising suspicions" in done.out
    assert "Unknown command: /nonsense\n" in done.out
    assert "No thread matches “zebra”" in done.out


def test_chat_leaves_when_told(threadbot: Program) -> None:
    done = threadbot("chat", said="/quit\nhard drives\n")
    assert done.status == 0
    assert "Chinese" not in done.out


def test_chat_tells_what_is_served_and_what_is_kept(threadbot: Program) -> None:
    done = threadbot("chat", said="/about\n/quit\n")
    assert "generation 1" in done.out
    assert "Your questions are never stored." in done.out


def test_chat_reloads(threadbot: Program, seeds: Path) -> None:
    settings = {"THREADBOT_SEEDS": str(seeds)}
    threadbot("threads", settings=settings)
    (seeds / "more.txt").write_text("A second dump about okapis\n", encoding="utf-8")
    done = threadbot("chat", said="/reload\nokapi\n", settings=settings)
    assert "+1 tweet. The library now has 38 tweets in 8 threads" in done.out
    assert "A second dump about okapis" in done.out


def test_a_chat_does_without_termios(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "termios", None)  # as on Windows
    with _editing(Tty("chips\n")) as nothing:
        assert nothing is None


def test_ctrl_c_ends_a_chat_at_a_terminal(threadbot: Program) -> None:
    ours, theirs = pty.openpty()
    chat = subprocess.Popen(
        [sys.executable, "-m", "bot", "chat"],
        cwd=threadbot.folder,
        env={**os.environ, **threadbot.settings, "PYTHONPATH": str(ROOT)},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # so that Ctrl-C is a signal
    )
    os.close(theirs)
    seen = b""
    while b"ask> " not in seen:
        seen += os.read(ours, 4096)
    os.write(ours, b"\x03")
    assert chat.wait(timeout=30) == 130
    os.close(ours)
