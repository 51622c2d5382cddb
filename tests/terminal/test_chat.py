"""The chat in the terminal, run as its users run it."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import subprocess
import sys
import termios
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.library.library import Library
from bot.terminal.chat import HELP, converse
from tests.conftest import ROOT, SEEDS, Program


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


async def said(library: Library, *lines: str) -> str:
    """What a chat of these lines says, the greeting left out."""
    out = io.StringIO()
    await converse(library, io.StringIO("".join(f"{each}\n" for each in lines)), out)
    return out.getvalue().partition("or /help.\n")[2]


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[Library]:
    """A library of the seeds."""
    async with Library.open(tmp_path, SEEDS) as opened:
        yield opened


async def test_every_command_in_the_help_is_one(library: Library) -> None:
    commands = re.findall(r"^  (/\w+)", HELP, re.MULTILINE)
    assert len(commands) >= 8
    for each in commands:
        assert "Unknown command" not in await said(library, "hard drives", each)


async def test_an_unknown_command_says_which_there_are(library: Library) -> None:
    assert await said(library, "/nonsense") == f"Unknown command: /nonsense\n{HELP}"


async def test_an_empty_line_shows_the_help(library: Library) -> None:
    assert await said(library, "") == HELP
    assert await said(library, "/help") == HELP


async def test_a_question_may_be_asked_with_or_without_its_command(library: Library) -> None:
    assert await said(library, "/ask hard drives") == await said(library, "hard drives")
    assert "1. Chinese AI Companies" in await said(library, "hard drives")


async def test_a_number_reads_on_from_the_best_tweet_of_that_thread(library: Library) -> None:
    asked = await said(library, "hard drives")
    shown = (await said(library, "hard drives", "1")).removeprefix(asked)
    assert "16. To avoid raising suspicions" in shown
    assert "15. " not in shown


async def test_a_number_that_no_thread_of_the_answer_has_is_a_question(library: Library) -> None:
    assert "Searched for: 99 (0 tweets)" in await said(library, "99")
    assert "Searched for: 99 (0 tweets)" in await said(library, "hard drives", "99")


async def test_without_an_answer_the_commands_on_answers_are_unknown(library: Library) -> None:
    for command in ("/why", "/more", "/newest"):
        assert f"Unknown command: {command}\n" in await said(library, command)


async def test_the_scores_of_the_last_answer_are_explained(library: Library) -> None:
    plain = await said(library, "hard drives")
    assert "Score" not in plain
    assert "Score" in (await said(library, "hard drives", "/why")).removeprefix(plain)


async def test_the_pages_end(library: Library) -> None:
    lines = await said(library, "suitcases", "/more")
    assert lines.endswith("No more pages.\n")


async def test_the_thread_of_the_last_answer_is_shown_whole(library: Library) -> None:
    asked = await said(library, "hard drives")
    shown = (await said(library, "hard drives", "/thread")).removeprefix(asked)
    assert "19. " in shown
    assert "Which thread?" in await said(library, "/thread")


async def test_an_error_is_said_and_the_chat_goes_on(library: Library) -> None:
    lines = await said(library, "/thread zebra", "hard drives")
    assert lines.startswith("No thread matches “zebra”")
    assert "1. Chinese AI Companies" in lines


@pytest.mark.parametrize("leave", ["/quit", "/exit"])
async def test_nothing_is_read_after_it_is_left(library: Library, leave: str) -> None:
    lines = io.StringIO(f"{leave}\nhard drives\n")
    out = io.StringIO()
    await converse(library, lines, out)
    assert "Chinese" not in out.getvalue()
