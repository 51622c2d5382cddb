"""Tests of merging posting lists."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.bm25.inverter import ESCAPE, Pairs, PostingLists, invert
from bot.search.bm25.postings_merge import merged
from tests.kernels import Kernels, by_kernels, without_kernels

TERMS = 3
documents = st.lists(st.integers(0, TERMS - 1), max_size=5)
Postings = list[list[tuple[int, int, int]]]
"""For each term the document, its frequency there and the document's length."""


def inverted(corpus: list[list[int]], known: Pairs, terms: int) -> tuple[Pairs, PostingLists]:
    """The postings of documents, which are lists of the numbers of terms."""
    starts = np.cumsum([0, *map(len, corpus)])
    tokens = np.array([term for document in corpus for term in document], np.int32)
    return invert(starts.astype(np.int64), tokens, terms, known)


def read(lists: PostingLists, pairs: Pairs, lengths: list[int]) -> Postings:
    """What `lists` say."""
    tf = pairs.tf[lists.codes]
    own = pairs.lengths[lists.codes]
    tf[lists.escaped] = lists.escaped_tf
    own[lists.escaped] = np.array(lengths, np.int64)[lists.docs[lists.escaped]]
    assert (lists.codes == ESCAPE).nonzero()[0].tolist() == lists.escaped.tolist()
    whole = list(zip(lists.docs.tolist(), tf.tolist(), own.tolist(), strict=True))
    return [whole[a:b] for a, b in zip(lists.indptr[:-1], lists.indptr[1:], strict=True)]


def expected(corpus: list[list[int]]) -> Postings:
    """What the postings of `corpus` say."""
    return [
        [(at, each.count(term), len(each)) for at, each in enumerate(corpus) if term in each]
        for term in range(TERMS)
    ]


def check(parts: list[tuple[str, list[int]]]) -> None:
    """Put together what is kept or fresh of `parts`, without what is gone."""
    old = [each for part, each in parts if part != "fresh"]
    fresh = [each for part, each in parts if part == "fresh"]
    here = 1 + max((term for each in old for term in each), default=-1)  # others come behind
    known, before = inverted(old, Pairs.none(), here)
    pairs, more = inverted(fresh, known, TERMS)
    left = [part for part, _ in parts if part != "gone"]
    numbers = iter(range(len(left)))
    places = [next(numbers) if part != "gone" else -1 for part, _ in parts]
    moved = tuple(
        np.array(
            [at for at, (part, _) in zip(places, parts, strict=True) if (part == "fresh") is new],
            np.int32,
        )
        for new in (False, True)
    )
    made = merged(before, more, (moved[0], moved[1]))
    corpus = [each for part, each in parts if part != "gone"]
    assert read(made, pairs, [*map(len, corpus)]) == expected(corpus)


@given(
    st.lists(st.tuples(st.sampled_from(["kept", "gone", "fresh"]), documents), max_size=12),
    by_kernels,
)
def test_joined_postings_are_those_of_all_that_stayed_and_came(
    parts: list[tuple[str, list[int]]], kernels: Kernels
) -> None:
    with kernels():
        check(parts)


@pytest.mark.parametrize("seed", range(4))
def test_postings_without_a_code_of_their_own_are_joined_too(seed: int) -> None:
    dice = np.random.default_rng(seed)
    lengths = dice.permutation(np.arange(1, 401))  # more pairs than codes
    parts = [
        (str(dice.choice(["kept", "gone", "fresh"])), dice.integers(0, TERMS, length).tolist())
        for length in lengths.tolist()
    ]
    with without_kernels():
        check(parts)
