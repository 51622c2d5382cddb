"""Inverts documents: from the terms of each document to the documents of each term. Pure."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25 import native

ESCAPE = 255
"""The code of a posting whose pair of frequency and length has no code."""
BATCH = 2_000_000
"""Tokens to sort at a time, without kernels."""
PAIR_BASE = 2**20
"""A pair as one number is frequency * PAIR_BASE + length; both are limited to less than this."""
Numbers = NDArray[np.int64]


class Pairs(NamedTuple):
    """The pair of term frequency and document length that each code stands for."""

    tf: Numbers
    """int64[256]: the frequencies."""
    lengths: Numbers
    """int64[256]: the lengths in tokens; 0 for a code that is not used."""

    @classmethod
    def none(cls) -> Pairs:
        """Return a table in which no code is used."""
        return cls(np.ones(ESCAPE + 1, np.int64), np.zeros(ESCAPE + 1, np.int64))


class PostingLists(NamedTuple):
    """The posting lists of all terms, concatenated by term id."""

    indptr: Numbers
    """int64[terms + 1]: where each term's list starts."""
    docs: NDArray[np.int32]
    """int32[postings]: the documents, ascending in each list."""
    codes: NDArray[np.uint8]
    """uint8[postings]: the codes of the pairs of frequency and length."""
    escaped: Numbers
    """int64[n]: the positions of the postings with code ESCAPE, ascending."""
    escaped_tf: Numbers
    """int64[n]: the term frequencies of these."""


def invert(starts: Numbers, tokens: NDArray[np.int32], terms: int) -> tuple[Pairs, PostingLists]:
    """Return the posting lists of documents, and the pairs that their codes stand for.

    Args:
        starts: int64[documents + 1], where each document's tokens start.
        tokens: int32[tokens], the term ids.
        terms: the number of terms.
    """
    if native.kernels is None:
        return _invert(starts, tokens, terms)
    pairs = Pairs.none()
    indptr = np.empty(terms + 1, np.int64)
    native.kernels.term_starts(starts, tokens, indptr)
    docs, codes = np.empty(indptr[-1], np.int32), np.empty(indptr[-1], np.uint8)
    places, tf = native.kernels.inverted(starts, tokens, indptr, docs, codes, *pairs)
    escaped, escaped_tf = np.frombuffer(places, np.int64), np.frombuffer(tf, np.int64)
    order = escaped.argsort()
    return pairs, PostingLists(indptr, docs, codes, escaped[order], escaped_tf[order])


class _Run(NamedTuple):
    """The postings of a batch of documents, sorted by term."""

    terms: NDArray[np.int32]
    """int32[n]: the ids of the terms, ascending."""
    counts: Numbers
    """int64[n]: how many postings each term has."""
    docs: NDArray[np.int32]
    """int32[postings]: the documents."""
    codes: NDArray[np.uint8]
    """uint8[postings]: the codes."""
    escaped_tf: Numbers
    """int64[m]: the frequencies of the postings with code ESCAPE."""


def _invert(starts: Numbers, tokens: NDArray[np.int32], terms: int) -> tuple[Pairs, PostingLists]:
    """Invert with NumPy: sort batches of documents by term, then concatenate their lists."""
    codes_of: dict[int, int] = {}
    runs = [
        _run(starts[first : last + 1], tokens, first, codes_of) for first, last in _batches(starts)
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
        # Append this run's postings to the lists of the runs before it.
        shift = free[run.terms] - np.concatenate(([0], np.cumsum(run.counts)[:-1]))
        places = np.arange(len(run.docs)) + np.repeat(shift, run.counts)
        free[run.terms] += run.counts
        docs[places], codes[places] = run.docs, run.codes
        escaped.append(places[run.codes == ESCAPE])
        tf.append(run.escaped_tf)
    every = np.concatenate(escaped)
    order = np.argsort(every)
    pairs, coded = Pairs.none(), np.array(list(codes_of), np.int64)
    pairs.tf[: len(coded)], pairs.lengths[: len(coded)] = coded // PAIR_BASE, coded % PAIR_BASE
    return pairs, PostingLists(indptr, docs, codes, every[order], np.concatenate(tf)[order])


def _batches(starts: Numbers) -> list[tuple[int, int]]:
    """Return the batches as ranges of documents [first, last), of about BATCH tokens each."""
    documents = len(starts) - 1
    parts, first = [], 0
    while first < documents:
        last = int(np.searchsorted(starts, starts[first] + BATCH, side="left"))
        last = min(max(last, first + 1), documents)
        parts.append((first, last))
        first = last
    return parts


def _run(starts: Numbers, tokens: NDArray[np.int32], first: int, codes_of: dict[int, int]) -> _Run:
    """Return the postings of one batch.

    Args:
        starts: int64[documents + 1], where each document's tokens start.
        tokens: int32[tokens], the term ids of all documents.
        first: the id of the batch's first document.
        codes_of: the codes of pairs; new pairs are added to it.
    """
    lengths = np.diff(starts)
    ids = tokens[starts[0] : starts[-1]]
    owners = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    # The sort is stable, so a term's occurrences in one document are neighbours.
    order = np.argsort(ids, kind="stable")
    ids, owners = ids[order], owners[order]
    begins = np.flatnonzero((np.diff(ids, prepend=-1) != 0) | (np.diff(owners, prepend=-1) != 0))
    tf = np.diff(begins, append=len(ids))
    terms, docs = ids[begins], owners[begins]
    pairs, at = np.unique(
        np.minimum(tf, PAIR_BASE - 1) * PAIR_BASE + np.minimum(lengths[docs], PAIR_BASE - 1),
        return_inverse=True,
    )
    codes = np.array([_code(pair, codes_of) for pair in pairs.tolist()], np.uint8)[at]
    firsts = np.flatnonzero(np.diff(terms, prepend=-1))
    found, counts = terms[firsts], np.diff(firsts, append=len(terms))
    return _Run(found, counts, docs + np.int32(first), codes, tf[codes == ESCAPE])


def _code(pair: int, codes_of: dict[int, int]) -> int:
    """Return the code of a pair. The first pairs get a code; when none is left, ESCAPE."""
    if len(codes_of) < ESCAPE:
        return codes_of.setdefault(pair, len(codes_of))
    return codes_of.get(pair, ESCAPE)
