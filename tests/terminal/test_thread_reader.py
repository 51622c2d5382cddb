"""A long thread on a terminal stops at each page."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tests.conftest import Program
from tests.terminal.on_terminal import Terminal, on_terminal
from tests.views.terminal.tty import ANSI, LINK

MORE = "(Enter: next page, q: stop) "


def test_the_screen_stops_after_each_page(threadbot: Program) -> None:
    with on_terminal(threadbot, "thread", "suitcases") as terminal:
        terminal.wait_for(MORE)
        terminal.type("\n" * 19)
        shown = ANSI.sub("", terminal.rest())
        assert terminal.status() == 0
    assert re.findall(r"^(\d+)\. ", shown, re.MULTILINE) == [str(each) for each in range(1, 20)]
    pages = shown.split(MORE)
    assert len(pages) > 3
    assert all(each.count("\n") <= 24 for each in pages)


def test_it_ends_when_told(threadbot: Program) -> None:
    with on_terminal(threadbot, "thread", "suitcases", "--from", "5") as terminal:
        terminal.wait_for(MORE)
        terminal.type("q\n")
        shown = ANSI.sub("", terminal.rest())
        assert terminal.status() == 0
    assert re.findall(r"^(\d+)\. ", shown, re.MULTILINE)[0] == "5"
    assert "19. " not in shown


def test_keys_turn_back_and_an_unknown_one_is_explained(threadbot: Program) -> None:
    def typed(terminal: Terminal, key: str) -> str:
        terminal.type(f"{key}\n")
        return ANSI.sub("", terminal.wait_for(MORE))

    with on_terminal(threadbot, "thread", "suitcases") as terminal:
        first = ANSI.sub("", terminal.wait_for(MORE))
        assert "This is the first page." in typed(terminal, "p")
        second = typed(terminal, "")
        for back, on in (("p", "n"), ("b", "")):
            assert first.splitlines()[-2] in typed(terminal, back)
            assert second.splitlines()[-2] in typed(terminal, on)
        assert "“x” is no key here. Enter or n: next page; p or b:" in typed(terminal, "x")
        terminal.type("q\n")
        assert terminal.status() == 0


def test_ctrl_c_ends_it(threadbot: Program) -> None:
    with on_terminal(threadbot, "thread", "suitcases") as terminal:
        terminal.wait_for(MORE)
        terminal.type("\x03")
        assert terminal.status() == 130


def test_a_short_thread_does_not_stop(threadbot: Program) -> None:
    with on_terminal(threadbot, "thread", "robots", lines=60) as terminal:
        assert MORE not in terminal.rest()
        assert terminal.status() == 0


def test_a_chat_at_a_terminal_turns_pages_and_opens_hits(threadbot: Program) -> None:
    with on_terminal(threadbot, "chat") as terminal:
        terminal.wait_for("ask> ")
        terminal.type("hard drives\n")
        terminal.wait_for("ask> ")
        terminal.type("1\n")
        first = ANSI.sub("", terminal.wait_for("ask> "))
        assert "16. To avoid raising suspicions" in first
        terminal.type("/previous\n")
        assert "15. " in ANSI.sub("", terminal.wait_for("ask> "))
        terminal.type("quit\n")
        assert terminal.status() == 0


def test_an_answer_on_a_terminal_has_links_and_its_own_name(threadbot: Program) -> None:
    script = (str(Path(sys.executable).parent / "threadbot"),)
    with on_terminal(threadbot, "ask", "hard drives", columns=40, program=script) as terminal:
        shown = terminal.rest()
    assert any(each.startswith("https://x.com/search?q=") for each in LINK.findall(shown))
    bare = ANSI.sub("", shown)
    assert "https://" not in bare
    assert "Read on: threadbot thread 15e2ef4b6f90 --from 16\n" in bare
