"""The commands that search and show threads, as their users run them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Program


def test_ask_shows_a_page_of_the_answer_and_no_more(threadbot: Program) -> None:
    done = threadbot("ask", "china", "--limit", "2", "--page", "2", "--json")
    assert done.status == 0
    hits = json.loads(done.out)["hits"]
    assert sum(1 + len(hit["more"]) for hit in hits) == 2
    first = json.loads(threadbot("ask", "china", "--limit", "2", "--json").out)["hits"]
    assert [hit["rank"] for hit in [*first, *hits]] == list(range(1, len(first) + len(hits) + 1))


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
