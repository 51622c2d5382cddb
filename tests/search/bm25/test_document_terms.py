"""Tests of the forward index."""

from __future__ import annotations

import numpy as np
import pytest

from bot.arrays.splice import Splice
from bot.search.bm25 import document_terms
from bot.search.bm25.document_terms import DocumentTerms, DocumentTermsBuilder


def documents(*lengths: int, first: int = 0) -> DocumentTerms:
    """Documents of so many tokens, which are numbered on from `first`."""
    builder = DocumentTermsBuilder()
    for length in lengths:
        builder.add(np.arange(first, first + length, dtype=np.int32))
        first += length
    return builder.done(np.array(lengths, np.int32))


def said(made: DocumentTerms) -> list[list[int]]:
    """What each document says."""
    found = [made.of(np.array([doc]))[0].tolist() for doc in range(len(made.starts))]
    assert found == [made.of_one(doc).tolist() for doc in range(len(made.starts))]
    return found


def without(made: DocumentTerms, gone: int, fresh: DocumentTerms) -> DocumentTerms:
    """`made` without its first documents, and `fresh` behind it."""
    picks = [*range(gone, len(made.starts)), *[-1] * len(fresh.starts)]
    return made.spliced(fresh, Splice.of(np.array(picks, np.int64)), None)


def test_a_few_documents_more_stand_apart_and_move_nothing() -> None:
    old, fresh = documents(*[10] * 9), documents(5, 5, first=1_000)
    made = without(old, 0, fresh)
    assert said(made) == [*said(old), *said(fresh)]
    assert made.tokens is old.tokens
    assert made.later.tolist() == list(range(1_000, 1_010))


def test_many_documents_more_are_put_with_the_others() -> None:
    old, fresh = documents(*[10] * 9), documents(*[10] * 5, first=1_000)
    made = without(old, 0, fresh)
    assert said(made) == [*said(old), *said(fresh)]
    assert len(made.later) == 0


@pytest.mark.parametrize(("gone", "tokens"), [(11, 1_005), (12, 885)])
def test_what_no_document_says_any_more_is_dropped_once_it_is_an_eighth(
    gone: int, tokens: int
) -> None:
    old, fresh = documents(*[10] * 100), documents(5, first=5_000)
    made = without(old, gone, fresh)
    assert said(made) == [*said(old)[gone:], *said(fresh)]
    assert len(made.tokens) + len(made.later) == tokens


def test_terms_are_renumbered_where_few_documents_came() -> None:
    old, fresh = documents(10, 10), documents(1)
    renumbered = np.arange(100, 120, dtype=np.int32)
    made = old.spliced(fresh, Splice.of(np.array([0, 1, -1])), renumbered)
    assert said(made) == [[100 + token for token in each] for each in [*said(old), *said(fresh)]]


def test_what_stands_apart_is_frozen_with_the_rest() -> None:
    made = without(documents(*[10] * 9), 0, documents(5, first=1_000))
    thawed = DocumentTerms.from_arrays(made.to_arrays())
    assert said(thawed) == said(made)
    assert len(thawed.later) == 0


def test_nothing_that_is_made_can_be_written_to() -> None:
    for made in (documents(3), without(documents(*[10] * 9), 0, documents(5))):
        for each in (made.starts, made.lengths, made.tokens, made.later):
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
