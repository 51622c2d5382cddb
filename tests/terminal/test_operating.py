"""`doctor`, `health`, `backup`, `restore`, `vacuum` and `erase`, as operators run them."""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

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
    assert found.err == (
        "threadbot: No bot answers at 127.0.0.1:9. Start it with `threadbot run`.\n"
    )
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
    assert "is restored, and shows 38 tweets now." in done.out
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
    assert re.search(r"The store ha[ds] [\d,]+ bytes", threadbot("vacuum").out)
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
    for each in ("2 tweets", "quagga.txt", "@anna", "c.txt", "threadbot unhide"):
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
    again = threadbot("erase").out
    assert "There is nothing to erase." in again
    loading = threadbot("load", hidden).out
    assert "1 thread of this file is by somebody who was hidden here and erased" in loading
    assert "threadbot undo" not in loading
    assert "…" not in threadbot("erase").err


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


def change(threadbot: Program, sql: str) -> None:
    """Change the store behind the back of its checksums."""
    with closing(sqlite3.connect(threadbot.folder / "data" / FILE)) as store, store:
        store.execute(sql)


DAMAGE = "UPDATE tweet SET text = 'Okapis are loud' WHERE text LIKE 'Okapis%'"
WITHOUT_ROOM = (
    "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); "
    "sys.argv[0] = 'threadbot'; runpy.run_module('bot', run_name='__main__', alter_sys=True)"
)
"""Runs the program where no byte can be written to a file."""
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights and limits")


def test_a_sound_store_is_not_repaired(threadbot: Program) -> None:
    loaded(threadbot, "okapi.txt", "Okapis are shy")
    for arguments in (("repair",), ("repair", "--yes")):
        done = threadbot(*arguments)
        assert (done.status, done.out) == (0, "The store is sound; there is nothing to repair.\n")
    assert json.loads(threadbot("repair", "--json").out)["set_aside"] is None
    assert "loaded “okapi.txt”" in threadbot("history").out
    assert not [*(threadbot.folder / "data").glob("replaced-*")]


def test_a_repair_is_asked_for_and_cannot_be_undone(threadbot: Program) -> None:
    loaded(threadbot, "okapi.txt", "Okapis are shy")
    hidden = loaded(threadbot, "c.txt", "---\nauthor: anna\n---\nThe numbat eats termites\n")
    assert threadbot("forget", "--author", "anna", "--yes").status == 0
    assert threadbot("erase", "--yes").status == 0
    before = threadbot("dumps").out
    change(threadbot, DAMAGE)
    unsure = threadbot("repair")
    assert unsure.status == 2
    assert "The history is lost" in unsure.err
    assert "Nothing was changed." in said(threadbot, "n", "repair")
    assert not [*(threadbot.folder / "data").glob("replaced-*")]
    done = threadbot("repair", "--yes")
    assert done.status == 0
    assert "Files kept as they were: 2." in done.out
    assert "run `threadbot erase`, which deletes it too" in done.out
    assert threadbot("dumps").out == before
    assert hidden in before
    assert "terminal repaired the library" in threadbot("history").out
    undo = threadbot("undo")
    assert (undo.status, "repair of the library cannot be undone" in undo.err) == (1, True)
    assert threadbot("ask", "okapis").status == 0
    loaded(threadbot, "heron.txt", "Herons wait")
    assert threadbot("undo").status == 0
    assert threadbot("undo").status == 1
    assert threadbot("ask", "okapis").status == 0


def test_where_nothing_can_be_read_a_repair_does_not_advise_itself(threadbot: Program) -> None:
    loaded(threadbot, "okapi.txt", "Okapis are shy")
    (threadbot.folder / "data" / FILE).write_bytes(b"no store" * 1000)
    done = threadbot("repair", "--yes")
    assert done.status == 3
    assert "so it cannot be repaired. Restore a backup" in done.err
    assert "threadbot repair" not in done.err


def test_a_damaged_store_is_not_backed_up_and_is_named(threadbot: Program) -> None:
    loaded(threadbot, "okapi.txt", "Okapis are shy")
    change(threadbot, DAMAGE)
    done = threadbot("backup", "b.zip")
    assert done.status == 3
    assert str(threadbot.folder / "data" / FILE) in done.err
    assert "threadbot repair" in done.err
    assert "partial" not in done.err
    assert "threadbot repair" in threadbot("doctor", "--full").out
    change(threadbot, "UPDATE tweet SET text = CAST(x'ff6f6b617069' AS TEXT)")
    for arguments in (("backup", "b.zip"), ("doctor", "--full")):
        done = threadbot(*arguments)
        assert "okapi" not in (done.out + done.err).replace("okapi.txt", "")


def test_a_backup_says_where_it_can_be(threadbot: Program) -> None:
    loaded(threadbot, "okapi.txt", "Okapis are shy")
    nowhere = threadbot("backup", "nodir/b.zip")
    assert (nowhere.status, "does not exist. Create it" in nowhere.err) == (3, True)
    folder = threadbot("backup", ".")
    assert (folder.status, "this is a folder. Name a file in it" in folder.err) == (3, True)


@posix
def test_a_read_only_folder_is_named_and_can_be_backed_up(threadbot: Program) -> None:
    loaded(threadbot, "okapi.txt", "Okapis are shy")
    data = threadbot.folder / "data"
    data.chmod(0o500)
    try:
        for arguments in (("vacuum",), ("repair", "--yes"), ("undo",), ("erase", "--yes")):
            done = threadbot(*arguments)
            assert (done.status, "the folder is read-only" in done.err) == (3, True), arguments
            assert "Make the folder writable" in done.err
        assert threadbot("backup", "b.zip").status == 0
    finally:
        data.chmod(0o700)


@posix
def test_a_full_disk_leaves_answers(threadbot: Program) -> None:
    loaded(threadbot, "okapi.txt", "Okapis are shy")
    full = ("-c", WITHOUT_ROOM)
    found = threadbot("ask", "okapis", program=full)
    assert (found.status, "Okapis are shy" in found.out) == (0, True), found.err
    undo = threadbot("undo", program=full)
    assert (undo.status, "the disk is full" in undo.err) == (3, True)
    doctor = threadbot("doctor", program=full)
    assert "--replace" not in doctor.out
    assert threadbot("ask", "okapis").status == 0


def test_nothing_to_erase_changes_nothing(threadbot: Program) -> None:
    loaded(threadbot, "okapi.txt", "Okapis are shy")
    before = (threadbot.folder / "data" / FILE).stat().st_mtime_ns
    assert threadbot("erase").out == "There is nothing to erase. Nothing was changed.\n"
    assert json.loads(threadbot("erase", "--json").out)["tweets"] == 0
    assert (threadbot.folder / "data" / FILE).stat().st_mtime_ns == before


def test_a_restore_says_what_stays_erased(threadbot: Program) -> None:
    loaded(threadbot, "okapi.txt", "---\nauthor: anna\n---\nOkapis are shy\n")
    assert threadbot("backup", "b.zip").status == 0
    assert threadbot("forget", "--author", "anna", "--yes").status == 0
    assert threadbot("erase", "--yes").status == 0
    done = threadbot("restore", "b.zip", "--yes")
    assert "shows 37 tweets now" in done.out
    assert "1 tweet of the backup did not come back" in done.out.replace("\n", " ")
    assert "generation" not in done.out


def test_a_broken_line_of_env_is_named_once(threadbot: Program) -> None:
    file = threadbot.folder / ".env"
    file.write_text("# ours\nTHREADBOT_LOG='INFO\n", encoding="utf-8")
    for arguments, where in ((("threads",), "err"), (("doctor",), "out")):
        done = threadbot(*arguments)
        assert (done.out + done.err).count(".env, line 2: this is no setting") == 1
        assert ".env, line 2" in getattr(done, where)
        assert "every value can be used" not in done.out
    file.write_bytes(b"# ours\nTHREADBOT_LOG=\xff\n")
    assert ".env, line 2: this is not UTF-8 text" in threadbot("threads").err


def test_the_last_line_of_a_bot_that_cannot_start_is_json_like_its_log(threadbot: Program) -> None:
    refused = threadbot("run")
    line = json.loads(refused.err.splitlines()[-1])
    assert (refused.status, line["level"]) == (2, "ERROR")
    assert "DISCORD_TOKEN is not set" in line["message"]
    assert "threadbot: " in threadbot("run", settings={"THREADBOT_LOG_FORMAT": "text"}).err


def test_help_names_what_cannot_be_taken_back(threadbot: Program) -> None:
    assert "history goes" in " ".join(threadbot("repair", "--help").out.split())
    assert "Afterwards, set DATABASE_URL" in " ".join(threadbot("migrate", "--help").out.split())
    assert "run `threadbot unhide` and load its file again" in " ".join(
        threadbot("erase", "--help").out.split()
    )
