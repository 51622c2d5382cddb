"""The best of many scores without a look at all of them. Pure.

After MaxScore (Turtle and Flood, 1995, https://doi.org/10.1016/0306-4573(95)00020-H), a list at a
time, rare terms first. What k documents reach is a bound from the beginning: a document that is not
met yet and cannot reach it with this list's and all later ones' help is never met, which its
posting's code alone tells; one that was met and is out of reach is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.postings import ESCAPE

SORTED_AT_ONCE = 4_000
LOOKED_UP = 3
"""A list so many times longer than the documents still in reach is searched, not gone through."""
SEARCHED = 2_000
"""Documents that are sooner searched for than a list is spread out."""
ABSENT = ESCAPE + 1
Scores = NDArray[np.float64]
SAMPLE = 8_192
"""Postings of each list that are looked at for a first bound."""
PILOT = 64
"""One document in so many is looked at for it."""
ROUNDING = 1e-9
"""Share by which a sum in another order may differ, with room to spare."""


@dataclass(frozen=True, slots=True)
class TermList:
    """A term's documents and what it adds to their scores."""

    docs: NDArray[np.int32]
    """int32[n], ascending."""
    codes: NDArray[np.uint8]
    """uint8[n]: what is added, as a code."""
    table: Scores
    """float64[256]: what each code adds, or more."""
    most: float
    """No document gets more of it."""
    of: Callable[[NDArray[np.int64] | slice], Scores]
    """What it adds at these places of `docs`."""
    spread: Callable[[], NDArray[np.uint16]] | None = None
    """For a long list: uint16[documents], each one's code, ABSENT where it is not in the list."""


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
        board: float64[documents], all 0, and so again afterwards: for what is looked up.
    """
    ordered = sorted(lists, key=lambda each: each.most, reverse=True)
    least = _pilot(ordered, k, board)
    docs, scores = np.empty(0, np.int32), np.empty(0)
    for at, each in enumerate(ordered):
        rest = sum(one.most for one in ordered[at + 1 :])
        new = _new(each, docs, least * (1 - ROUNDING) - rest, board)
        if len(docs):
            scores += _added(each, docs, board)
        if len(new):
            more = each.docs[new], each.of(new)
            docs, scores = _merged(docs, scores, *more) if len(docs) else more
        least = max(least, kth_or_less(scores, k))
        if rest or len(docs) > 4 * k:
            reach = (scores + rest >= least * (1 - ROUNDING)).nonzero()[0]
            docs, scores = docs[reach], scores[reach]
    return docs.astype(np.int64)


def _merged(
    docs: NDArray[np.int32], scores: Scores, others: NDArray[np.int32], theirs: Scores
) -> tuple[NDArray[np.int32], Scores]:
    """Both, in the documents' order, in which they are sooner found."""
    together = np.concatenate((docs, others))
    order = together.argsort(kind="stable")
    return together[order], np.concatenate((scores, theirs))[order]


def _pilot(lists: Sequence[TermList], k: int, board: Scores) -> float:
    """A score that `k` documents reach: found among the first ones, and in each list's first."""
    first = board[: max(len(board) // PILOT, SAMPLE)]
    least = 0.0
    for each in lists:
        added = each.of(slice(int(np.searchsorted(each.docs, len(first)))))
        first[each.docs[: len(added)]] += added
        begun = added if len(added) >= SAMPLE else each.of(slice(SAMPLE))
        least = max(least, kth_or_less(begun, k))
    least = max(least, kth_or_less(first, k))
    first[:] = 0
    return least


def _new(each: TermList, met: NDArray[np.int32], least: float, board: Scores) -> NDArray[np.int64]:
    """Places of documents that were not `met` and get at least `least` of a list."""
    if each.most < least:
        return np.empty(0, np.int64)
    enough = each.table >= least
    places = enough[each.codes].nonzero()[0] if not enough.all() else np.arange(len(each.docs))
    if len(met) and len(places):
        board[met] = 1
        places = places[board[each.docs[places]] == 0]
        board[met] = 0
    return places


def _added(each: TermList, docs: NDArray[np.int32], board: Scores) -> Scores:
    """float64[len(docs)]: what a list adds to each of `docs`."""
    if each.spread is not None and len(docs) > SEARCHED:
        codes = each.spread()[docs]
        added = np.append(each.table, 0.0).take(codes)
        escaped = (codes == ESCAPE).nonzero()[0]
        added[escaped] = each.of(np.searchsorted(each.docs, docs[escaped]))
        return added
    if len(docs) * LOOKED_UP < len(each.docs):
        added = np.zeros(len(docs))
        places = np.searchsorted(each.docs, docs)
        places[places == len(each.docs)] = 0
        here = (each.docs[places] == docs).nonzero()[0]
        added[here] = each.of(places[here])
        return added
    board[each.docs] = each.of(slice(None))
    added = board[docs]
    board[each.docs] = 0
    return added
