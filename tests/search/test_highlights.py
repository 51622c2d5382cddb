"""Tests of highlights: which ranges of a text match."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.analyzer import Analyzer
from bot.search.highlights import highlights
from tests.strategies import any_text

ANALYZER = Analyzer()


@given(any_text, st.data())
def test_highlights_cover_the_matching_tokens_and_nothing_else(
    text: str, data: st.DataObject
) -> None:
    tokens = ANALYZER.tokens(text)
    known = sorted({token.term for token in tokens})
    terms = set(data.draw(st.lists(st.sampled_from(known)))) if known else {"port"}
    found = highlights(text, terms, ANALYZER)
    covered = {at for start, end in found for at in range(start, end)}
    assert covered == {
        at for each in tokens if each.term in terms for at in range(each.start, each.end)
    }
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(one[1] < other[0] for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("text", "terms", "shown"),
    [
        ("The U.S. and us.", {"us"}, ["U.S.", "us"]),
        ("80TB of data", {"80", "tb"}, ["80TB"]),
        ("#ChipWar now", {"chip", "war"}, ["ChipWar"]),
        ("#ChipWar now", {"chip"}, ["Chip"]),
        ("港口安静", {"港口", "口安"}, ["港口安"]),
        ("nothing here", {"port"}, []),
    ],
)
def test_words_that_match_are_highlighted_as_they_were_written(
    text: str, terms: set[str], shown: list[str]
) -> None:
    assert [text[start:end] for start, end in highlights(text, terms, ANALYZER)] == shown
