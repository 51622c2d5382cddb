"""Measures of a ranking, as trec_eval defines them: https://github.com/usnistgov/trec_eval.

What nobody judged counts as not relevant; all that is relevant counts, found or not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

SHUFFLES = 20_000


def average_precision(found: Sequence[str], grades: Mapping[str, int], depth: int = 1000) -> float:
    """The mean, over all relevant documents, of the precision at the rank of each."""
    hits, total = 0, 0.0
    for rank, each in enumerate(found[:depth], start=1):
        if each in grades:
            hits += 1
            total += hits / rank
    return total / len(grades)


def precision(found: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """The share of relevant ones in the first `depth`, which need not be so many."""
    return sum(each in grades for each in found[:depth]) / depth


def ndcg(found: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """Gains, discounted by the logarithm of their rank, against the best possible."""
    ideal = sorted(grades.values(), reverse=True)[:depth]
    gained = [grades.get(each, 0) for each in found[:depth]]
    return _discounted(gained) / _discounted(ideal)


def reciprocal_rank(found: Sequence[str], grades: Mapping[str, int]) -> float:
    """1 through the rank of the first relevant one; 0 where none was found."""
    return next((1 / rank for rank, each in enumerate(found, start=1) if each in grades), 0.0)


def randomisation(one: Sequence[float], other: Sequence[float]) -> float:
    """How likely a difference of means as large as that of two systems is if they are alike.

    Fisher's randomisation test over questions, two-sided (Smucker, Allan and Carterette, 2007,
    https://doi.org/10.1145/1321440.1321528): for each question either may be the other.
    """
    differences = np.subtract(other, one)
    dice = np.random.default_rng(0)
    signs = dice.integers(0, 2, size=(SHUFFLES, len(differences)), dtype=np.int8) * 2 - 1
    shuffled = np.abs(signs @ differences)
    return float((shuffled >= abs(differences.sum()) - 1e-12).mean())


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))
