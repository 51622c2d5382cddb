"""A layer: an immutable part of a library, built from some dumps. Pure.

A library is a stack of layers (`snapshot.py`). Each load adds one with what it brings; many
libraries may share one in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import chain
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from bot.arrays.array_file import Arrays, with_prefix, without_prefix
from bot.arrays.gather import Gather
from bot.arrays.strings import Strings
from bot.library.snapshot.catalogue import Catalogue, CatalogueBuilder
from bot.library.snapshot.filter_columns import FilterColumns, FilterColumnsBuilder
from bot.library.snapshot.origins import Origins
from bot.library.snapshot.searched_text import searched_text
from bot.library.snapshot.thread_merge import merge_versions
from bot.library.snapshot.thread_names import ThreadNames, ThreadNamesBuilder
from bot.search.analyzer import Analyzer
from bot.search.bm25.postings import PostingsBuilder
from bot.search.index import Index
from bot.search.merging import merged
from bot.store.rows import Version

PROGRESS_EVERY = 1_000
"""Threads between two calls of `progress`."""


@cache
def analyzer() -> Analyzer:
    """Return the analyzer that all layers share."""
    return Analyzer()


def new_name() -> str:
    """Return a name that no layer has."""
    return uuid4().hex


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Some threads of a library, indexed, and the versions that some dumps have."""

    index: Index
    """Over the tweets, thread after thread."""
    catalogue: Catalogue
    """The threads."""
    filter_columns: FilterColumns
    """What filters look at: each tweet's date, author, mentions and links."""
    names: ThreadNames
    """The threads' titles and links."""
    words: Strings
    """Each term's word, as first written."""
    origins: Origins
    """The versions of the dumps that came with it. Threads may be merged from others too."""
    name: str = field(default_factory=new_name)
    """A name that no other layer has."""

    @classmethod
    def build(
        cls,
        threads: Iterable[Sequence[Version]],
        origins: Origins,
        progress: Callable[[int], None] | None = None,
    ) -> Layer:
        """Merge and index `threads`. Slow for many, so run it in a thread.

        Args:
            threads: the versions of each thread, by their lowest rows.
            origins: the versions of the dumps that come with it.
            progress: called now and then with the number of threads done; may raise to stop.
        """
        parts = _Parts(progress)
        builder = PostingsBuilder(analyzer())
        for text in parts.texts(threads):
            builder.add(text)
        catalogue = parts.catalogue.done()
        return cls(
            index=Index(builder.done(), analyzer=analyzer()),
            catalogue=catalogue,
            filter_columns=parts.filter_columns.done(),
            names=parts.names.done(catalogue, analyzer()),
            words=builder.words,
            origins=origins,
        )

    @classmethod
    def merged(
        cls,
        layers: Sequence[Layer],
        gone: Sequence[NDArray[np.bool_]],
        dumps: Collection[int],
    ) -> Layer:
        """Merge layers into one. It reads no text, so it is faster than building.

        See `merging` for the arguments.
        """
        authors, parts = merging(layers, gone, dumps)
        arrays = {name: each for some in parts for name, each in some.items()}
        return cls.from_arrays(new_name(), authors, arrays)

    @property
    def is_empty(self) -> bool:
        """Whether it has neither threads nor versions."""
        return not len(self.catalogue) and not len(self.origins)

    def to_arrays(self) -> tuple[object, Arrays]:
        """Return what JSON can hold of it, and its arrays, for `from_arrays`."""
        authors, entries = self.catalogue.to_arrays()
        parts = {
            "index": self.index.to_arrays(),
            "entries": entries,
            "fields": self.filter_columns.to_arrays(),
            "names": self.names.to_arrays(),
            "words": self.words.to_arrays(),
            "origins": self.origins.to_arrays(),
        }
        arrays: Arrays = {}
        for name, part in parts.items():
            arrays.update(with_prefix(name, part))
        return authors, arrays

    @classmethod
    def from_arrays(cls, name: str, authors: Any, arrays: Arrays) -> Layer:
        """Rebuild what `to_arrays` returned, by a program with the same ANALYZER_VERSION."""
        return cls(
            name=name,
            index=Index.from_arrays(without_prefix("index", arrays), analyzer()),
            catalogue=Catalogue.from_arrays(authors, without_prefix("entries", arrays)),
            filter_columns=FilterColumns.from_arrays(without_prefix("fields", arrays)),
            names=ThreadNames.from_arrays(without_prefix("names", arrays), analyzer()),
            words=Strings.from_arrays(without_prefix("words", arrays)),
            origins=Origins.from_arrays(without_prefix("origins", arrays)),
        )


def merging(
    layers: Sequence[Layer], gone: Sequence[NDArray[np.bool_]], dumps: Collection[int]
) -> tuple[object, Iterator[Arrays]]:
    """Return what `Layer.to_arrays` does of the layer that others are merged into.

    Its arrays are made some at a time, as all of them take much memory.

    Args:
        layers: the layers; at least one.
        gone: for each, bool[threads]: the threads to leave out.
        dumps: the rows of the dumps whose versions to keep.
    """
    catalogues = [each.catalogue for each in layers]
    kept = (~np.concatenate([*gone])).nonzero()[0]
    order = np.concatenate([each.order for each in catalogues])[kept].argsort()
    threads = Gather.of(kept[order], [*map(len, catalogues)])
    authors, entries = Catalogue.gathered(catalogues, threads)
    rest = _gathered(layers, threads, dumps)
    return authors, chain(map(partial(with_prefix, "entries"), entries), rest)


def _gathered(layers: Sequence[Layer], threads: Gather, dumps: Collection[int]) -> Iterator[Arrays]:
    """Yield the arrays of the threads that `threads` picks, but those of the catalogue.

    None is kept while the next ones are made.
    """
    catalogues = [each.catalogue for each in layers]
    tweets = Catalogue.tweets(catalogues, threads)
    index, firsts = merged([each.index for each in layers], tweets)
    yield with_prefix("index", index.to_arrays())
    del index
    words = (layers[number].words[each] for number, ids in firsts for each in ids.tolist())
    yield with_prefix("words", Strings.of(words).to_arrays())
    fields = [each.filter_columns for each in layers]
    yield with_prefix("fields", FilterColumns.gathered(fields, tweets).to_arrays())
    names, sizes = [each.names for each in layers], [*map(len, catalogues)]
    yield from map(partial(with_prefix, "names"), ThreadNames.gathered(names, threads, sizes))
    origins = [each.origins for each in layers]
    yield with_prefix("origins", Origins.gathered(origins, dumps).to_arrays())


class _Parts:
    """Collects the parts of a layer while its threads are read one by one."""

    def __init__(self, progress: Callable[[int], None] | None) -> None:
        self.catalogue = CatalogueBuilder()
        self.filter_columns = FilterColumnsBuilder()
        self.names = ThreadNamesBuilder()
        self._progress = progress

    def texts(self, threads: Iterable[Sequence[Version]]) -> Iterator[str]:
        """Yield the searched text of each tweet, in order, and take its thread in."""
        for number, versions in enumerate(threads):
            thread = merge_versions([each.thread for each in versions])
            if self._progress and number % PROGRESS_EVERY == 0:
                self._progress(number)
            self.catalogue.add(thread, [each.id for each in versions])
            self.names.add(thread)
            for tweet in thread.tweets:
                self.filter_columns.add(tweet, thread.author)
                yield searched_text(tweet)
