"""Measures of ranking quality, as in trec_eval: https://github.com/usnistgov/trec_eval.

Documents without a judgment count as not relevant.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

SHUFFLES = 20_000


def average_precision(found: Sequence[str], grades: Mapping[str, int], depth: int = 1000) -> float:
    """Return the mean of the precision at each relevant document's rank; 0 for those not found."""
    hits, total = 0, 0.0
    for rank, each in enumerate(found[:depth], start=1):
        if each in grades:
            hits += 1
            total += hits / rank
    return total / len(grades)


def precision(found: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """Return the share of relevant documents in the first `depth`, even if fewer were found."""
    return sum(each in grades for each in found[:depth]) / depth


def ndcg(found: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """Return the discounted cumulative gain, relative to that of the ideal ranking."""
    ideal = sorted(grades.values(), reverse=True)[:depth]
    gained = [grades.get(each, 0) for each in found[:depth]]
    return _discounted(gained) / _discounted(ideal)


def reciprocal_rank(found: Sequence[str], grades: Mapping[str, int]) -> float:
    """Return 1 / rank of the first relevant document; 0 if none was found."""
    return next((1 / rank for rank, each in enumerate(found, start=1) if each in grades), 0.0)


def randomisation(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the p-value of the difference of two systems' means.

    Fisher's randomisation test, two-sided (Smucker, Allan and Carterette, 2007,
    https://doi.org/10.1145/1321440.1321528): swaps the systems at random for each question.
    """
    differences = np.subtract(other, one)
    dice = np.random.default_rng(0)
    signs = dice.integers(0, 2, size=(SHUFFLES, len(differences)), dtype=np.int8) * 2 - 1
    shuffled = np.abs(signs @ differences)
    return float((shuffled >= abs(differences.sum()) - 1e-12).mean())


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))
