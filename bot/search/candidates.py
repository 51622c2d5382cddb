"""Ranks tweets of a library that is divided into parts, exactly as `ranking.rank` does. Pure.

Each part returns its best tweets, as many as anybody may page through, and counts over all that
match. A thread is in one part, so counts by thread are summed. `ranking_of` ranks the tweets of all
parts. Nobody may page further than the tweets that parts return, unless they return all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.arrays.distinct import distinct
from bot.search.bm25.top_k import kth_or_less, top_k
from bot.search.feedback import FIRST, Learned
from bot.search.paging import Cut, Page, cut_page, listed, with_rest
from bot.search.part import Content, PartIndex
from bot.search.query import Query
from bot.search.ranking import (
    MAX_RERANKED,
    NOTHING,
    UNDATED,
    RankedThread,
    Ranking,
    Task,
    Tweets,
    add_first_tweets,
    first_rows,
    matching,
    single_words,
)
from bot.search.searched import Docs, Scores
from bot.search.threads import LayeredThreads

MANY_WORDS = 1 << 30
"""More words than any question has."""
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a part shall return."""

    query: Query
    """The question."""
    cap: int | None
    """See `rank`."""
    set_apart: bool = True
    """See `rank`."""
    words: int | None = None
    """Only tweets with so many words of the question; by default any number."""
    newest: bool = False
    """Whether the newest tweets are needed too, beside the best."""
    every: bool = False
    """Whether to return all tweets that match."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tweets of a part match."""

    words: Numbers
    """int64[n]: how many have each number of words of the question."""
    dated: Numbers | None
    """int64[n]: how many of them have a date; None if nobody asked."""
    threads: int
    """How many threads match."""

    @property
    def tweets(self) -> int:
        """How many tweets match."""
        return int(self.words.sum())


@dataclass(frozen=True, slots=True)
class Candidates:
    """The best tweets of a part, and counts over all that match."""

    counts: Counts
    """How many match."""
    listed: int
    """How many tweets all pages have together; see `paging.listed`."""
    listed_main: int
    """How many of them are not set apart."""
    apart: int
    """How many tweets that match are set apart, if tweets with a single word are."""
    docs: Docs
    """int64[n]: their documents. So are the others by tweet."""
    scores: Scores
    """Their scores, with help from first tweets, without feedback."""
    threads: Numbers
    """Their threads."""
    order: Numbers
    """What their threads are sorted by."""
    positions: Numbers
    """Their positions in their threads, from 1."""
    found: Numbers
    """How many tweets of their threads match."""
    main: Numbers
    """How many of these are not set apart."""
    is_apart: NDArray[np.bool_]
    """Whether each is set apart."""
    days: NDArray[np.int32]
    """Their days; empty unless the newest are wanted."""
    content: Content
    """The terms of the best few, by their places here."""

    @property
    def are_all(self) -> bool:
        """Whether these are all tweets that match."""
        return len(self.docs) == self.counts.tweets


@dataclass(frozen=True, slots=True)
class Selection:
    """Which tweets of a part may be found."""

    allowed: NDArray[np.bool_] | None
    """bool[tweets]; None if all."""
    days: NDArray[np.int32] | None = None
    """int32[tweets]: their days, if these are needed."""


def counts_of(
    index: PartIndex, threads: LayeredThreads, wanted: Wanted, selection: Selection
) -> Counts:
    """Return how many tweets of a part match."""
    return _found(index, threads, wanted, selection)[2]


def candidates_of(
    index: PartIndex, threads: LayeredThreads, wanted: Wanted, selection: Selection
) -> Candidates:
    """Return the best tweets of a part.

    Args:
        index: the part's index, with the weights of the whole library.
        threads: its threads.
        wanted: what is wanted.
        selection: which tweets may be found.
    """
    every, kept, counts = _found(index, threads, wanted, selection)
    query = wanted.query
    task = Task(index, query, threads, selection.days, Cut(1, wanted.cap, 1), wanted.set_apart)
    # Tweets that may be set apart get help as if they were: it does not lift them among the first.
    alone = single_words(query, every.words, MANY_WORDS) if wanted.set_apart else None
    total = counts.tweets
    least = -np.inf
    if total > MAX_RERANKED and not (wanted.every or wanted.newest):
        least = kth_or_less(every.scores if kept is None else every.scores[kept], MAX_RERANKED)
    add_first_tweets(task, every, kept, alone, least)
    found = every if kept is None else every.only(kept)
    apart = np.zeros(total, np.bool_)
    if alone is not None:
        apart = alone if kept is None else alone[kept]
    rows = first_rows(found, threads) if total else np.empty(0, np.int64)
    first = rows[:FIRST] if query.terms else rows[:0]
    content = index.content(found.docs[first])
    days = np.empty(0, np.int32)
    if wanted.every:
        rows = np.arange(total)
        content = replace(content, owners=first[content.owners])
    elif wanted.newest and selection.days is not None:
        rows = _with_newest(found, threads, rows, selection.days)
    if wanted.newest and selection.days is not None:
        days = selection.days[found.docs[rows]]
    main = found.threads[~apart]
    theirs = found.threads[rows]
    ascending, places = np.unique(theirs, return_inverse=True)
    return Candidates(
        counts,
        listed(found.threads, wanted.cap),
        listed(main, wanted.cap),
        int(np.count_nonzero(apart)),
        found.docs[rows],
        found.scores[rows],
        theirs.astype(np.int64),
        threads.order_of(ascending)[places],
        found.docs[rows] - threads.first_of(ascending)[places] + 1,
        _count(theirs, found.threads),
        _count(theirs, main),
        apart[rows],
        days,
        content,
    )


def _found(
    index: PartIndex, threads: LayeredThreads, wanted: Wanted, selection: Selection
) -> tuple[Tweets, NDArray[np.bool_] | None, Counts]:
    """Return all tweets that have a word, which of them may be found, and how many these are."""
    query, days = wanted.query, selection.days
    every = matching(index, query, threads, selection.allowed)
    kept = None
    if query.terms:
        kept = None if selection.allowed is None else selection.allowed[every.docs]
        if wanted.words is not None:
            best = every.words == wanted.words
            kept = best if kept is None else kept & best
    found = every if kept is None else every.only(kept)
    dated = None
    if days is not None:
        dated = np.bincount(found.words[days[found.docs] != UNDATED])
    counts = Counts(np.bincount(found.words), dated, listed(found.threads, 1))
    return every, kept, counts


def _with_newest(
    found: Tweets, threads: LayeredThreads, rows: Numbers, days: NDArray[np.int32]
) -> Numbers:
    """Return rows, best first, and after them the rows of the newest tweets."""
    order = threads.in_order(found.threads)
    values = days[found.docs].astype(np.float64)
    newest = top_k(values if order is None else values[order], MAX_RERANKED)
    if order is not None:
        newest = order[newest]
    return np.concatenate((rows, np.setdiff1d(newest, rows, assume_unique=True)))


def _count(theirs: NDArray[np.int32], every: NDArray[np.int32]) -> Numbers:
    """Return how often each of `theirs` is in `every`, which ascends."""
    ends = every.searchsorted(theirs, side="right")
    counts: Numbers = ends - every.searchsorted(theirs)
    return counts


@dataclass(frozen=True, slots=True)
class Whole:
    """The candidates of all parts."""

    parts: Sequence[Candidates]
    """Those of each part, numbered as in the library."""
    rows: Candidates
    """Those of all parts, one after another, with summed counts."""

    @classmethod
    def of(cls, parts: Sequence[Candidates], starts: Sequence[tuple[int, int]]) -> Whole:
        """Put candidates together.

        Args:
            parts: those of each part, as it numbers them.
            starts: the library's numbers of the first document and thread of each part.
        """
        parts = [
            replace(each, docs=each.docs + docs, threads=each.threads + threads)
            for each, (docs, threads) in zip(parts, starts, strict=True)
        ]
        return cls(
            parts,
            Candidates(
                summed([each.counts for each in parts]),
                sum(each.listed for each in parts),
                sum(each.listed_main for each in parts),
                sum(each.apart for each in parts),
                np.concatenate([each.docs for each in parts]),
                np.concatenate([each.scores for each in parts]),
                np.concatenate([each.threads for each in parts]),
                np.concatenate([each.order for each in parts]),
                np.concatenate([each.positions for each in parts]),
                np.concatenate([each.found for each in parts]),
                np.concatenate([each.main for each in parts]),
                np.concatenate([each.is_apart for each in parts]),
                np.concatenate([each.days for each in parts]),
                Content((), np.empty(0, np.int64)),
            ),
        )

    def content(self, rows: Numbers) -> Content:
        """Return the terms of the first few tweets of the ranking, which are first in parts too."""
        terms: list[bytes] = []
        owners: list[int] = []
        part_of = np.repeat(np.arange(len(self.parts)), [len(each.docs) for each in self.parts])
        begins = np.cumsum([0, *(len(each.docs) for each in self.parts)])
        for place, row in enumerate(rows.tolist()):
            part = int(part_of[row])
            content = self.parts[part].content
            mine = (content.owners == row - begins[part]).nonzero()[0].tolist()
            terms += [content.terms[each] for each in mine]
            owners += [place] * len(mine)
        return Content(tuple(terms), np.array(owners, np.int64))


def summed(counts: Sequence[Counts]) -> Counts:
    """Return the counts of all parts."""
    size = max((len(each.words) for each in counts), default=0)
    dated = None
    if all(each.dated is not None for each in counts):
        dated = sum((_padded(each.dated, size) for each in counts), np.zeros(size, np.int64))
    return Counts(
        sum((_padded(each.words, size) for each in counts), np.zeros(size, np.int64)),
        dated,
        sum(each.threads for each in counts),
    )


def _padded(values: Numbers | None, size: int) -> Numbers:
    padded = np.zeros(size, np.int64)
    if values is not None:
        padded[: len(values)] = values
    return padded


def only_counts(counts: Counts) -> Ranking:
    """Return a ranking that only has counts."""
    if not counts.tweets:
        return NOTHING
    most = int(counts.words.nonzero()[0][-1])
    return Ranking((), counts.tweets, counts.threads, most, int(counts.words[most]))


Learn = Callable[[Content, Scores], Learned]
"""Learns terms from the best tweets: their terms, and their scores."""
Boosts = Callable[[Learned, Docs, Scores], Scores]
"""Returns what learned terms add to the scores of documents, which are given; see
`feedback.boosts`."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """How feedback is done over all parts."""

    weight: float
    """Its weight; 0 turns it off."""
    learn: Learn
    """Learns terms."""
    boosts: Boosts
    """Adds scores for them."""


def ranking_of(whole: Whole, wanted: Wanted, cut: Cut, feedback: Feedback) -> Ranking | None:
    """Rank the candidates of all parts, and return a page.

    Args:
        whole: the candidates.
        wanted: what they were wanted for.
        cut: which page.
        feedback: how feedback is done.

    Returns:
        None if the page goes on after these tweets.
    """
    rows = whole.rows
    counts = only_counts(rows.counts)
    if not counts.tweets_found:
        return NOTHING
    scores = rows.scores.copy()
    every = np.arange(len(rows.docs))
    first = _best(rows, scores, every)[:MAX_RERANKED]
    learned = None
    if wanted.query.terms and feedback.weight:
        learned = feedback.learn(whole.content(first[:FIRST]), scores[first[:FIRST]])
        added = feedback.boosts(learned, rows.docs[first], scores[first])
        scores[first] += feedback.weight * added
    if wanted.newest:
        best = _best(rows, rows.days, every)
    else:
        best = _best(rows, scores, every if rows.are_all else first)
    if not rows.are_all:
        best = best[:MAX_RERANKED]
    apart = _apart(rows, wanted, counts.words_matched)
    chosen = _page(rows, best, apart, cut)
    if chosen is None:
        return None
    on_page, is_partial = chosen
    return replace(
        counts,
        threads=_grouped(rows, scores, on_page.rows, partial=is_partial),
        learned=learned,
        skipped=on_page.groups_before,
        page=on_page.number,
        pages=on_page.pages,
        listed=on_page.total,
        apart=0 if apart is None else rows.apart,
    )


def _best(rows: Candidates, values: Scores | NDArray[np.int32], some: Numbers) -> Numbers:
    """Return some rows, those with the highest values first; equal values in order."""
    keys = (rows.docs[some], rows.order[some], -values[some].astype(np.float64))
    best: Numbers = some[np.lexsort(keys)]
    return best


def _apart(rows: Candidates, wanted: Wanted, most: int) -> NDArray[np.bool_] | None:
    """Return which rows are set apart; None if none can be."""
    if not wanted.set_apart:
        return None
    possible = single_words(wanted.query, np.empty(0, np.int64), most)
    return None if possible is None else rows.is_apart


def _page(
    rows: Candidates, best: Numbers, apart: NDArray[np.bool_] | None, cut: Cut
) -> tuple[Page, bool] | None:
    """Return a page, and whether its tweets are set apart; see `ranking`."""
    none = np.zeros(len(rows.docs), np.int64)

    def page(some: Numbers, used: Numbers, total: int, cut: Cut) -> Page | None:
        return cut_page(some, rows.threads[some], used[some], total, cut)

    if apart is None or not rows.apart:
        chosen = page(best, none, rows.listed, cut)
        return None if chosen is None else (chosen, False)
    main = page(best[~apart[best]], none, rows.listed_main, cut)
    if main is None:
        return None

    def rest(cut: Cut) -> Page | None:
        return page(best[apart[best]], rows.main, rows.listed - rows.listed_main, cut)

    groups = len(distinct(rows.threads[main.rows]))
    return with_rest(main, rows.listed, cut, rest, groups)


def _grouped(
    rows: Candidates, scores: Scores, chosen: Numbers, *, partial: bool
) -> tuple[RankedThread, ...]:
    """Return the tweets of a page by thread, each thread where its first tweet is."""
    groups: dict[int, list[int]] = {}
    for row in chosen.tolist():
        groups.setdefault(int(rows.threads[row]), []).append(row)
    return tuple(
        RankedThread(
            number,
            tuple(rows.positions[mine].tolist()),
            tuple(scores[mine].tolist()),
            int(rows.found[mine[0]]),
            partial,
        )
        for number, mine in groups.items()
    )
