"""Finds the documents that contain a phrase. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.arrays.distinct import distinct
from bot.search.bm25.document_terms import DocumentTerms
from bot.search.bm25.postings import Postings


def with_phrase(
    postings: Postings, forward: DocumentTerms, terms: Sequence[str]
) -> NDArray[np.int64]:
    """Return the documents that contain `terms` as a phrase: adjacent and in that order.

    Args:
        postings: the inverted index.
        forward: the forward index.
        terms: the phrase's terms; a phrase of none is in no document.

    Returns:
        int64[n], document ids, ascending.
    """
    term_ids = [postings.term_id(term) for term in terms]
    known = {each for each in term_ids if each is not None}
    if None in term_ids or not known:
        return np.empty(0, np.int64)
    found = sorted((postings.list_of(each) for each in known), key=len)
    docs = found[0]
    for each in found[1:]:
        docs = np.intersect1d(docs, each, assume_unique=True)
    holding = docs.astype(np.int64)
    if len(terms) == 1:
        return holding
    tokens, owners = forward.of(holding)
    places = max(len(tokens) - len(terms) + 1, 0)
    here = owners[:places] == owners[len(terms) - 1 :]
    for at, term_id in enumerate(term_ids):
        here &= tokens[at : at + places] == term_id
    whole: NDArray[np.int64] = holding[distinct(owners[:places][here])]
    return whole
