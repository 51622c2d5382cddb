"""Ranks tweets for a query: filters, BM25, help from first tweets, feedback, and pages. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25.accumulator import Matches
from bot.search.bm25.top_k import top_k
from bot.search.feedback import FIRST, Learned, boosts, learn
from bot.search.first_tweets import add_help
from bot.search.index import Index
from bot.search.paging import Page, page_of
from bot.search.query import Phrase, Query

MAX_RERANKED = 1_000
"""Tweets whose scores feedback adds to: as many as anybody may page through."""
ALONE = 1
"""Words of a tweet that is set apart, if others have all of at least two words."""


@dataclass(frozen=True, slots=True)
class RankedThread:
    """The tweets of a thread that are on a page."""

    thread: int
    """Its number in the library."""
    positions: tuple[int, ...]
    """Their positions in the thread, from 1, best first."""
    scores: tuple[float, ...]
    """Their scores."""
    tweets_found: int
    """How many tweets of the thread match, on this page or not."""
    partial: bool = False
    """Whether they have only some of the words, while other tweets have all."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """All that matches a query."""

    threads: tuple[RankedThread, ...]
    """The threads of the page, by their best tweet on it."""
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
    """How many `threads` the pages before this one have together."""
    page: int = 1
    """The number of the page, from 1."""
    pages: int = 1
    """The number of pages."""


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
    page: int = 1,
    cap: int | None = None,
    days: NDArray[np.int32] | None = None,
) -> Ranking:
    """Rank tweets, and return a page of them. Ties go by document, so pages are stable.

    Args:
        index: over all tweets, thread after thread.
        query: the query; one without words finds all that is allowed, in order.
        starts: int64[threads], the document number of each thread's first tweet, ascending.
        limit: how many tweets a page has; none if it is 0. The counts cover all.
        allowed: bool[tweets], which tweets may be found; by default all.
        page: the page, from 1; a number too high gives the last page.
        cap: how many tweets of a thread may be on all pages together; by default all.
        days: int32[tweets], the tweets' days, to rank by date; only tweets with the most words of
            the query are then found, as the others are rarely worth reading.
    """
    found = _matching(index, query, allowed)
    if not len(found.docs):
        return NOTHING
    most = int(found.words.max())
    if days is not None:
        found = found.only(found.words == most)
    threads = np.searchsorted(starts, found.docs, side="right") - 1
    whole = allowed is None and days is None
    firsts = starts[threads]
    helped = add_help(index, query.terms, found.docs, found.scores, firsts, all_matches=whole)
    learned = _add_feedback(index, found) if query.terms and index.feedback else None
    keys = found.scores if days is None else days[found.docs].astype(np.float64)
    partial = _set_apart(query, found.words, helped, most)
    result = Ranking(
        threads=(),
        tweets_found=len(found.docs),
        threads_found=int(np.count_nonzero(np.diff(threads, prepend=-1))),
        words_matched=most,
        tweets_with_most=int((found.words == most).sum()),
        learned=learned,
    )
    if not limit:
        return result
    chosen, is_partial = _page(keys, threads, partial, limit, cap, page)
    return replace(
        result,
        threads=_grouped(found, threads, starts, chosen.rows, partial=is_partial),
        skipped=chosen.groups_before,
        page=chosen.number,
        pages=chosen.pages,
    )


def _set_apart(
    query: Query, words: NDArray[np.int64], helped: NDArray[np.int64], most: int
) -> NDArray[np.bool_]:
    """Return which tweets have a single word, with the first tweet's, while others have all."""
    wanted = [each for each in query.terms if not each.parts]
    if len(wanted) <= ALONE or most < len(wanted) or any(each.is_piece for each in wanted):
        return np.zeros(len(words), np.bool_)
    return words + helped <= ALONE


def _page(
    keys: NDArray[np.float64],
    threads: NDArray[np.int64],
    partial: NDArray[np.bool_],
    limit: int,
    cap: int | None,
    number: int,
) -> tuple[Page, bool]:
    """Return a page, and whether it has the partial matches, which follow on pages of their own."""
    rows, apart = (~partial).nonzero()[0], partial.nonzero()[0]
    chosen = page_of(keys[rows], threads[rows], limit, cap, number)
    if not len(apart):
        return replace(chosen, rows=rows[chosen.rows]), False
    rest = page_of(keys[apart], threads[apart], limit, cap, number - chosen.pages)
    pages = chosen.pages + rest.pages
    if number <= chosen.pages:
        return replace(chosen, rows=rows[chosen.rows], pages=pages), False
    groups = chosen.groups_before + len(np.unique(threads[rows[chosen.rows]]))
    return (
        Page(apart[rest.rows], chosen.pages + rest.number, pages, groups + rest.groups_before),
        True,
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


def _grouped(
    found: _Tweets,
    threads: NDArray[np.int64],
    starts: NDArray[np.int64],
    rows: NDArray[np.int64],
    *,
    partial: bool,
) -> tuple[RankedThread, ...]:
    """Return the tweets in `rows` by thread, each thread where its first tweet is."""
    groups: dict[int, list[int]] = {}
    for row in rows.tolist():
        groups.setdefault(int(threads[row]), []).append(row)
    return tuple(
        RankedThread(
            number,
            tuple((found.docs[mine] - starts[number] + 1).tolist()),
            tuple(found.scores[mine].tolist()),
            int(np.diff(threads.searchsorted((number, number + 1)))[0]),
            partial,
        )
        for number, mine in groups.items()
    )


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
