"""Hits as containers, within the components that a message may have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import discord
import pytest
from discord import ui

from bot.i18n.messages import ENGLISH
from bot.models import Hit, Media
from bot.views.discord import custom_id
from bot.views.discord.hit_cards import MOST_COMPONENTS, add_hits
from bot.views.discord.hits import shown_hits
from tests.views.discord.anything import check
from tests.views.shown import PASSAGE, hit

PICTURED = replace(
    PASSAGE, tweet=replace(PASSAGE.tweet, media=(Media("photo", "https://e.org/a.jpg"),))
)


def every_match(thread: str) -> str:
    """The custom id of a button for all matches of a thread."""
    return custom_id.go("all", thread, 1)


def laid(hits: Sequence[Hit], reserved: int = 0) -> ui.LayoutView:
    """A message of hits."""
    layout = ui.LayoutView(timeout=None)
    add_hits(layout, shown_hits(hits, 3_900, ENGLISH), ENGLISH, reserved, every_match)
    check(layout)
    return layout


def some(number: int) -> list[Hit]:
    """So many hits, each in its own thread, with a picture and further matches."""
    made = hit(best=PICTURED, more_in_thread=3, tweets=9)
    return [
        replace(made, rank=rank, thread=replace(made.thread, id=f"{rank:012x}"))
        for rank in range(1, number + 1)
    ]


def kinds(layout: ui.LayoutView, kind: type[ui.Item[ui.LayoutView]]) -> int:
    """How many components of a kind a message has."""
    return sum(isinstance(each, kind) for each in layout.walk_children())


def test_a_hit_has_its_picture_and_its_buttons() -> None:
    layout = laid(some(1))
    labels = [each.label for each in layout.walk_children() if isinstance(each, ui.Button)]
    assert len(labels) == 2
    assert labels[1] == "All 4 in this thread"
    assert kinds(layout, ui.Thumbnail) == 1
    assert kinds(layout, ui.Select) == 0


@pytest.mark.parametrize("number", range(1, 8))
@pytest.mark.parametrize("reserved", [0, 10, 15])
def test_what_has_no_room_goes_into_a_menu(number: int, reserved: int) -> None:
    layout = laid(some(number), reserved)
    assert layout.total_children_count + reserved <= MOST_COMPONENTS
    assert kinds(layout, ui.Container) == number
    menus = [each for each in layout.walk_children() if isinstance(each, ui.Select)]
    ways = kinds(layout, ui.Button) + sum(len(each.options) for each in menus)
    assert ways == 2 * number


def test_buttons_go_before_pictures() -> None:
    crowded = laid(some(7), 15)
    assert kinds(crowded, ui.Button) == kinds(crowded, ui.Thumbnail) == 0
    fewer = laid(some(7), 3)
    assert kinds(fewer, ui.Button) == 0
    assert kinds(fewer, ui.Thumbnail) == 7


def test_hits_with_only_some_of_the_words_stand_under_one_heading() -> None:
    whole, *rest = some(3)
    layout = laid([whole, *(replace(each, partial=True) for each in rest)])
    container, text = discord.ComponentType.container, discord.ComponentType.text_display
    assert [each.type for each in layout.children] == [container, text, container, container]
    (heading,) = (each for each in layout.children if isinstance(each, ui.TextDisplay))
    assert heading.content == "**Only some of the words**"


def test_one_button_stands_out() -> None:
    buttons = [each for each in laid(some(3)).walk_children() if isinstance(each, ui.Button)]
    main = [each for each in buttons if each.style is discord.ButtonStyle.primary]
    assert main == buttons[:1]
