"""The questions before something goes, as a person at a terminal answers them."""

from __future__ import annotations

import json
import os
import pty
import re
import shlex
import subprocess
import sys

import pytest

from tests.conftest import ROOT, Program
from tests.loader.test_fixtures import DUMPS


def at_terminal(
    threadbot: Program, *arguments: str, typed: str, columns: int = 200
) -> tuple[int, str]:
    """Run the program at a terminal where `typed` is typed; gives its status and the screen."""
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        cwd=threadbot.folder,
        env={**os.environ, **threadbot.settings, "PYTHONPATH": str(ROOT), "COLUMNS": f"{columns}"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    os.write(ours, typed.encode())
    screen = b""
    try:
        while piece := os.read(ours, 4096):
            screen += piece
    except OSError:  # the program has closed the terminal
        pass
    os.close(ours)
    return running.wait(timeout=30), screen.decode().replace("\r\n", "\n")


def plain(screen: str) -> str:
    """What is on a screen, without colours and what moves the cursor."""
    return re.sub(r"\x1b\][^\x1b]*\x1b\\\\|\x1b\[[0-9;?]*[A-Za-z]", "", screen)


def lines_of(screen: str) -> list[str]:
    """The lines of a screen; a question's line ends where the answer is typed."""
    return re.split(r"\n|(?<=\] )", plain(screen))


@pytest.mark.parametrize("answer", ["y", "YES"])
def test_who_says_yes_has_it_go(threadbot: Program, answer: str) -> None:
    asked = at_terminal(threadbot, "forget", "--thread", "suitcases", typed=f"{answer}\n")
    assert asked[0] == 0
    assert "(19 tweets)? [y/N]" in asked[1]
    assert "To undo this: threadbot undo" in asked[1]
    assert threadbot("ask", "suitcases").status == 1


@pytest.mark.parametrize("answer", ["n", "", "yess", "\x04"])
def test_whoever_says_anything_else_keeps_it(threadbot: Program, answer: str) -> None:
    threadbot("threads")
    status, screen = at_terminal(threadbot, "forget", "--thread", "suitcases", typed=f"{answer}\n")
    assert status == 0
    assert "Nothing was changed." in screen
    assert threadbot("ask", "suitcases").status == 0


def test_one_of_several_is_chosen_by_its_number(threadbot: Program) -> None:
    threadbot("threads")
    status, screen = at_terminal(threadbot, "forget", "--thread", "china", typed="2\ny\n")
    assert status == 0
    assert "“china” fits 4:" in screen
    (second,) = [line for line in screen.splitlines() if line.startswith("  2. ")]
    title = second.removeprefix("  2. ").partition("…")[0]
    assert f"Hide thread “{title[:40]}" in screen
    assert threadbot("thread", second.rpartition("(")[2].rstrip(")")).status == 1


@pytest.mark.parametrize("number", ["9", "0", "x", ""])
def test_a_number_that_is_not_listed_changes_nothing(threadbot: Program, number: str) -> None:
    threadbot("threads")
    status, screen = at_terminal(threadbot, "forget", "--thread", "china", typed=f"{number}\n")
    assert (status, "Nothing was changed." in screen) == (0, True)
    assert (f"{number} is none of the choices. " in screen) == bool(number)
    assert "To undo" not in screen


def test_questions_fit_a_narrow_screen(threadbot: Program) -> None:
    threadbot("threads")
    _, screen = at_terminal(threadbot, "forget", "--thread", "china", typed="1\ny\n", columns=39)
    assert max(map(len, lines_of(screen))) <= 39
    assert re.search(r"\n  1\. \S.*\n     \S", plain(screen))
    assert "tweets)? [y/N] " in screen
    _, screen = at_terminal(threadbot, "erase", typed="y\n", columns=39)
    shown = plain(screen)
    assert max(map(len, lines_of(shown.partition("Erased.")[0]))) <= 39
    assert re.search(r"^- the names of what is hidden, or was: ?\n  \S", shown, re.M)
    assert "Earlier changes can then no longer be\nundone. Erase this? [y/N] " in shown
    assert "Erased." in shown


def test_yes_is_not_asked_again(threadbot: Program) -> None:
    threadbot("threads")
    status, screen = at_terminal(threadbot, "forget", "--thread", "suitcases", "--yes", typed="")
    assert status == 0
    assert "[y/N]" not in screen


def doubtful(threadbot: Program) -> str:
    """Write a shopping list; return its name."""
    (threadbot.folder / "list.txt").write_text("Milk\nEggs\nBread\nRope\n", encoding="utf-8")
    return "list.txt"


def test_a_file_that_does_not_look_like_a_thread_is_loaded_after_asking(threadbot: Program) -> None:
    status, screen = at_terminal(threadbot, "load", doubtful(threadbot), typed="y\n")
    assert status == 0
    told = " ".join(screen.split())
    assert "list.txt: this looks like a list of short items, not a thread." in told
    assert "Load it anyway? [y/N]" in screen
    assert threadbot("ask", "milk").status == 0


@pytest.mark.parametrize("answer", ["n", ""])
def test_a_doubtful_file_stays_out_if_nobody_says_yes(threadbot: Program, answer: str) -> None:
    status, screen = at_terminal(threadbot, "load", doubtful(threadbot), typed=f"{answer}\n")
    assert status == 0
    assert "Nothing was loaded." in screen
    assert threadbot("ask", "milk").status == 1


def test_who_says_no_reads_which_files_load_without_the_doubtful_one(threadbot: Program) -> None:
    name = doubtful(threadbot)
    for other in ("a b.txt", "c.txt"):
        text = f"---\nauthor: anna\n---\nOkapis of {other} are shy\n"
        (threadbot.folder / other).write_text(text, encoding="utf-8")
    files = ("a b.txt", name, "c.txt")
    options = ("--guild", "7", "--date", "2025-06-13", "--column", "text=Body", "--keep-replies")
    status, screen = at_terminal(threadbot, "load", *files, *options, typed="n\n")
    assert (status, "Nothing was loaded.\nDoubtful: " in screen) == (0, True)
    line = screen.partition("To load the others:")[2].strip().splitlines()[0]
    words = shlex.split(line)[3:]
    assert words == ["load", *options, "a b.txt", "c.txt"]
    assert "out of it" not in screen
    assert threadbot(*words).status == 0
    alone = at_terminal(threadbot, "load", name, typed="n\n")[1]
    assert "To load" not in alone


def test_who_says_no_reads_which_file_to_take_out_of_a_folder(threadbot: Program) -> None:
    folder = threadbot.folder / "some"
    folder.mkdir()
    (threadbot.folder / doubtful(threadbot)).rename(folder / "list.txt")
    (threadbot.folder / "c.txt").write_text("---\nauthor: anna\n---\nOkapis\n", encoding="utf-8")
    screen = at_terminal(threadbot, "load", "some", "c.txt", typed="n\n")[1]
    taken = "To load the rest of a folder or ZIP, take these out of it first:\n"
    assert f"{taken}  {folder / 'list.txt'}\n" in screen
    assert screen.rstrip().endswith(" load c.txt")


def test_where_nobody_can_be_asked_a_doubtful_file_needs_yes(threadbot: Program) -> None:
    name = doubtful(threadbot)
    refused = threadbot("load", name)
    assert refused.status == 2
    assert "list.txt: this looks like a list of short items" in refused.err
    assert "--yes" in refused.err
    assert threadbot("ask", "milk").status == 1
    assert threadbot("load", "--yes", name).status == 0
    assert threadbot("ask", "milk").status == 0


def test_check_says_what_hardly_is_a_thread(threadbot: Program) -> None:
    name = doubtful(threadbot)
    assert "doubtful: this looks like a list of short items" in threadbot("check", name).out
    (found,) = json.loads(threadbot("check", "--json", name).out)["dumps"]
    assert found["doubt"] == "this looks like a list of short items, not a thread"
    (threadbot.folder / "ports.txt").write_text("Ports are shut.\nShips wait.\n")
    (known,) = json.loads(threadbot("check", "--json", "ports.txt").out)["dumps"]
    assert "doubt" not in known


def test_a_saved_page_of_x_is_loaded_without_other_people_s_posts(threadbot: Program) -> None:
    page = (DUMPS / "html_x_status.txt").read_bytes()
    (threadbot.folder / "page.html").write_bytes(page)
    assert "page.html (page of X): 5 new" in threadbot("check", "page.html").out
    assert threadbot("load", "page.html").status == 0
    assert "Sand on the quay" in threadbot("ask", "quay sand").out
    assert threadbot("ask", "never saw any sand harbour").out.count("We never saw") == 0


def test_a_web_page_without_a_thread_needs_yes(threadbot: Program) -> None:
    page = "<html><body><p>The harbour is open.</p><p>Ask the warden.</p></body></html>"
    (threadbot.folder / "page.html").write_text(page, encoding="utf-8")
    refused = threadbot("load", "page.html")
    assert refused.status == 2
    assert "page.html: this looks like a web page without a thread" in refused.err
