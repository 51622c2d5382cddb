"""The posts of others in text copied from X."""

from __future__ import annotations

from bot.loader.line_account import Account
from bot.loader.pages.others import QUOTE, Others
from bot.loader.pages.page_items import Item, items_of
from bot.loader.raw.decode import lines_of

ACCOUNT = Account("a.txt")


def items(*lines: str) -> list[Item]:
    return items_of(lines_of("\n".join(lines)), ACCOUNT, None, markdown=False)


def test_below_somebody_else_s_post_the_author_answers() -> None:
    account = Account("a.txt")
    others = Others(account)
    first, second = items("Why?", "So?")
    assert (others.takes(first), others.has_headers) == (False, False)
    others.begin_post("anna", is_own=True)
    assert [others.has_headers] == [True]
    assert not others.takes(first)
    others.begin_post("bob", is_own=False)
    assert others.takes(first)
    assert others.takes(second)
    others.begin_post("anna", is_own=True)
    assert others.takes(second)
    assert [(each.line, each.message) for each in account.notices] == [
        (1, "a post by @bob, not the thread's author; left out"),
        (2, "the author's answer to @bob, not part of the thread; left out"),
    ]


def test_below_a_quoted_post_the_author_goes_on() -> None:
    account = Account("a.txt")
    others = Others(account)
    (line,) = items("Why?")
    others.begin_quote("bob")
    assert others.takes(line)
    others.begin_post("anna", is_own=True)
    assert not others.takes(line)
    assert [each.message for each in account.notices] == [
        "a quoted post by @bob, not part of this tweet; left out"
    ]
    assert QUOTE.fullmatch("Quote")
    assert not QUOTE.fullmatch("Quotes")


def test_each_post_of_others_gets_a_notice_of_its_own() -> None:
    account = Account("a.txt")
    others = Others(account)
    first, second, third = items("Why?", "So?", "Ah!")
    others.begin_post("anna", is_own=True)
    others.begin_post("bob", is_own=False)
    assert others.takes(first)
    others.begin_quote("joe")
    assert others.takes(second)
    assert others.takes(third)
    assert [each.line for each in account.notices] == [1, 2]
