"""Merges indexes: from the documents of several to one index of those that stay. Pure.

The merged index is what an index built from the documents' texts would be, apart from the numbers
of its terms. No text is read: the forward indexes have the terms of each document.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.arrays.gather import Gather
from bot.search.bm25.document_terms import DocumentTerms, DocumentTermsBuilder
from bot.search.bm25.inverter import invert
from bot.search.bm25.postings import IndexParts, Postings
from bot.search.bm25.vocabulary import Terms
from bot.search.index import Index

BATCH = 1_000_000
"""Tokens to renumber at a time."""


def merged(
    indexes: Sequence[Index], gather: Gather
) -> tuple[IndexParts, list[tuple[int, NDArray[np.int32]]]]:
    """Merge indexes that were made with the same analyzer.

    Args:
        indexes: the indexes; at least one.
        gather: which of their documents the merged index has, in its order.

    Returns:
        The arrays of the merged index; and where the words of its terms are, in order: the number
        of one of `indexes`, and int32[n], ids of its terms.
    """
    terms, renumbered, firsts = _terms(indexes, gather)
    lengths = gather.array([each.doc_len for each in indexes])
    builder = DocumentTermsBuilder()
    for number, start, end in gather.runs:
        for tokens in _tokens(indexes[number].forward, start, end):
            builder.add(renumbered[number][tokens])
    del renumbered  # the lists take most of the memory
    forward = builder.done(lengths)
    starts = np.append(forward.starts, len(forward.tokens))
    pairs, lists = invert(starts, forward.tokens, len(terms))
    builder.release()
    for each in (*pairs, *lists):
        each.flags.writeable = False
    return IndexParts(Postings(pairs, terms, lists), forward, lengths), firsts


def _terms(
    indexes: Sequence[Index], gather: Gather
) -> tuple[Terms, list[NDArray[np.int32]], list[tuple[int, NDArray[np.int32]]]]:
    """Return the terms of the merged index, the new ids of each index's, and where words are."""
    names: dict[str, int] = {}
    renumbered, firsts = [], []
    for number, index in enumerate(indexes):
        used = _used(index, [run for run in gather.runs if run[0] == number])
        ids = np.full(len(index.postings), -1, np.int32)
        fresh = []
        for term_id, (term, stays) in enumerate(zip(index.postings, used.tolist(), strict=True)):
            if stays:
                known = len(names)
                ids[term_id] = names.setdefault(term, known)
                if len(names) > known:
                    fresh.append(term_id)
        renumbered.append(ids)
        firsts.append((number, np.array(fresh, np.int32)))
    return Terms.of(names), renumbered, firsts


def _used(index: Index, runs: Sequence[tuple[int, int, int]]) -> NDArray[np.bool_]:
    """Return bool[terms]: which terms any document of the runs has."""
    used = np.zeros(len(index.postings), np.bool_)
    for _, start, end in runs:
        for tokens in _tokens(index.forward, start, end):
            used[tokens] = True
    return used


def _tokens(forward: DocumentTerms, start: int, end: int) -> list[NDArray[np.int32]]:
    """Return the tokens of the documents from `start` to below `end`, BATCH at a time."""
    tokens = forward.of_run(start, end)
    return [tokens[first : first + BATCH] for first in range(0, len(tokens), BATCH)]
