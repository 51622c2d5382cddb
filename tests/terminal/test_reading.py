"""The commands that search and show threads, as their users run them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Program
from tests.linked import link, save_linked_thread


def test_ask_shows_a_page_of_the_answer_and_no_more(threadbot: Program) -> None:
    done = threadbot("ask", "china", "--limit", "2", "--page", "2", "--json")
    assert done.status == 0
    assert [hit["rank"] for hit in json.loads(done.out)["hits"]] == [3, 4]


def test_a_saved_thread_is_printed_only_as_json(threadbot: Program, tmp_path: Path) -> None:
    saved = tmp_path / "a.md"
    quiet = threadbot("thread", "suitcases", "--save", str(saved), "--from", "99")
    assert (quiet.status, quiet.out, quiet.err) == (0, "", f"saved {saved}\n")
    both = threadbot("thread", "suitcases", "--save", str(saved), "--json")
    assert len(json.loads(both.out)["tweets"]) == 19


def test_a_thread_that_cannot_be_saved_is_not_printed(threadbot: Program, tmp_path: Path) -> None:
    done = threadbot("thread", "suitcases", "--save", str(tmp_path / "a.pdf"), "--json")
    assert (done.status, done.out) == (2, "")
    assert "the name must end in one of .md, .txt, .json" in done.err


def test_threads_lists_ids_that_thread_takes(threadbot: Program) -> None:
    first = threadbot("threads").out.splitlines()[0].split()[0]
    assert json.loads(threadbot("thread", first, "--json").out)["id"] == first


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
