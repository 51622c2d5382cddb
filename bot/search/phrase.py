"""Where words stand side by side. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25.document_terms import DocumentTerms
from bot.search.bm25.postings import Postings


def side_by_side(
    postings: Postings, forward: DocumentTerms, terms: Sequence[str]
) -> NDArray[np.int64]:
    """The documents in which `terms` stand side by side and in that order: int64[n], ascending."""
    numbers = [postings.term_id(term) for term in terms]
    known = {each for each in numbers if each is not None}
    if None in numbers or not known:
        return np.empty(0, np.int64)
    found = sorted((postings.of(each)[0] for each in known), key=len)
    docs = found[0]
    for each in found[1:]:
        docs = np.intersect1d(docs, each, assume_unique=True)
    holding = docs.astype(np.int64)
    if len(terms) == 1:
        return holding
    tokens, owners = forward.of(holding)
    places = max(len(tokens) - len(terms) + 1, 0)
    here = owners[:places] == owners[len(terms) - 1 :]
    for at, number in enumerate(numbers):
        here &= tokens[at : at + places] == number
    whole: NDArray[np.int64] = holding[np.unique(owners[:places][here])]
    return whole
