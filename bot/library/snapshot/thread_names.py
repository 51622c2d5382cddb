"""What the threads of a layer are called: their titles, and the links that lead to them. Pure."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import regex

from bot.arrays.array_file import Arrays, with_prefix, without_prefix
from bot.arrays.gather import Gather
from bot.arrays.multimap import Multimap
from bot.arrays.strings import Strings
from bot.library.snapshot.catalogue import Catalogue
from bot.library.snapshot.links import keys_of
from bot.models import Thread
from bot.search.analyzer import Analyzer, fold
from bot.search.index import Index
from bot.search.merging import merged
from bot.thread_ids import key64, normalised

WORDS = regex.compile(r"[\p{L}\p{M}\p{N}]+")
FOLDED = "".join(chr(each).lower() if chr(each).isalnum() else " " for each in range(128))
"""Folds text that is ASCII, and has spaces between its words."""


@dataclass(frozen=True, slots=True, eq=False)
class ThreadNames:
    """The titles and links of a layer's threads, by their numbers in it."""

    titles: Index
    """Over the titles."""
    folded: Strings
    """The folded words of each title; see `folded_words`."""
    by_title: Multimap
    """Threads by the hash of their normalised title."""
    by_link: Multimap
    """Threads by the hashes of the keys of their links; see `links.py`."""

    @staticmethod
    def gathered(
        parts: Sequence[ThreadNames], threads: Gather, sizes: Sequence[int]
    ) -> Iterator[Arrays]:
        """Yield the arrays of the names of the threads that `threads` picks, some at a time.

        Args:
            parts: the names.
            threads: which threads are picked.
            sizes: how many threads each of `parts` has.
        """
        yield with_prefix("titles", merged([each.titles for each in parts], threads)[0].to_arrays())
        folded = [each.folded for each in parts]
        yield with_prefix("folded", Strings.gathered(folded, threads).to_arrays())
        moved = threads.moved(sizes)
        by_title, by_link = [each.by_title for each in parts], [each.by_link for each in parts]
        yield with_prefix("by_title", Multimap.gathered(by_title, moved).to_arrays())
        yield with_prefix("by_link", Multimap.gathered(by_link, moved).to_arrays())

    def to_arrays(self) -> Arrays:
        """Return their arrays, for `from_arrays`."""
        return {
            **with_prefix("titles", self.titles.to_arrays()),
            **with_prefix("folded", self.folded.to_arrays()),
            **with_prefix("by_title", self.by_title.to_arrays()),
            **with_prefix("by_link", self.by_link.to_arrays()),
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays, analyzer: Analyzer) -> ThreadNames:
        """Rebuild them from the arrays of `to_arrays`."""
        return cls(
            titles=Index.from_arrays(without_prefix("titles", arrays), analyzer, feedback=0),
            folded=Strings.from_arrays(without_prefix("folded", arrays)),
            by_title=Multimap.from_arrays(without_prefix("by_title", arrays)),
            by_link=Multimap.from_arrays(without_prefix("by_link", arrays)),
        )


class ThreadNamesBuilder:
    """Takes in threads one by one, and builds their `ThreadNames`."""

    def __init__(self) -> None:
        """Start with no threads."""
        self._folded = Strings()
        self._titles = (array("q"), array("i"))
        self._links = (array("q"), array("i"))

    def add(self, thread: Thread) -> None:
        """Add the next thread."""
        number = len(self._folded)
        self._folded.append(f" {folded_words(thread.title)}")
        keys, numbers = self._titles
        keys.append(key64(normalised(thread.title)))
        numbers.append(number)
        keys, numbers = self._links
        links = [key64(text) for text in keys_of(thread)]
        keys.extend(links)
        numbers.extend([number] * len(links))

    def done(self, catalogue: Catalogue, analyzer: Analyzer) -> ThreadNames:
        """Return the names of the threads that were added.

        Args:
            catalogue: of the same threads.
            analyzer: splits the titles into terms.
        """
        titles = map(catalogue.title, range(len(catalogue)))
        return ThreadNames(
            titles=Index.build(titles, analyzer=analyzer, feedback=0),
            folded=self._folded,
            by_title=_multimap(self._titles),
            by_link=_multimap(self._links),
        )


def _multimap(columns: tuple[array[int], array[int]]) -> Multimap:
    keys, numbers = columns
    return Multimap(np.array(keys, np.int64), np.array(numbers, np.int64))


def folded_words(text: str) -> str:
    """Return the words of `text`, folded and separated by single spaces."""
    if text.isascii():
        return " ".join(text.translate(FOLDED).split())
    return " ".join(fold(word) for word in WORDS.findall(text))
