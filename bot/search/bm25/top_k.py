"""Selects the k highest of many scores. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SORTED_AT_ONCE = 4_000
"""Up to so many scores are sorted without first discarding the low ones."""
Scores = NDArray[np.float64]


def top_k(scores: Scores, k: int) -> NDArray[np.int64]:
    """Return the positions of the `k` highest scores.

    Args:
        scores: float64[n].
        k: how many to return; none if it is below 1.

    Returns:
        int64[min(k, n)], highest score first; equal scores by position.
    """
    if k <= 0:
        return np.empty(0, np.int64)
    kept = np.arange(len(scores))
    if len(scores) > max(4 * k, SORTED_AT_ONCE):
        kept = np.flatnonzero(scores >= kth_or_less(scores, k))
    if len(kept) > 4 * k:
        least = np.partition(scores[kept], len(kept) - k)[len(kept) - k]
        kept = kept[scores[kept] >= least]
    best: NDArray[np.int64] = kept[(-scores[kept]).argsort(kind="stable")[:k]]
    return best


def kth_or_less(scores: Scores, k: int) -> float:
    """Return a score that at least `k` of the `scores` reach: the k-th highest or a lower one.

    `k` is from 1 to their number. It is the k-th highest of the maxima of blocks, as these are far
    fewer than the scores.
    """
    width = min(64, len(scores) // (4 * k))
    bests = scores
    if width > 1:
        whole = len(scores) // width
        bests = scores[: whole * width].reshape(width, whole).max(axis=0)
    return float(np.partition(bests, len(bests) - k)[len(bests) - k])
