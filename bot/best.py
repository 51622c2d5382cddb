"""The best of many scores without a look at all of them. Pure.

MaxScore (Turtle and Flood, 1995, https://doi.org/10.1016/0306-4573(95)00020-H), a list at a time:
rare terms first. Once the k-th best so far is above all that the terms to come could add, documents
that were not met yet are out, and of those that were, only the ones still in reach are looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SORTED_AT_ONCE = 4_000
LOOKED_UP = 24
"""A list so many times longer than the documents still in reach is searched, not gone through."""
Scores = NDArray[np.float64]
ROUNDING = 1e-9
"""Share by which a sum in another order may differ, with room to spare."""


@dataclass(frozen=True, slots=True)
class TermList:
    """A term's documents and what it adds to their scores."""

    docs: NDArray[np.int32]
    """int32[n], ascending."""
    most: float
    """No document gets more of it."""
    of: Callable[[NDArray[np.int64] | slice], Scores]
    """What it adds at these places of `docs`."""


def best_of(scores: Scores, k: int) -> NDArray[np.int64]:
    """int64[min(k, n)]: where the `k` highest of float64[n] stand, best first, ties in order."""
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


def begins(values: NDArray[np.generic]) -> NDArray[np.int64]:
    """int64[m]: where in `values`, of which equal ones stand together, each begins."""
    new = np.empty(len(values), np.bool_)
    new[:1] = True
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return new.nonzero()[0]


def kth_or_less(scores: Scores, k: int) -> float:
    """A score that at least `k` of `scores` reach, 0 where they are fewer; the k-th or near it.

    It is the k-th best of the bests of blocks: a k-th part of the work of finding the k-th best.
    """
    if len(scores) < k:
        return 0.0
    width = min(64, len(scores) // (4 * k))
    bests = scores
    if width > 1:
        whole = len(scores) // width
        bests = scores[: whole * width].reshape(width, whole).max(axis=0)
    return float(np.partition(bests, len(bests) - k)[len(bests) - k])


def summed(lists: Sequence[TermList], k: int, board: Scores) -> tuple[NDArray[np.int64], Scores]:
    """Documents of which the `k` best are some, int64[n], in order, and their scores, float64[n].

    All that `lists` hold are added up, list after list, which makes the very sums of rank_bm25.
    `board` is as for `contenders`.
    """
    for each in lists:
        np.add.at(board, each.docs, each.of(slice(None)))
    together = lists[0].docs if len(lists) == 1 else np.concatenate([each.docs for each in lists])
    scores = board.take(together)
    board[together] = 0
    # A document is there once for each list: among so many are the k best different ones.
    most = k * len(lists)
    if len(together) > 2 * most:
        reach = scores >= kth_or_less(scores, most)
        together, scores = together[reach], scores[reach]
    if len(lists) > 1:
        order = together.argsort()
        order = order[begins(together[order])]
        together, scores = together[order], scores[order]
    return together.astype(np.int64), scores


def exact(lists: Sequence[TermList], docs: NDArray[np.int64]) -> Scores:
    """float64[len(docs)]: the scores of `docs`, summed up in the order of `lists`."""
    scores = np.zeros(len(docs))
    for each in lists:
        places = np.searchsorted(each.docs, docs.astype(np.int32))
        places[places == len(each.docs)] = 0
        here = np.flatnonzero(each.docs[places] == docs)
        scores[here] += each.of(places[here])
    return scores


def contenders(lists: Sequence[TermList], k: int, board: Scores) -> NDArray[np.int64]:
    """int64[n]: documents, in order, of which the `k` best of all are some.

    Args:
        lists: the terms that were asked for.
        k: how many are wanted, 1 or more.
        board: float64[documents], all 0, and so again afterwards: where scores are summed up.
    """
    ordered = sorted(lists, key=lambda each: each.most, reverse=True)
    rest = [sum(each.most for each in ordered[at:]) for at in range(len(ordered) + 1)]
    met: list[NDArray[np.int32]] = []
    scores = np.empty(0)
    for at, each in enumerate(ordered):
        docs = each.docs
        added = each.of(slice(None))
        if met:
            before = board[docs]
            new = before == 0
            board[docs] = before + added
            met.append(docs[new])
        else:
            board[docs] = added
            met.append(docs)
        together = met[0] if len(met) == 1 else np.concatenate(met)
        scores = added if len(met) == 1 else board[together]
        least = kth_or_less(scores, k) * (1 - ROUNDING)
        if least > rest[at + 1] and at + 1 < len(ordered):
            reach = scores + rest[at + 1] >= least
            found = together[reach], scores[reach]
            board[together] = 0
            return _narrowed(*found, ordered[at + 1 :], k, board)
    if not met:
        return np.empty(0, np.int64)
    kept = together[scores >= least] if len(together) > k else together
    board[together] = 0
    return np.sort(kept).astype(np.int64)


def _narrowed(
    docs: NDArray[np.int32], scores: Scores, lists: Sequence[TermList], k: int, board: Scores
) -> NDArray[np.int64]:
    """Of `docs`, which the best are among, those still in reach when `lists` are added."""
    order = np.argsort(docs)
    docs, scores = docs[order], scores[order]
    for at, each in enumerate(lists):
        if len(docs) * LOOKED_UP < len(each.docs):
            places = np.searchsorted(each.docs, docs)
            places[places == len(each.docs)] = 0
            here = np.flatnonzero(each.docs[places] == docs)
            scores[here] += each.of(places[here])
        else:
            board[each.docs] = each.of(slice(None))
            scores += board[docs]
            board[each.docs] = 0
        rest = sum(one.most for one in lists[at + 1 :])
        least = kth_or_less(scores, k) * (1 - ROUNDING)
        reach = scores + rest >= least
        docs, scores = docs[reach], scores[reach]
    return docs.astype(np.int64)
