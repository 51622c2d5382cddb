"""The Delete button, wherever there is room for it."""

from __future__ import annotations

import pytest
from discord import ui

from bot.i18n.messages import ENGLISH
from bot.views.discord import custom_id
from bot.views.discord.deletion import IN_ROW, MOST, add_delete_button
from bot.views.discord.parts import add_row, button, lines


def rows(layout: ui.LayoutView) -> list[list[str]]:
    """The labels of each row of buttons."""
    return [
        [str(each.label) for each in row.children if isinstance(each, ui.Button)]
        for row in layout.children
        if isinstance(row, ui.ActionRow)
    ]


@pytest.mark.parametrize("there", [0, 1, IN_ROW])
def test_it_goes_beside_the_last_buttons_or_below_them(there: int) -> None:
    layout = lines("An answer")
    add_row(layout, (button(f"{each}", f"tb1:{each}") for each in range(there)))
    add_delete_button(layout, 7, ENGLISH)
    assert rows(layout)[-1][-1] == "Delete"
    assert max(map(len, rows(layout))) <= IN_ROW
    (found,) = (
        each
        for each in layout.walk_children()
        if isinstance(each, ui.Button) and each.label == "Delete"
    )
    assert found.custom_id == custom_id.delete(7)


@pytest.mark.parametrize("free", [0, 1, 2])
def test_a_full_message_stays_within_the_limit(free: int) -> None:
    layout = ui.LayoutView()
    for _ in range(MOST - free):
        layout.add_item(ui.TextDisplay("full"))
    add_delete_button(layout, 7, ENGLISH)
    assert layout.total_children_count <= MOST
    assert bool(rows(layout)) == (free > 1)
