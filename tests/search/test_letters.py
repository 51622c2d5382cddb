"""The filter stops no string that is like the word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from bot.arrays.strings import Strings
from bot.search.letters import Letters

texts = st.text("abcABßſKéжЖ語I'\ud800 ", max_size=7)
some_texts = st.lists(texts, max_size=12)


def letters(strings: list[str], block: int = 3) -> Letters:
    return Letters.of(Strings.of(strings).blocks(block))


@given(some_texts, texts.map(str.casefold), st.integers(1, 2))
def test_all_that_is_near_passes(strings: list[str], word: str, typos: int) -> None:
    near = {at for at, each in enumerate(strings) if OSA.distance(word, each.casefold()) <= typos}
    assert near <= {*letters(strings).near(word, typos).tolist()}


@given(some_texts, texts.map(str.casefold), st.sampled_from([50.0, 75.0, 90.0]))
def test_all_that_is_similar_passes(strings: list[str], word: str, least: float) -> None:
    like = {at for at, each in enumerate(strings) if fuzz.ratio(word, each.casefold()) >= least}
    assert like <= {*letters(strings).like(word, least).tolist()}


@given(some_texts, texts.map(str.casefold))
def test_all_that_has_the_word_passes(strings: list[str], word: str) -> None:
    holding = {at for at, each in enumerate(strings) if word in each.casefold()}
    assert holding <= {*letters(strings).holding(word).tolist()}


@pytest.mark.parametrize(
    ("word", "passing"),
    [
        ("marathon", ["Marathon", "marathons", "mratahon", "maraton"]),
        ("marathonss", ["marathons"]),
        ("ma", []),
        ("мэрафон", ["марафон"]),
    ],
)
def test_little_else_does(word: str, passing: list[str]) -> None:
    known = ["Marathon", "marathons", "maratha", "mratahon", "maraton", "марафон", "robots", "Mars"]
    assert [known[each] for each in letters(known).near(word, 1)] == passing


def test_of_a_similar_string_few_letters_may_be_others() -> None:
    known = ["harbour", "harbours", "harbourmaster", "barbecue", "Harbor", "arbour", "ha"]
    assert [known[each] for each in letters(known).like("harbour", 75.0)] == [
        *("harbour", "harbours", "Harbor", "arbour"),
    ]
    assert [known[each] for each in letters(known).holding("harbo")] == [
        *("harbour", "harbours", "harbourmaster", "Harbor"),
    ]


def test_no_strings_have_no_letters() -> None:
    none = letters([])
    assert (len(none.sets), len(none.lengths)) == (0, 0)
    assert none.near("port", 1).tolist() == none.like("port", 75.0).tolist() == []
