"""Made-up documents as the numbers of their terms, for tests of the index's inner loops."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.arrays.splice import Splice
from bot.search.bm25.inverter import ESCAPE, Pairs, PostingLists, invert

TERMS = 6
"""Terms that a small document draws from; few, so that documents share them."""
Documents = list[list[int]]
"""The numbers of each document's terms, in its order."""


class Load(NamedTuple):
    """A load into a library: what is there, what stays of it, and what is new."""

    old: Documents
    """Documents that are there."""
    fresh: Documents
    """Documents that are loaded."""
    picks: list[int]
    """What each document is afterwards: its number among `old`, ascending; -1 for a fresh one."""
    pairs: Pairs
    """The codes that are taken before any document is read."""

    def __repr__(self) -> str:
        """Its beginnings: hypothesis shows what fails, and a large load fills no page."""
        return f"Load({str(self.old)[:500]}, {str(self.fresh)[:500]}, {str(self.picks)[:500]})"

    @property
    def result(self) -> Documents:
        """The documents afterwards."""
        fresh = iter(self.fresh)
        return [next(fresh) if pick < 0 else self.old[pick] for pick in self.picks]

    def parts(
        self,
    ) -> tuple[
        PostingLists, PostingLists, tuple[NDArray[np.int32], NDArray[np.int32]], PostingLists
    ]:
        """Postings of `old`, of `fresh`, the documents' new numbers, and postings of `result`.

        After `fresh` either all 255 codes are taken or each pair has one. So the postings of
        `result` are the same, code by code, in whatever order they are made.
        """
        terms = count_terms([*self.old, *self.fresh])
        pairs, old = invert(*flat(self.old), count_terms(self.old), self.pairs)
        pairs, fresh = invert(*flat(self.fresh), terms, pairs)
        _, result = invert(*flat(self.result), terms, pairs)
        moved = Splice.of(np.array(self.picks, np.int64)).moved(len(self.old), len(self.fresh))
        return old, fresh, moved, result


def flat(documents: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Where each document's tokens begin, int64[documents + 1], and all tokens, int32[tokens]."""
    starts = np.cumsum([0, *map(len, documents)], dtype=np.int64)
    return starts, np.array([term for each in documents for term in each], np.int32)


def count_terms(documents: Documents) -> int:
    """How many terms there are, if all numbers from 0 on are terms."""
    return max((term + 1 for each in documents for term in each), default=0)


def full_table(common: int) -> Pairs:
    """Pairs that take all 255 codes: `common` ones of short documents, the rest of none."""
    pairs = Pairs.none()
    short = [(tf, length) for length in range(1, 9) for tf in range(1, length + 1)][:common]
    unused = [(1, 10_000 + number) for number in range(ESCAPE - len(short))]
    pairs.tf[:ESCAPE], pairs.lengths[:ESCAPE] = np.array([*short, *unused]).T
    return pairs


small_documents = st.lists(st.lists(st.integers(0, TERMS - 1), max_size=9), max_size=8)
"""Some documents, empty ones too."""
tables = st.just(Pairs.none()) | st.integers(0, 8).map(full_table)
"""Codes that are taken: none; or all, so that most of what is read is escaped."""


def _picks(old: int, fresh: int, gone: set[int], order: list[bool]) -> list[int]:
    """Old documents that are not `gone` and fresh ones; `order` says where a fresh one comes."""
    stay = [number for number in range(old) if number not in gone]
    picks: list[int] = []
    for is_fresh in order:
        if is_fresh and fresh:
            fresh -= 1
            picks.append(-1)
        elif stay:
            picks.append(stay.pop(0))
    return [*picks, *stay, *[-1] * fresh]


@st.composite
def loads(draw: st.DrawFn) -> Load:
    """A load of a few documents: deleted ones, fresh ones at the end or in between."""
    old, fresh = draw(small_documents), draw(small_documents)
    gone = draw(st.just(set[int]()) | st.sets(st.integers(0, 8)))
    order = draw(st.just(list[bool]()) | st.lists(st.booleans(), max_size=16))
    return Load(old, fresh, _picks(len(old), len(fresh), gone, order), draw(tables))


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


@st.composite
def large_loads(draw: st.DrawFn) -> Load:
    """A load where the old and the fresh documents have more than 255 pairs each."""
    dice = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    old = many_pairs(draw(st.integers(300, 600)), 0, dice)
    fresh = many_pairs(draw(st.integers(300, 400)), draw(st.sampled_from([0, 160, 800])), dice)
    gone: set[int] = set()
    order: list[bool] = []
    if not draw(st.booleans()):
        gone = set(np.flatnonzero(dice.random(len(old)) < draw(st.sampled_from([0, 0.1, 0.9]))))
        order = (
            dice.random(len(old) + len(fresh)) < draw(st.sampled_from([0, 0.01, 0.5]))
        ).tolist()
    # Some terms gain nothing: the documents that load repeat half of the terms only.
    if draw(st.booleans()):
        fresh = [[term // 2 if term < TERMS else term for term in each] for each in fresh]
    return Load(old, fresh, _picks(len(old), len(fresh), gone, order), Pairs.none())


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
