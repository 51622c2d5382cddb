"""Author blocks on pages."""

from __future__ import annotations

import pytest

from bot.loader.line_account import Account
from bot.loader.pages.author_block import Block, block_at, block_below, is_name_of, kinds_after
from bot.loader.pages.page_items import Item, items_of
from bot.loader.raw.decode import lines_of


def items(*lines: str) -> list[Item]:
    return items_of(lines_of("\n".join(lines)), Account("a.txt"), None, markdown=False)


def block(*lines: str, own: str = "", at: int = 0, at_top: bool = False) -> Block | None:
    return block_at(items(*lines), at, {own} if own else set(), at_top=at_top)


def below(*lines: str) -> Block | None:
    return block_below([item.piece for item in items(*lines)])


COUNTS = "Jun 22 • 2 tweets • 2 min read"


# Above a thread


@pytest.mark.parametrize("at_top", [True, False])
def test_a_name_a_handle_and_counts_or_a_day_are_a_block(*, at_top: bool) -> None:
    for name in ("Anna Porto", "Somebody Else"):
        whole = Block(2, "anna_ports", has_counts=True)
        assert block(name, "@anna_ports", COUNTS, "Ports", at_top=at_top) == whole
        assert block(name, "@anna_ports", "Jun 22", "Ports", at_top=at_top) == Block(
            2, "anna_ports"
        )
        mark = 'data-screenname="anna" data-tweet="19"'
        assert block(name, "@anna_ports", mark, "Ports", at_top=at_top) == Block(2, "anna_ports")


def test_buttons_stand_in_a_block_and_are_counted_in_its_lines() -> None:
    found = block("Anna Porto", "Subscribe", "@anna_ports", "Share", COUNTS, "Ports")
    assert found == Block(3, "anna_ports", has_counts=True)


def test_a_name_and_its_handle_alone_are_a_block_at_the_top() -> None:
    assert block("Anna Porto", "@anna_ports", "Ports", at_top=True) == Block(2, "anna_ports")
    assert block("Anna Porto", "@anna_ports", "Ports") is None
    assert block("Anna Porto", "@anna_ports", "Ports", own="anna_ports") == Block(2, "anna_ports")
    assert block("Anna Porto", "@Anna_Ports", "Ports", own="anna_ports") == Block(2, "Anna_Ports")
    assert block("Anna Porto", "@anna_ports", "Ports", own="ben_desk") is None


def test_a_name_and_its_handle_at_the_very_end_are_a_block() -> None:
    assert block("Anna Porto", "@anna_ports") == Block(2, "anna_ports")
    assert block("Ports grow", "@ben_desk") is None


def test_words_above_a_handle_that_is_not_theirs_are_no_block() -> None:
    for at_top in (True, False):
        assert block("Ports grow", "@ben_desk", "Ships", at_top=at_top) is None
    assert block("Ports grow", "@ben_desk", "Ships", own="ben_desk") is None


@pytest.mark.parametrize(
    "line", ["Ports grow quiet.", "Why?", "Anna:", "@ben Anna", "Anna”", "Anna Porto " * 10, "Post"]
)
def test_a_sentence_a_reply_or_a_button_is_no_name(line: str) -> None:
    assert block(line, "@anna", COUNTS, at_top=True) is None


@pytest.mark.parametrize("end", [".", "!", "?", ":", ",", ";", "…", "”", '"'])
def test_what_ends_as_a_sentence_does_is_no_name(end: str) -> None:
    assert block(f"Anna{end}", "@anna", COUNTS, at_top=True) is None


def test_a_name_has_at_most_a_hundred_characters() -> None:
    assert block("Anna".ljust(100, "a"), "@anna", COUNTS) is not None
    assert block("Anna".ljust(101, "a"), "@anna", COUNTS) is None


def test_a_handle_above_counts_or_a_day_is_a_block() -> None:
    assert block("@anna_ports", COUNTS, "Ports") == Block(1, "anna_ports", has_counts=True)
    assert block("@anna_ports", "Jun 22", "Ports") == Block(1, "anna_ports")
    assert block("@anna_ports", "Ports") is None


def test_the_author_s_handle_alone_is_a_block_below_the_top() -> None:
    assert block("@anna_ports", "Ports", own="anna_ports") == Block(1, "anna_ports")
    assert block("@Anna_Ports", "Ports", own="anna_ports") == Block(1, "Anna_Ports")
    assert block("@anna_ports", "Ports", own="anna_ports", at_top=True) is None
    assert block("@ben_desk", "Ports", own="anna_ports") is None
    assert block("@anna_ports", "Ports", COUNTS, own="anna_ports") == Block(
        1, "anna_ports", has_counts=True
    )


@pytest.mark.parametrize(
    "line",
    [
        "Anna Porto @anna_ports",
        "Anna Porto (@anna_ports)",
        "— Anna Porto @anna_ports · Jun 22",
        "Anna Porto @anna_ports Jun 22, 2025",
    ],
)
def test_a_name_and_its_handle_on_one_line_are_a_block(line: str) -> None:
    assert block(line, "Ports", at_top=True) == Block(1, "anna_ports")
    is_dated = line.endswith("2025")
    assert block(line, "Ports") == (Block(1, "anna_ports") if is_dated else None)
    assert block(line, "Ports", own="anna_ports") == Block(1, "anna_ports")
    assert block(line, COUNTS, "Ports") == Block(1, "anna_ports", has_counts=True)
    assert block(line, "Jun 22", "Ports") == Block(1, "anna_ports")


@pytest.mark.parametrize("line", ["Anna Porto @anna_ports says", "Ports @ben_desk", "a@anna_ports"])
def test_words_around_a_handle_are_no_block(line: str) -> None:
    assert block(line, "Ports", at_top=True) is None


def test_a_name_above_counts_is_a_block_at_the_top() -> None:
    assert block("Anna Porto", COUNTS, "Ports", at_top=True) == Block(1, has_counts=True)
    assert block("Anna Porto", "Share", COUNTS, at_top=True) == Block(2, has_counts=True)
    assert block("2025", "Anna", COUNTS, at=1, at_top=True) == Block(1, has_counts=True)
    assert block("Anna Porto", COUNTS, "Ports") is None
    assert block("Anna Porto", "Jun 22", "Ports", at_top=True) is None
    assert block("Ports @ben says", COUNTS, "Ports", at_top=True) == Block(1, has_counts=True)


def test_a_block_may_stand_anywhere() -> None:
    assert block("Ports", "Anna Porto", "@anna_ports", COUNTS, at=1) == Block(
        2, "anna_ports", has_counts=True
    )


def test_four_lines_that_are_no_buttons_are_looked_at_and_no_more_than_seven() -> None:
    page = items("Anna", "Post", "@anna", "Share", "a", "b", "Jun 22", "c", "d")
    assert kinds_after(page, 0) == [(2, "handle"), (4, "text"), (5, "text"), (6, "date")]
    assert kinds_after(page, 7) == [(8, "text")]
    assert kinds_after(page, 8) == []
    buttons = items("Anna", *["Post"] * 6, "@anna", "@anna")
    assert kinds_after(buttons, 0) == [(7, "handle")]


# Below a thread


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("— Anna Porto (@anna_ports) June 13, 2025", "2025-06-13"),
        ("— Anna Porto (@anna_ports) · Jun 13", None),
        ("- Anna Porto @anna_ports", None),
        ("Anna Porto (@anna_ports)", None),
        ("Anna Porto (@anna_ports) 2025-06-13", "2025-06-13"),
    ],
)
def test_a_thread_may_be_signed_on_one_line(line: str, day: str | None) -> None:
    assert below("Ports grow quiet.", line) == Block(1, "anna_ports", day)


def test_who_signs_with_a_dash_and_a_day_may_have_any_name() -> None:
    assert below("Ports", "— Somebody Else (@anna_ports) Jun 13") == Block(1, "anna_ports")
    assert below("Ports", "— Somebody Else (@anna_ports)") is None
    assert below("Ports", "Somebody Else (@anna_ports) Jun 13") is None
    assert below("Ports", "— Anna Porto (@anna_ports) said so") is None


def test_a_thread_may_be_signed_by_a_name_and_a_handle_below_it() -> None:
    assert below("Ports", "Anna Porto", "@anna_ports") == Block(2, "anna_ports")
    assert below("Ports", "Somebody Else", "@anna_ports") is None
    assert below("Ports", "Anna Porto says:", "@anna_ports") is None
    assert below("Anna Porto", "@anna_ports") is None
    assert below("Ports", "Anna Porto", "anna_ports") is None


def test_nothing_or_one_line_is_not_signed() -> None:
    assert below() is None
    assert below("— Anna Porto (@anna_ports) June 13, 2025") is None


def test_a_long_name_signs_nothing() -> None:
    assert below("Ports", f"{'Anna'.ljust(50, 'a')} (@anna)") is not None
    assert below("Ports", f"{'Anna'.ljust(51, 'a')} (@anna)") is None


# Names


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("Byron Wan", "Byron_Wan"),
        ("Anna Porto", "ANNA"),
        ("Anna Porto", "portoanna"),
        ("ByronWan", "Byron_Wan"),
        ("Dr. Annabel Porto", "anna"),
        ("One Two Three Anna", "anna"),
        ("Jo Li Anna", "anna_x"),
        ("Jonas", "jon"),
    ],
)
def test_a_handle_is_a_name_s_if_it_shares_a_word_with_it(name: str, handle: str) -> None:
    assert is_name_of(name, handle)


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("Anna Porto", "ben_desk"),
        ("Jo Li", "joli"),
        ("One Two Three Four Anna", "anna"),
        ("Jonas", "jo"),
        ("Jonas", "j_o"),
        ("", "anna"),
        ("— 12", "anna"),
    ],
)
def test_other_handles_are_not_that_name_s(name: str, handle: str) -> None:
    assert not is_name_of(name, handle)


def test_a_picture_alone_is_no_name() -> None:
    found = items_of(
        lines_of("---\n![](https://pbs.example/a.jpg)\n---\n@anna_ports\nJun 13"),
        Account("a.txt"),
        None,
        markdown=True,
    )
    assert block_at(found, 0, set(), at_top=True) is None
