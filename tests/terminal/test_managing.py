"""The commands that change a library, as their users run them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Program

GUILD = ("--guild", "77")


def history(threadbot: Program) -> list[str]:
    """What the history says was done, the latest first."""
    lines = threadbot("history", *GUILD).out.splitlines()
    return [line.split("UTC: ")[1].split(" (generation")[0] for line in lines]


def test_the_history_names_what_was_hidden_and_removed(threadbot: Program, tmp_path: Path) -> None:
    dump = tmp_path / "okapi.txt"
    dump.write_text("---\nauthor: anna\n---\nOkapis are shy\n", encoding="utf-8")
    assert threadbot("load", *GUILD, str(dump)).status == 0
    assert threadbot("forget", *GUILD, "--author", "Anna").status == 0
    assert threadbot("forget", *GUILD, "--thread", "robots").status == 0
    assert threadbot("remove", *GUILD, str(dump)).status == 0
    removed, hid_thread, hid_author, loaded = history(threadbot)
    assert removed == "terminal removed “okapi.txt”"
    assert hid_thread.startswith("terminal hid “Man Versus Machine as China Shows Off Humanoid")
    assert hid_author == "terminal hid @anna"
    assert loaded == "terminal loaded files"
    events = json.loads(threadbot("history", *GUILD, "--json").out)
    assert [each["removed"] for each in events] == [[str(dump)], [], [], []]
    assert [each["hidden_authors"] for each in events] == [[], [], ["@anna"], []]
    assert [len(each["hidden_threads"]) for each in events] == [0, 1, 0, 0]


def test_a_failed_command_leaves_no_line_in_the_history(threadbot: Program) -> None:
    assert threadbot("forget", *GUILD, "--author", "nobody").status == 1
    assert threadbot("forget", *GUILD, "--thread", "zebra").status == 1
    assert threadbot("remove", *GUILD, "zebra.txt").status == 1
    assert threadbot("history", *GUILD).out == "Nothing yet.\n"
