"""Answers as Discord messages: all of them within Discord's limits, with room for *Delete*."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.i18n.messages import ENGLISH, Language, counted
from bot.models import Answer, Explanation, Hit, QueryWord, TermShare
from bot.views.discord.answer_layout import (
    answer_layout,
    asking_for,
    found_layout,
    sources_layout,
    why_layout,
    within_layout,
)
from bot.views.discord.share_layout import share_layout, shared_layout
from tests.views.discord.anything import (
    answers,
    anything,
    check,
    check_for_everyone,
    hits,
    long_texts,
    tongues,
)
from tests.views.shown import PASSAGE, an_answer, hit

THREAD = "0123456789ab"


@given(answer=answers(), by=anything, say=tongues, stale=st.booleans())
def test_any_answer(answer: Answer, by: str, say: Language, *, stale: bool) -> None:
    check_for_everyone(answer_layout(answer, say, stale=stale), say)
    if answer.hits:
        check_for_everyone(why_layout(answer, say, stale=stale), say)
        check_for_everyone(sources_layout(answer, say, stale=stale), say)
        check(share_layout(answer, say))
        check_for_everyone(shared_layout(answer, answer.hits[0], by, say), say)


@given(answer=answers(), words=long_texts, only=st.none() | hits(), say=tongues, led=st.booleans())
def test_any_find_in_a_thread(
    answer: Answer, words: str, only: Hit | None, say: Language, *, led: bool
) -> None:
    within = replace(answer, hits=(only,) if only else ())
    check_for_everyone(found_layout(within, words, say), say)
    asking = replace(asking_for(answer), question=words, exact=True)
    back = asking_for(answer) if led else None
    check_for_everyone(within_layout(within, asking, THREAD, say, back=back), say)


def shown(layout: ui.LayoutView) -> str:
    """The components of a message as JSON."""
    made: Any = layout.to_components()  # type: ignore[no-untyped-call]  # discord.py leaves it so
    return json.dumps(made, ensure_ascii=False)


def labels(layout: ui.LayoutView) -> list[str | None]:
    """The labels of a message's buttons."""
    return [each.label for each in layout.walk_children() if isinstance(each, ui.Button)]


def test_a_repair_is_said_and_can_be_undone() -> None:
    layout = answer_layout(an_answer(question="no ship", asked="no shp"), ENGLISH)
    assert "Showing results for **no ship** instead of *no shp*." in shown(layout)
    assert "Search instead for no shp" in labels(layout)
    assert "tb1:hits:1:B:1:no shp" in shown(layout)


def test_all_matches_of_a_thread_are_those_of_the_repaired_question() -> None:
    several = hit(more_in_thread=11)
    layout = answer_layout(an_answer(hits=(several,), asked="no shp"), ENGLISH)
    assert f"tb1:within:{THREAD}:1:B:1:no ship" in shown(layout)
    long = an_answer(hits=(several,), question="no ship " * 30, asked="no shp " * 30)
    assert f"tb1:within:{THREAD}:1:b:1:¦" in shown(answer_layout(long, ENGLISH))


def test_partial_matches_are_below_a_heading() -> None:
    second = replace(hit(), rank=2, partial=True)
    text = shown(answer_layout(an_answer(hits=(hit(), second)), ENGLISH))
    assert text.count("Only some of the words") == 1
    assert text.index("**Ports") < text.index("Only some of the words") < text.rindex("**Ports")


def test_matches_in_a_thread_lead_back_and_to_other_pages() -> None:
    answer = an_answer(hits=(hit(),), page=2, pages=3, tweets=15)
    asking = asking_for(an_answer(page=2))
    layout = within_layout(answer, asking, THREAD, ENGLISH, back=asking)
    assert "**15 tweets in this thread** · no ship" in shown(layout)
    assert f"tb1:within:{THREAD}:1:b:3:no ship" in shown(layout)
    assert "tb1:back:1:b:2:no ship" in shown(layout)
    assert "Back to results" in labels(layout)


def test_pages_of_matches_carry_a_long_question_as_asked() -> None:
    back = replace(asking_for(an_answer(asked="no shp " * 20)), page=2)
    asking = replace(back, question="no ship " * 20, page=1, exact=True)
    answer = an_answer(hits=(hit(),), pages=3)
    made = shown(within_layout(answer, asking, THREAD, ENGLISH, back=back))
    assert f"tb1:within:{THREAD}:1:b:2:¦" in made
    assert f"tb1:within:{THREAD}:1:B:2:" not in made


def test_a_question_too_long_for_a_page_of_matches_is_said_to_be() -> None:
    long = "".join(chr(0x4E00 + place * 7919 % 20_000) for place in range(3_000))
    answer = an_answer(hits=(hit(),), page=1, pages=3, tweets=15)
    asking = replace(asking_for(answer), question=long)
    layout = within_layout(answer, asking, THREAD, ENGLISH, back=asking)
    assert "too long for page buttons" in shown(layout)
    assert labels(layout) == ["Read from here"]


def test_sources_have_file_and_line_and_say_if_the_page_is_new() -> None:
    listed = shown(sources_layout(an_answer(), ENGLISH))
    assert "a.txt:2" in listed
    assert "[Find on X]" in listed
    assert "reloaded since" not in listed
    assert "reloaded since" in shown(sources_layout(an_answer(), ENGLISH, stale=True))
    assert "reloaded since" in shown(why_layout(an_answer(), ENGLISH, stale=True))


def test_searches_are_left_out_of_long_lists_of_sources_where_links_are_better() -> None:
    several = tuple(replace(PASSAGE, position=place) for place in range(3, 40))
    listed = shown(sources_layout(an_answer(hits=(hit(more=several),)), ENGLISH))
    assert "[Find on X]" not in listed
    assert listed.count("[Source]") == listed.count("a.txt:2") == 38


@settings(max_examples=20)
@given(st.integers(0, 40))
def test_a_long_question_of_few_words_has_a_menu_of_them_all(number: int) -> None:
    words = tuple(QueryWord(f"word{each}", f"word{each}", each) for each in range(number))
    long = "".join(chr(0x4E00 + place * 7919 % 20_000) for place in range(3_000))
    layout = answer_layout(an_answer(question=long, words=words), ENGLISH)
    menus = [each for each in layout.walk_children() if isinstance(each, ui.Select)]
    assert [len(each.options) for each in menus] == ([min(number, 25)] if number else [])
    check(layout)


def test_pages_say_how_many_of_the_matches_they_have() -> None:
    several = an_answer(hits=(hit(more_in_thread=11),), tweets=21, threads=7, listed=16, pages=3)
    text = shown(answer_layout(several, ENGLISH))
    assert "The 3 pages have 16 of the 21. For the others, press “All … in this thread”." in text
    assert text.index("16 of the 21") > text.index("tweet 2 of"), "below the hits"
    single = shown(answer_layout(replace(several, pages=1), ENGLISH))
    assert "This page has 16 of the 21." in single
    for listed in (21, None):
        assert "of the 21" not in shown(answer_layout(replace(several, listed=listed), ENGLISH))


def test_no_button_is_alone_in_its_row_and_the_order_needs_several_tweets() -> None:
    one, two = answer_layout(an_answer(), ENGLISH), answer_layout(an_answer(tweets=2), ENGLISH)
    assert rows(one) == [["Share…", "Sources", "Why these?"]]
    assert rows(two) == [["Newest first", "Share…"], ["Sources", "Why these?"]]


def rows(layout: ui.LayoutView) -> list[list[str | None]]:
    """The labels of the rows below the hits."""
    below = [each for each in layout.children if isinstance(each, ui.ActionRow)]
    return [[getattr(each, "label", None) for each in row.children] for row in below]


def test_why_is_said_in_words_before_the_figures() -> None:
    explanation = Explanation(
        (TermShare("ship", 1, 2.0, 3.0), TermShare("quay", 1, 1.0, 1.0, from_first=True)),
        1.0,
        ("ship", "crane"),
    )
    why = replace(PASSAGE, explanation=explanation)
    text = shown(why_layout(an_answer(hits=(hit(best=why),)), ENGLISH))
    said = (
        "- Tweet 2 of 3 has “ship” (60 %) and “quay” in the thread's first tweet (20 %). "
        "The other 20 % are for words that the best matches share, such as “crane”."
    ).replace(" %", "\N{NO-BREAK SPACE}%")
    assert text.index(said) < text.index("**Figures**")
    figures = "tweet 2 of 3: 5.00 = ship 3.00 + quay 1.00 + shared words 1.00"
    assert text.index("**Figures**") < text.index(figures)


def test_what_is_found_without_filters_is_said_once() -> None:
    filtered = counted(3, "{count} tweet matches without {what}.", OTHER, what="from:anna")
    nothing = an_answer(hits=(), tweets=0, wider="ship", hints=(filtered,), titles=(hit().thread,))
    text = shown(answer_layout(nothing, ENGLISH))
    assert "3 tweets match without from:anna." in text
    assert "Searched for" not in text
    assert "The loaded threads include" not in text
    bare = shown(answer_layout(replace(nothing, wider=None, hints=()), ENGLISH))
    assert "Searched for" in bare
    assert "The loaded threads include" in bare


OTHER = "{count} tweets match without {what}."


def test_a_question_that_only_a_menu_of_its_words_can_carry_has_all_its_buttons() -> None:
    words = tuple(QueryWord(f"word{each}", f"word{each}", each) for each in range(25))
    carried = 0
    for length in range(200, 3_000, 100):
        long = "".join(chr(0x4E00 + place * 7919 % 20_000) for place in range(length))
        layout = answer_layout(an_answer(question=long, words=words), ENGLISH)
        check(layout)
        menus = [each for each in layout.walk_children() if isinstance(each, ui.Select)]
        carried += bool(menus) and "too long for page buttons" not in shown(layout)
    assert carried
