"""`doctor`, `health`, `backup`, `restore`, `vacuum` and `erase`, as operators run them."""

from __future__ import annotations

import json
from pathlib import Path

from bot.store.migrations import FILE
from tests.conftest import Program
from tests.terminal.on_terminal import on_terminal


def loaded(threadbot: Program, name: str, text: str) -> str:
    """Load a file, and return its path."""
    path = threadbot.folder / name
    path.write_text(text, encoding="utf-8")
    assert threadbot("load", str(path)).status == 0
    return str(path)


def containing(folder: Path, word: str) -> list[str]:
    """The files in a folder that have a word."""
    return [
        each.name
        for each in folder.rglob("*")
        if each.is_file() and word.encode() in each.read_bytes().lower()
    ]


def said(threadbot: Program, answer: str, *arguments: str) -> str:
    """What the program shows at a terminal where a person answers its question."""
    with on_terminal(threadbot, *arguments) as terminal:
        terminal.wait_for("[y/N]")
        terminal.type(f"{answer}\n")
        return terminal.rest()


def test_the_doctor_has_a_line_for_each_check_and_a_status(threadbot: Program) -> None:
    well = threadbot("doctor")
    assert well.status == 0
    assert "ok       settings  every value can be used" in well.out
    bad = threadbot("doctor", settings={"DISCORD_TOKEN": "x", "THREADBOT_LOG": "LOUD"})
    assert bad.status == 1
    assert "fault    settings  THREADBOT_LOG is 'LOUD'" in bad.out
    assert bad.err == ""


def test_the_doctor_s_json_has_each_finding(threadbot: Program) -> None:
    found = threadbot("doctor", "--full", "--json", settings={"DISCORD_TOKEN": "x"})
    values = json.loads(found.out)
    assert (found.status, values["ok"]) == (1, False)
    (token,) = [each for each in values["findings"] if each["check"] == "token"]
    assert token["state"] == "fault"
    assert token["advice"]


def test_health_without_a_bot_says_how_to_start_it(threadbot: Program) -> None:
    found = threadbot("health", settings={"THREADBOT_HTTP": "127.0.0.1:9"})
    assert found.status == 1
    assert "No bot answers at 127.0.0.1:9" in found.err
    assert threadbot("health", settings={"THREADBOT_HTTP": "off"}).status == 2
    assert threadbot("health", settings={"THREADBOT_HTTP": "nowhere"}).status == 2


def test_a_backup_brings_back_what_was_removed_since(threadbot: Program) -> None:
    path = loaded(threadbot, "okapi.txt", "Okapis are shy")
    saved = threadbot("backup", "b.zip", "--json")
    assert saved.status == 0
    assert json.loads(saved.out)["counts"]["dump"] == 2
    assert threadbot("backup", "b.zip").status == 2
    assert threadbot("backup", "b.zip", "--force").status == 0
    assert threadbot("remove", path, "--yes").status == 0
    assert threadbot("ask", "okapis").status == 1
    unsure = threadbot("restore", "b.zip")
    assert unsure.status == 2
    assert "was changed once after the backup" in unsure.err
    assert threadbot("ask", "okapis").status == 1
    done = threadbot("restore", "b.zip", "--yes")
    assert done.status == 0
    assert "To undo this: threadbot undo" in done.out
    assert threadbot("ask", "okapis").status == 0
    assert "terminal restored a backup" in threadbot("history").out
    assert threadbot("undo").status == 0
    assert threadbot("ask", "okapis").status == 1


def test_a_person_is_asked_before_a_restore(threadbot: Program) -> None:
    path = loaded(threadbot, "okapi.txt", "Okapis are shy")
    assert threadbot("backup", "b.zip").status == 0
    assert threadbot("remove", path, "--yes").status == 0
    assert "Nothing was changed." in said(threadbot, "n", "restore", "b.zip")
    assert threadbot("ask", "okapis").status == 1
    assert "is restored" in said(threadbot, "y", "restore", "b.zip")
    assert threadbot("ask", "okapis").status == 0


def test_a_backup_replaces_a_damaged_store(threadbot: Program) -> None:
    loaded(threadbot, "okapi.txt", "Okapis are shy")
    assert threadbot("backup", "b.zip").status == 0
    store = threadbot.folder / "data" / FILE
    store.write_bytes(b"damaged" * 1000)
    assert threadbot("restore", "b.zip", "--yes").status == 3
    assert threadbot("restore", "b.zip", "--replace").status == 2
    done = threadbot("restore", "b.zip", "--replace", "--yes")
    assert done.status == 0
    assert "What was there before is in" in done.out
    assert threadbot("ask", "okapis").status == 0


def test_a_backup_makes_a_library_where_there_is_none(threadbot: Program) -> None:
    loaded(threadbot, "okapi.txt", "Okapis are shy")
    assert threadbot("backup", "b.zip").status == 0
    there = {"THREADBOT_DATA": str(threadbot.folder / "there")}
    assert threadbot("restore", "b.zip", settings=there).status == 0
    assert threadbot("ask", "okapis", settings=there).status == 0


def test_what_is_no_backup_is_refused(threadbot: Program) -> None:
    (threadbot.folder / "b.zip").write_bytes(b"no zip")
    found = threadbot("restore", "b.zip")
    assert found.status == 3
    assert "cannot be restored" in found.err
    assert threadbot("backup", "c.zip").status == 3
    assert not (threadbot.folder / "c.zip").exists()


def test_vacuum_says_how_much_it_gave_back(threadbot: Program) -> None:
    assert threadbot("vacuum").status == 3
    loaded(threadbot, "okapi.txt", "Okapis are shy")
    assert "bytes and has" in threadbot("vacuum").out
    values = json.loads(threadbot("vacuum", "--json").out)
    assert values["freed"] == values["before"] - values["after"]


def test_erasing_says_what_goes_and_leaves_no_word(threadbot: Program) -> None:
    path = loaded(threadbot, "quagga.txt", "The quagga is gone")
    hidden = loaded(threadbot, "c.txt", "---\nauthor: anna\n---\nThe numbat eats termites\n")
    assert threadbot("remove", path, "--yes").status == 0
    assert threadbot("forget", "--author", "anna", "--yes").status == 0
    data = threadbot.folder / "data"
    assert containing(data, "quagga") != []
    unsure = threadbot("erase")
    assert unsure.status == 2
    for each in ("2 tweets", "quagga.txt", "@anna", "c.txt"):
        assert each in unsure.err
    assert containing(data, "numbat") != []
    done = threadbot("erase", "--yes")
    assert done.status == 0
    assert f"This file still has it: {hidden}" in done.out.replace("\n", "")
    for word in ("quagga", "numbat"):
        assert containing(data, word) == []
    assert "terminal erased for good what was removed or hidden" in threadbot("history").out
    undo = threadbot("undo")
    assert undo.status == 1
    assert "has been erased" in undo.err
    assert threadbot("ask", "chip export controls").status == 0
    assert "There is nothing to erase." in threadbot("erase").out


def test_a_person_is_asked_before_erasing(threadbot: Program) -> None:
    path = loaded(threadbot, "quagga.txt", "The quagga is gone")
    assert threadbot("remove", path, "--yes").status == 0
    assert "Nothing was changed." in said(threadbot, "n", "erase")
    assert threadbot("undo").status == 0
    assert threadbot("ask", "quagga").status == 0


def test_a_guild_s_library_is_erased_alone(threadbot: Program) -> None:
    path = threadbot.folder / "okapi.txt"
    path.write_text("Okapis are shy", encoding="utf-8")
    guild = ("--guild", "77")
    assert threadbot("load", *guild, str(path)).status == 0
    assert threadbot("remove", *guild, str(path), "--yes").status == 0
    assert "There is nothing to erase." in threadbot("erase").out
    assert "okapi" in threadbot("erase", *guild).err
    assert threadbot("erase", *guild, "--yes").status == 0
    assert containing(threadbot.folder / "data", "okapis") == []
