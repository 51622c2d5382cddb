"""Inverse document frequency: how much a term weighs. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from bot.search.bm25.postings import Postings


def lucene_idf(documents: int, holding: int) -> float:
    """Return the weight of a term that `holding` of `documents` documents contain; above zero.

    Formula: Lucene's BM25Similarity,
    https://lucene.apache.org/core/9_11_0/core/org/apache/lucene/search/similarities/BM25Similarity.html
    """
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))


class Weights(Mapping[str, float]):
    """The weight of each term, computed from its document frequency on access."""

    def __init__(self, postings: Postings, documents: int) -> None:
        """Create the mapping for the terms of `postings`, which cover `documents` documents."""
        self._postings = postings
        self._documents = documents

    def __getitem__(self, term: str) -> float:
        """Return the weight of `term`.

        Raises:
            KeyError: no document contains it.
        """
        holding = self._postings.document_frequency(term)
        if not holding:
            raise KeyError(term)
        return lucene_idf(self._documents, holding)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the terms."""
        return iter(self._postings)

    def __len__(self) -> int:
        """Return the number of terms."""
        return len(self._postings)
