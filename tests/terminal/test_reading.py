"""The commands that search and show threads, as their users run them."""

from __future__ import annotations

import json
import re
import shlex
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import SEED, Program
from tests.linked import link, save_linked_thread


def test_ask_shows_a_page_of_the_answer_and_no_more(threadbot: Program) -> None:
    done = threadbot("ask", "china", "--limit", "2", "--page", "2", "--json")
    assert done.status == 0
    answer = json.loads(done.out)
    assert answer["page"] == 2
    assert sum(1 + len(hit["more"]) for hit in answer["hits"]) == 2


def test_a_page_that_the_answer_does_not_have_is_said_to_be_missing(threadbot: Program) -> None:
    done = threadbot("ask", "china", "--limit", "10", "--page", "99")
    assert (done.status, done.out) == (2, "")
    said = re.fullmatch(
        r"threadbot: --page 99: the answer has only ([2-9]) pages\. Type: (.*)\n", done.err
    )
    assert said
    last = shlex.split(said[2])
    assert last[-3:] == ["--page", said[1], "china"]
    assert threadbot(*last[3:]).status == 0
    one = threadbot("ask", "robots marathon", "--page", "2")
    assert one.err.startswith("threadbot: --page 2: the answer has only 1 page. Type: ")


def commands_of(text: str) -> list[list[str]]:
    """The commands that an answer prints."""
    lines = re.findall(r"(?:Read on|All \d+ in this thread|Next page \(.*?\)): (.*)", text)
    return [shlex.split(each) for each in lines]


def test_commands_of_an_answer_work_when_pasted(threadbot: Program) -> None:
    threadbot("load", "--guild", "7", str(SEED))
    question = 'china\'s "hard drives" $HOME `id` -rumour'
    done = threadbot("ask", "--guild", "7", "--limit", "2", question)
    every, read_on, page = commands_of(done.out)
    for each in (every, read_on, page):
        assert each[:3] == [sys.executable, "-m", "bot"]
        assert each[4:6] == ["--guild", "7"] or "--guild" in each
        assert threadbot(*each[3:]).status == 0
    assert every[-1] == page[-1] == question
    assert "--thread" in every
    shown = threadbot(*every[3:]).out
    assert shown.count("tweet ") > done.out.count("tweet ")
    assert "Page 2 of" in threadbot(*page[3:]).out


def test_a_question_may_exclude_words_with_a_dash(threadbot: Program) -> None:
    plain = json.loads(threadbot("ask", "chips", "--json").out)
    less = json.loads(threadbot("ask", "chips", "-kendler", "--json").out)
    assert less["query"]["text"] == "chips -kendler"
    assert 0 < less["tweets"] < plain["tweets"]
    quoted = json.loads(threadbot("ask", "chips -kendler", "--json").out)
    assert quoted["tweets"] == less["tweets"]
    alone = threadbot("ask", "-kendler")
    assert "So far the question only excludes words." in alone.out


def test_a_saved_thread_is_printed_only_as_json(threadbot: Program, tmp_path: Path) -> None:
    saved = tmp_path / "a.md"
    quiet = threadbot("thread", "suitcases", "--save", str(saved), "--from", "99")
    assert (quiet.status, quiet.out, quiet.err) == (0, "", f"saved {saved}\n")
    both = threadbot("thread", "suitcases", "--save", str(saved), "--json", "--force")
    assert len(json.loads(both.out)["tweets"]) == 19


def test_a_thread_that_cannot_be_saved_is_not_printed(threadbot: Program, tmp_path: Path) -> None:
    done = threadbot("thread", "suitcases", "--save", str(tmp_path / "a.pdf"), "--json")
    assert (done.status, done.out) == (2, "")
    assert "the name must end in one of .md, .txt, .json" in done.err


def test_threads_lists_ids_that_thread_takes(threadbot: Program) -> None:
    first = threadbot("threads").out.splitlines()[0].split()[0]
    assert json.loads(threadbot("thread", first, "--json").out)["id"] == first


def test_other_threads_with_the_same_words_are_listed_with_their_ids(threadbot: Program) -> None:
    done = threadbot("thread", "china")
    note = "3 other threads have this in their title."
    assert note in done.out
    ids = [line.split()[0] for line in done.out.partition(note)[2].strip().splitlines()]
    assert len(ids) == 3
    for each in ids:
        alone = threadbot("thread", each)
        assert alone.status == 0
        assert "other thread" not in alone.out
    chat = threadbot("chat", said="/thread china\n")
    assert note in chat.out
    assert "other thread" not in threadbot("thread", "china", "--json").out


def test_a_thread_that_is_only_a_guess_is_called_one(threadbot: Program) -> None:
    done = threadbot("thread", "Kendler")
    assert "No title has these words. This thread has the tweet that matches them best." in done.out


def test_an_id_or_a_link_is_not_searched_for_as_words(threadbot: Program) -> None:
    unknown = threadbot("thread", "8ceb0e646c06")
    assert (unknown.status, "No loaded thread has the id 8ceb0e646c06." in unknown.err) == (1, True)
    link = threadbot("thread", "https://x.com/anna/status/1")
    assert (link.status, "That tweet is not in the loaded files." in link.err) == (1, True)
    page = threadbot("thread", "https://e.org/thread/1")
    assert (page.status, "has the link https://e.org/thread/1." in page.err) == (1, True)


def test_dates_are_understood_or_refused(threadbot: Program, tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    dump = tmp_path / "okapi.txt"
    dump.write_text(f"---\ndate: {today - timedelta(days=5)}\n---\nOkapis are shy\n", "utf-8")
    threadbot("load", str(dump))
    assert threadbot("ask", "okapis", "--since", "2 weeks ago").status == 0
    assert threadbot("ask", "okapis", "--until", "yesterday").status == 0
    assert threadbot("ask", "okapis", "--since", "yesterday").status == 1
    refused = threadbot("ask", "okapis", "--since", "6/7/2025", "--json")
    assert (refused.status, refused.out) == (2, "")
    assert "“since:6/7/2025” can mean two dates." in refused.err


def test_a_repaired_question_offers_what_was_asked(threadbot: Program) -> None:
    done = threadbot("ask", "robts marathn")
    assert done.status == 0
    first, second = done.out.splitlines()[:2]
    assert first == "Showing results for robots marathon."
    command = shlex.split(second.removeprefix("Search instead for: "))
    assert command[-2:] == ["--exact", "robts marathn"]
    exact = threadbot(*command[3:])
    assert exact.status == 1
    assert "Showing results for" not in exact.out
    assert "Showing results for" not in threadbot("ask", "robots marathon").out


def test_a_link_to_a_loaded_tweet_shows_its_thread_with_a_mark(
    threadbot: Program, seeds: Path
) -> None:
    save_linked_thread(seeds)
    settings = {"THREADBOT_SEEDS": str(seeds)}
    for command in ("ask", "thread"):
        done = threadbot(command, f"{link(25)}?s=20", settings=settings)
        assert done.status == 0
        assert [each[:5] for each in done.out.splitlines() if "▶" in each] == ["▶ 25."]
    told = json.loads(threadbot("ask", link(25), "--json", settings=settings).out)
    assert [(hit["position"], hit["author"]) for hit in told["hits"]] == [(25, "anna")]


def test_a_link_to_an_unknown_tweet_finds_no_other_thread(threadbot: Program, seeds: Path) -> None:
    save_linked_thread(seeds)
    settings = {"THREADBOT_SEEDS": str(seeds)}
    for command in ("ask", "thread"):
        done = threadbot(command, link(99), settings=settings)
        assert (done.status, done.out) == (1, "")
        assert "That tweet is not in the loaded files." in done.err
    beside = threadbot("ask", f"{link(99)} hard drives", settings=settings)
    assert beside.status == 0
    assert "That tweet is not in the loaded files." in beside.out
    assert "hard drives" in beside.out


def test_a_link_to_a_hidden_tweet_says_that_it_is_hidden(threadbot: Program, seeds: Path) -> None:
    save_linked_thread(seeds)
    settings = {"THREADBOT_SEEDS": str(seeds)}
    assert threadbot("forget", "--author", "anna", "--yes", settings=settings).status == 0
    for command in ("ask", "thread"):
        done = threadbot(command, link(25), settings=settings)
        assert (done.status, done.out) == (1, "")
        assert "That tweet is hidden here." in done.err
        assert "threadbot load" not in done.err
        assert "Traceback" not in done.err
    chat = threadbot("chat", settings=settings, said=f"{link(25)}\n/thread {link(25)}\n")
    assert (chat.out + chat.err).count("That tweet is hidden here.") == 2
    assert "Traceback" not in chat.err


def test_all_matches_of_a_thread_are_shown_when_asked_for(threadbot: Program) -> None:
    done = threadbot("ask", "chip export controls")
    (every,) = (each for each in commands_of(done.out) if "--limit" in each)
    shown = threadbot(*every[3:])
    assert shown.status == 0
    assert shown.out.count("   tweet ") == int(every[every.index("--limit") + 1]) == 12
    assert "All 12 in this thread" not in shown.out


@pytest.mark.parametrize("words", ["chips", "chips thread:suitcases", "thread:15e2ef4b6f90"])
def test_all_matches_of_the_only_thread_are_shown_too(threadbot: Program, words: str) -> None:
    (every,) = (each for each in commands_of(threadbot("ask", words).out) if "--limit" in each)
    shown = threadbot(*every[3:]).out
    assert shown.count("   tweet ") == int(every[every.index("--limit") + 1]) > 7


@pytest.mark.parametrize(
    ("options", "operator"),
    [
        (("--site", "wsj.com"), "site:wsj.com"),
        (("--author", "nobody"), "from:nobody"),
        (("--has-link",), "has:link"),
        (("--since", "2025"), "since:2025"),
        (("--thread", "suitcases"), "thread:suitcases"),
    ],
)
def test_an_option_that_narrows_the_search_can_stand_alone(
    threadbot: Program, options: tuple[str, ...], operator: str
) -> None:
    done, written = threadbot("ask", *options), threadbot("ask", operator)
    assert (done.status, done.out) == (written.status, written.out)
    assert done.err == ""


def test_without_a_question_and_a_filter_both_are_asked_for(threadbot: Program) -> None:
    for options in ((), ("--newest",), ("--limit", "3")):
        done = threadbot("ask", *options)
        assert (done.status, done.out) == (2, "")
        assert "Type a question, or an option that narrows the search, such as --site" in done.err


def test_all_after_two_dashes_are_words(threadbot: Program) -> None:
    done = threadbot("ask", "--limit", "2", "--", "-rumour", "chips")
    assert done.status == 0
    assert done.out.endswith(" -- '-rumour chips'\n")


def test_the_start_of_an_id_offers_a_command_with_the_whole_one(threadbot: Program) -> None:
    refused = threadbot("thread", "15e2")
    assert (refused.status, refused.out) == (1, "")
    *_, command = refused.err.splitlines()
    assert shlex.split(command)[3:] == ["thread", "15e2ef4b6f90"]
    assert threadbot(*shlex.split(command)[3:]).status == 0
    assert len(threadbot("thread", "ffff").err.splitlines()) == 1
    assert "\n  /thread 15e2ef4b6f90\n" in threadbot("chat", said="/thread 15e2\n/quit\n").out


def test_an_operator_of_another_program_is_explained(threadbot: Program) -> None:
    asked = threadbot("ask", "chips author:brave")
    assert asked.status == 0
    assert "“author:brave” was ignored. Write it like from:brave.\n" in asked.out
    assert "was ignored" not in threadbot("ask", "chips from:brave").out
    assert "Write it like" not in threadbot("ask", "stand by: me").out


def test_an_option_cut_short_is_refused(threadbot: Program) -> None:
    done = threadbot("ask", "china", "--sinc", "2025")
    assert done.status == 2
    assert "--since" in done.err


def test_a_number_that_no_thread_of_the_answer_has_keeps_the_answer(threadbot: Program) -> None:
    done = threadbot("chat", said="china\n99\n1\n")
    assert "To search: /ask 99" in done.out
    assert "Nothing matches" not in done.out


def test_a_file_is_overwritten_only_with_force(threadbot: Program, tmp_path: Path) -> None:
    saved = tmp_path / "a.md"
    saved.write_text("mine", encoding="utf-8")
    refused = threadbot("thread", "suitcases", "--save", str(saved))
    assert (refused.status, refused.out) == (2, "")
    assert refused.err == (
        f"threadbot: --save {saved}: the file exists. Add --force to overwrite it.\n"
    )
    assert saved.read_text(encoding="utf-8") == "mine"
    done = threadbot("thread", "suitcases", "--save", str(saved), "--force")
    assert (done.status, done.err) == (0, f"saved {saved}\n")
    assert "Chinese AI Companies" in saved.read_text(encoding="utf-8")


def test_repairs_are_commands_that_work_when_pasted(threadbot: Program) -> None:
    wider = threadbot("ask", "china", "--since", "2025-01-01", "--limit", "3")
    (command,) = re.findall(r"^Only the words: (.*)$", wider.out, re.MULTILINE)
    assert shlex.split(command)[3:] == ["ask", "--limit", "3", "china"]
    assert threadbot(*shlex.split(command)[3:]).status == 0
    exact = threadbot("ask", "--exact", "suitcasses")
    (meant,) = re.findall(r"^Did you mean: (.*)$", exact.out, re.MULTILINE)
    assert threadbot(*shlex.split(meant)[3:]).status == 0


def test_what_was_understood_is_said_above_the_answer(threadbot: Program) -> None:
    several = threadbot("ask", "chips thread:china").out
    assert "“thread:china” is “" in several
    assert "3 other threads have this in their title." in several
    assert "is “" not in threadbot("ask", "chips thread:suitcases").out
    since = json.loads(threadbot("ask", "china", "--since", "yesterday", "--json").out)
    assert since["hints"][0].startswith("“yesterday” means since:20")
    page = threadbot("ask", "https://www.wsj.com/articles/other")
    assert page.status == 0
    assert "No tweet here links to this page. These tweets link to wsj.com.\n" in page.out
    none = threadbot("ask", "https://zebra.example/a")
    assert (none.status, "No tweet here links to zebra.example.\n" in none.out) == (1, True)


def test_the_start_of_an_id_offers_the_whole_id(threadbot: Program) -> None:
    for start in ("15e2", "15e2ef4b"):
        done = threadbot("thread", start)
        assert (done.status, done.out) == (1, "")
        assert done.err.startswith(
            f"threadbot: No loaded thread has the id {start}. Write the whole id. Did you mean "
            "15e2ef4b6f90?\n"
        )


def test_a_link_that_is_not_loaded_ends_with_the_next_step(threadbot: Program, seeds: Path) -> None:
    save_linked_thread(seeds)
    done = threadbot("ask", link(99), settings={"THREADBOT_SEEDS": str(seeds)})
    assert "Loaded threads by its author:\n" in done.err
    assert "Harbour number 1 lies quiet" in done.err
    assert done.err.endswith("Save its thread to a file, then: threadbot load FILE\n")
    unknown = threadbot("ask", "https://x.com/nobody/status/1900123456789012345")
    assert "by its author" not in unknown.err


def test_an_author_is_found_by_the_handle(threadbot: Program, seeds: Path) -> None:
    save_linked_thread(seeds)
    settings = {"THREADBOT_SEEDS": str(seeds)}
    done = threadbot("ask", "@anna", settings=settings)
    assert done.status == 0
    assert "Tweets by @anna: from:anna\n" in done.out
    assert threadbot("ask", "@nobody", settings=settings).status == 1


def test_one_chinese_or_japanese_character_finds_the_tweets_with_it(
    threadbot: Program, tmp_path: Path
) -> None:
    saved = tmp_path / "harbours.txt"
    saved.write_text("香港的港口很安静，港。\n---\n船は港に着いた\n---\nShips are quiet\n", "utf-8")
    assert threadbot("load", str(saved)).status == 0
    done = threadbot("ask", "港")
    assert done.status == 0
    assert done.out.startswith("2 tweets in ")
    assert "船は港に着いた" in done.out
    assert "Did you mean" not in done.out
    none = threadbot("ask", "鯨")
    assert (none.status, "Searched for: 鯨 (0 tweets)" in none.out) == (1, True)


def test_an_unknown_author_is_offered_the_nearest_one(threadbot: Program, seeds: Path) -> None:
    save_linked_thread(seeds)
    settings = {"THREADBOT_SEEDS": str(seeds)}
    done = threadbot("ask", "from:anma", settings=settings)
    assert "No tweet here is by @anma." in done.out.splitlines()
    assert re.search(r"^Did you mean: .* ask from:anna$", done.out, re.MULTILINE)
    assert "The question has no words" not in done.out
    assert "Did you mean" not in threadbot("ask", "from:zebedee", settings=settings).out


def test_matches_that_no_page_has_are_counted(threadbot: Program, seeds: Path) -> None:
    save_linked_thread(seeds)
    settings = {"THREADBOT_SEEDS": str(seeds)}
    hidden = "“All … in this thread” shows the others of a thread."
    for options in ((), ("--newest",)):
        done = threadbot("ask", *options, "harbour quiet", settings=settings)
        (total,) = re.findall(r"^(\d+) tweets in ", done.out)
        lines = done.out.splitlines()
        assert lines.index(f"This page has 5 of the {total}. {hidden}") > lines.index("") + 1
        assert "All " + total + " in this thread: " in done.out
    every = threadbot("ask", "--newest", "thread:harbour quiet", settings=settings)
    assert hidden not in every.out


def test_a_star_is_said_to_be_no_operator(threadbot: Program) -> None:
    done = threadbot("ask", "chips*")
    assert "“chips*”: the * is no operator here. The search is for the word “chips”." in done.out
    assert "no operator" not in threadbot("ask", "chips").out


@pytest.mark.parametrize(
    "spelling", ["{}", "#{}", "“{}”", "thread {}", "https://example.org/t/{}", "<https://e.org/{}>"]
)
def test_an_unknown_id_opens_no_thread(threadbot: Program, tmp_path: Path, spelling: str) -> None:
    (tmp_path / "numbers.txt").write_text("8 ships, ceb0e646c06 of them\n", encoding="utf-8")
    threadbot("load", str(tmp_path / "numbers.txt"))
    named = spelling.format("8ceb0e646c06")
    for command in (
        ["thread", named],
        ["thread", named, "--save", str(tmp_path / "saved.md")],
        ["forget", "--yes", "--thread", named],
        ["remove", "--yes", named],
    ):
        done = threadbot(*command)
        assert done.status != 0
        assert done.out == ""
        assert "8ceb0e646c06" in done.err
    (known,) = (
        each["id"]
        for each in json.loads(threadbot("threads", "--json").out)
        if "ships" in each["title"]
    )
    assert threadbot("thread", f"#{known.upper()}").status == 0
