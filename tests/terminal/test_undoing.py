"""What an undo says of the change that it took back."""

from __future__ import annotations

import json
import shlex

from tests.conftest import Program


def save(threadbot: Program, name: str) -> str:
    """Write a file of okapis; gives its path."""
    path = threadbot.folder / name
    path.write_text("---\nauthor: anna\n---\nOkapis are shy\n", encoding="utf-8")
    return str(path)


def again(out: str) -> list[str]:
    """The arguments of the command that makes the change again."""
    (line,) = (each for each in out.splitlines() if each.startswith("To do it again: "))
    return shlex.split(line.removeprefix("To do it again: "))[3:]


def test_an_undo_says_what_it_undid_and_how_to_do_it_again(threadbot: Program) -> None:
    path = save(threadbot, "hand.txt")
    for command, said in (
        (("load", "--guild", "7", path), "terminal loaded “hand.txt”"),
        (("load", path), "terminal loaded “hand.txt”"),
        (("remove", path, "--yes"), "terminal removed “hand.txt”"),
        (("forget", "--author", "@anna", "--yes"), "terminal hid @anna"),
        (("forget", "--thread", "Okapis are shy", "--yes"), "terminal hid “Okapis are shy”"),
    ):
        if command[0] in ("remove", "forget"):
            threadbot("load", path)
        guild = command[1:3] if "--guild" in command else ()
        assert threadbot(*command).status == 0
        undone = threadbot("undo", *guild)
        assert undone.out.startswith(f"Undid: {said}.\n")
        assert again(undone.out) == [each for each in command if each != "--yes"]


def test_json_has_what_was_undone(threadbot: Program) -> None:
    path = save(threadbot, "hand.txt")
    threadbot("load", path)
    undone = json.loads(threadbot("undo", "--json").out)["undone"]
    assert (undone["actor"], undone["action"], undone["loaded"]) == ("terminal", "load", [path])


def test_a_file_that_is_gone_is_in_no_command(threadbot: Program) -> None:
    threadbot("load", save(threadbot, "hand.txt"))
    (threadbot.folder / "hand.txt").unlink()
    undone = threadbot("undo").out
    assert undone.startswith("Undid: terminal loaded “hand.txt”.\n")
    assert "To do it again" not in undone


def test_the_chat_says_it_too(threadbot: Program) -> None:
    path = save(threadbot, "hand.txt")
    threadbot("load", path)
    done = threadbot("chat", said="/undo x\n/undo\n/quit\n").out
    assert "/undo takes no words after it, so nothing was done." in done
    assert done.count("Undid: terminal loaded “hand.txt”.\n") == 1
    assert again(done) == ["load", path]
    threadbot("forget", "--thread", "suitcases", "--yes")
    assert "\nTo do it again: /forget Chinese AI" in threadbot("chat", said="/undo\n/quit\n").out
