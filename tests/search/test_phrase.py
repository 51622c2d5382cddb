"""Tests of phrase search."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.search.index import Index
from bot.search.phrase import with_phrase
from tests.strategies import corpora

phrases = st.lists(st.sampled_from(["ai", "chip", "us", "port", "absent"]), max_size=3)


@given(corpora, phrases)
def test_a_phrase_is_in_the_documents_that_hold_its_words_in_a_row(
    corpus: list[list[str]], phrase: list[str]
) -> None:
    index = Index(corpus)
    expected = [
        doc
        for doc, terms in enumerate(corpus)
        if phrase and any(terms[at : at + len(phrase)] == phrase for at in range(len(terms)))
    ]
    assert with_phrase(index.postings, index.forward, phrase).tolist() == expected


def test_a_phrase_does_not_reach_from_one_document_into_the_next() -> None:
    index = Index([["export", "chip"], ["export"], ["chip", "export", "chip", "chip"]])
    found = with_phrase(index.postings, index.forward, ["chip", "export"])
    assert found.tolist() == [2]
    assert with_phrase(index.postings, index.forward, ["chip", "chip"]).tolist() == [2]


def test_a_phrase_longer_than_a_document_is_not_in_it() -> None:
    index = Index([["chip"]])
    assert with_phrase(index.postings, index.forward, ["chip", "chip"]).tolist() == []
