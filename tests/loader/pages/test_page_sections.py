"""What surrounds a thread in a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from bot.loader.line_account import Account
from bot.loader.pages.page_sections import within_fences, without_excerpt, without_replies
from bot.loader.raw.decode import lines_of
from bot.loader.raw.line import Line

Section = Callable[[Sequence[Line], Account], Sequence[Line]]


def left(section: Section, *lines: str) -> tuple[list[str], list[int | None]]:
    """Return the texts that are left, and the lines of the notices."""
    account = Account("a.txt")
    found = section(lines_of("\n".join(lines)), account)
    return [line.text for line in found if line.text], [each.line for each in account.notices]


def test_only_the_lines_between_the_fences_are_the_thread() -> None:
    lines = ["Notes", "", "THREAD START", "Ports", "THREAD END", "", "Rope", "Tar"]
    assert left(within_fences, *lines) == (["Ports"], [1])
    assert left(within_fences, "## THREAD START", "Ports", "THREAD END") == (["Ports"], [])
    for lines in (["THREAD START", "Ports"], ["Ports", "THREAD END"], ["Thread start", "Ports"]):
        assert left(within_fences, *lines) == (lines, [])


def test_a_clipper_s_excerpt_is_taken_out() -> None:
    lines = ["# Ports", "> ## Excerpt", "> Ports sl…", "", "---", "Ports sleep."]
    assert left(without_excerpt, *lines) == (["# Ports", "---", "Ports sleep."], [])
    assert left(without_excerpt, "> Excerpt", "Ports") == (["> Excerpt", "Ports"], [])


@pytest.mark.parametrize(
    "heading",
    [
        "## 💬 Replies",
        "# Replies from others",
        "### Comments (3)",
        "## Top replies",
        "## Respuestas",
        "## Antworten",
        "## 返信",
        "## **Quote Tweets**",
    ],
)
def test_a_section_of_replies_is_left_out_with_one_notice(heading: str) -> None:
    assert left(without_replies, "Ports", "", heading, "", "Why?", "So?") == (["Ports"], [3])


def test_a_bare_word_begins_such_a_section_only_above_somebody_s_name() -> None:
    assert left(without_replies, "Ports", "Comments", "", "@bob", "Why?") == (["Ports"], [2])
    assert left(without_replies, "Ports", "Replies:", "Bob @bob", "Why?") == (["Ports"], [2])
    for lines in (
        ["Ports", "Comments", "Why?"],
        ["Ports", "## The replies were angry", "Why?"],
        ["## Replies", "Why?"],
    ):
        assert left(without_replies, *lines) == (lines, [])


def test_a_clipper_s_excerpt_leaves_blank_lines_and_may_end_the_file() -> None:
    lines = lines_of("# Ports\n> ## Excerpt\n> Ports sl…\nPorts")
    found = without_excerpt(lines, Account("a.txt"))
    assert list(found) == [lines[0], Line(2, "", breaks=False), Line(3, "", breaks=False), lines[3]]
    assert left(without_excerpt, "# Ports", "> ## Excerpt", "> Ports sl…") == (["# Ports"], [])


def test_blank_lines_among_replies_are_not_accounted_for() -> None:
    account = Account("a.txt", detailed=True)
    without_replies(lines_of("Ports\n\n## Replies\n\nWhy?"), account)
    assert [each.line for each in account.entries([])] == [3, 5]


def test_a_long_line_is_no_heading_of_replies() -> None:
    heading = f"## Replies{'!' * 70}"
    assert len(heading) == 80
    assert left(without_replies, "Ports", heading, "Why?") == (["Ports"], [2])
    assert left(without_replies, "Ports", f"{heading}!", "Why?")[1] == []


def test_the_name_stands_in_one_of_the_first_two_lines_below_the_word() -> None:
    assert left(without_replies, "Ports", "Comments", "", "", "@bob", "Why?")[1] == [2]
    assert left(without_replies, "Ports", "Comments", "Why?", "@bob")[1] == [2]
    assert left(without_replies, "Ports", "Comments", "Why?", "So?", "@bob")[1] == []


def test_an_excerpt_is_accounted_for() -> None:
    account = Account("a.txt", detailed=True)
    without_excerpt(lines_of("> ## Excerpt\n> Ports sl…\nPorts"), account)
    assert [(each.line, each.what) for each in account.entries([])] == [
        (1, "the clip's excerpt"),
        (2, "the clip's excerpt"),
    ]
