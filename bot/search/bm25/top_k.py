"""The best of many scores. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SORTED_AT_ONCE = 4_000
Scores = NDArray[np.float64]


def top_k(scores: Scores, k: int) -> NDArray[np.int64]:
    """int64[min(k, n)]: where the `k` highest of float64[n] stand, best first, ties in order."""
    if k <= 0:
        return np.empty(0, np.int64)
    kept = np.arange(len(scores))
    if len(scores) > max(4 * k, SORTED_AT_ONCE):
        kept = np.flatnonzero(scores >= _kth_or_less(scores, k))
    if len(kept) > 4 * k:
        least = np.partition(scores[kept], len(kept) - k)[len(kept) - k]
        kept = kept[scores[kept] >= least]
    best: NDArray[np.int64] = kept[(-scores[kept]).argsort(kind="stable")[:k]]
    return best


def _kth_or_less(scores: Scores, k: int) -> float:
    """A score that at least `k` of `scores`, of which there are more, reach; the k-th or near it.

    It is the k-th best of the bests of blocks: a k-th part of the work of finding the k-th best.
    """
    width = min(64, len(scores) // (4 * k))
    bests = scores
    if width > 1:
        whole = len(scores) // width
        bests = scores[: whole * width].reshape(width, whole).max(axis=0)
    return float(np.partition(bests, len(bests) - k)[len(bests) - k])
