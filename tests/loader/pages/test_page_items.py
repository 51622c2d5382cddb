"""The lines with text of a copied page."""

from __future__ import annotations

from datetime import date

import pytest

from bot.loader.line_account import Account
from bot.loader.pages.page_items import (
    PERMALINK,
    Ahead,
    Item,
    ahead,
    items_of,
    without_repeats,
)
from bot.loader.pages.tweet_boundaries import JOINED
from bot.loader.raw.decode import lines_of
from bot.models import Link


def items(text: str, *, markdown: bool = False, saved: date | None = None) -> list[Item]:
    return items_of(lines_of(text), Account("a.txt"), saved, markdown=markdown)


def said(text: str, *, markdown: bool = False) -> list[str]:
    return [item.piece.text for item in items(text, markdown=markdown)]


def gaps(text: str, *, markdown: bool = False) -> list[int]:
    return [item.piece.gap for item in items(text, markdown=markdown)]


def left(text: str, *, markdown: bool = False) -> list[tuple[int, str, str]]:
    """The lines that are not items, and what they are."""
    account = Account("a.txt", detailed=True)
    items_of(lines_of(text), account, None, markdown=markdown)
    assert account.notices == []
    return [(each.line, each.kind, each.what) for each in account.entries([])]


def test_a_line_keeps_its_number_its_words_and_its_parts() -> None:
    (first, second) = items("\nPorts\n@ben news.example/a")
    assert [first.piece.line.number, second.piece.line.number] == [2, 3]
    assert (first.piece.text, first.piece.parts.text) == ("Ports", "Ports")
    assert second.piece.parts.is_byline
    assert second.piece.parts.mentions == ("ben",)
    assert first.role.kind == "text"


def test_plain_text_is_left_as_it_is_but_for_what_html_left_in_it() -> None:
    text = "**Ports** &amp; &lt;ships&gt; &quot;a&#39;b&quot;&nbsp;&copy; [c](https://d.example)"
    assert said(text) == ['**Ports** & <ships> "a\'b" &copy; [c](https://d.example)']


def test_of_markdown_a_line_keeps_its_links() -> None:
    (item,) = items("**Ports** [grow](https://news.example/a) quiet", markdown=True)
    assert item.piece.text == "Ports grow quiet"
    assert item.piece.links == (Link("grow", "https://news.example/a"),)
    assert not item.shown.heading
    (item,) = items("# Ports", markdown=True)
    assert (item.piece.text, item.shown.heading) == ("Ports", True)


def test_a_date_is_known_by_the_day_on_which_the_page_was_saved() -> None:
    (item,) = items("Jun 13", saved=date(2025, 6, 14))
    assert item.role.date is not None
    assert item.role.date.iso == "2025-06-13"


def test_blank_lines_above_a_line_are_counted() -> None:
    assert gaps("Ports\nShips\n\nCranes\n\n\n\nSheds") == [0, 0, 1, 3]
    assert gaps("\n\nPorts\nShips") == [2, 0]
    blank = [item.piece.blank for item in items("Ports\nShips\n\nCranes")]
    assert blank == [False, False, True]


def test_of_blank_lines_around_a_picture_the_longest_run_counts() -> None:
    text = "Ports\n\n\n![](a.jpg)\n\nShips\n![](b.jpg)\nCranes"
    assert gaps(text, markdown=True) == [0, 2, 0]


def test_a_line_end_that_markdown_keeps_joins_the_next_line() -> None:
    assert gaps("Ports  \nShips\nCranes", markdown=True) == [0, JOINED, 0]
    assert gaps("Ports  \nShips\nCranes") == [0, 0, 0]
    assert gaps("Ports\n  \nShips", markdown=True) == [0, JOINED]
    assert gaps("Ports\n  \nShips") == [0, 1]
    assert gaps("Ports\n  \n\nShips", markdown=True) == [0, JOINED]
    assert items("Ports\n  \nShips", markdown=True)[1].piece.blank


def test_a_picture_between_joined_lines_leaves_them_joined() -> None:
    assert gaps("Ports\n![](a.jpg)  \nShips", markdown=True) == [0, JOINED]
    assert gaps("Ports  \n![](a.jpg)\nShips", markdown=True) == [0, JOINED]
    assert gaps("Ports\n![](a.jpg)\nShips", markdown=True) == [0, 0]


def test_a_rule_parts_even_joined_lines() -> None:
    for text in (
        "Ports  \n---\nShips",
        "Ports\n---\n  \nShips",
        "Ports  \n---\n![](a.jpg)  \nShips",
    ):
        (_, ships) = items(text, markdown=True)
        assert ships.piece.below_rule
        assert ships.piece.gap >= 0
    found = items("Ports\n---\nShips\nCranes")
    assert [item.piece.below_rule for item in found] == [False, True, False]


@pytest.mark.parametrize(
    "line", ["# 1", "## 2/5", "## Tweet 3", "### Post #4", "# 12.", "# 3 of 5", "# #7", "# 8:"]
)
def test_a_heading_that_only_counts_is_a_rule(line: str) -> None:
    (_, ships) = items(f"Ports\n{line}\nShips", markdown=True)
    assert ships.piece.below_rule
    assert left(f"Ports\n{line}\nShips", markdown=True) == [(2, "boilerplate", "a rule")]


@pytest.mark.parametrize("line", ["# 1st", "# Ships 2", "# 1234", "# 2/", "2/5"])
def test_other_headings_and_numbers_are_text(line: str) -> None:
    assert len(items(f"Ports\n{line}\nShips", markdown=True)) == 3


def test_what_shows_no_words_is_accounted_for() -> None:
    text = "---\n![](a.jpg)\n[**Night** What goes on.](https://news.example/a)\n\nPorts"
    assert left(text, markdown=True) == [
        (1, "boilerplate", "a rule"),
        (2, "boilerplate", "a picture"),
        (3, "boilerplate", "a link’s card"),
    ]


def test_each_line_knows_what_follows_it() -> None:
    def after(*lines: str) -> list[tuple[bool, bool]]:
        return [(each.a_page, each.more) for each in ahead(items("\n".join(lines)))]

    more, footer, start, end = "More from @anna", "• • •", "Thread Reader", "Donate via Paypal"
    nothing, a_page, both = (False, False), (True, False), (True, True)
    assert after() == []
    assert after("Ports") == [nothing]
    assert after("Ports", footer, "Ships") == [a_page, a_page, nothing]
    assert after("Ports", more, "Ships") == [both, both, nothing]
    assert after("Ports", "Read 4 tweets") == [a_page, a_page]
    assert after("Ports", "Post", "Ships", more) == [both, both, both, both]
    for other in (start, footer, end):
        assert after("Ports", other, more) == [a_page, a_page, both]
    assert after("Ports", end) == [nothing, nothing]
    assert ahead(items("Ports")) == [Ahead(a_page=False, more=False, text=True)]


def test_each_line_knows_whether_text_follows_before_boilerplate() -> None:
    def texts(*lines: str) -> list[bool]:
        return [each.text for each in ahead(items("\n".join(lines)))]

    more, footer, day = "More from @anna", "• • •", "Jan 3, 2024"
    assert texts("Ports", day) == [True, False]
    assert texts(day, "Ports") == [True, True]
    for below in (footer, more, "Donate via Paypal", "Read all threads"):
        assert texts(day, below, "Ports") == [False, False, True]


def test_a_link_that_markdown_left_in_plain_text_is_its_address() -> None:
    url = "https://news.example/a"
    for text in (f"[{url}]({url})", f"[[{url}]({url})]({url})", f"<{url}>"):
        assert said(text) == [url]
    assert said(f"[{url}](https://news.example/b)") == [f"[{url}](https://news.example/b)"]


def test_markup_alone_on_a_line_and_counts_below_a_post_are_no_words() -> None:
    assert [each[0] for each in left("**\nPorts\n**")] == [1, 3]
    counts = "Ports\n❤️ 5 🔁 3"
    assert left(counts, markdown=True) == [(2, "boilerplate", "markup or counts")]
    assert said(counts) == ["Ports", "❤️ 5 🔁 3"]


def test_pictures_are_of_the_line_above_or_of_the_first_line_below_a_rule() -> None:
    def shows(text: str) -> list[list[str | None]]:
        found = items(text, markdown=True)
        return [[each.alt for each in item.piece.media] for item in found]

    a, b, c = (f"![{name}](https://pbs.example/{name}.jpg)" for name in "abc")
    assert shows(f"{a}\n{b}\nPorts {c}\nShips") == [["a", "b", "c"], []]
    assert shows(f"Ports\n{a}\n{b}\nShips") == [["a", "b"], []]
    assert shows(f"Ports\n{a}\n---\n{b}\n{c}\nShips") == [["a"], ["b", "c"]]


def test_only_in_markdown_a_link_to_a_post_alone_is_its_address() -> None:
    link = "[Tweet](https://x.com/anna/status/1901)"
    assert [item.role for item in items(f"Ports\n{link}", markdown=True)][1] is PERMALINK
    assert [item.role.kind for item in items(f"Ports\n{link}")] == ["text", "text"]
    assert [item.role.kind for item in items(f"Ports ({link})", markdown=True)] == ["text"]


def test_a_passage_that_repeats_the_lines_above_is_taken_out() -> None:
    def kept(*lines: str) -> list[int]:
        account = Account("a.txt", detailed=True)
        found = without_repeats(items("\n".join(lines)), account)
        numbers = [item.piece.line.number for item in found]
        out = [each.line for each in account.entries([])]
        assert sorted([*numbers, *out]) == list(range(1, len(lines) + 1))
        return numbers

    first, second = "The port of Rotterdam is shut.", "Nobody in the port knows why."
    assert len(first) == 30
    assert kept(first, first, second) == [1, 3]
    assert kept(first[1:], first[1:], second) == [1, 2, 3]
    assert kept(first, second, first, second, "Ships") == [1, 2, 5]
    assert kept("Ports", first, second, first, second) == [1, 2, 3]
    assert kept(first, second, first) == [1, 2, 3]
    assert kept("Ports", "Ships", "Ports", "Ships") == [1, 2, 3, 4]
    counts = "Jun 13, 2025 • 20 tweets • 5 min read"
    assert kept(counts, counts) == [1, 2]


def test_pictures_alone_between_two_rules_are_a_line_without_words() -> None:
    a, b = (f"![{name}](https://pbs.example/{name}.jpg)" for name in "ab")
    found = items(f"Ports\n---\n{a}\n{b}\n---\n{b}\n---\nShips", markdown=True)
    assert [(item.piece.text, item.piece.line.number) for item in found] == [
        ("Ports", 1),
        ("", 3),
        ("", 6),
        ("Ships", 8),
    ]
    assert [[each.alt for each in item.piece.media] for item in found] == [
        [],
        ["a", "b"],
        ["b"],
        [],
    ]
    assert [item.piece.below_rule for item in found] == [False, True, True, True]
    assert [item.role.kind for item in found] == ["text"] * 4
    assert said(f"{a}\n---\nPorts", markdown=True) == ["Ports"]
