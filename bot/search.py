"""Index × query to ranked threads, and what to ask instead where little is found. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.index import Index
from bot.query import Query

SUGGESTIONS = 3
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
    if not len(matches.docs):
        return Ranking((), 0, 0, 0, 0)
    order = np.lexsort((matches.docs, -matches.scores))
    docs, scores = matches.docs[order], matches.scores[order]
    threads = np.searchsorted(starts, docs, side="right") - 1
    _, firsts = np.unique(threads, return_index=True)
    chosen = [int(threads[at]) for at in np.sort(firsts)[:limit]]
    most = int(matches.terms.max())
    return Ranking(
        threads=tuple(_ranked(number, docs, scores, threads, starts) for number in chosen),
        tweets_found=len(docs),
        threads_found=len(firsts),
        words_matched=most,
        tweets_with_most=int((matches.terms == most).sum()),
    )


def _ranked(
    number: int,
    docs: NDArray[np.int64],
    scores: NDArray[np.float64],
    threads: NDArray[np.intp],
    starts: NDArray[np.int64],
) -> RankedThread:
    mine = threads == number
    positions = docs[mine] - starts[number] + 1
    return RankedThread(number, tuple(positions.tolist()), tuple(scores[mine].tolist()))


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
