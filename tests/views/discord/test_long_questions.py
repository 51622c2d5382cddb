"""Whatever is asked, the buttons of its answer carry it whole, or it is said that they do not."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n.messages import ENGLISH
from bot.models import Answer, QueryWord
from bot.views.discord.answer_layout import answer_layout
from bot.views.discord.long_questions import (
    BITS,
    LENGTH,
    LETTERS,
    MARK,
    _letter,
    _number,
    gathered,
    packed,
    spread,
    unpacked,
)
from tests.conftest import SEED
from tests.views.discord.anything import check
from tests.views.shown import an_answer, hit

LONG = " ".join(str(number**7) for number in range(50))
questions = st.builds(
    lambda said, times: (said * times)[:4_000],
    st.text(min_size=1, max_size=300),
    st.integers(1, 200),
)


def answer_to(question: str, hits: int, page: int, pages: int) -> Answer:
    """An answer with so many hits."""
    found = []
    for rank in range(1, hits + 1):
        one = hit(rank=rank)
        found.append(replace(one, thread=replace(one.thread, id=f"{rank:012x}")))
    return an_answer(
        question=question,
        words=tuple(QueryWord(each, each, 1) for each in question.split()),
        hits=tuple(found),
        page=page,
        pages=pages,
        generation=10**9,
    )


def carried(layout: ui.LayoutView) -> list[str]:
    """The custom ids of a message, and the values of its menus."""
    made: list[str] = []
    for each in layout.walk_children():
        if isinstance(each, (ui.Button, ui.Select)) and each.custom_id:
            made.append(each.custom_id)
        if isinstance(each, ui.Select):
            made += [option.value for option in each.options]
    return made


@given(questions, st.integers(1, 5), st.integers(1, 9))
def test_any_question_comes_back_out_of_its_answers_buttons(
    question: str, hits: int, page: int
) -> None:
    layout = answer_layout(answer_to(question, hits, page, 9), ENGLISH)
    check(layout)
    ids = carried(layout)
    assert len(set(ids)) == len(ids)
    assert all(len(each) <= LENGTH for each in ids)
    asking = [each for each in ids if each.startswith(("tb1:hits:", "tb1:why:", "tb1:share:"))]
    if not asking:  # rather none than one that asks something else
        assert "too long for page buttons" in str(layout.to_components())  # type: ignore[no-untyped-call]  # discord.py leaves it so
    for each in asking:
        said = each.split(":", 5)[5]
        assert (gathered(ids) if said.startswith(MARK) else said) == question


@given(questions)
def test_what_is_packed_is_unpacked(question: str) -> None:
    letters = packed(question)
    assert unpacked(letters) == question
    assert unpacked(letters[:-1]) is None
    assert unpacked(letters[1:]) is None
    assert unpacked(f"{letters}a") is None


def test_english_of_4000_characters_is_carried_under_a_single_hit() -> None:
    english = " ".join(SEED.read_text(encoding="utf-8").split())[:4_000]
    ids = carried(answer_layout(answer_to(english, 1, 1, 1), ENGLISH))
    assert len(english) == 4_000
    assert gathered(ids) == english


def test_a_part_of_another_question_is_noticed() -> None:
    bases = [f"tb1:read:{number:012x}:1" for number in range(5)]
    ours = spread(bases, f"{LONG} ports?")
    theirs = spread(bases, f"{LONG} sails?")
    assert ours
    assert theirs
    assert gathered(ours)
    assert gathered([theirs[0], *ours[1:]]) is None


def test_letters_are_many_enough_and_stay_as_they_are() -> None:
    letters = [chr(letter) for letter in chain(*LETTERS)][: 1 << BITS]
    assert len(letters) == 1 << BITS
    assert [_letter(number) for number in range(1 << BITS)] == letters
    assert [_number(letter) for letter in letters] == [*range(1 << BITS)]
    assert [_number(letter) for letter in ("a", "㏿", "䷀", chr(ord(letters[-1]) + 1))] == [
        None
    ] * 4
    assert unpacked("㠀跐煸뚞檩悤") == "okapi"  # as it was sent once, and is to be read for good
