"""What a term weighs. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from bot.search.bm25.postings import Postings


def lucene_idf(documents: int, holding: int) -> float:
    """The weight of a term that `holding` of `documents` documents hold; above zero.

    Formula: Lucene's BM25Similarity,
    https://lucene.apache.org/core/9_11_0/core/org/apache/lucene/search/similarities/BM25Similarity.html
    """
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))


class Weights(Mapping[str, float]):
    """Each term's weight, from its document frequency."""

    def __init__(self, postings: Postings, documents: int) -> None:
        """The weights of the terms of `postings`, which are of so many `documents`."""
        self._postings = postings
        self._documents = documents

    def __getitem__(self, term: str) -> float:
        """The weight of `term`.

        Raises:
            KeyError: no document holds it.
        """
        holding = self._postings.frequency(term)
        if not holding:
            raise KeyError(term)
        return lucene_idf(self._documents, holding)

    def __iter__(self) -> Iterator[str]:
        """Each term."""
        return iter(self._postings)

    def __len__(self) -> int:
        """How many terms there are."""
        return len(self._postings)
