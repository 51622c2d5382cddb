"""Where scores are summed up, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DENSE = 16
"""One document in so many: from there on looking at all is quicker than sorting those touched."""


@dataclass(frozen=True, slots=True)
class Matches:
    """The documents that hold at least one of some terms, in document order."""

    docs: NDArray[np.int64]
    """Document numbers, shape (n,)."""
    scores: NDArray[np.float64]
    """Their BM25 scores, shape (n,)."""
    terms: NDArray[np.int64]
    """How many of the terms each holds, shape (n,)."""

    def among(
        self, allowed: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
        """`docs`, `scores` and `terms` of those documents that bool[documents] allows."""
        kept = allowed[self.docs]
        return self.docs[kept], self.scores[kept], self.terms[kept]


class Accumulator:
    """Where scores are summed up, one question at a time; only what was touched is wiped."""

    def __init__(self, size: int) -> None:
        self.scores = np.zeros(size)
        self._held = np.zeros(size, np.uint16)
        self._touched: list[NDArray[np.int32]] = []

    def add(self, docs: NDArray[np.int32], contributions: NDArray[np.float64]) -> None:
        """Add a term's contributions to its documents' scores."""
        if len(docs):
            self.scores[docs] += contributions
            self._held[docs] += 1
            self._touched.append(docs)

    def take(self) -> Matches:
        """What was summed up; the board is empty then."""
        total = sum(map(len, self._touched))
        if len(self._touched) == 1:
            docs = self._touched[0].astype(np.int64)
        elif total * DENSE > len(self._held):
            docs = np.flatnonzero(self._held)
        else:
            together = np.concatenate(self._touched or [np.empty(0, np.int32)])
            docs = np.unique(together).astype(np.int64)
        matches = Matches(docs, self.scores[docs], self._held[docs].astype(np.int64))
        self.scores[docs] = 0
        self._held[docs] = 0
        self._touched.clear()
        return matches
