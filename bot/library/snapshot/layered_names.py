"""What the threads of a stack of layers are called, seen as one. Pure."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from functools import reduce
from heapq import merge
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from bot.arrays.multimap import Multimap
from bot.library.snapshot.layered import LayeredCatalogue, Part
from bot.library.snapshot.thread_names import folded_words
from bot.search.layered import IndexLayer, LayeredIndex


class LayeredNames:
    """The titles and links of the threads of a library, by the threads' numbers."""

    def __init__(self, catalogue: LayeredCatalogue, parts: Sequence[Part]) -> None:
        """Show the names of `parts`, of which there is at least one.

        Args:
            catalogue: their threads.
            parts: the layers.
        """
        self._catalogue = catalogue
        self._names = [each.layer.names for each in parts]
        self._titles = LayeredIndex.of(
            [IndexLayer(each.layer.names.titles, each.gone) for each in parts]
        )

    def linked(self, key: int) -> list[int]:
        """Return the threads that have this hashed key of a link, or a tweet that has it."""
        return self._found([each.by_link for each in self._names], key)

    def titled(self, key: int) -> list[int]:
        """Return the threads whose normalised title has this hash."""
        return self._found([each.by_title for each in self._names], key)

    def may_know(self, keys: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return bool[len(keys)]: which of these keys of links are known; see `Lookup.may_know`."""
        return reduce(operator.or_, (each.by_link.holds(keys) for each in self._names))

    def holding(self, typed: str, limit: int | None) -> list[int]:
        """Return threads whose titles have, for every word typed, a word that begins with it."""
        return list(islice(self._holding(typed), limit))

    def with_words(self, terms: Sequence[str]) -> list[int]:
        """Return the threads whose titles have all the terms, the best first."""
        titles = self._titles.match(terms)
        whole = titles.terms == len(terms)
        docs = titles.docs[whole].tolist()
        pairs = zip(docs, titles.scores[whole].tolist(), strict=True)
        return [doc for doc, _ in sorted(pairs, key=self._best_first)]

    def _holding(self, typed: str) -> Iterator[int]:
        pieces = sorted((f" {piece}" for piece in folded_words(typed).split()), key=len)
        longest = pieces.pop() if pieces else " "
        found = [
            self._catalogue.by_part(part, each.folded.containing(longest))
            for part, each in enumerate(self._names)
        ]
        # Each layer's threads are in order already.
        for number in found[0] if len(found) == 1 else merge(*found, key=self._catalogue.order_of):
            if not self._catalogue.is_gone(number):
                part, at = self._catalogue.at(number)
                title = self._names[part].folded[at]
                if all(piece in title for piece in pieces):
                    yield number

    def _best_first(self, scored: tuple[int, float]) -> tuple[float, int]:
        number, score = scored
        return -score, self._catalogue.order_of(number)

    def _found(self, maps: Sequence[Multimap], key: int) -> list[int]:
        """Return the threads that the layers' `maps` have under `key`, in order."""
        return self._catalogue.in_order(
            number
            for part, each in enumerate(maps)
            for number in self._catalogue.by_part(part, each[key])
        )
