"""Ranks tweets for a query: filters, BM25, help from first tweets, feedback, and pages. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from bot.arrays.distinct import distinct
from bot.search.bm25.accumulator import Matches
from bot.search.bm25.top_k import kth_or_less, top_k
from bot.search.feedback import FIRST, Learned
from bot.search.first_tweets import add_help, followers, within_reach
from bot.search.paging import Cut, Page, listed, page_of, with_rest
from bot.search.query import Phrase, Query
from bot.search.searched import Searched
from bot.search.threads import AnyThreads

MAX_RERANKED = 1_000
"""Tweets whose scores feedback adds to: as many as anybody may page through."""
UNDATED = -(2**31)
"""The day of a tweet whose date is unknown."""
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
    apart: int = 0
    """How many tweets are set apart, with only a single word."""
    listed: int = 0
    """How many tweets all pages have together."""


NOTHING = Ranking((), 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Tweets:
    """The tweets that match, in order of their documents."""

    docs: NDArray[np.int64]
    """int64[n]: their document ids."""
    scores: NDArray[np.float64]
    """float64[n]: their scores."""
    words: NDArray[np.int64]
    """int64[n]: how many words of the query each has."""
    threads: NDArray[np.int32]
    """int32[n]: the thread of each."""

    def only(self, kept: NDArray[np.bool_]) -> Tweets:
        """Return those that are `kept`, bool[n]."""
        return Tweets(self.docs[kept], self.scores[kept], self.words[kept], self.threads[kept])


def rank(
    index: Searched,
    query: Query,
    threads: AnyThreads,
    limit: int,
    allowed: NDArray[np.bool_] | None = None,
    *,
    page: int = 1,
    cap: int | None = None,
    set_apart: bool = True,
    days: NDArray[np.int32] | None = None,
) -> Ranking:
    """Rank tweets, and return a page of them. Ties go by the tweets' order, so pages are stable.

    Args:
        index: over all tweets, thread after thread.
        query: the query; one without words finds all that is allowed, in order.
        threads: which tweets are of which thread.
        limit: how many tweets a page has; none if it is 0. The counts cover all.
        allowed: bool[tweets], which tweets may be found; by default all. Those that are masked in a
            stack of layers are never found.
        page: the page, from 1; a number too high gives the last page.
        cap: how many tweets of a thread may be on all pages together; by default all.
        set_apart: whether tweets with a single word follow on pages of their own, if others have
            all of at least two words.
        days: int32[tweets], the tweets' days, to rank by date; only tweets with the most words of
            the query are then found, as the others are rarely worth reading. If none of these has
            a date, all tweets are ranked by score.
    """
    every = matching(index, query, threads, allowed)
    kept = _kept(every, query, allowed, days)
    found = every if kept is None else every.only(kept)
    if days is not None and days[found.docs].max(initial=UNDATED) == UNDATED:
        days = None
        kept = _kept(every, query, allowed, days)
        found = every if kept is None else every.only(kept)
    if not len(found.docs):
        return NOTHING
    most = int(found.words.max())
    counts = Ranking(
        threads=(),
        tweets_found=len(found.docs),
        threads_found=listed(found.threads, 1),
        words_matched=most,
        tweets_with_most=int(np.count_nonzero(found.words == most)),
    )
    if not limit:
        return counts
    task = Task(index, query, threads, days, Cut(limit, cap, page), set_apart)
    all_ranked = days is not None or len(found.docs) <= MAX_RERANKED
    least = -np.inf if all_ranked else kth_or_less(found.scores, MAX_RERANKED)
    first = _ranked(task, every, kept, counts, least)
    return first or cast("Ranking", _ranked(task, every, kept, counts, -np.inf))


@dataclass(frozen=True, slots=True)
class Task:
    """What to rank by; see `rank`."""

    index: Searched
    query: Query
    threads: AnyThreads
    days: NDArray[np.int32] | None
    cut: Cut
    set_apart: bool


def _ranked(
    task: Task,
    every: Tweets,
    kept: NDArray[np.bool_] | None,
    counts: Ranking,
    least: float,
) -> Ranking | None:
    """Return the page, with the `counts`.

    Args:
        task: what to rank by.
        every: all tweets that match; their scores stay as they are.
        kept: bool[n], which of them may be found; by default all.
        counts: how many match.
        least: a score that at least MAX_RERANKED tweets reach. Those that cannot reach it get no
            help, so only the first MAX_RERANKED are known. Minus infinity to rank all.

    Returns:
        None if the page goes on after the tweets that are known.
    """
    every = replace(every, scores=every.scores.copy())
    alone = None
    if task.set_apart:
        alone = single_words(task.query, every.words, counts.words_matched)
    add_first_tweets(task, every, kept, alone, least)
    found = every if kept is None else every.only(kept)
    best = first_rows(found, task.threads)
    learned = None
    if task.query.terms and task.index.feedback:
        learned = _add_feedback(task.index, found, best)
        best = sorted_rows(found, task.threads, np.sort(best), found.scores)
    if task.days is not None:
        best = sorted_rows(found, task.threads, None, task.days[found.docs].astype(np.int64))
    elif least == -np.inf:  # feedback never takes away, so the first stay before the others
        best = sorted_rows(found, task.threads, None, found.scores)
    apart = alone if kept is None or alone is None else alone[kept]
    chosen = _page(found.threads, best, apart, task.cut)
    if chosen is None:
        return None
    on_page, is_partial = chosen
    return replace(
        counts,
        threads=_grouped(found, task.threads, on_page.rows, partial=is_partial),
        learned=learned,
        skipped=on_page.groups_before,
        page=on_page.number,
        pages=on_page.pages,
        listed=on_page.total,
        apart=0 if apart is None else int(np.count_nonzero(apart)),
    )


def first_rows(found: Tweets, threads: AnyThreads) -> NDArray[np.int64]:
    """Return the rows of the MAX_RERANKED best tweets, best first; equal scores in order."""
    best = top_k(found.scores, MAX_RERANKED)
    if threads.ascend:
        return best
    rows = (found.scores >= found.scores[best[-1]]).nonzero()[0]
    order = threads.in_order(found.threads[rows])
    rows = rows if order is None else rows[order]
    first: NDArray[np.int64] = rows[top_k(found.scores[rows], MAX_RERANKED)]
    return first


def sorted_rows(
    found: Tweets,
    threads: AnyThreads,
    rows: NDArray[np.int64] | None,
    values: NDArray[np.float64] | NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the rows of tweets, those with the highest values first; equal values in order.

    Args:
        found: the tweets.
        threads: their threads.
        rows: int64[m], which of them, ascending; by default all.
        values: numbers[n], the value of each tweet.
    """
    order = threads.in_order(found.threads if rows is None else found.threads[rows])
    if order is not None:
        rows = order if rows is None else rows[order]
    best = (-(values if rows is None else values[rows])).argsort(kind="stable")
    return best if rows is None else rows[best]


def single_words(query: Query, words: NDArray[np.int64], most: int) -> NDArray[np.bool_] | None:
    """Return which tweets have a single word, while others have all; None if that cannot be."""
    wanted = [each for each in query.terms if not each.parts]
    if len(wanted) <= ALONE or most < len(wanted) or any(each.is_piece for each in wanted):
        return None
    return words <= ALONE


def add_first_tweets(
    task: Task,
    every: Tweets,
    kept: NDArray[np.bool_] | None,
    alone: NDArray[np.bool_] | None,
    least: float,
) -> None:
    """Add the first tweets' words to the scores, in place. Who gets one is no longer `alone`."""
    rows, leads = followers(every.docs, every.threads, task.threads)
    needed = within_reach(every.scores, rows, leads, least)
    if alone is not None:
        single = alone[rows]
        if not any(each.parts for each in task.query.terms):
            sure = every.words[leads] > ALONE  # any single word lacks one of two
            alone[rows[single & sure]] = False
            single &= ~sure
        needed |= single
    if kept is not None:
        needed &= kept[rows]
    rows, leads = rows[needed], leads[needed]
    got = add_help(task.index, task.query.terms, every.docs, every.scores, (rows, leads))
    if alone is not None:
        alone[rows[got]] = False


def _page(
    threads: NDArray[np.int32],
    best: NDArray[np.int64],
    apart: NDArray[np.bool_] | None,
    cut: Cut,
) -> tuple[Page, bool] | None:
    """Return a page, and whether it has tweets set apart, which follow on pages of their own.

    Returns:
        None if `best` ends before the page does.
    """
    if apart is None or not apart.any():
        chosen = page_of(threads, best, cut)
        return None if chosen is None else (chosen, False)
    main = page_of(threads, best, cut, ~apart)
    if main is None:
        return None
    total = listed(threads, cut.cap)  # no thread has more on both kinds of pages together

    def rest(cut: Cut) -> Page | None:
        return page_of(threads, best, cut, apart, threads[~apart])

    return with_rest(main, total, cut, rest, len(distinct(threads[main.rows])))


def matching(
    index: Searched, query: Query, threads: AnyThreads, allowed: NDArray[np.bool_] | None
) -> Tweets:
    """Return the tweets that have any word of `query`; the allowed ones if it has no words."""
    if not query.terms:
        docs = np.empty(0, np.int64) if allowed is None else index.live(allowed.nonzero()[0])
        none = np.zeros(len(docs), np.int64)
        return Tweets(docs, np.zeros(len(docs)), none, threads.thread_of(docs))
    matches = index.match([each.term for each in query.terms])
    _count_parts(index, query, matches)
    if query.character:  # its terms are alternatives
        np.minimum(matches.terms, 1, out=matches.terms)
    of = threads.thread_of(matches.docs)
    return Tweets(matches.docs, matches.scores, matches.terms, of)


def _kept(
    every: Tweets,
    query: Query,
    allowed: NDArray[np.bool_] | None,
    days: NDArray[np.int32] | None,
) -> NDArray[np.bool_] | None:
    """Return which of the tweets may be found; None if all."""
    kept = None if allowed is None or not query.terms else allowed[every.docs]
    if days is None or not query.terms:
        return kept
    most = every.words.max(initial=0, where=True if kept is None else kept)
    best: NDArray[np.bool_] = every.words == most
    return best if kept is None else best & kept


def _add_feedback(index: Searched, found: Tweets, first: NDArray[np.int64]) -> Learned:
    """Add to the scores of the `first`, in place, for terms that the best tweets share.

    Returns:
        Those terms.
    """
    learned = index.learn(found.docs[first[:FIRST]], found.scores[first[:FIRST]])
    found.scores[first] += index.feedback * index.boosts_of(learned, found.docs[first])
    return learned


def _grouped(
    found: Tweets, threads: AnyThreads, rows: NDArray[np.int64], *, partial: bool
) -> tuple[RankedThread, ...]:
    """Return the tweets in `rows` by thread, each thread where its first tweet is."""
    groups: dict[int, list[int]] = {}
    for row in rows.tolist():
        groups.setdefault(int(found.threads[row]), []).append(row)
    numbers = np.array(sorted(groups), np.int32)
    firsts = dict(zip(numbers.tolist(), threads.first_of(numbers).tolist(), strict=True))
    return tuple(
        RankedThread(
            number,
            tuple((found.docs[mine] - firsts[number] + 1).tolist()),
            tuple(found.scores[mine].tolist()),
            _count_of(number, found.threads),
            partial,
        )
        for number, mine in groups.items()
    )


def _count_of(number: int, threads: NDArray[np.int32]) -> int:
    """Return how many of `threads`, which ascend, are the one with that number."""
    start = threads.searchsorted(np.int32(number))
    return int(threads.searchsorted(np.int32(number), side="right") - start)


def _count_parts(index: Searched, query: Query, matches: Matches) -> None:
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
        either = distinct(np.concatenate(wholes))
        lacking = np.setdiff1d(either, _holding(index, part), assume_unique=True)
        matches.terms[matches.docs.searchsorted(lacking)] += 1


def _holding(index: Searched, term: str) -> NDArray[np.int64]:
    return index.holding(Phrase(term, (term,)))
