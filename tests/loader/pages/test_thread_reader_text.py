"""Text copied from pages, as threads."""

from __future__ import annotations

from datetime import date

import pytest

from bot.loader.line_account import Account
from bot.loader.pages.thread_reader_text import parse
from bot.loader.raw.decode import lines_of
from bot.models import Metadata, Thread

FOOTER = "• • •\nMissing some Tweet in this thread? You can try to\nforce a refresh"


def read(
    *lines: str,
    metadata: Metadata | None = None,
    saved: date | None = None,
    markdown: bool = False,
) -> tuple[Thread, ...]:
    _, threads = parse(
        lines_of("\n".join(lines)),
        metadata or Metadata(),
        Account("a.txt"),
        saved=saved,
        markdown=markdown,
    )
    return threads


def format_of(text: str, *, markdown: bool) -> str:
    format_, _ = parse(lines_of(text), Metadata(), Account("a.txt"), saved=None, markdown=markdown)
    return format_


def texts(*lines: str) -> list[list[str]]:
    return [[tweet.text for tweet in thread.tweets] for thread in read(*lines)]


def test_of_a_page_the_main_thread_comes_first_and_is_whole() -> None:
    main, preview = read("Ports", "Ships", FOOTER, "Cranes", "Sheds")
    assert [main.complete, preview.complete] == [True, False]
    assert [[tweet.text for tweet in each.tweets] for each in (main, preview)] == [
        ["Ports", "Ships"],
        ["Cranes", "Sheds"],
    ]


def test_previews_that_the_page_does_not_part_are_parted_by_their_bylines() -> None:
    found = texts("Ports", FOOTER, "Ships", "@ben", "Cranes", "Sheds", "@joe", "Quays")
    assert found == [["Ports"], ["Ships", "Cranes"], ["Sheds", "Quays"]]
    assert texts("Ports", FOOTER, "Jun 13", "Ships", "@ben", "Cranes", "Sheds", "@joe") == [
        ["Ports"],
        ["Ships", "Cranes", "Sheds"],
    ]


def test_a_page_without_a_thread_gives_none() -> None:
    assert texts("Thread Reader") == []
    assert texts(FOOTER, "Ships") == [["Ships"]]
    assert texts("Ports", FOOTER, "Jun 13", "Read 4 tweets") == [["Ports"]]


@pytest.mark.parametrize(
    "own", [FOOTER, "Thread Reader", "More from @anna", "Read all threads", "Donate via Paypal"]
)
def test_on_a_page_line_ends_part_tweets_and_blank_lines_are_inside(own: str) -> None:
    lines = ["Ports", "Ships", "", "Cranes", "Sheds"]
    above = own == "Thread Reader"
    assert texts(*([own, *lines] if above else [*lines, own]))[0] == [
        "Ports",
        "Ships\n\nCranes",
        "Sheds",
    ]
    assert texts(*lines)[0] == ["Ports\nShips", "Cranes\nSheds"]


def test_in_a_preview_line_ends_part_tweets_too() -> None:
    found = texts("Ports", "Read 4 tweets", "Ships", "Quays", "", "Cranes", "Sheds")
    assert found == [["Ports"], ["Ships", "Quays\n\nCranes", "Sheds"]]


def test_the_page_gives_the_number_of_tweets() -> None:
    lines = ["Ports", "Ships", "", "Cranes", "Sheds"]
    assert texts("4 tweets • 2 min read", *lines)[0] == ["Ports", "Ships", "Cranes", "Sheds"]


def test_given_metadata_applies_to_the_first_page_only() -> None:
    said = Metadata("ben", "https://threads.example/1", "2025-06-12", "Night shifts")
    first, second = read(
        "Ports", "Thread by @anna", "Jun 13, 2025", "Source: https://n.example/a", "Ships",
        metadata=said,
    )  # fmt: skip
    assert (first.author, first.source_url, first.title) == (
        "ben",
        "https://threads.example/1",
        "Night shifts",
    )
    assert first.tweets[0].created_at == "2025-06-12"
    assert (second.author, second.source_url, second.title) == (
        "ben",
        "https://n.example/a",
        "Ships",
    )
    assert second.tweets[0].created_at == "2025-06-13"


def test_metadata_on_the_page_applies_where_none_is_given() -> None:
    head = ["# Night shifts", "Thread by @anna", "Source: https://n.example/a", "Jun 13"]
    (main, preview) = read(
        *head, "Ports", FOOTER, "Jun 12", "Ships", saved=date(2025, 6, 14), markdown=True
    )
    assert (main.title, main.author, main.source_url) == (
        "Night shifts",
        "anna",
        "https://n.example/a",
    )
    assert main.tweets[0].created_at == "2025-06-13"
    assert (preview.title, preview.author, preview.source_url) == ("Ships", "anna", None)
    assert preview.tweets[0].created_at == "2025-06-12"
    (main, preview) = read("Ports", FOOTER, "Jun 12", "Ships")
    assert preview.tweets[0].created_at is None


def test_a_source_on_x_names_the_author_if_nothing_else_does() -> None:
    source = "Source: https://x.com/anna_ports/status/1901"
    assert read(source, "Ports")[0].author == "anna_ports"
    assert read(source, "Thread by @ben", "Ports")[0].author == "ben"
    assert read("Source: https://n.example/a", "Ports")[0].author is None


def test_a_given_author_separates_previews() -> None:
    found = read("Ports", FOOTER, "Ships", "@anna", "Cranes", metadata=Metadata("anna"))
    assert [[tweet.text for tweet in each.tweets] for each in found] == [
        ["Ports"],
        ["Ships"],
        ["Cranes"],
    ]


@pytest.mark.parametrize(
    "line", ["• • •", "Thread Reader", "**More from [@anna](https://x.com/anna)**", "# Send Email!"]
)
def test_a_page_is_known_by_a_line_of_its_own(line: str) -> None:
    assert format_of(f"Ports\n\n{line}", markdown=True) == "thread-reader-text"
    by_hand = "Ports\n\nJun 13\nPost\n@anna\n20 tweets\nRead 4 tweets"
    assert format_of(by_hand, markdown=True) == "markdown"
    assert format_of(by_hand, markdown=False) == "hand-written thread"
    unrolled = "Ports\nAnna\n@anna\nFollow on X\ntwitter-thread.com/t/1900000000001"
    assert format_of(unrolled, markdown=False) == "unroller-text"


@pytest.mark.parametrize(
    ("line", "format_"),
    [
        ("Thread Reader", "thread-reader-text"),
        ("More from @anna", "thread-reader-text"),
        ("Read 4 tweets", "hand-written thread"),
        ("Donate via Paypal", "thread-reader-text"),
        ("Ships", "unroller-text"),
    ],
)
def test_another_unroller_s_page_has_none_of_thread_reader_s_lines(line: str, format_: str) -> None:
    for own in ("Follow on X", "twitter-thread.com/t/1900000000001"):
        assert format_of(f"Ports\n{own}\n{line}", markdown=False) == format_


def test_a_line_with_left_over_markup_tells_the_format_too() -> None:
    line = "[Thread Reader](https://threadreaderapp.com)"
    assert format_of(f"Ports\n{line}", markdown=False) == "thread-reader-text"


def test_a_page_without_its_own_thread_yields_previews_and_says_so() -> None:
    def notices(*lines: str) -> tuple[list[str], int]:
        account = Account("a.txt")
        _, found = parse(
            lines_of("\n".join(lines)), Metadata("anna"), account, saved=None, markdown=True
        )
        return [each.message for each in account.notices], len(found)

    previews = ["• • •", "More from @anna", "Jun 13", "Ships", "Read 4 tweets"]
    lost = (
        "the page's own thread is missing from this file; read only the previews of other"
        " threads, and left its title, source and date out"
    )
    assert notices(*previews) == ([lost], 1)
    assert notices("Ports", *previews) == ([], 2)


def test_only_pages_that_a_reader_saved_repeat_their_lines() -> None:
    line = "The port of Rotterdam is shut, and nobody knows why."

    def tweets_of(*lines: str, markdown: bool) -> list[str]:
        return [tweet.text for tweet in read(*lines, markdown=markdown)[0].tweets]

    assert tweets_of(line, line, "Ships", FOOTER, markdown=True) == [line, "Ships"]
    assert tweets_of(line, line, "Ships", FOOTER, markdown=False) == [line, line, "Ships"]
    assert tweets_of(line, line, "Ships", markdown=True) == [line, line, "Ships"]


def test_a_second_thread_in_the_text_has_neither_the_date_nor_the_number_of_tweets() -> None:
    account = Account("a.txt")
    text = "Jun 13, 2025 • 4 tweets\n1/2 Ports\n2/2 Ships\n1/2 Cranes\n2/2 Sheds"
    _, (first, second) = parse(
        lines_of(text), Metadata("anna"), account, saved=None, markdown=False
    )
    assert [tweet.created_at for tweet in first.tweets] == ["2025-06-13"] * 2
    assert [tweet.created_at for tweet in second.tweets] == [None] * 2
    assert (first.author, second.author, account.notices) == ("anna", "anna", [])
