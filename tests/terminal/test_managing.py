"""The commands that change a library, as their users run them."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.conftest import SEED, Program
from tests.terminal.on_terminal import on_terminal
from tests.views.terminal.tty import ANSI

GUILD = ("--guild", "77")


def history(threadbot: Program) -> list[str]:
    """What the history says was done, the latest first."""
    lines = threadbot("history", *GUILD).out.splitlines()
    return [line.split("UTC: ")[1].split(" (generation")[0] for line in lines]


def test_the_history_names_what_was_hidden_and_removed(threadbot: Program, tmp_path: Path) -> None:
    dump = tmp_path / "okapi.txt"
    dump.write_text("---\nauthor: anna\n---\nOkapis are shy\n", encoding="utf-8")
    assert threadbot("load", *GUILD, str(dump)).status == 0
    assert threadbot("forget", *GUILD, "--author", "Anna", "--yes").status == 0
    assert threadbot("forget", *GUILD, "--thread", "robots", "--yes").status == 0
    assert threadbot("remove", *GUILD, str(dump), "--yes").status == 0
    removed, hid_thread, hid_author, loaded = history(threadbot)
    assert removed == "terminal removed “okapi.txt”"
    assert hid_thread.startswith("terminal hid “Man Versus Machine as China Shows Off Humanoid")
    assert hid_author == "terminal hid @anna"
    assert loaded == "terminal loaded “okapi.txt”"
    events = json.loads(threadbot("history", *GUILD, "--json").out)
    assert [each["removed"] for each in events] == [[str(dump)], [], [], []]
    assert [each["hidden_authors"] for each in events] == [[], [], ["@anna"], []]
    assert [len(each["hidden_threads"]) for each in events] == [0, 1, 0, 0]


def test_a_failed_command_leaves_no_line_in_the_history(threadbot: Program) -> None:
    assert threadbot("forget", *GUILD, "--author", "nobody").status == 1
    assert threadbot("forget", *GUILD, "--thread", "zebra").status == 1
    assert threadbot("remove", *GUILD, "zebra.txt").status == 1
    assert threadbot("history", *GUILD).out == "Nothing yet.\n"


def load(threadbot: Program, *names: str) -> list[str]:
    """Load a file of okapis for each of the names; gives their paths."""
    paths = []
    for name in names:
        path = threadbot.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"---\nauthor: anna\n---\nOkapis of {name} are shy\n", encoding="utf-8")
        paths.append(str(path))
    assert threadbot("load", *paths).status == 0
    return paths


def test_nobody_is_asked_without_a_terminal_so_nothing_goes(threadbot: Program) -> None:
    load(threadbot, "okapi.txt")
    for command, what in (
        (("forget", "--thread", "suitcases"), "Hide thread “Chinese AI Companies Dodge"),
        (("forget", "--author", "Anna"), "Hide everything by @anna (1 thread, 1 tweet)?"),
        (("remove", "okapi.txt"), "okapi.txt (1 thread, 1 tweet, shared by all servers)?"),
    ):
        refused = threadbot(*command)
        assert (refused.status, refused.out) == (2, "")
        assert what in refused.err
        assert "Nobody can confirm it here. Add --yes to do it." in refused.err
    assert len(json.loads(threadbot("threads", "--json").out)) == 8


def test_with_yes_it_goes_and_how_it_comes_back_is_said(threadbot: Program) -> None:
    hidden = threadbot("forget", "--thread", "suitcases", "--yes")
    assert hidden.status == 0
    assert "Hidden: Chinese AI Companies" in hidden.out
    assert hidden.out.endswith("To undo this: threadbot undo\n")
    back = threadbot("undo")
    assert "Shown again: Chinese AI Companies" in back.out
    own = threadbot("forget", *GUILD, "--thread", "suitcases", "-y")
    assert own.out.endswith("To undo this: threadbot undo --guild 77\n")
    quiet = json.loads(threadbot("forget", "--thread", "suitcases", "--yes", "--json").out)
    assert quiet["generation"] == 4


def test_a_name_that_fits_several_is_listed_even_with_yes(threadbot: Program) -> None:
    refused = threadbot("forget", "--thread", "china", "--yes")
    assert refused.status == 2
    assert "“china” fits 4, so nothing was changed. Name one of them by its id" in refused.err
    ids = [line.split()[0] for line in refused.err.splitlines()[1:]]
    assert len(ids) == 4
    assert threadbot("forget", "--thread", ids[1], "--yes").status == 0
    one, other = load(threadbot, "a/okapi.txt", "b/okapi.txt")
    files = threadbot("remove", "okapi.txt", "--yes")
    assert files.status == 2
    assert one in files.err
    assert other in files.err
    (row,) = [line.split()[0] for line in files.err.splitlines() if line.endswith(other)]
    assert threadbot("remove", row, "--yes").status == 0
    assert threadbot("remove", "okapi.txt", "--yes").status == 0


def test_a_file_is_removed_by_the_path_or_the_name_it_is_shown_by(threadbot: Program) -> None:
    (path,) = load(threadbot, "okapi.txt")
    shown = threadbot("ask", "okapis", "--sources").out
    assert "okapi.txt:" in shown
    for name in (path, "okapi.txt", "./okapi.txt"):
        assert threadbot("remove", name, "--yes").status == 0
        threadbot("undo")


def test_a_shared_file_is_not_removed_from_one_server(threadbot: Program) -> None:
    listed = threadbot("dumps", *GUILD)
    assert "Only the person who runs this bot can remove them." in listed.out
    assert "Only the person" not in threadbot("dumps").out
    refused = threadbot("remove", *GUILD, SEED.name, "--yes")
    assert refused.status == 1
    assert "is shared by all servers" in refused.err
    assert "without --guild" in refused.err


def test_why_nothing_can_be_undone_is_said(threadbot: Program) -> None:
    load(threadbot, "okapi.txt")
    assert threadbot("undo").status == 0
    nothing = threadbot("undo")
    assert nothing.status == 1
    assert "only the first load of the shared threads is left" in nothing.err
    assert "threadbot remove DUMP" in nothing.err


def test_a_first_load_into_an_empty_library_can_be_undone(threadbot: Program) -> None:
    threadbot.settings["THREADBOT_SEEDS"] = "nowhere"
    load(threadbot, "okapi.txt")
    assert "−1 tweet" in threadbot("undo").out
    again = threadbot("undo")
    assert (again.status, "nothing is loaded or hidden here" in again.err) == (1, True)


def test_a_file_that_cannot_be_read_is_said_first(threadbot: Program) -> None:
    (threadbot.folder / "empty.txt").touch()
    done = threadbot("load", str(threadbot.folder / "empty.txt"))
    assert done.status == 3
    assert done.out.startswith("The file cannot be read. Nothing changed: 37 tweets")


def test_a_table_with_unknown_columns_is_loaded_once_they_are_named(
    threadbot: Program, tmp_path: Path
) -> None:
    dump = tmp_path / "okapi.csv"
    dump.write_text("Nr,Body,Who\n1,Okapis are shy,anna\n", encoding="utf-8")
    refused = threadbot("load", str(dump))
    assert refused.status == 3
    assert "no known column of tweets’ texts; it has: Nr, Body, Who" in refused.out
    assert threadbot("load", str(dump), "--column", "text=Bod").status == 3
    wrong = threadbot("load", str(dump), "--column", "Body")
    assert wrong.status == 2
    assert "--column Body: write KEY=NAME" in wrong.err
    named = threadbot("load", str(dump), "--column", "text=Body", "--column", "author=Who")
    assert named.status == 0
    (hit,) = json.loads(threadbot("ask", "okapis", "--json").out)["hits"]
    assert (hit["text"], hit["author"]) == ("Okapis are shy", "anna")


def test_files_are_listed_with_the_ids_that_remove_takes(threadbot: Program) -> None:
    for sign in ("", "#"):
        (first,) = json.loads(threadbot("dumps", "--json").out)
        number = threadbot("dumps").out.split()[0]
        assert number == str(first["id"])
        assert threadbot("remove", f"{sign}{number}", "--yes").status == 0
        assert threadbot("remove", f"{sign}{number}", "--yes").status == 1
        threadbot("undo")


def test_a_file_whose_name_is_a_number_is_meant_before_a_number(threadbot: Program) -> None:
    number = threadbot("dumps").out.split()[0]
    (path,) = load(threadbot, number)
    assert threadbot("remove", number, "--yes").status == 0
    listed = threadbot("dumps").out
    assert path not in listed
    assert SEED.name in listed


def test_a_long_path_is_shown_on_lines_of_its_own_at_a_terminal(threadbot: Program) -> None:
    folder = "/".join(["a-folder-with-a-name"] * 5)
    (threadbot.folder / folder).mkdir(parents=True)
    file = threadbot.folder / folder / "okapi.txt"
    file.write_text("---\nauthor: anna\n---\nOkapis are shy\n", encoding="utf-8")
    assert threadbot("load", str(file)).status == 0
    assert f"{file} (" in threadbot("dumps").out
    for command in ("dumps", "chat"):
        with on_terminal(threadbot, command) as terminal:
            if command == "chat":
                terminal.type("/dumps\n/quit\n")
            lines = ANSI.sub("", terminal.rest()).splitlines()
        (at,) = (row for row, each in enumerate(lines) if "okapi.txt (" in each)
        assert lines[at].startswith("   okapi.txt (")
        assert "/…/a-folder-with-a-name/" in lines[at - 1]
        assert max(map(len, lines)) <= 80


def test_a_hidden_author_stays_hidden_and_is_said_to_be(threadbot: Program, tmp_path: Path) -> None:
    def save(name: str, animal: str) -> str:
        path = tmp_path / name
        path.write_text(f"---\nauthor: anna\n---\n{animal} walk by night\n", encoding="utf-8")
        return str(path)

    none = {"THREADBOT_SEEDS": str(tmp_path / "none")}
    first, second = save("a.txt", "Okapis"), save("b.txt", "Zebras")
    assert "hidden" not in threadbot("load", first, settings=none).out
    threadbot("forget", "--author", "anna", "--yes", settings=none)
    for command in ("ask", "thread"):
        empty = threadbot(command, "okapis", settings=none)
        assert (empty.status, empty.out) == (1, "")
        assert "All loaded threads are hidden. `threadbot unhide` lists" in empty.err
    assert threadbot("dumps", settings=none).status == 0
    assert threadbot("threads", settings=none).status == 1
    assert threadbot("threads", "--json", settings=none).out == "[]\n"
    assert threadbot("stats", settings=none).out == "All loaded threads are hidden.\n"
    assert "@anna is hidden here" in threadbot("check", second, settings=none).out
    done = threadbot("load", second, settings=none).out
    assert "@anna is hidden here, so 1 thread of this file is not shown." in done
    assert "The command “unhide” shows it." in done
    told = json.loads(threadbot("load", second, "--json", settings=none).out)
    assert told["hidden"] == [{"name": "@anna", "author": True, "threads": 1}]


def test_what_is_hidden_is_listed_and_shown_again(threadbot: Program, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("---\nauthor: anna\n---\nOkapis walk by night\n", encoding="utf-8")
    assert threadbot("unhide").out == "Nothing is hidden.\n"
    threadbot("load", str(path))
    threadbot("forget", "--author", "anna", "--yes")
    threadbot("forget", "--thread", "suitcases", "--yes")
    listed = threadbot("unhide").out.splitlines()
    assert len(listed) == 3
    assert listed[1].endswith("  @anna")
    (thread, author) = json.loads(threadbot("unhide", "--json").out)
    assert (thread["kind"], author["name"]) == ("thread", "@anna")
    wrong = threadbot("unhide", "zebra")
    assert (wrong.status, wrong.out) == (1, "")
    assert "No thread or author hidden here fits “zebra”." in wrong.err
    done = threadbot("unhide", "@anna")
    assert "Shown again: Okapis walk by night" in done.out
    assert "To undo this: threadbot undo" in done.out
    assert "terminal showed @anna again" in threadbot("history").out
    undone = threadbot("undo").out
    assert re.search(r"To do it again: .* unhide @anna$", undone, re.M)
    threadbot("erase", "--yes")
    nameless = threadbot("unhide").out
    assert "an author who was erased" in nameless
    assert "anna" not in nameless
    kept = threadbot("load", str(path)).out.replace("\n", " ")
    assert "To show it: the command “unhide”, then load this file again." in kept
    shown = re.search(r"an author who was erased \((\w{6})\)", nameless)
    assert shown
    lifted = threadbot("unhide", shown[1])
    assert "no loaded file has it. Load its file again" in lifted.out.replace("\n", " ")
    threadbot("load", str(path))
    assert threadbot("ask", "okapis").status == 0


def test_an_author_that_was_given_before_is_missed(threadbot: Program, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Okapis walk by night\n", encoding="utf-8")
    said = f"{path} was loaded with the author @anna before, and has none now."
    assert said not in threadbot("load", str(path), "--author", "anna").out.replace("\n", " ")
    assert said in threadbot("load", str(path)).out.replace("\n", " ")
    threadbot("load", str(path), "--author", "anna")
    lost = json.loads(threadbot("load", str(path), "--json").out)["lost_authors"]
    assert lost == {str(path): "anna"}


def test_a_long_history_says_that_it_is_not_all(threadbot: Program, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Okapis walk by night\n", encoding="utf-8")
    threadbot("load", str(path))
    for _ in range(10):
        assert "Earlier changes" not in threadbot("history").out
        threadbot("undo")
        threadbot("load", str(path))
    listed = threadbot("history").out.splitlines()
    assert (len(listed), listed[-1]) == (21, "Earlier changes are not listed.")


def test_a_json_fault_has_its_line(threadbot: Program, tmp_path: Path) -> None:
    broken = tmp_path / "a.json"
    broken.write_text('\n[{"id": 1,\n"text": nope}]\n', encoding="utf-8")
    done = threadbot("check", str(broken))
    assert done.status == 3
    assert f"Cannot read {broken}:2: " in done.out
    assert "in line 3" in done.out
    (fault,) = json.loads(threadbot("check", "--json", str(broken)).out)["errors"]
    assert fault["line"] == 2
    other = tmp_path / "b.json"
    other.write_text('{"x": 1}', encoding="utf-8")
    assert f"Cannot read {other}: " in threadbot("check", str(other)).out
