"""Copied pages, from their heads to their ends."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from datetime import date

import pytest

from bot.loader.line_account import Account
from bot.loader.pages.page_items import items_of
from bot.loader.pages.page_reader import Page, Part, Reader, runs
from bot.loader.raw.decode import lines_of

FOOTER = "• • •\nMissing some Tweet in this thread? You can try to\nforce a refresh"
MORE = "More from @anna_ports"
COUNTS = "Jun 13 • 20 tweets • 5 min read"
SAVED = date(2025, 6, 14)


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a text."""

    pages: list[Page]
    """Its pages."""
    boilerplate: dict[int, str]
    """The lines that are in no tweet, and what they are."""
    left_out: list[int | None]
    """The lines that are left out with a notice."""

    @property
    def threads(self) -> list[list[list[str]]]:
        """Return the texts of each page's lines, thread by thread, the main one first."""
        return [
            [words(part) for part in (page.main, *page.previews) if part.pieces]
            for page in self.pages
        ]

    @property
    def page(self) -> Page:
        """Its only page."""
        (page,) = self.pages
        return page


def words(part: Part) -> list[str]:
    return [piece.text for piece in part.pieces]


def read(*lines: str, author: str | None = None, markdown: bool = False) -> Read:
    account = Account("a.txt", detailed=True)
    items = items_of(lines_of("\n".join(lines)), account, SAVED, markdown=markdown)
    pages = Reader(items, account, author).pages()
    entries = [each for each in account.entries([]) if each.kind == "boilerplate"]
    return Read(
        pages,
        {each.line: each.what for each in entries},
        [notice.line for notice in account.notices],
    )


# Head


def test_a_reader_and_its_lines_are_gone_without_a_search_for_cycles() -> None:
    account = Account("a.txt")
    lines = lines_of("Ports grow quiet.")
    reader = Reader(items_of(lines, account, SAVED, markdown=False), account, None)
    reader.pages()
    gone = weakref.ref(reader)
    del reader
    assert gone() is None


def test_text_alone_is_a_page_s_thread() -> None:
    found = read("Ports", "Ships")
    assert found.threads == [[["Ports", "Ships"]]]
    assert (found.boilerplate, found.left_out) == ({}, [])
    assert read("").threads == [[]]


def test_the_page_head_gives_author_length_and_date() -> None:
    found = read("Thread by @anna_ports", "Share", "Anna Porto", "@anna_ports", COUNTS, "Ports")
    assert (found.page.author, found.page.main.declared) == ("anna_ports", 20)
    assert (found.page.main.date, found.threads) == ("2025-06-13", [[["Ports"]]])
    assert found.boilerplate == {
        1: "the page's header",
        2: "the page's buttons",
        3: "the author's name",
        4: "the author's name",
        5: "dates and counts",
    }


def test_later_lines_of_the_page_head_keep_what_earlier_ones_gave() -> None:
    found = read("Thread by @anna", "Thread Reader", COUNTS, "18 views", "Ports").page
    assert (found.author, found.main.declared, found.main.date) == ("anna", 20, "2025-06-13")
    found = read("Thread by @anna", "Read 7 tweets", "Jun 12", "Ports").page
    assert (found.main.declared, found.main.date) == (7, "2025-06-12")
    assert read("Thread by @anna", "Thread by @ben", "Ports").page.author == "ben"
    assert read("Jun 12", "Dec 31", "Ports").page.main.date is None


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("Source: https://news.example/a", "https://news.example/a"),
        ("url : https://news.example/a", "https://news.example/a"),
        ("Original: https://news.example/a", "https://news.example/a"),
        ("https://x.com/anna/status/19?s=20", "https://x.com/anna/status/19?s=20"),
        (
            "https://mobile.twitter.com/anna/statuses/19",
            "https://mobile.twitter.com/anna/statuses/19",
        ),
        (
            "https://threadreaderapp.com/thread/19.html",
            "https://threadreaderapp.com/thread/19.html",
        ),
    ],
)
def test_a_line_above_the_thread_may_name_its_source(line: str, source: str) -> None:
    found = read(line, "Ports", "Ships")
    assert (found.page.source, found.threads) == (source, [[["Ports", "Ships"]]])
    assert found.boilerplate == {1: "the page's address"}


@pytest.mark.parametrize(
    "line",
    ["https://news.example/a", "See https://x.com/anna/status/19", "Source: a friend"],
)
def test_other_links_above_the_thread_are_of_the_thread(line: str) -> None:
    found = read(line, "Ports")
    assert (found.page.source, found.threads) == (None, [[[line, "Ports"]]])


def test_only_the_first_line_that_names_the_source_counts() -> None:
    found = read("Source: https://news.example/a", "Source: https://news.example/b", "Ports")
    assert found.page.source == "https://news.example/a"
    assert found.threads == [[["Source: https://news.example/b", "Ports"]]]


def test_a_link_in_markdown_names_the_source_if_it_is_a_page_s() -> None:
    page = "https://threadreaderapp.com/thread/19.html"
    status = "https://x.com/anna/status/19"
    assert read(f"[{status}]({status})", "Ports", markdown=True).page.source == status
    assert read(f"[x.com/anna/status/19]({status})", "Ports", markdown=True).page.source == status
    assert read(f"[read it]({status})", "Ports", markdown=True).page.source is None
    assert (
        read(f"[news.example/a]({page}) [b]({status})", "Ports", markdown=True).page.source is None
    )


def test_the_first_heading_is_the_title() -> None:
    found = read("# Night shifts", "## Ports", "# Ships", markdown=True)
    assert (found.page.title, found.threads) == ("Night shifts", [[["Ports", "Ships"]]])
    assert found.boilerplate == {1: "the file's title"}
    assert read("Ports", "# Ships", markdown=True).page.title is None


def test_a_mark_names_the_author_of_the_tweet_below_it() -> None:
    mark = 'thread#showTweet" data-screenname="{}" data-tweet="{}" dir="auto">'
    found = read(mark.format("anna", 1901), "Ports", "Ships", mark.format("ben", 1902), "Cranes")
    assert [(piece.author, piece.tweet_id) for piece in found.page.main.pieces] == [
        ("anna", "1901"),
        (None, None),
        ("ben", "1902"),
    ]
    assert found.page.author == "anna"
    assert found.boilerplate == {1: "a tweet's markup", 4: "a tweet's markup"}


# Buttons


def test_a_button_s_word_among_a_thread_s_lines_is_of_the_thread() -> None:
    found = read("Ports", "Post", "Ships", "Share")
    assert found.threads == [[["Ports", "Post", "Ships"]]]
    assert found.boilerplate == {4: "the page's buttons"}


@pytest.mark.parametrize("near", ["Thread Reader", COUNTS, "Jun 13"])
def test_above_a_thread_a_button_stands_among_the_page_s_words(near: str) -> None:
    assert read(near, "Post", "Ports").threads == [[["Ports"]]]
    assert read("Post", "Ports", "Ships").threads == [[["Ports", "Ships"]]]


@pytest.mark.parametrize("below", ["Keep current with", MORE, "Read 4 tweets", "Donate via Paypal"])
def test_below_a_thread_a_button_stands_above_the_page_s_words(below: str) -> None:
    assert read("Ports", "Ships", "Post", "Share", below).threads[0][0] == ["Ports", "Ships"]
    mark = 'data-screenname="anna" data-tweet="1901"'
    assert read("Ports", "Post", mark, "Ships").threads == [[["Ports", "Post", "Ships"]]]


def test_below_the_footer_and_the_end_every_button_is_one() -> None:
    for line in (FOOTER, "Donate via Paypal"):
        assert read("Ports", line, "Post", "Share", "Ships").boilerplate[
            len(line.split("\n")) + 2
        ] == ("the page's buttons")


def test_between_previews_a_button_is_one_beside_the_page_s_words() -> None:
    found = read("Ports", FOOTER, MORE, "Ships", "Post", "Cranes", "Post", "Read 4 tweets", "Post")
    assert found.threads == [[["Ports"], ["Ships", "Post", "Cranes"]]]


# Body


@pytest.mark.parametrize("line", ["Jun 13", "18 views", "@ben_desk", COUNTS])
def test_inside_a_thread_dates_counts_and_handles_are_of_the_thread(line: str) -> None:
    assert read("Ports grow.", line, "Ships").threads == [[["Ports grow.", line, "Ships"]]]


def test_the_source_and_the_author_may_stand_below_a_thread() -> None:
    found = read(
        "Ports", "Ships", "— Anna Porto (@anna_ports) Jun 13, 2025", "Via: https://n.example/a"
    )
    assert found.threads == [[["Ports", "Ships"]]]
    page = found.page
    assert (page.author, page.source, page.main.date) == (
        "anna_ports",
        "https://n.example/a",
        "2025-06-13",
    )
    assert found.boilerplate == {3: "the author's name", 4: "the page's address"}


def test_below_a_thread_a_name_and_a_handle_are_its_author_s() -> None:
    found = read("Ports", "Ships", "Anna Porto", "@anna_ports", FOOTER)
    assert (found.page.author, found.threads) == ("anna_ports", [[["Ports", "Ships"]]])
    assert [found.boilerplate[line] for line in (3, 4)] == ["the author's name"] * 2


def test_the_head_overrides_what_stands_below_a_thread() -> None:
    found = read(
        "Source: https://n.example/a",
        "Thread by @ben",
        "Jun 12",
        "Ports",
        "Ships",
        "— Anna Porto (@anna_ports) Jun 13, 2025",
        "Source: https://n.example/b",
    ).page
    assert (found.author, found.source, found.main.date) == (
        "ben",
        "https://n.example/a",
        "2025-06-12",
    )


def test_a_source_alone_is_a_thread_s_only_line_and_stays() -> None:
    head = ["Source: https://n.example/a", "Via: https://n.example/b"]
    assert read(*head, FOOTER).threads == [[["Via: https://n.example/b"]]]


# Footer and previews


def test_below_the_footer_stand_previews() -> None:
    found = read("Ports", FOOTER, "Ships", "@ben", "Cranes", "Sheds", "@joe")
    assert found.threads == [[["Ports"], ["Ships", "@ben", "Cranes", "Sheds", "@joe"]]]
    (preview,) = found.page.previews
    assert not preview.is_separate
    assert [words(Part(run)) for run in runs(preview)] == [
        ["Ships", "@ben", "Cranes"],
        ["Sheds", "@joe"],
    ]
    assert {found.boilerplate[line] for line in (2, 3, 4)} == {"the page's footer"}


@pytest.mark.parametrize(
    ("above", "date"), [("Jun 13", "2025-06-13"), (COUNTS, "2025-06-13"), ("Dec 31", None)]
)
def test_a_day_begins_a_preview(above: str, date: str | None) -> None:
    found = read("Ports", FOOTER, above, "Ships", above, "Cranes")
    assert found.threads == [[["Ports"], ["Ships"], ["Cranes"]]]
    assert [(part.date, part.is_separate) for part in found.page.previews] == [(date, True)] * 2
    assert found.page.main.date is None


def test_counts_without_a_day_begin_no_preview() -> None:
    found = read("Ports", FOOTER, "18 views", "Ships", "18 views", "Cranes")
    assert found.threads == [[["Ports"], ["Ships", "Cranes"]]]


def test_a_line_of_how_many_tweets_a_thread_has_ends_a_preview() -> None:
    found = read("Ports", FOOTER, "Ships", "Read 4 tweets", "Cranes", "Read 7 tweets")
    assert found.threads == [[["Ports"], ["Ships"], ["Cranes"]]]
    assert [part.is_separate for part in found.page.previews] == [False, False, False]
    assert found.boilerplate[6] == "a thread's tweet count"


def test_without_a_footer_such_a_line_below_the_text_makes_it_a_preview() -> None:
    found = read("Ports", "Read 4 tweets", "Cranes", "Read 7 tweets")
    assert found.page.main.pieces == []
    assert [words(part) for part in found.page.previews] == [["Ports"], ["Cranes"], []]
    assert [part.is_separate for part in found.page.previews] == [True, False, False]
    assert found.page.main.declared is None


@pytest.mark.parametrize(
    "block", ["Anna Porto\n@anna_ports", "@anna_ports", "Anna Porto @anna_ports"]
)
def test_the_author_s_block_begins_a_preview(block: str) -> None:
    found = read("Thread by @Anna_Ports", "Ports", FOOTER, "Ships", block, "Cranes")
    assert found.threads == [[["Ports"], ["Ships"], ["Cranes"]]]
    assert [part.is_separate for part in found.page.previews] == [False, True]
    found = read("Ports", FOOTER, "Ships", block, "Cranes", author="ANNA_ports")
    assert found.threads == [[["Ports"], ["Ships"], ["Cranes"]]]


def test_another_s_handle_among_previews_is_of_a_tweet() -> None:
    found = read("Thread by @anna", "Ports", FOOTER, "@ben_desk", "Ships", "@ben_desk", "Cranes")
    assert found.threads == [[["Ports"], ["@ben_desk", "Ships", "@ben_desk", "Cranes"]]]


def test_the_heading_above_the_previews_names_the_author() -> None:
    found = read("Ports", MORE, "Ships", MORE, "Cranes")
    assert found.page.author == "anna_ports"
    assert found.threads == [[["Ports"], ["Ships"], ["Cranes"]]]
    assert [part.is_separate for part in found.page.previews] == [True, True]
    assert read("Thread by @ben", "Ports", MORE, "Ships").page.author == "ben"
    assert found.boilerplate == {2: "the page's footer", 4: "the page's footer"}


def test_words_between_the_footer_and_that_heading_are_left_out() -> None:
    found = read("Ports", FOOTER, "Buy our simulator", "Read all threads", MORE, "Ships")
    assert (found.threads, found.left_out) == ([[["Ports"], ["Ships"]]], [5])


def test_below_keep_current_with_stands_the_author_s_name() -> None:
    found = read("Ports", FOOTER, "Keep Current with", "Anna Porto", "Read all threads", "Ships")
    assert found.threads == [[["Ports"], ["Ships"]]]
    assert found.boilerplate[6] == "the author's name"
    found = read("Ports", FOOTER, "Keep Current with Anna", "Anna Porto", "Ships")
    assert found.threads == [[["Ports"], ["Anna Porto", "Ships"]]]


def test_the_page_s_words_end_the_thread_or_the_preview_above_them() -> None:
    tail = "Read all threads"
    found = read("Ports", tail, "Ships")
    assert found.threads == [[["Ports"], ["Ships"]]]
    assert found.boilerplate == {2: "the page's footer"}
    assert read("Thread by @anna", tail, "Ships").threads == [[["Ships"]]]
    found = read("Ports", FOOTER, "Ships", tail, "Cranes")
    assert found.threads == [[["Ports"], ["Ships"], ["Cranes"]]]
    assert [part.is_separate for part in found.page.previews] == [False, True]


# End


def test_below_the_end_words_are_left_out() -> None:
    found = read("Ports", "Donate via Paypal", "Ships", "Jun 13", "18 views", "Cranes", "Post")
    assert (found.threads, found.left_out) == ([[["Ports"]]], [3, 6])
    assert found.boilerplate == {
        2: "the page's footer",
        4: "a date",
        5: "dates and counts",
        7: "the page's buttons",
    }


@pytest.mark.parametrize("below", [FOOTER, MORE, "Read 4 tweets"])
def test_below_the_end_another_page_may_begin(below: str) -> None:
    found = read("Ports", "Donate via Paypal", "Ships", "Cranes", below)
    assert found.left_out == []
    assert found.threads == [[["Ports"]], [["Ships", "Cranes"]]]


# Pages one below the other


@pytest.mark.parametrize("above", ["Ports", f"Ports\n{FOOTER}\nShips", "Ports\nDonate via Paypal"])
def test_a_page_s_head_begins_a_page(above: str) -> None:
    found = read(above, "Thread by @ben", "Cranes", FOOTER)
    assert found.threads[-1] == [["Cranes"]]
    assert len(found.pages) == 2
    assert [page.author for page in found.pages] == [None, "ben"]


@pytest.mark.parametrize("end", [[], ["Donate via Paypal"]])
def test_an_author_s_block_with_counts_begins_a_page(end: list[str]) -> None:
    found = read("Ports", "Ships", *end, "Anna Porto", "@anna_ports", COUNTS, "Cranes")
    assert found.threads == [[["Ports", "Ships"]], [["Cranes"]]]
    assert [page.author for page in found.pages] == [None, "anna_ports"]
    assert found.pages[1].main.declared == 20
    without = read("Ports.", "Ships.", *end, "Anna Porto", "@anna_ports", "Jun 13", "Cranes")
    assert len(without.pages) == 1


def test_a_block_with_counts_among_previews_is_a_preview_s() -> None:
    found = read("Ports", FOOTER, "Anna Porto", "@anna_ports", COUNTS, "Cranes")
    assert found.threads == [[["Ports"], ["Cranes"]]]
    assert found.page.previews[0].date == "2025-06-13"


def test_a_footer_below_previews_makes_the_last_of_them_a_page_s_thread() -> None:
    found = read(
        "Thread by @anna", "Ports", FOOTER, "Ships", "@ben", "Cranes", "@joe", FOOTER, "Sheds"
    )
    assert found.threads == [[["Ports"], ["Ships", "@ben"]], [["Cranes", "@joe"], ["Sheds"]]]
    assert [page.author for page in found.pages] == ["anna", "anna"]


def test_of_runs_above_a_footer_the_first_long_one_begins_the_thread() -> None:
    long = [f"@joe and {number}" for number in range(8)]
    lines = ["Ships", "@ben", "Cranes", *["@joe"], *long[:7], "Sheds", "@dora"]
    found = read("Ports", FOOTER, *lines, FOOTER)
    assert found.threads == [[["Ports"], ["Ships", "@ben"]], [lines[2:]]]
    lines = ["Ships", "@ben", "Cranes", *["@joe"], *long[:6], "Sheds", "@dora"]
    found = read("Ports", FOOTER, *lines, FOOTER)
    assert found.threads == [[["Ports"], lines[:-2]], [["Sheds", "@dora"]]]


def test_one_run_above_a_footer_is_a_page_s_thread_with_its_day() -> None:
    found = read("Ports", FOOTER, "Jun 13", "Ships", "Cranes", FOOTER)
    assert found.threads == [[["Ports"]], [["Ships", "Cranes"]]]
    assert found.pages[1].main.date == "2025-06-13"
    found = read("Ports", MORE, FOOTER, "Ships")
    assert found.threads == [[["Ports"]], [["Ships"]]]


def test_a_footer_below_a_footer_is_one() -> None:
    assert read("Ports", FOOTER, FOOTER, "Ships").threads == [[["Ports"], ["Ships"]]]
    assert read(FOOTER, "Ships").threads == [[["Ships"]]]


# A block at the top


def test_two_lines_alone_are_no_block() -> None:
    assert read("Anna Porto", "@anna_ports").threads == [[["Anna Porto", "@anna_ports"]]]
    for end in (FOOTER, "Read all threads", MORE, "Donate via Paypal"):
        found = read("Anna Porto", "@anna_ports", end, "Ships")
        assert found.threads[0][0] == ["Anna Porto", "@anna_ports"]
    mark = 'data-screenname="anna" data-tweet="1901"'
    assert read("Anna Porto", "@anna_ports", mark).threads == [[]]


def test_the_author_of_the_first_block_stays() -> None:
    found = read("Thread by @anna", "Ben Desk", "@ben_desk", COUNTS, "Ports")
    assert (found.page.author, found.threads) == ("anna", [[["Ports"]]])


# Borders


@pytest.mark.parametrize("below", ["Read all threads", MORE, "Donate via Paypal", "Thread by @ben"])
def test_whatever_ends_a_thread_leaves_it_without_its_signature(below: str) -> None:
    signed = ["Ports", "Ships", "— Anna Porto (@anna_ports) Jun 13, 2025"]
    found = read(*signed, below, "Cranes")
    assert found.threads[0][0] == ["Ports", "Ships"]
    assert found.pages[0].author == "anna_ports"
    found = read(*signed, "Ben Desk", "@ben_desk", COUNTS, "Cranes")
    assert found.threads == [[["Ports", "Ships"]], [["Cranes"]]]


def test_a_source_below_a_thread_of_one_line_is_its_source() -> None:
    found = read("Ports", "Source: https://n.example/a")
    assert (found.page.source, found.threads) == ("https://n.example/a", [[["Ports"]]])


@pytest.mark.parametrize("above", ["Jun 13", COUNTS, "@anna_ports"])
def test_where_a_preview_begins_words_are_its_own_even_above_the_heading(above: str) -> None:
    found = read("Thread by @anna_ports", "Ports", FOOTER, above, "Ships", MORE, "Cranes")
    assert (found.threads, found.left_out) == ([[["Ports"], ["Ships"], ["Cranes"]]], [])


def test_words_between_the_page_s_words_and_the_heading_are_left_out() -> None:
    found = read("Ports", "Read all threads", "Buy our simulator", MORE, "Ships")
    assert (found.threads, found.left_out) == ([[["Ports"], ["Ships"]]], [3])


def test_a_footer_of_one_line_makes_a_page_of_previews_and_of_nothing_else() -> None:
    assert read("Ports", "• • •", "Ships", "• • •").threads == [[["Ports"]], [["Ships"]]]
    found = read("Ports", "• • •", "Ships", "Donate via Paypal", "• • •")
    assert found.threads == [[["Ports"], ["Ships"]]]
    found = read("Ports", "• • •", "Jun 13", "Ships", "• • •", "• • •", "Cranes")
    assert found.threads == [[["Ports"]], [["Ships"], ["Cranes"]]]


def test_the_page_s_words_above_all_text_end_the_head() -> None:
    found = read("Thread by @anna", "Read all threads", "Ships")
    assert found.page.main.pieces == []
    assert [words(part) for part in found.page.previews] == [["Ships"]]


def test_the_page_s_words_below_the_footer_part_no_previews() -> None:
    found = read("Ports", FOOTER, "Read all threads", "Ships", "@ben", "Cranes", "@joe")
    assert [part.is_separate for part in found.page.previews] == [False]


def test_a_name_and_its_handle_at_the_top_are_a_block() -> None:
    found = read("Anna Porto", "@anna_ports", "Ports", "Ships")
    assert (found.page.author, found.threads) == ("anna_ports", [[["Ports", "Ships"]]])


def test_a_name_and_a_handle_without_a_day_are_of_the_thread() -> None:
    found = read("Ports.", "Anna Porto", "@anna_ports", "Ships.")
    assert found.threads == [[["Ports.", "Anna Porto", "@anna_ports", "Ships."]]]


def test_a_header_in_a_thread_is_above_a_post_of_the_author_or_of_somebody_else() -> None:
    own = ["Anna Porto", "@anna_ports", "·", "Jun 13"]
    other = ["Ben Desk", "@ben_desk", "·", "Jun 13"]
    assert read(*own, "Ports.", *own, "Ships.").threads == [[["Ports.", "Ships."]]]
    assert read(*own, "Ports.", "12", "1.2K", *own, "Ships.", "3").threads == [
        [["Ports.", "Ships."]]
    ]
    assert read(*own, "Ports.", *other, "Why?", "So?").threads == [[["Ports."]]]
    assert read(*own, "Ports.", *other, "Why?", *own, "So.").threads == [[["Ports."]]]
    assert read(*own, "Ports.", "Quote", *other, "Why?", *own, "So.").threads == [
        [["Ports.", "So."]]
    ]


def test_a_button_below_a_line_that_is_not_the_page_s_is_of_the_thread() -> None:
    source = "Source: https://n.example/a"
    assert read(source, "Post", "Ships").threads == [[["Post", "Ships"]]]
    assert read(source, "Post", "Thread Reader", "Ships").threads == [[["Ships"]]]


def test_a_button_beside_counts_a_head_or_a_mark_is_the_page_s() -> None:
    assert read("Ports.", "Post", COUNTS, "Ships").threads == [[["Ports.", COUNTS, "Ships"]]]
    assert read("Ports", "Post", "Thread by @ben", "Ships").threads == [[["Ports"]], [["Ships"]]]
    mark = 'data-screenname="anna" data-tweet="1901"'
    assert read("Ports", mark, "Post", "Ships").threads == [[["Ports", "Ships"]]]


def test_a_button_among_words_below_the_end_is_one() -> None:
    found = read("Ports", "Donate via Paypal", "Ships", "Post", "Cranes")
    assert found.left_out == [3, 5]


# Runs


def test_a_preview_that_the_page_parts_is_one_run() -> None:
    found = read("Ports", FOOTER, "Jun 13", "Ships", "@ben", "Cranes", "@joe")
    assert [words(Part(run)) for run in runs(found.page.previews[0])] == [
        ["Ships", "@ben", "Cranes", "@joe"]
    ]
    assert runs(Part()) == [[]]
    found = read("Ports", FOOTER, "Ships", "Cranes", "@joe")
    assert [words(Part(run)) for run in runs(found.page.previews[0])] == [
        ["Ships"],
        ["Cranes", "@joe"],
    ]


def test_a_reply_or_a_byline_begins_no_run() -> None:
    lines = ["Ships", "@ben", "@joe Cranes", "@joe", "Sheds", "Quays", "@dora", "@ben", "Gates"]
    found = read("Ports", FOOTER, *lines)
    assert [words(Part(run)) for run in runs(found.page.previews[0])] == [lines[:5], lines[5:]]


def test_a_header_has_at_most_three_lines_below_the_name() -> None:
    own = ["Anna Porto", "@anna_ports", "Jun 13"]
    other = ["Ben Desk", "@ben_desk", "·", "Jun 13"]
    assert read(*own, "Ports.", *other, "·", "Jun 14", "Why?").threads == [[["Ports."]]]
    assert read(*own, "Ports.", *other).threads == [[["Ports."]]]


def test_of_two_addresses_of_a_page_the_first_counts() -> None:
    first, second = (f"https://twitter-thread.com/t/190000000000{n}" for n in (1, 2))
    found = read(first, second, "Ports", "Ships")
    assert (found.page.source, found.threads) == (first, [[["Ports", "Ships"]]])


def test_a_button_to_follow_is_of_the_thread_if_that_goes_on_below() -> None:
    lines = ["Ports.", "Follow on X", "Ships."]
    assert read(*lines).threads == [[lines]]
    assert read(*lines[:2]).threads == [[["Ports."]]]


def test_the_author_s_profile_at_the_end_of_an_unrolled_thread_is_the_page_s() -> None:
    profile = ["Anna Porto", "Anna Porto", "@anna_ports", "Writes of ships"]
    address = "twitter-thread.com/t/1900000000001"
    for last in ("Follow on X", address):
        found = read("Ports.", "Ships.", *profile, last)
        assert found.threads == [[["Ports.", "Ships."]]]
        assert found.page.author == "anna_ports"
        assert found.boilerplate == {
            **dict.fromkeys((3, 4, 5, 6), "the author's profile"),
            7: "the page's address" if last == address else "the page's buttons",
        }
    assert read("Ports.", "Ships.", "Follow on X").threads == [[["Ports.", "Ships."]]]
    below = read("Ports.", FOOTER, "Ships.", "@ben", "Follow on X")
    assert below.threads == [[["Ports."], ["Ships.", "@ben"]]]


def test_a_number_of_tweets_may_stand_above_all_previews() -> None:
    assert read("Ports", FOOTER, "Read 4 tweets", "Ships").threads == [[["Ports"], ["Ships"]]]


def test_a_heading_may_name_the_author_before_the_first_words() -> None:
    found = read("# @anna_ports: Ports grow quiet", "Ports", "Ships", markdown=True)
    assert (found.page.author, found.page.title) == ("anna_ports", None)
    known = read("Thread by @ben", "# @anna_ports: Ports", "Ships", "Quays", markdown=True)
    assert known.page.author == "ben"


def test_a_header_may_have_its_day_on_the_line_of_the_name() -> None:
    own, other = "Anna Porto @anna_ports · Jun 13", "Ben Desk @ben_desk · Jun 13"
    assert read(own, "Ports.", other, "Why?", author="anna_ports").threads == [[["Ports."]]]
