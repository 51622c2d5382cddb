"""Excerpts of texts, around what matched."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views import excerpts
from tests.strategies import any_text

long_text = st.text("ab 🔥\n", max_size=200) | any_text


def test_a_window_holds_a_highlight_that_is_a_part_of_a_character() -> None:
    assert excerpts.window("0\u0e47", [(0, 1)], 1) == (0, 1)


@given(long_text, st.integers(1, 80), st.data())
def test_a_window_is_a_slice_with_a_highlight_in_it(
    said: str, limit: int, data: st.DataObject
) -> None:
    starts = data.draw(st.lists(st.integers(0, max(0, len(said) - 1)), max_size=3, unique=True))
    marks = [(at, at + 1) for at in sorted(starts)] if said else []
    start, end = excerpts.window(said, marks, limit)
    assert 0 <= start <= end <= len(said)
    assert end - start <= limit
    if len(said) <= limit:
        assert (start, end) == (0, len(said))
    if marks:
        assert any(start <= at < end for at, _ in marks)


def test_an_excerpt_is_of_whole_sentences_where_they_are_near() -> None:
    said = "It was quiet. Nobody came to the port at all. Then the ships came back. And left again."
    span = (said.index("ships"), said.index("ships") + 5)
    start, end = excerpts.window(said, [span], 45)
    assert said[start:end] == "Then the ships came back. And left again."
    start, end = excerpts.window(said, [span], 35)
    assert said[start:end] == "Then the ships came back."


def test_an_abbreviation_ends_no_sentence() -> None:
    said = "Much is said here. What the U.S. Navy wants is ships, and these it wants now. More."
    start, _ = excerpts.window(said, [(said.index("ships"), said.index("ships") + 5)], 70)
    assert said[start:].startswith("What the U.S.")


def test_an_excerpt_is_where_most_of_the_words_are() -> None:
    said = (
        "A chip here. " + "Much else is said of it. " * 10 + "Export controls of chips matter. End."
    )
    spans = [
        (at, at + len(word)) for word in ("chip", "Export", "controls") if (at := said.index(word))
    ]
    start, end = excerpts.window(said, spans, 60)
    assert said[start:end].startswith("Export controls of chips matter.")


def test_different_words_count_before_the_same_again() -> None:
    said = "Chip, chip and chip. " + "Much else is said of it. " * 9 + "Export of a chip. The end."
    spans = [
        *((found.start(), found.end()) for found in re.finditer("(?i)chip", said)),
        (said.index("Export"), said.index("Export") + 6),
    ]
    start, _ = excerpts.window(said, sorted(spans), 60)
    assert said[start:].startswith("Export of a chip.")


@pytest.mark.parametrize("end", ["؟", "۔", "।", "?"])
def test_sentences_end_as_they_do_in_their_scripts(end: str) -> None:
    said = f"{'قال كلاما كثيرا ' * 4}هنا{end} مرفأ قريب هادئ. انتهى كل الكلام"
    at = said.index("مرفأ")
    start, _ = excerpts.window(said, [(at, at + 4)], 45)
    assert said[start:].startswith("مرفأ")


@given(any_text.map(lambda said: said * 9) | st.text("a👨‍👩‍👧é́ .", min_size=30), st.data())
def test_an_excerpt_fits_and_parts_no_character(said: str, data: st.DataObject) -> None:
    limit = data.draw(st.integers(45, 80))
    first = data.draw(st.integers(0, max(len(said) - 1, 0)))
    start, end = excerpts.window(said, [(first, min(first + 4, len(said)))] if said else [], limit)
    assert 0 <= start <= end <= len(said)
    assert end - start <= limit
    if len(said) > limit:
        assert start <= first < max(end, first + 1)
