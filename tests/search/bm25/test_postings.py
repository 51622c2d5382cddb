"""Postings, and how they are built from documents."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.analyzer import Analyzer
from bot.search.bm25 import term_ids
from bot.search.bm25.postings import PostingsBuilder
from tests.kernels import Kernels, by_kernels


@given(st.lists(st.text(max_size=40), max_size=8), by_kernels, st.integers(1, 4))
def test_texts_are_numbered_as_the_analyzer_reads_them(
    texts: list[str], kernels: Kernels, remembered: int
) -> None:
    analyzer = Analyzer()
    with pytest.MonkeyPatch.context() as patch, kernels():
        patch.setattr(term_ids, "REMEMBERED", remembered)
        patch.setattr(term_ids, "REMEMBERED_HERE", remembered)
        builder = PostingsBuilder(analyzer)
        for text in texts:
            builder.add(text)
        made = builder.done()
    terms = list(made.postings)
    said = [
        [terms[each] for each in made.forward.of(np.array([at]))[0]] for at in range(len(texts))
    ]
    assert said == [analyzer.terms(text) for text in texts]
    firsts: dict[str, str] = {}
    for text in texts:
        for token in analyzer.tokens(text):
            firsts.setdefault(token.term, text[token.start : token.end])
    assert list(builder.words) == [firsts[term] for term in terms]


@pytest.mark.parametrize(
    "text", ["half \ud800 a character", "ALL IN CAPITALS, WHO", "a\x1cb\u2003c\x85d"]
)
def test_texts_that_are_not_like_others_are_numbered_too(text: str) -> None:
    builder = PostingsBuilder(Analyzer())
    for each in ("who asks", text, "who asks"):
        builder.add(each)
    made = builder.done()
    terms = list(made.postings)
    assert [terms[each] for each in made.forward.of(np.array([1]))[0]] == Analyzer().terms(text)
