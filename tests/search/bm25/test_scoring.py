"""Tests of BM25's contributions of single terms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.index import Index
from tests.kernels import Kernels, by_kernels
from tests.strategies import corpora

words = st.sampled_from(["ai", "chip", "us", "port", "of", "zinc", "absent"])


@given(corpora, st.lists(words, max_size=4), by_kernels)
def test_a_score_is_the_sum_of_what_its_terms_contribute(
    corpus: list[list[str]], query: list[str], kernels: Kernels
) -> None:
    with kernels():
        index = Index(corpus)
        scores = index.get_scores(query)
    for doc in range(len(corpus)):
        total = sum(index.contribution(term, doc) for term in query)
        assert total == pytest.approx(scores[doc])


@given(corpora, words)
def test_a_term_contributes_where_it_is_and_nowhere_else(
    corpus: list[list[str]], term: str
) -> None:
    index = Index(corpus)
    holding = [doc for doc, terms in enumerate(corpus) if term in terms]
    given = [index.contribution(term, doc) for doc in range(len(corpus))]
    assert np.flatnonzero(given).tolist() == holding
    assert index.document_frequency(term) == len(holding)


@pytest.mark.parametrize("corpus", [[], [[]], [["ai"], [], ["ai", "chip"]]])
def test_the_length_is_the_number_of_documents(corpus: Sequence[Sequence[str]]) -> None:
    index = Index(corpus)
    assert len(index) == len(corpus) == len(index.get_scores(["ai"]))


@given(corpora, st.data())
def test_contributions_to_some_documents_are_those_of_all(
    corpus: list[list[str]], data: st.DataObject
) -> None:
    corpus = [*corpus, ["long"] * 700, ["long", *["word"] * 900]]  # more than a code can hold
    index = Index(corpus)
    some = np.array(sorted(data.draw(st.sets(st.integers(0, len(corpus) - 1)))), np.int64)
    for term in ("nowhere", "long", "word", *(corpus[0][:2])):
        given = [index.contribution(term, doc) for doc in some.tolist()]
        assert index.contributions_to(term, some).tolist() == given
        assert index.holds(term, some).tolist() == [each > 0 for each in given]


def test_which_documents_hold_a_term_is_looked_up() -> None:
    index = Index([["port"], ["ship"], ["port", "ship"], []])
    assert index.holds("port", np.array([0, 1, 3])).tolist() == [True, False, False]
    assert index.holds("ship", np.array([1, 2])).tolist() == [True, True]
