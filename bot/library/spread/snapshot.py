"""A snapshot whose layers are divided into parts, some of them in other processes. Pure.

It answers what `Snapshot` answers, to the last bit. A question takes a round for the best tweets of
each part and one for feedback. Before these, statistics are fetched that are not known yet: of the
question's terms, and of those of the best tweets. A page further on needs one more for its threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.library.snapshot.lookup import Lookup
from bot.library.snapshot.served import Served
from bot.library.snapshot.snapshot import DEFAULT_PAGING, Snapshot, possible, version_of
from bot.library.snapshot.views import Choice, Paging, Tallies
from bot.library.spread.index import SpreadIndex, SpreadWords
from bot.library.spread.part import Part, every, results
from bot.library.spread.search_requests import Ask, Best, Chosen, Count
from bot.library.spread.thread_requests import HiddenVersions
from bot.library.spread.threads import SpreadCatalogue, SpreadColumns, SpreadNames
from bot.search.analyzer import Analyzer
from bot.search.candidates import Counts, Wanted, Whole, only_counts, ranking_of, summed
from bot.search.paging import Cut
from bot.search.query import Filters, Phrase, Query
from bot.search.ranking import Ranking
from bot.store.rows import Forgotten


class SpreadSnapshot:
    """What a library serves whose layers are divided into parts."""

    is_here = False
    is_quick = False

    def __init__(
        self,
        parts: Sequence[Part],
        analyzer: Analyzer,
        *,
        of: Snapshot | SpreadSnapshot,
        below: Served | None = None,
        whole: Callable[[], Snapshot] | None = None,
    ) -> None:
        """Serve `parts`, of which there is at least one.

        Args:
            parts: the parts.
            analyzer: the analyzer of their indexes.
            of: the snapshot that they are the parts of.
            below: for a guild: what the shared library serves.
            whole: returns a snapshot with all layers in this process.
        """
        self.parts = tuple(parts)
        """The parts."""
        self.generation: int = of.generation
        """The generation of this library's own dumps."""
        self.shared_generation: int = of.shared_generation
        """For a guild: the generation of the shared library that it includes. Else 0."""
        self.dumps: tuple[int, ...] = of.dumps
        """The rows of all dumps, in order."""
        self.forgotten: tuple[Forgotten, ...] = of.forgotten
        """What is hidden."""
        self.below = below
        """For a guild: what the shared library serves."""
        self._whole = whole
        self.catalogue = SpreadCatalogue(self.parts)
        """The threads."""
        self.index = SpreadIndex(self.parts, analyzer, self.catalogue.keep)
        """Over all tweets."""
        self.filter_columns = SpreadColumns(self.parts, self.index)
        """What filters look at."""
        self._names = SpreadNames(self.parts, self.catalogue)

    @property
    def lookup(self) -> Lookup:
        """Finds threads by reference."""
        return Lookup(self.index, self.catalogue, self._names, self.rank, self._stems)

    @property
    def version(self) -> int:
        """Changes whenever the served content changes."""
        return version_of(self.generation, self.shared_generation)

    def whole(self) -> Snapshot:
        """Return the snapshot with all layers in this process, to change or merge them."""
        if self._whole is None:
            raise ValueError("the layers cannot be read here")
        return self._whole()

    def without(self, missing: Sequence[Part]) -> SpreadSnapshot:
        """Return the same without some parts, which cannot be reached; at least one is left."""
        return SpreadSnapshot(
            [each for each in self.parts if each not in missing],
            self.index.analyzer,
            of=self,
            below=self.below,
            whole=self._whole,
        )

    def rank(
        self,
        query: Query,
        limit: int,
        choice: Choice | None = None,
        paging: Paging = DEFAULT_PAGING,
    ) -> Ranking:
        """Rank tweets, and return a page of them; see `Snapshot.rank`."""
        self._ready(query)
        wanted = Wanted(query, paging.cap, paging.set_apart)
        asked = self._asked(query, choice, wanted)
        if paging.newest:
            asked = self._dated(asked)
        if not limit:
            return only_counts(self._counts(asked))
        cut = Cut(limit, paging.cap, paging.page)
        starts = list(
            zip(
                self.index.documents.starts.tolist()[:-1],
                self.catalogue.starts.tolist()[:-1],
                strict=True,
            )
        )
        ranking = None
        while ranking is None:
            found = results(self.parts, [Best(*each.parts) for each in asked])
            whole = Whole.of(found, starts)
            ranking = ranking_of(whole, asked[0].wanted, cut, self.index.feedback)
            asked = [replace(each, wanted=replace(each.wanted, every=True)) for each in asked]
        self.read_ahead(each.thread for each in ranking.threads)
        return ranking

    def restricts(self, query: Query, choice: Choice) -> bool:
        """Whether `choice`, or a phrase or exclusion of `query`, leaves out any tweet."""
        known = any(self.index.count(each) for each in query.phrases)
        chosen = choice.filters or choice.undated or choice.only is not None
        return bool(known or query.without or chosen)

    def threads_with(self, filters: Filters, limit: int) -> list[int]:
        """Return the numbers of the first threads that have a tweet that passes `filters`."""
        return self.catalogue.with_tweets(filters, limit)

    def vocabulary(self) -> SpreadWords:
        """Return the words of the library."""
        return SpreadWords(self.parts)

    def documents(self, number: int) -> tuple[int, int]:
        """Return the documents [start, end) of the thread with that number."""
        return self.catalogue.documents(number)

    def hidden_rows(self, keys: NDArray[np.int64], most: int) -> list[int]:
        """Return the rows of hidden versions that may have a tweet; see `Snapshot.hidden_rows`."""
        return possible(every(self.parts, HiddenVersions(keys)), most)

    def tallies(self) -> Tallies:
        """Return counts over all tweets and threads."""
        return self.filter_columns.tallies(self.catalogue.authors)

    def read_ahead(self, threads: Iterable[int]) -> None:
        """Fetch in one round what the catalogue says of threads."""
        self.catalogue.read_ahead(threads)

    def _stems(self) -> SpreadWords:
        return SpreadWords(self.parts, as_stems=True)

    def _ready(self, query: Query) -> None:
        """Fetch the statistics that the question needs."""
        filters = query.filters
        self.index.ready(
            [each.term for each in query.terms],
            query.phrases,
            [
                *(("from", each) for each in filters.authors),
                *(("mentions", each) for each in filters.mentions),
                *(("site", each) for each in filters.sites),
            ],
        )

    def _asked(self, query: Query, choice: Choice | None, wanted: Wanted) -> list[Ask]:
        """Return what each part is asked."""
        scoring = self.index.scoring(each.term for each in query.terms)
        phrases = tuple(each for each in query.phrases if self.index.count(each))
        sizes = zip(self.index.documents.starts.tolist(), self.parts, strict=False)
        return [
            Ask(wanted, scoring, _chosen(query, choice, phrases, first, part) if choice else None)
            for first, part in sizes
        ]

    def _counts(self, asked: Sequence[Ask]) -> Counts:
        return summed(results(self.parts, [Count(*each.parts) for each in asked]))

    def _dated(self, asked: Sequence[Ask]) -> list[Ask]:
        """Return what to ask for the newest tweets; without dates, for the best."""
        with_days = [replace(each, with_days=True) for each in asked]
        counts = self._counts(with_days)
        most = only_counts(counts).words_matched
        if counts.dated is None or not counts.tweets or not counts.dated[most]:
            return list(asked)
        wanted = replace(asked[0].wanted, newest=True, words=most)
        return [replace(each, wanted=wanted) for each in with_days]


def _chosen(
    query: Query, choice: Choice, phrases: tuple[Phrase, ...], first: int, part: Part
) -> Chosen:
    """Return which tweets of a part may be found, whose first document has the number `first`."""
    size = part.facts.size
    inside = [each for each in choice.threads if first <= each[0] < first + size]
    only = choice.only
    return Chosen(
        filters=choice.filters,
        threads=tuple((start - first, end - first) for start, end in inside),
        only=only
        if only is None
        else tuple(each - first for each in only if first <= each < first + size),
        undated=choice.undated,
        phrases=phrases,
        without=query.without,
    )
