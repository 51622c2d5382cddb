"""Made-up documents as the numbers of their terms, for tests of the index's inner loops."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.search.bm25.inverter import ESCAPE, Pairs, PostingLists

TERMS = 6
"""Terms that a small document draws from; few, so that documents share them."""
Documents = list[list[int]]
"""The numbers of each document's terms, in its order."""


def flat(documents: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Where each document's tokens begin, int64[documents + 1], and all tokens, int32[tokens]."""
    starts = np.cumsum([0, *map(len, documents)], dtype=np.int64)
    return starts, np.array([term for each in documents for term in each], np.int32)


def count_terms(documents: Documents) -> int:
    """How many terms there are, if all numbers from 0 on are terms."""
    return max((term + 1 for each in documents for term in each), default=0)


small_documents = st.lists(st.lists(st.integers(0, TERMS - 1), max_size=9), max_size=8)
"""Some documents, empty ones too."""


def many_pairs(count: int, first: int, dice: np.random.Generator) -> Documents:
    """So many documents, each with a (frequency, length) pair of its own, from number `first` on.

    Each repeats one term 1 to 16 times among others that it says once.
    """
    made = []
    for number in range(first, first + count):
        times, others = 1 + number % 16, number // 16
        said = [int(dice.integers(TERMS))] * times + list(range(TERMS, TERMS + others))
        made.append([said[at] for at in dice.permutation(len(said))])
    return made


runs = st.lists(
    st.tuples(st.integers(0, TERMS - 1), st.sampled_from([1, 2, 63, 64, 500, 513])), max_size=4
)
"""A document's terms, each with how often it is repeated."""
long_documents = st.lists(
    runs.map(lambda said: [term for term, times in said for _ in range(times)]), max_size=6
)
"""Documents beyond the frequencies and lengths that most have."""


@st.composite
def documents_of_many_pairs(draw: st.DrawFn) -> Documents:
    """Documents with more than 255 pairs, and more than a thousand escaped postings."""
    dice = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return many_pairs(draw(st.integers(500, 700)), 0, dice)


def postings_of(lists: PostingLists, pairs: Pairs, documents: Documents) -> list[dict[int, int]]:
    """For each term, its frequency by document, as `lists` has it; each code must be right."""
    tf = pairs.tf[lists.codes].copy()
    assert lists.escaped.tolist() == np.flatnonzero(lists.codes == ESCAPE).tolist()
    tf[lists.escaped] = lists.escaped_tf
    coded = lists.codes != ESCAPE
    lengths = np.array([len(each) for each in documents], np.int64)[lists.docs]
    assert pairs.lengths[lists.codes[coded]].tolist() == lengths[coded].tolist()
    return [
        dict(zip(lists.docs[start:end].tolist(), tf[start:end].tolist(), strict=True))
        for start, end in pairwise(lists.indptr.tolist())
    ]
