"""The terminal program, run as its users run it."""

from __future__ import annotations

import json
import math
import re
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.store.migrations import FILE, MIGRATIONS
from tests.conftest import SEED, Program

HITS = ("rank", "score", "thread", "position", "author", "created_at", "text", "highlights")


def ask(threadbot: Program, question: str) -> dict[str, Any]:
    asked: dict[str, Any] = json.loads(threadbot("ask", question, "--json").out)
    return asked


def test_ask_finds_what_was_said_with_a_link_to_it(threadbot: Program) -> None:
    done = threadbot("ask", "chip export controls")
    assert done.status == 0
    assert done.err == ""
    assert "who oversaw export controls during the Biden years" in done.out
    assert "tweet 7 of 19" in done.out
    assert "https://x.com/search?q=%22The%20maneuvers%20are%20testing" in done.out
    assert f"{SEED.name}:8" not in done.out
    assert f"{SEED.name}:8" in threadbot("ask", "chip export controls", "--sources").out
    assert "\x1b" not in done.out


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("chip export controls", "who oversaw export controls during the Biden years"),
        ("how many hard drives", "packed their hard drives into four different suitcases"),
        ("Dalai Lama", "Images of the Dalai Lama Landed a Tibetan Woman"),
        ("trade war job cuts", "Plunging trade has already led to job cuts"),
        ("robots half marathon", "A half-marathon in Beijing featured a road race"),
    ],
)
def test_the_first_hit_answers_the_question(threadbot: Program, question: str, said: str) -> None:
    first = ask(threadbot, question)["hits"][0]
    assert said in first["text"]
    assert any(source["url"] for source in first["sources"])


def test_ask_json_has_its_contract(threadbot: Program) -> None:
    answer = ask(threadbot, "hard drives")
    assert answer["query"]["text"] == "hard drives"
    assert answer["query"]["terms"] == ["hard", "drive"]
    assert answer["took_ms"] > 0
    hit = answer["hits"][0]
    assert set(HITS) < set(hit)
    words = [hit["text"][start:end] for start, end in hit["highlights"]]
    assert {word.lower() for word in words} == {"hard", "drives"}
    assert [source["kind"] for source in hit["sources"]] == ["find", "printed", "dump"]


def test_nothing_found_is_status_1_and_says_what_was_searched_for(threadbot: Program) -> None:
    done = threadbot("ask", "zebra")
    assert done.status == 1
    assert "Nothing matches." in done.out
    assert "zebra (0 tweets)" in done.out


def test_a_misspelt_word_is_put_right(threadbot: Program) -> None:
    assert "Showing results for suitcases." in threadbot("ask", "suitcasses").out
    exact = threadbot("ask", "--exact", "suitcasses").out
    assert re.search(r"^Did you mean: .* ask suitcases$", exact, re.MULTILINE)


def test_threads_lists_the_seven(threadbot: Program) -> None:
    listed = json.loads(threadbot("threads", "--json").out)
    assert [each["tweets"] for each in listed] == [19, 3, 3, 3, 3, 3, 3]
    assert [each["complete"] for each in listed] == [True] + [False] * 6


def test_thread_gives_every_tweet_in_order_and_nothing_else(threadbot: Program) -> None:
    found = json.loads(threadbot("thread", "suitcases", "--json").out)
    dump = SEED.read_text(encoding="utf-8").split("\n")
    assert [tweet["position"] for tweet in found["tweets"]] == list(range(1, 20))
    assert [tweet["dump"]["line"] for tweet in found["tweets"]] == [1, *range(3, 21)]
    for tweet in found["tweets"]:
        assert tweet["text"] in dump[tweet["dump"]["line"] - 1]
        assert "@" not in tweet["text"]
        assert "wsj.com" not in tweet["text"]
    assert found["tweets"][0]["mentions"] == ["raffaelehuang", "lizalinwsj"]


def test_thread_starts_where_told(threadbot: Program) -> None:
    done = threadbot("thread", "suitcases", "--from", "19")
    assert "19. Singapore authorities" in done.out
    assert "18. " not in done.out
    beyond = threadbot("thread", "suitcases", "--from", "20")
    assert beyond.status == 2
    assert "has only 19 tweets" in beyond.err


def test_a_thread_that_is_not_there_is_status_1(threadbot: Program) -> None:
    done = threadbot("thread", "zebra")
    assert done.status == 1
    assert "No thread matches “zebra”" in done.err


def test_load_adds_and_undo_takes_back(threadbot: Program, tmp_path: Path) -> None:
    dump = tmp_path / "zebras.txt"
    dump.write_text("Zebras are coming to town, and nobody is ready for it\n", encoding="utf-8")
    loaded = json.loads(threadbot("load", "--json", str(dump)).out)
    (report,) = loaded["dumps"]
    assert (report["file"], report["threads"], report["tweets"]) == (str(dump), 1, 1)
    assert (report["added"], report["changed"], report["unchanged"]) == (1, 0, 0)
    assert loaded["generation"] == 2
    assert threadbot("ask", "zebra").status == 0
    again = json.loads(threadbot("load", "--json", str(dump)).out)
    assert again["generation"] == 2
    assert again["dumps"][0]["unchanged"] == 1
    assert threadbot("undo").status == 0
    assert threadbot("ask", "zebra").status == 1
    nothing = threadbot("undo")
    assert nothing.status == 1
    assert "Nothing left to undo" in nothing.err


def test_load_says_what_is_known_of_a_dump(threadbot: Program) -> None:
    options = ["--author", "@Lingling_Wei", "--date", "2025-06-13"]
    assert threadbot("load", str(SEED), *options).status == 0
    found = json.loads(threadbot("thread", "suitcases", "--json").out)
    assert found["author"] == "Lingling_Wei"
    assert found["tweets"][0]["created_at"] == "2025-06-13"
    (first, *_) = ask(threadbot, "suitcases")["hits"]
    assert "from%3ALingling_Wei" in first["sources"][0]["url"]


def test_check_stores_nothing(threadbot: Program, tmp_path: Path) -> None:
    done = threadbot("check", "--json", str(SEED))
    report = json.loads(done.out)
    assert done.status == 0
    assert [len(thread["tweets"]) for thread in report["parsed"]] == [19, 3, 3, 3, 3, 3, 3]
    assert report["dumps"][0]["added"] == 37
    assert not (tmp_path / "data").exists()
    threadbot("threads")
    assert json.loads(threadbot("check", "--json", str(SEED)).out)["dumps"][0]["unchanged"] == 37


def test_what_can_not_be_read_is_named_and_the_rest_loads(threadbot: Program, seeds: Path) -> None:
    locked = seeds / "locked.txt"
    locked.write_text("nobody may read this", encoding="utf-8")
    locked.chmod(0)
    (seeds / "empty.txt").touch()
    (seeds / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    done = threadbot("threads", "--json", settings={"THREADBOT_SEEDS": str(seeds)})
    assert done.status == 0
    assert len(json.loads(done.out)) == 7
    assert "locked.txt: the file cannot be opened (Permission denied)" in done.err
    assert "empty.txt: the file is empty" in done.err
    assert "image.txt: this is a PNG image" in done.err
    again = threadbot("reload", "--json", settings={"THREADBOT_SEEDS": str(seeds)})
    assert again.status == 3
    assert len(json.loads(again.out)["errors"]) == 3


@pytest.mark.parametrize("command", ["ask chips", "thread chips", "threads", "dumps", "chat"])
def test_an_empty_library_says_how_to_load(threadbot: Program, command: str) -> None:
    done = threadbot(*command.split(), settings={"THREADBOT_SEEDS": "nowhere"})
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("threadbot: Nothing is loaded yet. Load files with `threadbot load")


def test_an_empty_library_is_an_empty_list(threadbot: Program) -> None:
    for command in ("threads", "dumps"):
        done = threadbot(command, "--json", settings={"THREADBOT_SEEDS": "nowhere"})
        assert (done.status, json.loads(done.out)) == (1, [])


def test_seeds_that_cannot_be_read_are_status_3(threadbot: Program, tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "empty.txt").touch()
    done = threadbot("ask", "chips", settings={"THREADBOT_SEEDS": "broken"})
    assert (done.status, done.err) == (3, "threadbot: empty.txt: the file is empty\n")


def test_missing_seeds_are_said_to_be_missing(threadbot: Program, tmp_path: Path) -> None:
    done = threadbot("reload", settings={"THREADBOT_SEEDS": "nowhere"})
    assert done.status == 3
    assert done.err.startswith("threadbot: nowhere: the folder does not exist. Put saved threads")
    (tmp_path / "bare").mkdir()
    bare = threadbot("reload", settings={"THREADBOT_SEEDS": "bare"})
    assert bare.status == 3
    assert "bare: the folder contains no files" in bare.err


def test_missing_seeds_take_nothing_from_a_library(threadbot: Program) -> None:
    threadbot("threads")
    reloaded = threadbot("reload", settings={"THREADBOT_SEEDS": "nowhere"})
    assert reloaded.status == 3
    assert threadbot("ask", "suitcases", settings={"THREADBOT_SEEDS": "nowhere"}).status == 0


def test_a_read_only_data_folder_is_said_to_be_so(threadbot: Program, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o500)
    done = threadbot("ask", "chips")
    assert done.status == 3
    assert "Make the folder writable" in done.err
    data.chmod(0o700)
    assert threadbot("ask", "chips").status == 0
    data.chmod(0o500)
    (data / FILE).chmod(0o400)
    dump = tmp_path / "okapi.txt"
    dump.write_text("Okapis are shy", encoding="utf-8")
    again = threadbot("load", "--yes", str(dump))
    assert again.status == 3
    assert "Make the folder writable" in again.err
    assert "Traceback" not in again.err


@pytest.mark.parametrize("leftover", ["nothing", "log", "log and its index"])
def test_a_read_only_library_answers(threadbot: Program, tmp_path: Path, leftover: str) -> None:
    data = tmp_path / "data"
    dump = tmp_path / "okapi.txt"
    dump.write_text("Okapis are shy", encoding="utf-8")
    assert threadbot("load", "--yes", str(dump)).status == 0
    if leftover != "nothing":  # as a killed program leaves it
        with closing(sqlite3.connect(data / FILE)) as holder:
            holder.execute("SELECT count(*) FROM dump").fetchone()
            assert threadbot("forget", "--thread", "suitcases", "--yes").status == 0
            shutil.copytree(data, tmp_path / "left")
        shutil.rmtree(data)
        shutil.move(tmp_path / "left", data)
        assert (data / f"{FILE}-wal").stat().st_size
        if leftover == "log":
            (data / f"{FILE}-shm").unlink()
    for each in data.iterdir():
        each.chmod(0o400)
    before = sorted(data.iterdir())
    data.chmod(0o500)
    try:
        for command in (["ask", "okapis"], ["thread", "okapis"], ["check", str(dump)], ["dumps"]):
            done = threadbot(*command)
            assert (done.status, done.err) == (0, "")
        refused = threadbot("undo")
        assert (refused.status, refused.out) == (3, "")
        assert "Make the folder writable" in refused.err
        hidden = threadbot("ask", "suitcases").status
        assert hidden == (0 if leftover == "nothing" else 1)
        assert sorted(data.iterdir()) == before
    finally:
        data.chmod(0o700)


def test_a_newer_store_is_left_alone(threadbot: Program, tmp_path: Path) -> None:
    threadbot("threads")
    path = tmp_path / "data" / FILE
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    before = path.read_bytes()
    done = threadbot("ask", "chips")
    assert done.status == 3
    assert "a newer version of Threadbot wrote this store" in done.err
    assert path.read_bytes() == before


def test_a_file_that_is_no_store_is_left_alone(threadbot: Program, tmp_path: Path) -> None:
    path = tmp_path / "data" / FILE
    path.parent.mkdir()
    path.write_text("My notes, which are no database at all.\n" * 100, encoding="utf-8")
    done = threadbot("ask", "chips")
    assert done.status == 3
    assert "this file is not a store, or it is damaged" in done.err
    assert path.read_text(encoding="utf-8").startswith("My notes")


def test_run_without_a_token_says_how_to_get_one(threadbot: Program) -> None:
    done = threadbot("run")
    assert done.status == 2
    assert "https://discord.com/developers/applications" in done.err
    assert "threadbot chat" in done.err


def test_wrong_settings_are_all_named_and_the_token_is_not_shown(threadbot: Program) -> None:
    wrong = {"THREADBOT_LOG": "loud", "DISCORD_TOKEN": "se cret"}
    done = threadbot("threads", settings=wrong)
    assert done.status == 2
    assert "THREADBOT_LOG is 'loud'" in done.err
    assert "DISCORD_TOKEN contains spaces" in done.err
    assert "se cret" not in done.err


def test_settings_are_read_from_an_env_file(threadbot: Program, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("THREADBOT_LOG=loud\n", encoding="utf-8")
    assert threadbot("threads").status == 2


def test_two_files_of_one_name_are_two_dumps(threadbot: Program, tmp_path: Path) -> None:
    for folder, said in (("one", "Okapis are shy"), ("two", "Zebras are not")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(said, encoding="utf-8")
        assert threadbot("load", f"{folder}/a.txt").status == 0
    assert threadbot("ask", "okapi").status == 0
    assert threadbot("ask", "zebra").status == 0


def test_programs_that_start_together_all_answer(threadbot: Program) -> None:
    with ThreadPoolExecutor() as pool:
        started = [pool.submit(threadbot, "ask", "suitcases") for _ in range(4)]
        assert [each.result().status for each in started] == [0, 0, 0, 0]


def test_programs_that_load_together_lose_nothing(threadbot: Program, tmp_path: Path) -> None:
    threadbot("threads")
    names = ["aardvark", "bushbaby", "caracal"]
    for name in names:
        (tmp_path / name).write_text(f"A thread on the {name}", encoding="utf-8")
    with ThreadPoolExecutor() as pool:
        loads = [pool.submit(threadbot, "load", name) for name in names]
        assert [each.result().status for each in loads] == [0, 0, 0]
    assert [threadbot("ask", name).status for name in names] == [0, 0, 0]


def test_output_that_can_not_show_a_character_shows_another(threadbot: Program) -> None:
    done = threadbot("ask", "suitcases", settings={"PYTHONIOENCODING": "ascii"})
    assert done.status == 0
    assert done.err == ""


def test_what_json_spells_out_does_not_command_the_terminal(
    threadbot: Program, tmp_path: Path
) -> None:
    dump = tmp_path / "e.json"
    record = {"id_str": "123", "full_text": "\x1b[31mred \ud800 okapis&#27;", "user": {}}
    dump.write_text(json.dumps([record]), encoding="utf-8")
    done = threadbot("load", str(dump))
    assert done.status == 0
    assert "\x1b" not in done.out
    assert "[31mred \ufffd okapis" in threadbot("ask", "okapis").out


def test_a_suggestion_changes_the_word_and_no_other(threadbot: Program) -> None:
    said = threadbot("ask", "exports exprots").out
    assert said.startswith("Showing results for exports exports.\n")
    assert "Did you mean" not in threadbot("ask", "chips hip").out  # too short to tell


def test_all_words_that_no_tweet_holds_are_put_right_at_once(threadbot: Program) -> None:
    said = threadbot("ask", "Malasia suitcas chipz").out
    assert said.startswith("Showing results for Malaysia suitcase chip.\n")
    said = threadbot("ask", "xqzzw suitcas").out
    assert said.startswith("Showing results for xqzzw suitcase.\n")
    assert "No tweet has “xqzzw”." in said


def test_tweets_with_one_of_the_words_follow_on_pages_of_their_own(threadbot: Program) -> None:
    first = threadbot("ask", "chip export controls").out
    assert "weaker matches follow on the next page." in first
    assert "Only some of the words" not in first
    assert "Next page (2 of 2): " in first
    rest = threadbot("ask", "--page", "2", "chip export controls").out
    assert "Only some of the words" in rest
    assert "weaker matches follow" not in rest
    alone = threadbot("ask", "robots").out
    assert "of the words" not in alone


def test_help_of_the_first_tweet_is_explained(threadbot: Program) -> None:
    said = threadbot("ask", "--explain", "chip export").out
    assert "×, in the first tweet)" in said
    assert "in the first tweet)" not in threadbot("ask", "--explain", "drives").out


def test_a_handle_as_a_word_suggests_what_finds_its_tweets(threadbot: Program) -> None:
    said = threadbot("ask", "@LizaLinWSJ chips").out
    assert re.search(r"^Did you mean: .* ask 'mentions:lizalinwsj chips'$", said, re.MULTILINE)
    assert ask(threadbot, "mentions:lizalinwsj chips")["tweets"] > 0
    assert "Did you mean" not in threadbot("ask", "@nobody").out


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("from:nobody", "No tweet here is by @nobody."),
        ("mentions:@Nobody chips", "No tweet here mentions @nobody."),
        ("site:nowhere.example", "No tweet here links to nowhere.example."),
    ],
)
def test_a_filter_that_no_tweet_passes_is_told(
    threadbot: Program, question: str, said: str
) -> None:
    assert said in threadbot("ask", question).out.splitlines()
    assert "No tweet here" not in threadbot("ask", "site:wsj.com mentions:lizalinwsj chips").out


def test_a_question_without_words_says_what_to_ask_with(threadbot: Program) -> None:
    for question in ("🚀", '"', "-", "   "):
        done = threadbot("ask", "--", question)
        assert done.status == 1
        assert (
            "The question has no words to search for. Use words that a tweet would contain."
            in done.out
        )


def test_explain_tells_how_many_tweets_hold_each_word(threadbot: Program) -> None:
    said = "Words, with the number of tweets that contain each: chip (11 tweets), export (3 tweets)"
    assert said in threadbot("ask", "chip export", "--explain").out
    assert said not in threadbot("ask", "chip export").out


def test_answers_to_others_are_kept_where_the_option_or_the_setting_says_so(
    threadbot: Program,
) -> None:
    record = {"id_str": "2", "full_text": "@ben No.", "in_reply_to_status_id_str": "1"}
    dump = threadbot.folder / "a.json"
    dump.write_text(json.dumps([record]), encoding="utf-8")
    assert threadbot("check", str(dump)).status == 3
    assert "): 1 new," in threadbot("check", "--keep-replies", str(dump)).out
    kept = threadbot("load", str(dump), settings={"THREADBOT_KEEP_REPLIES": "yes"})
    assert "38 tweets" in kept.out


def test_ask_takes_operators_and_options_alike(threadbot: Program) -> None:
    by_operator = ask(threadbot, 'drives "hard drives" thread:15e2ef4b6f90 has:link')
    asked = threadbot("ask", 'drives "hard drives" has:link', "--thread", "15e2ef4b6f90", "--json")
    by_option = json.loads(asked.out)
    assert by_operator["hits"][0]["text"] == by_option["hits"][0]["text"]
    assert by_operator["threads"] == 1
    assert all("hard drives" in hit["text"].lower() for hit in by_operator["hits"])


def test_ask_has_an_option_for_each_filter(threadbot: Program) -> None:
    options = ["--mentions", "@LizaLinWSJ", "--site", "wsj.com", "--has-link"]
    by_option = json.loads(threadbot("ask", "chips", *options, "--json").out)
    by_operator = ask(threadbot, "chips mentions:lizalinwsj site:wsj.com has:link")
    assert by_option["tweets"] == by_operator["tweets"] == 3
    assert ask(threadbot, "chips")["tweets"] == 11


def test_ask_tells_what_filters_leave_out(threadbot: Program) -> None:
    done = threadbot("ask", "chips", "--author", "nobody")
    assert done.status == 1
    assert "11 tweets match without from:nobody." in done.out
    dated = threadbot("ask", "chips", "--since", "2020").out
    assert "No tweet here has a date, so filters by date find nothing." in dated
    refused = threadbot("ask", "chips", "--author", "anna", "--since", "soon")
    assert (refused.status, refused.out) == (2, "")
    assert (
        "“since:soon” is not a date. Write it like since:2025-06-13, since:2025-06" in refused.err
    )
    assert threadbot("ask", "chips", "--author", "a b").status == 2


def test_ask_without_words_lists_what_passes_the_filters(threadbot: Program) -> None:
    listed = ask(threadbot, "thread:15e2ef4b6f90")
    assert (listed["tweets"], listed["threads"]) == (19, 1)
    assert listed["hits"][0]["position"] == 1


def test_ask_explains_scores(threadbot: Program) -> None:
    said = threadbot("ask", "chip export controls", "--explain").out
    assert re.search(r"Score \d+\.\d\d: chip|Score \d+\.\d\d: export \d+\.\d\d \(idf", said)
    asked = json.loads(threadbot("ask", "chip export controls", "--explain", "--json").out)
    for hit in asked["hits"]:
        parts = hit["explanation"]
        total = sum(each["score"] for each in parts["terms"]) + parts["boost"]
        assert math.isclose(total, hit["score"])
        assert bool(parts["shared"]) == (parts["boost"] > 1e-9)


def test_ask_pages_and_sorts_by_date(threadbot: Program, tmp_path: Path) -> None:
    for day in range(1, 9):
        (tmp_path / f"{day}.txt").write_text(
            f"---\ndate: 2025-06-0{day}\n---\nOkapi news of number {day}, shy as ever\n",
            encoding="utf-8",
        )
    threadbot("load", *(str(tmp_path / f"{day}.txt") for day in range(1, 9)))
    done = threadbot("ask", "okapi", "--newest", "--page", "2")
    assert "Newest first.\nPage 2 of 2.\n" in done.out
    assert [line for line in done.out.splitlines() if line.startswith("8. ")]
    beyond = threadbot("ask", "okapi", "--page", "9", "--json")
    assert (beyond.status, beyond.out) == (2, "")
    assert "--page 9: the answer has only 2 pages." in beyond.err
    asked = json.loads(threadbot("ask", "okapi", "--newest", "--page", "2", "--json").out)
    assert (asked["page"], asked["pages"]) == (2, 2)
    assert [hit["created_at"] for hit in asked["hits"]] == ["2025-06-01"]
    chat = threadbot("chat", said="okapi\n/more\n8\n/newest\n/more\n/more\n/quit\n")
    assert "Page 2 of 2." in chat.out
    assert "No more pages." in chat.out
    assert "Newest first." in chat.out


def test_a_saved_thread_loads_again(threadbot: Program, tmp_path: Path) -> None:
    saved = [tmp_path / f"suitcases.{kind}" for kind in ("md", "txt", "json")]
    done = threadbot("thread", "suitcases", *(f"--save={path}" for path in saved))
    assert (done.status, done.out) == (0, "")
    for path in saved:
        report = json.loads(threadbot("check", "--json", str(path)).out)
        assert report["dumps"][0]["unchanged"] == 19
    wrong = threadbot("thread", "suitcases", "--save", str(tmp_path / "a.pdf"))
    assert wrong.status == 2
    assert "the name must end in one of .md, .txt, .json" in wrong.err
    nowhere = threadbot("thread", "suitcases", "--save", str(tmp_path / "no" / "a.md"))
    assert nowhere.status == 2
    assert "cannot write the file" in nowhere.err


def test_dumps_are_taken_out_forgotten_and_told_of(threadbot: Program, tmp_path: Path) -> None:
    dump = tmp_path / "okapi.txt"
    dump.write_text("---\nauthor: anna\n---\nOkapis are shy\n", encoding="utf-8")
    assert threadbot("load", "--guild", "77", str(dump)).status == 0
    assert threadbot("ask", "okapis").status == 1
    assert threadbot("ask", "--guild", "77", "okapis").status == 0
    listed = json.loads(threadbot("dumps", "--guild", "77", "--json").out)
    assert [(each["file"], each["shared"]) for each in listed] == [
        (SEED.name, True),
        (str(dump), False),
    ]
    assert SEED.name in threadbot("dumps").out
    assert threadbot("forget", "--guild", "77", "--author", "@Anna", "--yes").status == 0
    assert threadbot("ask", "--guild", "77", "okapis").status == 1
    assert threadbot("undo", "--guild", "77").status == 0
    assert threadbot("remove", "--guild", "77", str(dump), "--yes").status == 0
    assert threadbot("ask", "--guild", "77", "okapis").status == 1
    told = threadbot("history", "--guild", "77").out.splitlines()
    assert [line.split(": ", 1)[1].split(" (")[0] for line in told] == [
        "terminal removed “okapi.txt”",
        "terminal undid the hiding of @anna",
        "terminal hid @anna",
        "terminal loaded “okapi.txt”",
    ]
    assert json.loads(threadbot("history", "--json").out)[0]["action"] == "seeds"
    nothing = threadbot("forget")
    assert (nothing.status, "Name a thread or an author to hide" in nothing.err) == (2, True)
    missing = threadbot("remove", "a.txt")
    assert (missing.status, "can be removed here. Run `threadbot dumps`" in missing.err) == (
        1,
        True,
    )


def test_stats_tell_what_is_served(threadbot: Program, tmp_path: Path) -> None:
    told = threadbot("stats")
    assert told.status == 0
    first, why = told.out.splitlines()[:2]
    assert first == "37 tweets in 7 threads (1 complete, 6 previews) from 1 file"
    assert "so there are no monthly figures" in why
    dump = tmp_path / "okapi.md"
    dump.write_text(
        "---\nauthor: anna\ndate: 2025-06-13\n---\nOkapis are shy https://zoo.example/a\n",
        encoding="utf-8",
    )
    assert threadbot("load", "--guild", "77", str(dump)).status == 0
    shape = json.loads(threadbot("stats", "--guild", "77", "--json").out)
    assert shape["months"] == [{"month": "2025-06", "tweets": 1}]
    assert shape["dated"] == {"tweets": 1, "from": "2025-06-13", "until": "2025-06-13"}
    assert shape["authors"] == {
        "number": 1,
        "top": [{"author": "anna", "tweets": 1}],
        "unknown_tweets": 37,
    }
    assert {"host": "zoo.example", "tweets": 1} in shape["hosts"]["top"]
    assert (shape["dumps"], shape["tweets"]) == (2, 38)
    alone = json.loads(threadbot("stats", "--json").out)
    assert (alone["dumps"], alone["tweets"], alone["months"]) == (1, 37, [])
    assert alone["threads"] == {"complete": 1, "previews": 6}
    assert threadbot("remove", threadbot("dumps").out.split()[0], "--yes").status == 0
    empty = threadbot("stats")
    assert (empty.status, "Nothing is loaded yet." in empty.out) == (0, True)
    assert "`threadbot load PATH…`" in empty.out


COMMANDS = (
    ("ask", "chips"),
    ("thread", "suitcases"),
    ("threads",),
    ("dumps",),
    ("history",),
    ("stats",),
)


@pytest.mark.parametrize("table", ["tweet", "version", "generation"])
def test_a_damaged_page_is_said_in_all_commands(threadbot: Program, table: str) -> None:
    assert threadbot("threads").status == 0
    damage_page(threadbot.folder / "data" / FILE, table)
    found = [threadbot(*each) for each in COMMANDS]
    for each in found:
        assert each.status in (0, 3)
        assert "Traceback" not in each.err
        if each.status == 3:
            assert "it is damaged" in each.err
            assert "threadbot repair" in each.err
    assert found[0].status == 3


def damage_page(path: Path, table: str) -> None:
    """Fill the first page of a table with zeroes."""
    with closing(sqlite3.connect(path)) as connection:
        asked = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (page,) = connection.execute(asked, (table,)).fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(4096))


def test_a_changed_word_is_never_shown(threadbot: Program) -> None:
    assert threadbot("threads").status == 0
    path = threadbot.folder / "data" / FILE
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"four different suitcases", b"five different suitcases"))
    assert path.read_bytes() != whole
    for command in (("ask", "hard drives"), ("thread", "suitcases")):
        done = threadbot(*command)
        assert (done.status, done.out) == (3, "")
        assert "is not what was stored" in done.err


def test_a_database_that_is_gone_is_said_to_be_so(threadbot: Program) -> None:
    assert threadbot("threads").status == 0
    path = threadbot.folder / "data" / FILE
    path.unlink()
    done = threadbot("ask", "chips")
    assert done.status == 3
    assert "the database is missing" in done.err
    assert not path.exists()


def test_lost_changes_are_said_to_be_so(threadbot: Program, tmp_path: Path) -> None:
    assert threadbot("threads").status == 0
    path = threadbot.folder / "data" / FILE
    before = path.read_bytes()
    dump = tmp_path / "okapi.txt"
    dump.write_text("Okapis are shy", encoding="utf-8")
    assert threadbot("load", "--yes", str(dump)).status == 0
    path.write_bytes(before)
    done = threadbot("ask", "chips")
    assert done.status == 3
    assert "change 2 was stored, but the last one here is 1" in done.err
    (path.parent / "threadbot.newest").unlink()
    assert threadbot("ask", "chips").status == 0


def test_a_limit_on_the_size_of_files_is_a_full_disk(threadbot: Program, tmp_path: Path) -> None:
    assert threadbot("threads").status == 0
    dump = tmp_path / "okapis.txt"
    dump.write_text("\n\n".join(f"Okapi {each} is shy" for each in range(5000)), encoding="utf-8")
    limited = "import resource as r, runpy; r.setrlimit(r.RLIMIT_FSIZE, (150_000, 150_000));"
    program = ("-c", f"{limited} runpy.run_module('bot', run_name='__main__')")
    done = threadbot("load", "--yes", str(dump), program=program)
    assert done.status == 3
    assert "the disk is full" in done.err
    assert threadbot("ask", "chips").status == 0


def test_an_env_file_that_others_can_read_is_a_warning(threadbot: Program, tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("DISCORD_TOKEN=se cret\n", encoding="utf-8")
    env_file.chmod(0o644)
    told = "can read .env, and the token in it. Type: chmod 600 .env"
    assert told not in threadbot("ask", "chips").err
    env_file.write_text("THREADBOT_LOG=INFO\n#DISCORD_TOKEN=\n", encoding="utf-8")
    assert told in threadbot("run").err
    env_file.chmod(0o600)
    assert told not in threadbot("run").err
