"""The words most like one that no tweet has."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.search import near_words
from bot.search.near_words import nearest_words


def near(word: str, known: Mapping[str, str], tweets: Mapping[str, int] | None = None) -> list[str]:
    many = tweets or {}
    found = nearest_words(word, known, lambda terms: [many.get(each, 1) for each in terms])
    return [each for _, each in found]


def test_near_words_are_those_that_were_meant() -> None:
    written = ["suitcase", "Malaysia", "zebra", "libra", "chips", "chops"]
    known = {each.lower(): each for each in written}
    assert near("suitcaze", known) == ["suitcase"]
    assert near("malaysa", known) == ["Malaysia"]
    assert near("xylophone", known) == []
    assert near("mala", known) == ["Malaysia"]  # what it may become
    assert near("chxps", known, {"chips": 5, "chops": 90}) == ["chops", "chips"]


def test_a_character_alone_suggests_the_pairs_that_the_index_knows() -> None:
    known = {each: each for each in ["芯片", "片出", "出口", "x", "chips"]}
    tweets = {"片出": 2, "芯片": 9}
    assert near("芯", known, tweets) == ["芯片"]
    assert near("片", known, tweets) == ["芯片", "片出"]
    assert near("c", known) == []


def test_of_equally_similar_words_the_frequent_ones_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(near_words, "LOOKED_AT", 1)
    for order in (1, -1):  # whichever is written first
        known = {each: each for each in ["chaps", "chips", "chops"][::order]}
        assert near("chxps", known, {"chops": 9}) == ["chops"]
        assert near("chxps", known) == ["chaps"]
