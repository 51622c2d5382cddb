"""Ranks threads for a query: filters, BM25 with feedback, and grouping by thread. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25.accumulator import Matches
from bot.search.bm25.top_k import top_k
from bot.search.feedback import FIRST, Learned, boosts, learn
from bot.search.index import Index
from bot.search.query import Phrase, Query

MAX_RERANKED = 1_000
"""Tweets whose scores feedback adds to: as many as anybody may page through."""


@dataclass(frozen=True, slots=True)
class RankedThread:
    """A thread that matches."""

    thread: int
    """Its number in the library."""
    positions: tuple[int, ...]
    """The positions of its matching tweets, from 1, best first."""
    scores: tuple[float, ...]
    """Their scores."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """All that matches a query."""

    threads: tuple[RankedThread, ...]
    """The best threads, best first, up to the limit."""
    tweets_found: int
    """How many tweets match."""
    threads_found: int
    """How many threads match."""
    words_matched: int
    """The most words of the query that any tweet has."""
    tweets_with_most: int
    """How many tweets have that many."""
    learned: Learned | None = None
    """The terms that feedback learned from the first tweets."""
    skipped: int = 0
    """How many threads come before the first of `threads`."""


NOTHING = Ranking((), 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Tweets:
    """The tweets that match, in order of their documents."""

    docs: NDArray[np.int64]
    """int64[n]: their document ids."""
    scores: NDArray[np.float64]
    """float64[n]: their scores."""
    words: NDArray[np.int64]
    """int64[n]: how many words of the query each has."""

    def only(self, kept: NDArray[np.bool_]) -> _Tweets:
        return _Tweets(self.docs[kept], self.scores[kept], self.words[kept])


def rank(
    index: Index,
    query: Query,
    starts: NDArray[np.int64],
    limit: int,
    allowed: NDArray[np.bool_] | None = None,
    *,
    skip: int = 0,
    days: NDArray[np.int32] | None = None,
) -> Ranking:
    """Rank threads by their best tweet. Ties go by thread, then position, so pages are stable.

    Args:
        index: over all tweets, thread after thread.
        query: the query; one without words finds all that is allowed, in order.
        starts: int64[threads], the document number of each thread's first tweet, ascending.
        limit: how many threads to return; the counts cover all.
        allowed: bool[tweets], which tweets may be found; by default all.
        skip: how many threads to skip; if too many, all but the last page.
        days: int32[tweets], the tweets' days, to rank by date; only tweets with the most words of
            the query are then found, as the others are rarely worth reading.
    """
    found = _matching(index, query, allowed)
    if not len(found.docs):
        return NOTHING
    learned = _add_feedback(index, found) if query.terms and index.feedback else None
    most = int(found.words.max())
    if days is not None:
        found = found.only(found.words == most)
    keys = found.scores if days is None else days[found.docs].astype(np.float64)
    # Documents are in order, so those of a thread are neighbours.
    threads = np.searchsorted(starts, found.docs, side="right") - 1
    borders = np.append(np.flatnonzero(np.diff(threads, prepend=-1)), len(found.docs))
    count = len(borders) - 1
    skip = min(skip, (count - 1) // limit * limit) if limit else 0
    best = top_k(np.maximum.reduceat(keys, borders[:-1]), skip + limit)[skip:]
    return Ranking(
        threads=tuple(
            _ranked_thread(found, keys, starts, slice(int(borders[at]), int(borders[at + 1])))
            for at in best.tolist()
        ),
        tweets_found=len(found.docs),
        threads_found=count,
        words_matched=most,
        tweets_with_most=int((found.words == most).sum()),
        learned=learned,
        skipped=skip,
    )


def _matching(index: Index, query: Query, allowed: NDArray[np.bool_] | None) -> _Tweets:
    """Return the allowed tweets that have any word of `query`; all of them if it has no words."""
    matches = index.match([each.term for each in query.terms])
    _count_parts(index, query, matches)
    if allowed is None:
        return _Tweets(matches.docs, matches.scores, matches.terms)
    if query.terms:
        return _Tweets(*matches.among(allowed))
    docs = allowed.nonzero()[0]
    return _Tweets(docs, np.zeros(len(docs)), np.zeros(len(docs), np.int64))


def _add_feedback(index: Index, found: _Tweets) -> Learned:
    """Add to the scores, in place, for terms that the best tweets share. Returns those terms."""
    first = top_k(found.scores, MAX_RERANKED)
    learned = learn(index, found.docs[first[:FIRST]], found.scores[first[:FIRST]])
    found.scores[first] += index.feedback * boosts(index, learned, found.docs[first])
    return learned


def _ranked_thread(
    found: _Tweets, keys: NDArray[np.float64], starts: NDArray[np.int64], mine: slice
) -> RankedThread:
    """Return the thread whose tweets are `found[mine]`, these sorted by `keys`, highest first."""
    docs, scores = found.docs[mine], found.scores[mine]
    order = top_k(keys[mine], len(docs))
    number = int(np.searchsorted(starts, docs[0], side="right")) - 1
    positions = docs[order] - starts[number] + 1
    return RankedThread(number, tuple(positions.tolist()), tuple(scores[order].tolist()))


def _count_parts(index: Index, query: Query, matches: Matches) -> None:
    """Count a hashtag or an address as the words that are its parts, not as a word of its own.

    Changes `matches.terms` in place.
    """
    holding_part: dict[str, list[NDArray[np.int64]]] = {}
    for whole in query.terms:
        if whole.parts:
            holding = _holding(index, whole.term)
            matches.terms[matches.docs.searchsorted(holding)] -= 1
            for part in whole.parts:
                holding_part.setdefault(part, []).append(holding)
    for part, wholes in holding_part.items():
        lacking = np.setdiff1d(np.concatenate(wholes), _holding(index, part))
        matches.terms[matches.docs.searchsorted(lacking)] += 1


def _holding(index: Index, term: str) -> NDArray[np.int64]:
    return index.holding(Phrase(term, (term,)))
