"""Merged indexes: they answer as one index does that is built from the texts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arrays.gather import Gather
from bot.search import merging
from bot.search.index import Index
from bot.search.merging import merged
from tests.strategies import corpora, queries


@given(st.lists(corpora, min_size=1, max_size=3), queries, st.data())
def test_a_merged_index_is_one_of_what_was_picked(
    parts: list[list[list[str]]], query: list[str], data: st.DataObject
) -> None:
    every = [document for part in parts for document in part]
    numbers = data.draw(st.permutations(range(len(every))))
    picks = numbers[: data.draw(st.integers(0, len(every)))]
    sizes = [*map(len, parts)]
    arrays, homes = merged([Index(part) for part in parts], Gather.of(np.array(picks, int), sizes))
    made = Index(arrays)
    built = Index([every[each] for each in picks])
    found, expected = made.match(query), built.match(query)
    assert found.docs.tolist() == expected.docs.tolist()
    assert found.scores.tolist() == expected.scores.tolist()
    assert sorted(made.terms()) == sorted(built.terms())
    question = " ".join(query)
    assert [each.tolist() for each in made.search(question, 5)] == [
        each.tolist() for each in built.search(question, 5)
    ]
    # Each term's word is where the first index has the term.
    terms = [[*Index(part).terms()] for part in parts]
    assert [terms[number][each] for number, ids in homes for each in ids] == [*made.terms()]
    again = Index(merged([made], Gather.of(np.arange(len(made)), [len(made)]))[0])
    assert again.match(query).scores.tolist() == expected.scores.tolist()


def test_a_merged_index_finds_the_best_of_long_lists() -> None:
    dice = np.random.default_rng(5)
    odds = 1 / np.arange(1, 61)
    words = [f"w{number}" for number in range(60)]
    # Lengths of more kinds than there are codes.
    corpus = [
        [words[each] for each in dice.choice(60, int(length), p=odds / odds.sum())]
        for length in dice.integers(1, 400, 2_400)
    ]
    parts = [Index(corpus[start : start + 800], feedback=0) for start in (0, 800, 1_600)]
    picks = (dice.random(2_400) < 0.9).nonzero()[0]
    made = Index(merged(parts, Gather.of(picks, [800] * 3))[0], feedback=0)
    anew = Index([corpus[each] for each in picks], feedback=0)
    for query in (["w0", "w1"], ["w0", "w20", "w3"], ["w50", "w2"], words[:9]):
        for one, other in zip(made.best(query, 10), anew.best(query, 10), strict=True):
            assert one.tolist() == other.tolist()
    assert made.to_arrays().keys() == anew.to_arrays().keys()


def test_tokens_are_renumbered_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "BATCH", 3)
    corpus = [["ai", "chip"], [], ["us", "chip", "port", "us", "ai"]]
    made = Index(merged([Index(corpus)], Gather.of(np.arange(3), [3]))[0])
    terms = [*made.terms()]
    told = [[terms[each] for each in made.forward.of_one(doc)] for doc in range(3)]
    assert told == corpus


def test_a_merged_index_cannot_be_written_to() -> None:
    index = Index([["ai", "chip"], ["ai"]])
    made, _ = merged([index], Gather.of(np.array([1]), [2]))
    assert not any(each.flags.writeable for each in made.postings.lists)
