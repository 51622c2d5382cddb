"""Sums up the BM25 scores of a query, where there are no kernels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.arrays.distinct import distinct

DENSE = 16
"""If more than one document in 16 matches, scanning all is faster than sorting the matches."""


@dataclass(frozen=True, slots=True)
class Matches:
    """The documents that contain at least one term of a query."""

    docs: NDArray[np.int64]
    """int64[n]: their ids, ascending."""
    scores: NDArray[np.float64]
    """float64[n]: their BM25 scores."""
    terms: NDArray[np.int64]
    """int64[n]: how many of the query's terms each contains."""

    @classmethod
    def room(cls, count: int) -> Matches:
        """Return arrays for that many documents, to write to."""
        return cls(np.empty(count, np.int64), np.empty(count), np.empty(count, np.int64))

    def first(self, count: int) -> Matches:
        """Return the first `count` documents."""
        return self.slice(0, count)

    def slice(self, start: int, end: int) -> Matches:
        """Return the documents from the place `start` to before the place `end`."""
        return Matches(self.docs[start:end], self.scores[start:end], self.terms[start:end])

    def among(
        self, allowed: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
        """Return `docs`, `scores` and `terms` of the documents where bool[documents] is true."""
        kept = allowed[self.docs]
        return self.docs[kept], self.scores[kept], self.terms[kept]


class Accumulator:
    """Sums up scores for one query at a time. Reused, as clearing touches the matches only."""

    def __init__(self, size: int) -> None:
        """Create an accumulator for `size` documents."""
        self.scores = np.zeros(size)
        self._held = np.zeros(size, np.uint16)
        self._touched: list[NDArray[np.int32]] = []

    def add(self, docs: NDArray[np.int32], contributions: NDArray[np.float64]) -> None:
        """Add a term's contributions to the scores.

        Args:
            docs: int32[n], the distinct documents that contain the term.
            contributions: float64[n], what it adds to the score of each.
        """
        if len(docs):
            self.scores[docs] += contributions
            self._held[docs] += 1
            self._touched.append(docs)

    def take(self) -> Matches:
        """Return the matches, and clear the accumulator."""
        total = sum(map(len, self._touched))
        if len(self._touched) == 1:
            docs = self._touched[0].astype(np.int64)
        elif total * DENSE > len(self._held):
            docs = np.flatnonzero(self._held)
        else:
            together = np.concatenate(self._touched or [np.empty(0, np.int32)])
            docs = distinct(together).astype(np.int64)
        matches = Matches(docs, self.scores[docs], self._held[docs].astype(np.int64))
        self.scores[docs] = 0
        self._held[docs] = 0
        self._touched.clear()
        return matches
