"""Building blocks of messages: each within Discord's limits."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from discord import ui
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.i18n.messages import ENGLISH
from bot.models import ThreadSummary
from bot.views.discord import custom_id
from bot.views.discord.parts import (
    BUTTONS,
    CHOICES,
    LABEL,
    MORE_LINES,
    add_questions,
    add_row,
    button,
    carry,
    fitting,
    lines,
    menu,
    page_buttons,
    small,
    thread_option,
)
from tests.views.discord.anything import anything, check


def buttons(layout: ui.LayoutView) -> list[tuple[str | None, str | None]]:
    """The label and the custom id of each button."""
    return [
        (each.label, each.custom_id)
        for each in layout.walk_children()
        if isinstance(each, ui.Button)
    ]


@given(st.text(min_size=1, max_size=300).filter(lambda text: text.strip()))
def test_a_label_is_as_long_as_discord_allows_and_no_longer(text: str) -> None:
    made = button(text, "tb1:pick")
    assert made is not None
    assert made.label is not None
    assert 1 <= len(made.label) <= LABEL


def test_the_main_button_stands_out() -> None:
    main, other = button("Apply", "tb1:a", main=True), button("Cancel", "tb1:b")
    assert main is not None
    assert other is not None
    assert (main.style, other.style) == (
        discord.ButtonStyle.primary,
        discord.ButtonStyle.secondary,
    )


def test_there_is_no_button_without_anything_to_carry() -> None:
    assert button("Why these?", None) is None


def test_a_row_has_the_buttons_that_there_are() -> None:
    layout = lines("Ports")
    add_row(layout, (button("One", "tb1:1"), None, button("Two", "tb1:2")))
    assert buttons(layout) == [("One", "tb1:1"), ("Two", "tb1:2")]
    check(layout)


def test_there_is_no_row_without_buttons() -> None:
    layout = lines("Ports")
    add_row(layout, (None, None))
    assert len(list(layout.walk_children())) == 1


def test_a_row_has_no_more_buttons_than_a_phone_shows() -> None:
    layout = lines("Ports")
    add_row(layout, (button(str(number), f"tb1:{number}") for number in range(7)))
    rows = [each for each in layout.children if isinstance(each, ui.ActionRow)]
    assert [len(row.children) for row in rows] == [BUTTONS, BUTTONS, 1] == [3, 3, 1]
    assert [label for label, _ in buttons(layout)] == list("0123456")
    check(layout)


@pytest.mark.parametrize(
    ("number", "last", "usable"), [(1, 3, ["▶"]), (2, 3, ["◀", "▶"]), (3, 3, ["◀"])]
)
def test_pages_are_turned_where_there_are_more(number: int, last: int, usable: list[str]) -> None:
    made = page_buttons(number, last, ENGLISH, lambda page: f"tb1:{page}")
    there = [each for each in made if each is not None]
    assert [each.label for each in there] == ["◀ Previous", f"Page {number} of {last}", "Next ▶"]
    assert [
        sign for sign in "◀▶" for each in there if not each.disabled and sign in (each.label or "")
    ] == usable
    assert [each.custom_id for each in there] == [
        f"tb1:{number - 1}",
        custom_id.HERE,
        f"tb1:{number + 1}",
    ]


def test_pages_that_no_custom_id_carries_have_no_buttons() -> None:
    assert page_buttons(1, 3, ENGLISH, lambda _: None) == [None, None, None]


def test_questions_that_are_too_long_have_no_button() -> None:
    layout = lines("Ports")
    add_questions(layout, {"ports": "Ask: ports", "p" * 100: "Ask: a long one"})
    assert buttons(layout) == [("Ask: ports", "tb1:ask:ports")]


def test_a_menu_has_no_more_choices_than_discord_shows() -> None:
    layout = lines("Ports")
    options = [discord.SelectOption(label=f"Port {number}") for number in range(40)]
    layout.add_item(menu("tb1:pick", "Choose a port", options))
    (made,) = [each for each in layout.walk_children() if isinstance(each, ui.Select)]
    assert len(made.options) == CHOICES
    check(layout)


@given(anything, st.integers(20, 200))
def test_small_print_stays_on_its_line(text: str, limit: int) -> None:
    made = small(text, limit)
    assert made.startswith("-# ")
    assert "\n" not in made


@given(st.lists(st.integers(0, 60), max_size=12), st.integers(-40, 40))
def test_lines_fit_and_the_others_are_counted(lengths: list[int], spare: int) -> None:
    made = ["p" * each for each in lengths]
    cost = sum(each + 1 for each in lengths)
    budget = cost + MORE_LINES + spare
    assume(budget > len("… and 12 more lines"))  # a message has room for at least that
    shown = fitting(made, budget, ENGLISH)
    if spare >= 0 or not made:
        assert shown == made
        return
    *first, last = shown
    left = len(made) - len(first)
    assert made[: len(first)] == first
    assert last == f"… and {left} more line{'s' if left > 1 else ''}"
    # Room for the line that counts the others is there, unless nothing has any.
    assert len("\n".join(shown)) <= max(budget, MORE_LINES)


def test_letters_of_two_units_take_the_room_of_two() -> None:
    assert fitting(["🔥" * 30], 60 + MORE_LINES, ENGLISH) == ["… and 1 more line"]
    assert fitting(["🔥" * 30], 61 + MORE_LINES, ENGLISH) == ["🔥" * 30]


def test_a_message_is_its_lines() -> None:
    (made,) = _components(lines("Ports", "Rice"))
    assert made["content"] == "Ports\nRice"


def _components(layout: ui.LayoutView) -> Any:
    return layout.to_components()  # type: ignore[no-untyped-call]  # discord.py leaves it so


def test_the_next_page_s_button_stands_out_where_there_is_a_next_page() -> None:
    def main(number: int) -> list[str | None]:
        made = page_buttons(number, 2, ENGLISH, str, main=True)
        return [each.label for each in made if each and each.style is discord.ButtonStyle.primary]

    assert main(1) == ["Next ▶"]
    assert main(2) == []


def test_a_thread_s_page_carries_a_long_question_back_to_its_results() -> None:
    long = " ".join(str(number**5) for number in range(60))
    back = custom_id.Asking(long, 2, newest=False, generation=1)
    thread = "0123456789ab"
    layout = lines("Ports")
    add_row(layout, (button("Back", back.carried("back")), button("Read", custom_id.HERE)))
    add_row(layout, (button(what, custom_id.of_thread(what, thread)) for what in ("jump", "find")))
    add_row(layout, (button(what, custom_id.of_thread(what, thread)) for what in ("save", "post")))
    assert carry(layout, long) is None
    carried = [custom_id for _, custom_id in buttons(layout) if custom_id]
    assert custom_id.asking_of(carried) == back
    check(layout)


def test_a_question_that_does_not_fit_is_said_to_fit_in_part() -> None:
    back = custom_id.Asking("p¦" + str(7**900), 2, newest=False, generation=1)
    layout = lines("Ports")
    add_row(layout, (button("Back", back.carried("back")),))
    fits = carry(layout, back.question)
    assert fits is not None
    assert 0 < fits < len(back.question)
    assert carry(lines("Ports"), back.question) is None


@pytest.mark.parametrize(
    ("author", "complete", "described"),
    [
        ("anna", True, "@anna · 3 tweets"),
        (None, True, "3 tweets"),
        (None, False, "3 tweets (preview)"),
    ],
)
def test_a_thread_in_a_menu(author: str | None, complete: bool, described: str) -> None:  # noqa: FBT001  # a parameter of the test
    thread = ThreadSummary("0123456789ab", "Ports", author, 3, complete=complete)
    option = thread_option(thread, ENGLISH)
    assert (option.label, option.value, option.description) == ("Ports", thread.id, described)


def test_a_thread_without_a_title_is_listed_by_its_id() -> None:
    thread = ThreadSummary("0123456789ab", " ", None, 3, complete=True)
    assert thread_option(thread, ENGLISH).label == thread.id
