"""What a library serves: a stack of layers, as of one generation. Immutable, and pure."""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterable, Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from bot.arrays.distinct import distinct
from bot.library.snapshot.layer import Layer
from bot.library.snapshot.layered import LayeredCatalogue, LayeredFilterColumns, Part
from bot.library.snapshot.layered_names import LayeredNames
from bot.library.snapshot.lookup import Lookup
from bot.library.snapshot.origins import Origins, hidden
from bot.library.snapshot.views import Choice, Paging, Tallies
from bot.search.layered import IndexLayer, LayeredIndex
from bot.search.query import Filters, Query
from bot.search.ranking import UNDATED, Ranking, rank
from bot.search.spelling import EveryWord, Vocabulary
from bot.store.rows import Forgotten, Version

SMALL = 50_000
"""Tweets: a smaller library is searched in less time than handing the work to a thread takes."""
DEFAULT_PAGING = Paging()
VERSION_STEP = 1_000_000
"""More than the shared library ever has generations, so that `Snapshot.version` is unambiguous."""


class Snapshot:
    """All that a library needs in memory to answer."""

    is_here = True

    def __init__(
        self,
        generation: int,
        parts: Sequence[Part],
        *,
        dumps: Sequence[int] = (),
        forgotten: Iterable[Forgotten] = (),
        below: Snapshot | None = None,
        is_torn: bool = False,
    ) -> None:
        """Serve the threads of `parts`.

        Args:
            generation: the generation of this library's own dumps.
            parts: the layers, the lowest first.
            dumps: the rows of all dumps, in order.
            forgotten: what is hidden.
            below: for a guild: the shared library, whose layers are the lowest ones.
            is_torn: whether a layer was lost, so that threads may be missing.
        """
        self.generation = generation
        self.parts = tuple(parts) or (Part(Layer.build((), Origins.of((), ()))),)
        """The layers, the lowest first; at least one."""
        self.dumps = tuple(dumps)
        """The rows of all dumps, in order."""
        self.forgotten = tuple(forgotten)
        """What is hidden, in a guild also by the shared library."""
        self.below = below
        """For a guild: the shared library, whose layers are the lowest ones."""
        self.is_torn = is_torn
        """Whether a layer was lost, so that threads may be missing."""
        layers = [(each.layer, each.tweets_gone()) for each in self.parts]
        self.index = LayeredIndex.of([IndexLayer(each.index, gone) for each, gone in layers])
        """Over all tweets, thread after thread."""
        self.catalogue = LayeredCatalogue(self.parts)
        """The threads, in the order in which they were first stored."""
        self.filter_columns = LayeredFilterColumns(
            [(each.filter_columns, gone) for each, gone in layers]
        )
        """What filters look at: each tweet's date, author, mentions and links."""
        self._names = LayeredNames(self.catalogue, self.parts)

    @classmethod
    def build(cls, generation: int, threads: Iterable[Sequence[Version]]) -> Snapshot:
        """Serve `threads`, each from its versions, in a single layer."""
        return cls(generation, [Part(Layer.build(threads, Origins.of((), ())))])

    def with_merged(self, part: Part, start: int, end: int) -> Snapshot:
        """Return the same with `part` instead of the layers [start, end), which it is merged of."""
        parts = [*self.parts[:start], part, *self.parts[end:]]
        return Snapshot(
            self.generation, parts, dumps=self.dumps, forgotten=self.forgotten, below=self.below
        )

    def without(self, names: Collection[str]) -> Snapshot:
        """Return the same without the layers of these names; it is torn."""
        return Snapshot(
            self.generation,
            [each for each in self.parts if each.layer.name not in names],
            dumps=self.dumps,
            forgotten=self.forgotten,
            below=self.below,
            is_torn=True,
        )

    @property
    def lookup(self) -> Lookup:
        """Finds threads by reference, and completes titles and authors."""
        # Kept, it and the snapshot would keep each other, and the files of merged layers.
        return Lookup(self.index, self.catalogue, self._names, self.rank, self._stems)

    @property
    def own(self) -> tuple[Part, ...]:
        """The layers that are not those of the shared library."""
        return self.parts[len(self.below.parts) :] if self.below else self.parts

    @property
    def shared_generation(self) -> int:
        """For a guild: the generation of the shared library that it includes. Else 0."""
        return self.below.generation if self.below else 0

    @property
    def version(self) -> int:
        """Changes whenever the served content changes."""
        return version_of(self.generation, self.shared_generation)

    def whole(self) -> Snapshot:
        """Return itself: all layers are in this process."""
        return self

    @property
    def is_quick(self) -> bool:
        """Whether a plain question takes less time than handing it to a thread."""
        return len(self.index) <= SMALL

    def rank(
        self,
        query: Query,
        limit: int,
        choice: Choice | None = None,
        paging: Paging = DEFAULT_PAGING,
    ) -> Ranking:
        """Rank tweets, and return a page of them; see `ranking.rank`.

        Args:
            query: the question.
            limit: how many tweets a page has; 0 to count only.
            choice: which tweets may be found; by default all, whatever phrases the question has.
            paging: which page.
        """
        return rank(
            self.index,
            query,
            self.catalogue.threads,
            limit,
            None if choice is None else self.allowed(query, choice),
            page=paging.page,
            cap=paging.cap,
            set_apart=paging.set_apart,
            days=self.filter_columns.days if paging.newest else None,
        )

    def allowed(self, query: Query, choice: Choice) -> NDArray[np.bool_] | None:
        """Return bool[tweets]: which may be found, masked ones aside; None if all may."""
        by_filters = self.filter_columns.allowed(choice.filters, choice.threads)
        masks = [by_filters, self.index.allowed(query)]
        if choice.only is not None:
            among = np.zeros(self.index.size, np.bool_)
            among[list(choice.only)] = True
            masks.append(among)
        if choice.undated:
            masks.append(self.filter_columns.days == UNDATED)
        found = [each for each in masks if each is not None]
        return reduce(operator.and_, found) if found else None

    def restricts(self, query: Query, choice: Choice) -> bool:
        """Whether `choice`, or a phrase or exclusion of `query`, leaves out any tweet."""
        return self.allowed(query, choice) is not None

    def threads_with(self, filters: Filters, limit: int) -> list[int]:
        """Return the numbers of the first threads that have a tweet that passes `filters`."""
        mask = self.filter_columns.allowed(filters, ())
        docs = np.empty(0, np.int64) if mask is None else mask.nonzero()[0]
        return self.catalogue.threads_of(docs, limit)

    def hidden_rows(self, keys: NDArray[np.int64], most: int) -> list[int]:
        """Return the rows of hidden versions that may have a tweet with one of `keys`.

        Args:
            keys: hashed ids of tweets.
            most: how many versions whose ids are not known are returned, if none has the ids.
        """
        return possible([self.hidden_versions(keys)], most)

    def hidden_versions(self, keys: NDArray[np.int64]) -> tuple[list[int], list[int]]:
        """Return the rows of hidden versions with one of `keys`, and of those without known ids."""
        by_id: list[int] = []
        without_ids: list[int] = []
        for part in self.parts if self.forgotten else ():
            origins = part.layer.origins
            gone = hidden(origins.roots, self.forgotten) & origins.are_of(self.dumps)
            known = distinct(origins.with_keys(keys))
            by_id += origins.roots.rows[known[gone[known]]].tolist()
            without_ids += origins.roots.rows[gone & (origins.roots.counts == 0)].tolist()
        return by_id, without_ids

    def tallies(self) -> Tallies:
        """Return counts over all tweets and threads."""
        columns = self.filter_columns
        days, counts = np.unique(columns.live_days(), return_counts=True)
        return Tallies(
            tweets=len(self.index),
            days=days,
            tweets_of_days=counts,
            threads=len(self.catalogue),
            complete=self.catalogue.complete,
            hosts=columns.tally("host"),
            authors=columns.tally("from"),
            written=self.catalogue.authors,
        )

    def read_ahead(self, threads: Iterable[int]) -> None:
        """Do nothing: the threads are in this process."""
        del threads

    def vocabulary(self) -> Vocabulary:
        """Return the words of the library. Not cached, as it may be large."""
        return EveryWord(self.words())

    def words(self) -> dict[str, str]:
        """Return each term's word as first written."""
        words: dict[str, str] = {}
        for each in self.parts:
            for term, word in zip(each.layer.index.postings, each.layer.words, strict=True):
                words.setdefault(term, word)
        if all(each.gone is None for each in self.parts):
            return words
        return {term: words[term] for term in self.index.terms()}

    def _stems(self) -> Vocabulary:
        return EveryWord({term: term for term in self.index.terms()})

    def documents(self, number: int) -> tuple[int, int]:
        """Return the documents [start, end) of the thread with that number."""
        return self.catalogue.documents(number)

    def with_ids(self, ids: frozenset[str]) -> list[int]:
        """Return the numbers of the threads that have any of `ids`, in order."""
        return self.catalogue.in_order(
            number for each in ids for number in self.catalogue.known_as(each)
        )


def possible(found: Iterable[tuple[list[int], list[int]]], most: int) -> list[int]:
    """Return the rows of `Snapshot.hidden_rows` from those of `hidden_versions` of all parts."""
    some = list(found)
    by_id = [row for rows, _ in some for row in rows]
    return by_id or [row for _, rows in some for row in rows][:most]


def version_of(generation: int, shared: int) -> int:
    """Return the version of what is served: a library's own generation, and the shared one."""
    return generation * VERSION_STEP + shared
