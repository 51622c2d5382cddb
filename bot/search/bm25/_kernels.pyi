"""The index's inner loops, in C; arrays are C-contiguous, and those named `out` are written to."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

VERSION: int

class TermIds:
    """The numbers of texts' terms; what is between spaces is read once and remembered."""

    def __init__(self, read: Callable[[str], Sequence[int]], most: int, /) -> None:
        """`read` gives the numbers of a chunk's terms; `most` chunks are remembered."""
    def add(self, text: str, /) -> int:
        """Number the terms of `text`; how many there are.

        Raises:
            UnicodeEncodeError: it holds half a character, which UTF-8 cannot say.
        """
    def take(self) -> bytes:
        """The numbers since the last time, int32."""

def term_starts(
    starts: NDArray[np.int64], tokens: NDArray[np.int32], out_indptr: NDArray[np.int64], /
) -> None:
    """Where each term's postings begin: int64[terms + 1]."""

def inverted(
    starts: NDArray[np.int64],
    tokens: NDArray[np.int32],
    indptr: NDArray[np.int64],
    out_docs: NDArray[np.int32],
    out_codes: NDArray[np.uint8],
    out_tf: NDArray[np.int64],
    out_lengths: NDArray[np.int64],
    used: int,
    /,
) -> tuple[int, bytes, bytes]:
    """The postings; how many codes there are now, and the places and frequencies of those escaped,
    int64 each. Of the pairs of each code, int64[256] each, so many are `used` before."""

def merged(*arrays: NDArray[Any]) -> tuple[int, bytes, bytes]:
    """Postings of old and of fresh documents: how many there are, and the places and frequencies of
    those escaped, int64 each.

    `arrays` are indptr, docs, codes, escaped, escaped_tf and the documents' new numbers of the old
    ones, the same of the fresh ones; and indptr, docs and codes that are written to.
    """

class Searcher:
    """Answers from an index's arrays, which must not change."""

    def __init__(
        self,
        indptr: NDArray[np.int64],
        docs: NDArray[np.int32],
        codes: NDArray[np.uint8],
        escaped: NDArray[np.int64],
        escaped_tf: NDArray[np.int64],
        lengths: NDArray[np.int32],
        shares: NDArray[np.float64],
        of_codes: NDArray[np.int64],
        starts: NDArray[np.int64],
        tokens: NDArray[np.int32],
        later: NDArray[np.int32],
        stops: NDArray[np.bool_],
        terms: NDArray[np.uint8],
        term_starts: NDArray[np.int64],
        hashes: NDArray[np.uint32],
        numbers: NDArray[np.int32],
        k1: float,
        b: float,
        avgdl: float,
        /,
    ) -> None: ...
    def ranked(
        self,
        terms: list[str],
        feedback: float,
        first: int,
        learned: int,
        least: int,
        depth: int,
        out_docs: NDArray[np.int64],
        out_scores: NDArray[np.float64],
        /,
    ) -> int:
        """The documents that rank highest by `best`, `learn` and `boosts`; how many there are."""
    def best(
        self,
        numbers: NDArray[np.int32],
        weights: NDArray[np.float64],
        out_docs: NDArray[np.int64],
        out_scores: NDArray[np.float64],
        /,
    ) -> int:
        """The documents that score highest, as many as there is room for; how many there are."""
    def match(
        self,
        numbers: NDArray[np.int32],
        weights: NDArray[np.float64],
        out_docs: NDArray[np.int64],
        out_scores: NDArray[np.float64],
        out_held: NDArray[np.int64],
        /,
    ) -> int:
        """All that hold a term, their scores, and how many of the terms each holds; how many."""
    def learn(
        self,
        docs: NDArray[np.int64],
        scores: NDArray[np.float64],
        least: int,
        out_numbers: NDArray[np.int32],
        out_weights: NDArray[np.float64],
        /,
    ) -> int:
        """The terms that documents share and at least `least` hold; how many."""
    def boosts(
        self,
        numbers: NDArray[np.int32],
        weights: NDArray[np.float64],
        docs: NDArray[np.int64],
        out_added: NDArray[np.float64],
        /,
    ) -> None:
        """What learned terms add to each of `docs`."""
