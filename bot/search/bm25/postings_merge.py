"""Merges the posting lists of new documents into existing ones. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.arrays.splice import inserted, places
from bot.search.bm25 import native
from bot.search.bm25.inverter import PostingLists

NewDocIds = tuple[NDArray[np.int32], NDArray[np.int32]]
"""int32[documents] for the old and for the new documents: their ids in the merged index; -1 for an
old document that is deleted."""


def merged(old: PostingLists, fresh: PostingLists, new_ids: NewDocIds) -> PostingLists:
    """Merge two sets of posting lists.

    Args:
        old: the existing lists.
        fresh: the lists of the new documents. Terms of `old` have the same ids in it; new terms
            have higher ids.
        new_ids: the documents' ids in the result.
    """
    if native.kernels is None:
        return _merged(old, fresh, new_ids)
    room = len(old.docs) + len(fresh.docs)
    indptr = np.empty_like(fresh.indptr)
    docs, codes = np.empty(room, np.int32), np.empty(room, np.uint8)
    count, at, tf = native.kernels.merged(*old, new_ids[0], *fresh, new_ids[1], indptr, docs, codes)
    if count < room:
        docs.resize(count, refcheck=False)  # in place: nothing else refers to the arrays yet
        codes.resize(count, refcheck=False)
    return PostingLists(
        indptr, docs, codes, np.frombuffer(at, np.int64), np.frombuffer(tf, np.int64)
    )


def _merged(old: PostingLists, fresh: PostingLists, new_ids: NewDocIds) -> PostingLists:
    """Merge with NumPy: remove the deleted documents' postings, then insert the new ones."""
    docs, codes, indptr = old.docs, old.codes, old.indptr
    escaped, escaped_tf = old.escaped, old.escaped_tf
    if (new_ids[0] != np.arange(len(new_ids[0]))).any():
        docs = new_ids[0][docs]
    stay = docs >= 0
    if not stay.all():
        before = np.concatenate(([0], np.cumsum(stay, dtype=np.int64)))
        left = stay[escaped]
        escaped, escaped_tf = before[escaped[left]], escaped_tf[left]
        docs, codes, indptr = docs[stay], codes[stay], before[indptr]
    indptr = np.pad(indptr, (0, len(fresh.indptr) - len(indptr)), mode="edge")
    terms = np.diff(fresh.indptr).nonzero()[0]
    fresh_docs = new_ids[1][fresh.docs]
    at = places(docs, (indptr[terms], indptr[terms + 1]), fresh_docs, fresh.indptr[terms])
    escaped = np.concatenate(
        (escaped + at.searchsorted(escaped, side="right"), at[fresh.escaped] + fresh.escaped)
    )
    order = escaped.argsort()
    return PostingLists(
        indptr + fresh.indptr,
        inserted(at, docs, fresh_docs),
        inserted(at, codes, fresh.codes),
        escaped[order],
        np.concatenate((escaped_tf, fresh.escaped_tf))[order],
    )
