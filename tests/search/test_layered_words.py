"""The words of a stack that may be like a misspelt one: as if all were read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.arrays.strings import Strings
from bot.search import layered_words
from bot.search.analyzer import Analyzer
from bot.search.bm25.postings import PostingsBuilder
from bot.search.bm25.vocabulary import Terms
from bot.search.index import Index
from bot.search.layered import IndexLayer, LayeredIndex
from bot.search.layered_words import LayeredWords
from bot.search.near_words import nearest_words
from bot.search.query import parse
from bot.search.searched import Searched
from bot.search.spelling import Words, candidates, may_be_misspelt, repaired
from tests.search.every_word import EveryWord, every_word

ANALYZER = Analyzer()
WRITTEN = """
    Harbour harbours harbor tariff Tariffs TARIFF marathon marathons Café cafés straße STRASSE
    ſhips shops that want they ports порт порты порталы 芯片 片出 出口 #HalfMarathon @ann_harbour
    https://tariffs.example/a robot's travelling traveller
""".split()
"""Words with forms, cases and scripts, and some that are parts of others."""
LETTERS = "abehmorstuпор"


@st.composite
def typed(draw: st.DrawFn) -> str:
    """A word with up to two typos."""
    word = draw(st.sampled_from(WRITTEN)).strip("#@")
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(word)))
        head, tail, letter = word[:at], word[at:], draw(st.sampled_from(LETTERS))
        word = draw(
            st.sampled_from(
                (head + tail[1:], head + letter + tail, head + letter + tail[1:], word[:at] or word)
            )
        )
    return word or "tarif"


tweets = st.lists(st.sampled_from(WRITTEN), min_size=1, max_size=4).map(" ".join)
layers = st.lists(st.lists(st.tuples(tweets, st.booleans()), max_size=4), min_size=1, max_size=3)
Layers = list[tuple[Terms, Strings]]


def stack(made: Sequence[Sequence[tuple[str, bool]]]) -> tuple[Layers, Searched]:
    """The words of layers of tweets, of which some are masked, and the index over all."""
    words: Layers = []
    stacked: list[IndexLayer] = []
    for some in made:
        builder = PostingsBuilder(ANALYZER)
        for text, _ in some:
            builder.add(text)
        index = Index(builder.done(), analyzer=ANALYZER)
        words.append((index.postings.terms, builder.words))
        stacked.append(IndexLayer(index, np.array([gone for _, gone in some], np.bool_)))
    return words, LayeredIndex.of(stacked)


@settings(max_examples=25)
@given(made=layers, word=typed(), as_stems=st.booleans(), block=st.integers(1, 9))
def test_a_repair_is_that_of_all_words(
    *, made: list[list[tuple[str, bool]]], word: str, as_stems: bool, block: int
) -> None:
    words, index = stack(made)
    known = every_word(words, index)
    every = EveryWord({term: term for term in known} if as_stems else known)
    few = LayeredWords(words, index, as_stems=as_stems)
    query = parse(f"{word} ports", ANALYZER)
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(layered_words, "BLOCK", block)
        for each in may_be_misspelt(query, index):
            assert few.near(each.word).items() <= every.known.items()
            found, expected = (
                sorted(candidates(each.word, Words(index, some)), key=lambda each: each.text)
                for some in (few, every)
            )
            assert found == expected
        assert repaired(query, index, few) == repaired(query, index, every)


@settings(max_examples=40)
@given(layers, typed() | st.sampled_from(["片", "tari", "harb", "порт", "har"]))
def test_a_suggestion_is_that_of_all_words(made: list[list[tuple[str, bool]]], word: str) -> None:
    words, index = stack(made)
    every = every_word(words, index)
    like = LayeredWords(words, index).like(word)
    assert like.items() <= every.items()
    nearest = partial(nearest_words, word, frequencies=index.document_frequencies)
    assert nearest(known=like) == nearest(known=every)


def test_of_many_words_only_those_that_may_be_like_one_are_read() -> None:
    words, index = stack([[("tariffs marathon robots", False)], [("Tariff harbour", False)]])
    known = LayeredWords(words, index)
    assert known.near("tarifs") == {"tariff": "tariffs"}  # as the lowest layer has it
    assert known.like("marat") == {"marathon": "marathon"}
    assert known.near("tarifs") is known.near("tarifs")  # a question asks several times


def test_what_only_masked_tweets_have_is_told_apart() -> None:
    words, index = stack([[("Tariff", True), ("robots", False)], [("marathon", False)]])
    known = LayeredWords(words, index)
    assert (known.all_near("tarif"), known.near("tarif")) == ({"tariff": "Tariff"}, {})
    assert (known.all_like("tari"), known.like("tari")) == ({"tariff": "Tariff"}, {})
