"""Index × query to ranked threads, and what to ask instead where little is found. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import regex
from numpy.typing import NDArray

from bot.analyzer import SCRIPTS_WITHOUT_SPACES
from bot.best import best_of
from bot.board import Matches
from bot.feedback import FIRST, Learned, boosts, learn
from bot.index import Index
from bot.query import Phrase, Query

SUGGESTIONS = 3
LEAST_BEGUN = 4
"""Letters of a word from which on longer ones that begin so are suggested."""
UNSPACED = regex.compile(rf"[{SCRIPTS_WITHOUT_SPACES}]")
"""One character of a script that does not part words."""
FREQUENT = 2.0
"""What a word's frequency counts beside its likeness."""
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
    learned: Learned | None = None
    """What the first of them share."""
    skipped: int = 0
    """How many threads come before the first of `threads`."""


NOTHING = Ranking((), 0, 0, 0, 0)


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
    """Rank threads by their best tweet; ties go by thread, then position, so that pages are stable.

    Args:
        index: over all tweets, thread after thread.
        query: what to search for; one without words finds all that is allowed, in order.
        starts: int64[threads], the document number of each thread's first tweet, ascending.
        limit: how many threads to name; the counts are of all.
        allowed: bool[tweets], which tweets may be found; all where there is none.
        skip: how many threads to pass over; of too many as many as leave a last page.
        days: int32[tweets], where the newest are to come first: of the tweets that hold as many of
            the words as any does, for of the others few are worth to be read.
    """
    matches = index.match([each.term for each in query.terms])
    _count_parts(index, query, matches)
    docs, scores, terms = matches.docs, matches.scores, matches.terms
    if not query.terms and allowed is not None:
        docs = allowed.nonzero()[0]
        scores, terms = np.zeros(len(docs)), np.zeros(len(docs), np.int64)
    elif allowed is not None:
        docs, scores, terms = matches.among(allowed)
    if not len(docs):
        return NOTHING
    learned = None
    if query.terms and index.feedback:
        first = best_of(scores, RANKED_ANEW)
        learned = learn(index, docs[first[:FIRST]], scores[first[:FIRST]])
        scores[first] += index.feedback * boosts(index, learned, docs[first])
    most = int(terms.max())
    if days is not None:
        kept = terms == most
        docs, scores, terms = docs[kept], scores[kept], terms[kept]
    keys = scores if days is None else days[docs].astype(np.float64)
    # Documents are in order, so those of a thread stand together.
    threads = np.searchsorted(starts, docs, side="right") - 1
    firsts = np.flatnonzero(np.diff(threads, prepend=-1))
    ends = np.append(firsts[1:], len(docs))
    skip = min(skip, (len(firsts) - 1) // limit * limit) if limit else 0
    ranked = []
    for at in best_of(np.maximum.reduceat(keys, firsts), skip + limit)[skip:].tolist():
        mine = slice(int(firsts[at]), int(ends[at]))
        order = best_of(keys[mine], mine.stop - mine.start)
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
        tweets_with_most=int((terms == most).sum()),
        learned=learned,
        skipped=skip,
    )


def _count_parts(index: Index, query: Query, matches: Matches) -> None:
    """Count for words the parts of a hashtag or an address instead of it: who holds it has them."""
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


def nearest_words(
    word: str, known: Mapping[str, str], frequency: Callable[[str], int]
) -> list[tuple[str, str]]:
    """Terms that `word` may have been meant to be, each with its word, the likeliest first.

    Args:
        word: the word that is not known, or hardly.
        known: each term's word.
        frequency: how many tweets hold a term; of those as near, the frequent come first.
    """
    # Imported here, for most questions find all their words.
    from rapidfuzz import fuzz, process

    near = process.extract(
        word,
        known,
        scorer=fuzz.ratio,
        processor=str.casefold,
        score_cutoff=LEAST_LIKENESS,
        limit=4 * SUGGESTIONS,
    )
    likeness = {str(term): float(score) for _, score, term in near}
    begun = word.casefold()
    for term, each in known.items() if len(begun) >= LEAST_BEGUN else ():
        if each.casefold().startswith(begun):  # the rest of it may be still to come
            likeness[term] = max(likeness.get(term, 0.0), LEAST_LIKENESS)
    for term in known if UNSPACED.fullmatch(word) else ():
        if word in term:  # where words are not parted, the index knows pairs of characters
            likeness[term] = LEAST_LIKENESS
    likely = {
        term: score + FREQUENT * math.log1p(frequency(term)) for term, score in likeness.items()
    }
    ranked = sorted(likely, key=lambda term: (-likely[term], known[term]))
    return [(term, known[term]) for term in ranked[:SUGGESTIONS] if known[term] != word]
