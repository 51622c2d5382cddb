"""What the terminal says of what others do in the middle of a command."""

from __future__ import annotations

from tests.conftest import SEED, Program
from tests.meanwhile import FIRST


def test_an_undo_that_another_process_overtakes_changes_nothing(threadbot: Program) -> None:
    (threadbot.folder / "okapi.txt").write_text("Okapis are shy\n", encoding="utf-8")
    assert threadbot("load", "okapi.txt").status == 0
    undone = threadbot("undo", first=f"{FIRST}another_process_commits(setattr)")
    assert undone.status == 3
    assert "Another process is changing the library. Try again when that is done." in undone.err
    assert threadbot("ask", "okapis").status == 0
    assert threadbot("undo").status == 0


def test_a_file_that_changes_during_the_load_is_not_loaded(threadbot: Program) -> None:
    (threadbot.folder / "okapi.txt").write_text("Okapis are shy\n", encoding="utf-8")
    assert threadbot("threads").status == 0
    first = f"{FIRST}a_file_changes(setattr, '.', 'okapi.txt')"
    refused = threadbot("load", "okapi.txt", first=first)
    assert refused.status == 3
    assert "A file changed during the load, so nothing was loaded." in refused.err
    assert threadbot("ask", "okapis").status == threadbot("ask", "tapirs").status == 1
    assert threadbot("load", "okapi.txt").status == 0
    assert threadbot("ask", "tapirs").status == 0


def test_an_answer_names_the_part_of_the_library_that_was_not_searched(threadbot: Program) -> None:
    (threadbot.folder / "okapi.txt").write_text("Okapis carry suitcases\n", encoding="utf-8")
    assert threadbot("threads", first=f"{FIRST}layers_are_filed(setattr)").status == 0
    assert threadbot("load", "okapi.txt", "--guild", "7").status == 0
    lost, cluster = f"{FIRST}hosts_are_lost(setattr)", {"THREADBOT_CLUSTER": "auto"}
    part = threadbot("ask", "suitcases", "--guild", "7", settings=cluster, first=lost)
    assert part.status == 0
    assert f"37 tweets were not searched, from {SEED.name}: this part of the library cannot" in (
        " ".join(part.out.split())
    )
    assert "Okapis carry suitcases" in part.out
    nothing = threadbot("ask", "suitcases", settings=cluster, first=lost)
    assert nothing.status == 3
    assert "A part of the library cannot be reached right now." in nothing.err
