"""What the owner of a dump says of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.loader.account import Account
from bot.loader.front_matter import handle, split_front_matter, web_address
from bot.loader.line import Line
from bot.loader.printed import iso_date
from bot.models import Metadata

POSSIBLE = [
    "",
    "---",
    "author: anna",
    "author:",
    "- ben",
    "tags:",
    "# note",
    "Text: of it",
    "x",
]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("@anna_ports", "anna_ports"),
        ("anna_ports", "anna_ports"),
        ("Anna Ports (@anna_ports)", "anna_ports"),
        ("https://x.com/anna_ports", "anna_ports"),
        ("https://www.twitter.com/anna_ports/", "anna_ports"),
        ("Anna Ports", None),
        ("a_handle_far_too_long", None),
        ("https://news.example/anna_ports", None),
    ],
)
def test_an_author_may_be_given_in_each_way_that_people_give_one(
    said: str, meant: str | None
) -> None:
    assert handle(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2025-06-13", "2025-06-13"),
        ("2025-06-13T08:30:00Z", "2025-06-13T08:30:00+00:00"),
        ("2025-06-13 08:30", "2025-06-13T08:30:00"),
        ("13 June 2025", None),
        ("2025-02-30", None),
    ],
)
def test_a_date_is_iso_or_none(said: str, meant: str | None) -> None:
    assert iso_date(said) == meant


@pytest.mark.parametrize(
    "said", ["news.example/a", "ftp://news.example", "https://quay", "https://"]
)
def test_a_source_is_an_address_on_the_web_or_none(said: str) -> None:
    assert web_address(said) is None
    assert web_address("https://news.example/a") == "https://news.example/a"


@given(st.lists(st.sampled_from(POSSIBLE), max_size=9))
def test_the_body_is_the_end_of_the_dump_and_nothing_without_a_notice_is_left_out(
    texts: list[str],
) -> None:
    lines = [Line(number, text) for number, text in enumerate(texts, start=1)]
    account = Account("a.txt")
    head, body = split_front_matter(lines, account)
    assert list(body) == lines[len(lines) - len(body) :]
    above = lines[: len(lines) - len(body)]
    told = {notice.line for notice in account.notices}
    for line in above:
        if line.text in ("x", "Text: of it"):
            assert line.number in told
    assert (head.metadata == Metadata()) or above
