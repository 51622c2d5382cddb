"""A generation in memory: its threads merged and its tweets indexed. Immutable, and pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.arrays.array_file import Arrays, with_prefix, without_prefix
from bot.arrays.splice import Splice
from bot.arrays.strings import Strings
from bot.background.priority import yielding
from bot.library.snapshot.catalogue import Catalogue, CatalogueBuilder
from bot.library.snapshot.filter_columns import FilterColumns, FilterColumnsBuilder
from bot.library.snapshot.lookup import Lookup, LookupBuilder
from bot.library.snapshot.searched_text import searched_text
from bot.library.snapshot.thread_merge import merge_versions
from bot.search.analyzer import Analyzer
from bot.search.bm25.postings import PostingsBuilder
from bot.search.index import Index
from bot.store.rows import ThreadVersions, Version

MIN_REUSED = 0.5
"""Share of its threads that an earlier snapshot must have for a snapshot to be built from it."""
VERSION_STEP = 1_000_000
"""More than the shared library ever has generations, so that `Snapshot.version` is unambiguous."""
PROGRESS_EVERY = 1_000
"""Threads between two calls of `progress`."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a library needs in memory to answer."""

    generation: int
    """The generation it was built from."""
    index: Index
    """Over all tweets, thread after thread."""
    catalogue: Catalogue
    """The threads, in the order of their dumps."""
    filter_columns: FilterColumns
    """What filters look at: each tweet's date, author, mentions and links."""
    lookup: Lookup
    """Finds threads by reference, and completes titles and authors."""
    _words: Strings
    shared_generation: int = 0
    """For a guild: the generation of the shared library that it includes. Else 0."""

    @classmethod
    def build(
        cls,
        generation: int,
        threads: Iterable[Sequence[Version]],
        progress: Callable[[int], None] | None = None,
    ) -> Snapshot:
        """Merge and index `threads`. Slow for a large library, so run it in a thread.

        Args:
            generation: its number.
            threads: the versions of each thread.
            progress: called now and then with the number of threads done; may raise to stop.
        """
        analyzer = Analyzer()
        parts = _Parts(progress)
        builder = PostingsBuilder(analyzer)
        for text in parts.texts(threads):
            builder.add(text)
        index = Index(builder.done(), analyzer=analyzer)
        catalogue = parts.catalogue.done()
        return cls(
            generation=generation,
            index=index,
            catalogue=catalogue,
            filter_columns=parts.filter_columns.done(),
            lookup=parts.lookup.done(index, catalogue),
            _words=builder.words,
        )

    def revised(
        self,
        generation: int,
        threads: ThreadVersions,
        read: Callable[[ThreadVersions], Iterable[Sequence[Version]]],
        progress: Callable[[int], None] | None = None,
    ) -> Snapshot | None:
        """Build incrementally from this snapshot, reusing unchanged threads.

        The result equals that of `build`, for a small part of the time.

        Args:
            generation: its number.
            threads: the store's rows of each thread's versions.
            read: reads the versions of some of them.
            progress: called now and then with the number of threads done; may raise to stop.

        Returns:
            None if too many threads changed, or their order did: then `build` is as fast.
        """
        picks = self.catalogue.same_as(threads)
        kept = picks[picks >= 0]
        if len(kept) < MIN_REUSED * len(picks) or (np.diff(kept) <= 0).any():
            return None
        splice = Splice.of(picks)
        parts = _Parts(progress)
        builder = PostingsBuilder(self.index.analyzer, self.index.postings)
        for text in parts.texts(read(threads.only(picks < 0))):
            builder.add(text)
        fresh = parts.catalogue.done()
        tweets = self.catalogue.parts_by(fresh, splice)
        index, left = self.index.spliced(builder.done(), tweets)
        catalogue = self.catalogue.spliced(fresh, splice)
        numbers = np.arange(len(left))
        words = Splice.of(np.where(numbers < len(self._words), numbers, -1)[left])
        return Snapshot(
            generation=generation,
            index=index,
            catalogue=catalogue,
            filter_columns=self.filter_columns.spliced(parts.filter_columns.done(), tweets),
            lookup=self.lookup.spliced(parts.lookup, fresh, splice, index, catalogue),
            _words=self._words.spliced(builder.words, words),
        )

    def to_arrays(self) -> tuple[object, Arrays]:
        """Return what JSON can hold of it, and its arrays, for `from_arrays`."""
        names, entries = self.catalogue.to_arrays()
        parts = {
            "index": self.index.to_arrays(),
            "entries": entries,
            "fields": self.filter_columns.to_arrays(),
            "words": self._words.to_arrays(),
        }
        arrays = self.lookup.to_arrays()
        for name, part in parts.items():
            arrays.update(with_prefix(name, part))
        meta = {"generation": self.generation, "below": self.shared_generation, "authors": names}
        return meta, arrays

    @classmethod
    def from_arrays(cls, meta: Any, arrays: Arrays) -> Snapshot:
        """Rebuild what `to_arrays` returned, by a program with the same ANALYZER_VERSION."""
        index = Index.from_arrays(without_prefix("index", arrays), Analyzer())
        catalogue = Catalogue.from_arrays(meta["authors"], without_prefix("entries", arrays))
        return cls(
            generation=meta["generation"],
            index=index,
            catalogue=catalogue,
            filter_columns=FilterColumns.from_arrays(without_prefix("fields", arrays)),
            lookup=Lookup.from_arrays(arrays, index, catalogue),
            _words=Strings.from_arrays(without_prefix("words", arrays)),
            shared_generation=meta["below"],
        )

    @property
    def version(self) -> int:
        """Changes whenever the served content changes."""
        return self.generation * VERSION_STEP + self.shared_generation

    @property
    def starts(self) -> NDArray[np.int64]:
        """int64[threads]: the document number of each thread's first tweet."""
        return self.catalogue.starts

    def words(self) -> dict[str, str]:
        """Return each term's word as first written. Not cached, as it may be large."""
        return dict(zip(self.index.postings, self._words, strict=True))

    def documents(self, number: int) -> tuple[int, int]:
        """Return the documents [start, end) of the thread with that number."""
        end = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.index)
        return int(self.starts[number]), int(end)

    def with_ids(self, ids: frozenset[str]) -> list[int]:
        """Return the numbers of the threads that have any of `ids`, ascending."""
        return sorted({number for each in ids for number in self.catalogue.known_as(each)})


class _Parts:
    """Collects the parts of a snapshot while its threads are read one by one."""

    def __init__(self, progress: Callable[[int], None] | None) -> None:
        self.catalogue = CatalogueBuilder()
        self.filter_columns = FilterColumnsBuilder()
        self.lookup = LookupBuilder()
        self._progress = progress

    def texts(self, threads: Iterable[Sequence[Version]]) -> Iterator[str]:
        """Yield the searched text of each tweet, in order, and take its thread in."""
        for number, versions in enumerate(threads):
            thread = merge_versions([each.thread for each in versions])
            if self._progress and number % PROGRESS_EVERY == 0:
                self._progress(number)
            self.catalogue.add(thread, [each.id for each in versions])
            self.lookup.add(thread)
            for tweet in yielding(thread.tweets):
                self.filter_columns.add(tweet, thread.author)
                yield searched_text(tweet)
