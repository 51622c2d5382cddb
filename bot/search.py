"""Index × query to ranked threads, and what to ask instead where little is found. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.best import best_of
from bot.index import Index
from bot.query import Query

SUGGESTIONS = 3
RANKED_ANEW = 1_000
"""Tweets that feedback adds to: as many as anybody may page through."""
LEAST_LIKENESS = 75.0
"""Of 100, by rapidfuzz's ratio: `suitcas` and `suitcaze` are near, `zebra` and `libra` are not."""


@dataclass(frozen=True, slots=True)
class RankedThread:
    """A thread that matches."""

    thread: int
    """Its number in the library."""
    positions: tuple[int, ...]
    """Its matching tweets' places, from 1, best first."""
    scores: tuple[float, ...]
    """Their scores."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """All that matches a query."""

    threads: tuple[RankedThread, ...]
    """The best threads, best first, as many as were asked for."""
    tweets_found: int
    """How many tweets match."""
    threads_found: int
    """How many threads match."""
    words_matched: int
    """The most of the query's words that one tweet holds."""
    tweets_with_most: int
    """How many tweets hold that many."""


def rank(index: Index, query: Query, starts: NDArray[np.int64], limit: int) -> Ranking:
    """Rank threads by their best tweet; ties go by thread, then position, so that pages are stable.

    Args:
        index: over all tweets, thread after thread.
        query: what to search for.
        starts: int64[threads], the document number of each thread's first tweet, ascending.
        limit: how many threads to name; the counts are of all.
    """
    matches = index.match([each.term for each in query.terms])
    docs, scores = matches.docs, matches.scores
    if not len(docs):
        return Ranking((), 0, 0, 0, 0)
    first = best_of(scores, RANKED_ANEW)
    scores[first] += index.boosts(docs[first], scores[first])
    # Documents are in order, so those of a thread stand together.
    threads = np.searchsorted(starts, docs, side="right") - 1
    firsts = np.flatnonzero(np.diff(threads, prepend=-1))
    ends = np.append(firsts[1:], len(docs))
    most = int(matches.terms.max())
    ranked = []
    for at in best_of(np.maximum.reduceat(scores, firsts), limit).tolist():
        mine = slice(int(firsts[at]), int(ends[at]))
        order = best_of(scores[mine], mine.stop - mine.start)
        number = int(threads[mine.start])
        positions = docs[mine][order] - starts[number] + 1
        ranked.append(
            RankedThread(number, tuple(positions.tolist()), tuple(scores[mine][order].tolist()))
        )
    return Ranking(
        threads=tuple(ranked),
        tweets_found=len(docs),
        threads_found=len(firsts),
        words_matched=most,
        tweets_with_most=int((matches.terms == most).sum()),
    )


def nearest_words(word: str, known: Sequence[str]) -> list[str]:
    """Words of `known` that `word` may have been meant to be, nearest first."""
    # Imported here, for most questions find all their words.
    from rapidfuzz import fuzz, process

    near = process.extract(
        word,
        known,
        scorer=fuzz.ratio,
        processor=str.casefold,
        score_cutoff=LEAST_LIKENESS,
        limit=SUGGESTIONS,
    )
    return [found for found, _, _ in near]
