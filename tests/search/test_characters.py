"""One character of a script without spaces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.characters import is_character, occurrences, with_pairs
from bot.search.query import parse
from bot.search.ranking import rank
from tests.kernels import by_kernels
from tests.search.stacks import ANALYZER, Placed, Stack


@pytest.mark.parametrize("question", ["港", "「港」", "カ", "港 from:anna", "港 -船", "ไ"])
def test_a_question_may_be_one_character(question: str) -> None:
    assert is_character(parse(question, ANALYZER))


@pytest.mark.parametrize("question", ["", "香港", "港 船", "x", "5", "港x", "é"])
def test_other_questions_are_no_character(question: str) -> None:
    assert not is_character(parse(question, ANALYZER))


texts = st.text("香港口船x ", min_size=1, max_size=8)
stacks = st.builds(
    lambda made, kernels: Stack(
        3,
        [Placed(layer, at, masked, (text,)) for at, (layer, masked, text) in enumerate(made)],
        kernels,
    ),
    st.lists(st.tuples(st.integers(0, 2), st.booleans(), texts), max_size=9),
    by_kernels,
)


@given(stacks)
def test_a_character_finds_the_tweets_that_contain_it_in_a_stack_as_in_an_index(
    stack: Stack,
) -> None:
    query = parse("港", ANALYZER)
    holding = [each for each in stack.placed if "港" in each.texts[0] and not each.masked]
    one = with_pairs(query, stack.one)
    many = with_pairs(query, stack.stack)
    assert one == many
    found = rank(stack.one, one, stack.threads, 99)
    stacked = rank(stack.stack, many, stack.stacked, 99)
    assert found.tweets_found == stacked.tweets_found == len(holding)
    scores = [each.scores for each in found.threads]
    assert scores == [each.scores for each in stacked.threads]
    if holding:
        assert (found.words_matched, found.tweets_with_most) == (1, len(holding))
        newest = rank(stack.one, one, stack.threads, 99, days=np.ones(len(stack.one), np.int32))
        assert newest.tweets_found == len(holding)
    else:
        assert one == query


def test_occurrences_are_characters_and_not_pairs() -> None:
    assert occurrences("香港港 port 港", "港") == ((1, 3), (9, 10))
    assert occurrences("ｶカ", "カ") == ((0, 2),)  # the same character in two widths
    assert occurrences("port", "港") == ()
