"""Hits as containers: all pictures and buttons that there is room for."""

from __future__ import annotations

from dataclasses import replace

import discord
from discord import ui

from bot.i18n.messages import ENGLISH
from bot.models import Hit, Media
from bot.views.discord.hit_cards import MOST_COMPONENTS, add_hits
from bot.views.discord.hits import shown_hits
from tests.strategies import tweet
from tests.views.discord.anything import check
from tests.views.shown import PASSAGE, hit

PICTURE = Media("photo", "https://pics.example/a.jpg", "A crane")
PICTURED = replace(PASSAGE, tweet=tweet("A crane rests.", media=(PICTURE,)))


def cards(*hits: Hit, reserved: int = 0) -> ui.LayoutView:
    """A message with these hits, above so many other components."""
    layout = ui.LayoutView(timeout=None)
    shown = shown_hits(hits, 3_900, ENGLISH)
    add_hits(layout, shown, ENGLISH, reserved, lambda thread: f"tb1:all:{thread}")
    assert layout.total_children_count + reserved <= MOST_COMPONENTS
    check(layout)
    return layout


def several(number: int, one: Hit) -> list[Hit]:
    """So many hits in as many threads."""
    return [
        replace(one, rank=rank, thread=replace(one.thread, id=f"{rank:012x}"))
        for rank in range(1, number + 1)
    ]


def kinds(layout: ui.LayoutView, kind: type[ui.Item[ui.LayoutView]]) -> int:
    """The number of components of a kind."""
    return sum(isinstance(each, kind) for each in layout.walk_children())


def test_each_thread_is_a_container_with_its_buttons_below_the_text() -> None:
    layout = cards(*several(2, hit(more_in_thread=11)))
    first, _ = layout.children
    assert isinstance(first, ui.Container)
    text, row = first.children
    assert isinstance(text, ui.TextDisplay)
    assert isinstance(row, ui.ActionRow)
    read, every = row.children
    assert isinstance(read, ui.Button)
    assert isinstance(every, ui.Button)
    assert (read.label, read.custom_id) == ("Read from here", f"tb1:read:{1:012x}:2")
    assert (every.label, every.custom_id) == ("All 12 in this thread", f"tb1:all:{1:012x}")


def test_one_button_of_a_page_stands_out_that_of_the_best_tweet() -> None:
    first = replace(PASSAGE, position=1, tweet=tweet("Ports grow quiet, says Anna."))
    layout = cards(*several(2, hit(more=(first, replace(PASSAGE, position=9)))))
    main = [
        each.custom_id
        for each in layout.walk_children()
        if isinstance(each, ui.Button) and each.style is discord.ButtonStyle.primary
    ]
    assert main == [f"tb1:read:{1:012x}:2"]


def test_a_picture_is_beside_the_text_of_its_tweet() -> None:
    layout = cards(hit(best=PICTURED, more=(replace(PASSAGE, position=9),)))
    (card,) = layout.children
    assert isinstance(card, ui.Container)
    section, text, _ = card.children
    assert isinstance(section, ui.Section)
    assert isinstance(section.accessory, ui.Thumbnail)
    assert section.accessory.description == "A crane"
    assert isinstance(text, ui.TextDisplay)
    assert "tweet 9 of 3" in text.content


def test_buttons_go_into_a_menu_before_pictures_go() -> None:
    seven = several(7, hit(best=PICTURED, more_in_thread=4))
    roomy, tight = cards(*seven[:5]), cards(*seven, reserved=10)
    assert (kinds(roomy, ui.Thumbnail), kinds(roomy, ui.Select)) == (5, 0)
    assert (kinds(tight, ui.Thumbnail), kinds(tight, ui.Select)) == (7, 1)
    (menu,) = [each for each in tight.walk_children() if isinstance(each, ui.Select)]
    assert [each.value for each in menu.options][:2] == [
        f"read:{1:012x}:2",
        f"all:{1:012x}:1",
    ]
    assert menu.options[0].label == "A crane rests."
    assert menu.options[0].description == "tweet 2 of 3 · Ports grow quiet"
    assert menu.options[1].label == "All 5 in this thread"
    assert menu.options[1].description == "Ports grow quiet"


def test_what_belongs_to_a_tweet_takes_the_full_width_below_its_picture() -> None:
    marked = replace(PICTURED, alt_highlights=(((2, 7),),))
    layout = cards(hit(best=marked, more=(replace(marked, position=3),)))
    (card,) = layout.children
    assert isinstance(card, ui.Container)
    first, below, second, last, _ = card.children
    for section in (first, second):
        assert isinstance(section, ui.Section)
        assert all("Alt text" not in str(getattr(each, "content", "")) for each in section.children)
    for text in (below, last):
        assert isinstance(text, ui.TextDisplay)
        assert text.content == "-# Alt text: A **crane**"


def test_only_buttons_for_all_matches_go_if_that_is_enough() -> None:
    layout = cards(*several(7, hit(more_in_thread=4)), reserved=9)
    assert kinds(layout, ui.Select) == 1
    (menu,) = [each for each in layout.walk_children() if isinstance(each, ui.Select)]
    assert {each.value[:4] for each in menu.options} == {"all:"}
    assert kinds(layout, ui.Button) == 7


def test_the_last_pictures_go_where_there_is_no_other_room() -> None:
    layout = cards(*several(7, hit(best=PICTURED)), reserved=16)
    assert 0 < kinds(layout, ui.Thumbnail) < 7
    first, last = layout.children[0], layout.children[6]
    assert isinstance(first, ui.Container)
    assert isinstance(last, ui.Container)
    assert isinstance(first.children[0], ui.Section)
    assert isinstance(last.children[0], ui.TextDisplay)


def test_texts_stay_where_there_is_no_room_for_anything() -> None:
    layout = ui.LayoutView(timeout=None)
    shown = shown_hits([hit(best=PICTURED)], 3_900, ENGLISH)
    add_hits(layout, shown, ENGLISH, MOST_COMPONENTS, lambda _: None)
    assert kinds(layout, ui.TextDisplay) == 1
    assert kinds(layout, ui.Thumbnail) == kinds(layout, ui.Button) == 0


def test_only_some_of_the_words_is_one_heading() -> None:
    one, two, three = several(3, hit())
    layout = cards(one, replace(two, partial=True), replace(three, partial=True))
    texts = [each.content for each in layout.children if isinstance(each, ui.TextDisplay)]
    assert texts == ["**Only some of the words**"]
    assert isinstance(layout.children[1], ui.TextDisplay)
