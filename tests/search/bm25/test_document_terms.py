"""Tests of the forward index."""

from __future__ import annotations

import numpy as np
import pytest

from bot.search.bm25 import document_terms
from bot.search.bm25.document_terms import DocumentTerms, DocumentTermsBuilder


def documents(*lengths: int) -> DocumentTerms:
    """Documents of so many tokens, which are numbered from 0."""
    builder, first = DocumentTermsBuilder(), 0
    for length in lengths:
        builder.add(np.arange(first, first + length, dtype=np.int32))
        first += length
    return builder.done(np.array(lengths, np.int32))


def said(made: DocumentTerms) -> list[list[int]]:
    """What each document says."""
    found = [made.of(np.array([doc]))[0].tolist() for doc in range(len(made.starts))]
    assert found == [made.of_one(doc).tolist() for doc in range(len(made.starts))]
    return found


def test_a_run_of_documents_is_a_slice_of_the_tokens() -> None:
    made = documents(2, 0, 3, 1, 0)
    for start in range(5):
        for end in range(start + 1, 6):
            run = made.of_run(start, end)
            assert run.tolist() == [token for each in said(made)[start:end] for token in each]
            assert run.base is made.tokens


def test_documents_come_back_from_their_arrays() -> None:
    made = documents(2, 0, 3)
    assert said(DocumentTerms.from_arrays(made.to_arrays())) == said(made)


def test_nothing_that_is_made_can_be_written_to() -> None:
    made = documents(3)
    for each in (made.starts, made.lengths, made.tokens):
        assert not each.flags.writeable


def test_documents_tell_which_of_them_says_each_token() -> None:
    tokens, owners = documents(2, 0, 3).of(np.array([2, 1, 0]))
    assert tokens.tolist() == [2, 3, 4, 0, 1]
    assert owners.tolist() == [0, 0, 0, 2, 2]


@pytest.mark.parametrize(("lengths", "mapped"), [((4, 6), False), ((4, 7), True), ((30, 2), True)])
def test_many_tokens_wait_in_a_file(
    lengths: tuple[int, ...],
    mapped: bool,  # noqa: FBT001  # a parameter of the case
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(document_terms, "IN_MEMORY", 10)
    made = documents(*lengths)
    assert made.tokens.tolist() == list(range(sum(lengths)))
    assert (made.tokens.base is not None) is mapped
