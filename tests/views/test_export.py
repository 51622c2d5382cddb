"""Threads as files to save; `tests/loader/test_exported.py` reads them back."""

from __future__ import annotations

import json
import re

from hypothesis import given

from bot.models import Link
from bot.views.export import KINDS, exported, file_name, without_folders
from bot.views.json_output import thread_json
from tests.strategies import any_text, thread, tweet


def test_a_file_is_named_by_its_title() -> None:
    made = thread("Ports grow quiet: *what* now?")
    assert file_name(made, "md") == f"ports-grow-quiet-what-now-{made.id}.md"
    assert file_name(thread("…"), "txt").startswith("thread-")


PORTS = thread(
    tweet(
        "Ports grow *quiet*\nas tariffs bite",
        author="anna",
        mentions=("ben",),
        links=(Link("news.example/p…", "https://news.example/ports"), Link("e.org/…", None)),
        created_at="2025-06-13",
        permalink="https://x.com/anna/status/1901",
        tweet_id="1901",
    ),
    tweet("No ship came.", author="cleo"),
    author="anna",
    complete=False,
    source_url="https://threads.example/1",
)


def test_a_text_file_indents_what_was_said_and_labels_the_rest() -> None:
    assert (
        exported(PORTS, "txt")
        == """\
Ports grow *quiet*

Exported by Threadbot: a preview
Author: @anna
Source: https://threads.example/1

1/2

  Ports grow *quiet*
  as tariffs bite

Date: 2025-06-13
Permalink: https://x.com/anna/status/1901
Id: 1901
Mentions: @ben
Link: news.example/p… <https://news.example/ports>
Link: e.org/…

2/2

  No ship came.

Author: @cleo
"""
    )


def test_a_markdown_file_shows_what_was_said_as_a_quote_without_markup() -> None:
    lines = exported(PORTS, "md").split("\n")
    assert lines[0] == r"# Ports grow \*quiet\*"
    assert lines[2] == "- Exported by Threadbot: a preview"
    assert lines[lines.index("**1/2**") + 2] == r"> Ports grow \*quiet\*"
    assert "- Id: 1901" in lines


def test_a_json_file_is_what_the_terminal_prints() -> None:
    assert json.loads(exported(PORTS, "json")) == json.loads(json.dumps(thread_json(PORTS)))


def test_a_whole_thread_is_called_one() -> None:
    assert "Exported by Threadbot: a thread\n" in exported(thread("Ports grow quiet"), "txt")


def test_folders_of_the_operator_are_left_out() -> None:
    private = thread(tweet("Ports", file="/home/anna/dumps/a.txt"), file="/home/anna/dumps/a.txt")
    made = without_folders(private)
    assert made.dumps == ("a.txt",)
    assert [each.file for each in made.tweets] == ["a.txt"]
    assert made.id == private.id
    assert not any("/home" in exported(made, kind) for kind in KINDS)


@given(any_text)
def test_any_title_makes_a_file_name_that_any_system_takes(title: str) -> None:
    made = thread("Ports grow quiet", title=title or "Ports")
    name = file_name(made, "md")
    assert re.fullmatch(rf"[\w-]+-{made.id}\.md", name)
    assert len(name) <= 70
