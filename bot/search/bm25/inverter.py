"""What documents say, turned into postings: for each term, the documents that hold it. Pure."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25 import native

ESCAPE = 255
"""The code of a posting whose frequency and length have none of their own."""
CHUNK = 2_000_000
"""Tokens that are sorted by term at a time, where there are no kernels."""
LONGEST = 2**20
"""Above each frequency and length: a pair is one number."""
Numbers = NDArray[np.int64]


class Pairs(NamedTuple):
    """The frequency and the length that each code stands for; a length of 0 where for none."""

    tf: Numbers
    """int64[256]."""
    lengths: Numbers
    """int64[256]."""

    @classmethod
    def none(cls) -> Pairs:
        """Those of no posting."""
        return cls(np.ones(ESCAPE + 1, np.int64), np.zeros(ESCAPE + 1, np.int64))


class PostingLists(NamedTuple):
    """Postings, a term's after the other's."""

    indptr: Numbers
    """int64[terms + 1]: where each term's begin."""
    docs: NDArray[np.int32]
    """int32[postings]: the documents, ascending for each term."""
    codes: NDArray[np.uint8]
    """uint8[postings]: the code of each one's frequency and its document's length."""
    escaped: Numbers
    """int64[n]: the places of those that have none of their own."""
    escaped_tf: Numbers
    """int64[n]: the frequencies of these."""


def invert(
    starts: Numbers, tokens: NDArray[np.int32], terms: int, known: Pairs
) -> tuple[Pairs, PostingLists]:
    """The postings of documents, and what their codes stand for.

    Args:
        starts: int64[documents + 1], where each one's tokens begin.
        tokens: int32[tokens], the numbers of their terms.
        terms: how many terms there are.
        known: pairs that have a code; others get the next ones.
    """
    pairs = Pairs(known.tf.copy(), known.lengths.copy())
    used = int((pairs.lengths > 0).sum())
    if native.kernels is None:
        return _sorted(starts, tokens, terms, pairs, used)
    indptr = np.empty(terms + 1, np.int64)
    native.kernels.term_starts(starts, tokens, indptr)
    docs, codes = np.empty(indptr[-1], np.int32), np.empty(indptr[-1], np.uint8)
    _, places, tf = native.kernels.inverted(starts, tokens, indptr, docs, codes, *pairs, used)
    escaped, escaped_tf = np.frombuffer(places, np.int64), np.frombuffer(tf, np.int64)
    order = escaped.argsort()
    return pairs, PostingLists(indptr, docs, codes, escaped[order], escaped_tf[order])


class _Run(NamedTuple):
    """Postings of some documents, sorted by term."""

    terms: NDArray[np.int32]
    counts: Numbers
    docs: NDArray[np.int32]
    codes: NDArray[np.uint8]
    escaped_tf: Numbers


def _sorted(
    starts: Numbers, tokens: NDArray[np.int32], terms: int, pairs: Pairs, used: int
) -> tuple[Pairs, PostingLists]:
    """The same with NumPy: some documents at a time are sorted by term, and put together."""
    codes_of = {
        pair: code
        for code, pair in enumerate((pairs.tf[:used] * LONGEST + pairs.lengths[:used]).tolist())
    }
    runs = [
        _run(starts[first : last + 1], tokens, first, codes_of)
        for first, last in _some_at_a_time(starts)
    ]
    counts = np.zeros(terms, np.int64)
    for run in runs:
        counts[run.terms] += run.counts
    indptr = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    docs, codes = np.empty(indptr[-1], np.int32), np.empty(indptr[-1], np.uint8)
    escaped, tf = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    free = indptr[:-1].copy()
    while runs:
        run = runs.pop(0)
        # Each term's postings of this run go behind those of the runs before it.
        shift = free[run.terms] - np.concatenate(([0], np.cumsum(run.counts)[:-1]))
        places = np.arange(len(run.docs)) + np.repeat(shift, run.counts)
        free[run.terms] += run.counts
        docs[places], codes[places] = run.docs, run.codes
        escaped.append(places[run.codes == ESCAPE])
        tf.append(run.escaped_tf)
    every = np.concatenate(escaped)
    order = np.argsort(every)
    coded = np.array(list(codes_of), np.int64)
    pairs.tf[: len(coded)], pairs.lengths[: len(coded)] = coded // LONGEST, coded % LONGEST
    return pairs, PostingLists(indptr, docs, codes, every[order], np.concatenate(tf)[order])


def _some_at_a_time(starts: Numbers) -> list[tuple[int, int]]:
    """Documents [first, last) of CHUNK tokens or a little more."""
    documents = len(starts) - 1
    parts, first = [], 0
    while first < documents:
        last = int(np.searchsorted(starts, starts[first] + CHUNK, side="left"))
        last = min(max(last, first + 1), documents)
        parts.append((first, last))
        first = last
    return parts


def _run(starts: Numbers, tokens: NDArray[np.int32], first: int, codes_of: dict[int, int]) -> _Run:
    lengths = np.diff(starts)
    said = tokens[starts[0] : starts[-1]]
    owners = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    # Documents are in order, so that a term's occurrences in one stand together.
    order = np.argsort(said, kind="stable")
    said, owners = said[order], owners[order]
    begins = np.flatnonzero((np.diff(said, prepend=-1) != 0) | (np.diff(owners, prepend=-1) != 0))
    tf = np.diff(begins, append=len(said))
    terms, docs = said[begins], owners[begins]
    pairs, at = np.unique(
        np.minimum(tf, LONGEST - 1) * LONGEST + np.minimum(lengths[docs], LONGEST - 1),
        return_inverse=True,
    )
    codes = np.array([_code(pair, codes_of) for pair in pairs.tolist()], np.uint8)[at]
    firsts = np.flatnonzero(np.diff(terms, prepend=-1))
    found, counts = terms[firsts], np.diff(firsts, append=len(terms))
    return _Run(found, counts, docs + np.int32(first), codes, tf[codes == ESCAPE])


def _code(pair: int, codes_of: dict[int, int]) -> int:
    """The code of a pair; the first ones that occur get one of their own."""
    if len(codes_of) < ESCAPE:
        return codes_of.setdefault(pair, len(codes_of))
    return codes_of.get(pair, ESCAPE)
