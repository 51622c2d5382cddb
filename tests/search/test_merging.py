"""Merged indexes: they answer as one index does that is built from the texts."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.arrays.gather import Gather
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
    made, homes = merged([Index(part) for part in parts], Gather.of(np.array(picks, int), sizes))
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
    again, _ = merged([made], Gather.of(np.arange(len(made)), [len(made)]))
    assert again.match(query).scores.tolist() == expected.scores.tolist()
