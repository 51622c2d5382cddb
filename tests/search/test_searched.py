"""Tests of what an index and a stack of layers have in common."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.analyzer import Analyzer
from bot.search.index import Index
from bot.search.layered import LayeredIndex
from bot.search.query import parse
from bot.search.searched import Searched, searched
from tests.strategies import corpora, queries

ANALYZER = Analyzer()
METHODS = [name for name, each in vars(Searched).items() if inspect.isfunction(each)]


@given(corpora, queries, st.integers(0, 15), st.sampled_from([1.5, 0.0]))
def test_step_by_step_the_same_is_found_as_at_once(
    corpus: list[list[str]], query: list[str], k: int, feedback: float
) -> None:
    texts = [" ".join(terms) for terms in corpus]
    index = Index.build(texts, analyzer=ANALYZER, feedback=feedback)
    question = " ".join(query)
    terms = [each.term for each in parse(question, ANALYZER).terms]
    docs, scores = searched(index, terms, None, k)
    expected = index.search(question, k)
    assert docs.tolist() == expected[0].tolist()
    assert scores.tolist() == expected[1].tolist()


@pytest.mark.parametrize("method", [each for each in METHODS if not each.startswith("_")])
def test_an_index_and_a_stack_take_the_same_arguments(method: str) -> None:
    wanted = inspect.signature(getattr(Searched, method)).parameters
    for kind in (Index, LayeredIndex):
        taken = inspect.signature(getattr(kind, method)).parameters
        assert list(taken) == list(wanted)
