"""The index of a part of a library, which scores with the statistics of the whole library. Pure.

A library may be divided into parts, each a stack of layers. Statistics of all parts are summed
first. A part is then asked with the weights of the whole, so scores are those of one index.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25.accumulator import Matches
from bot.search.feedback import Learned, most_telling, shared
from bot.search.layered import LAYER, IndexLayer, LayeredIndex
from bot.search.query import Phrase
from bot.search.searched import Docs, Scores


@dataclass(frozen=True, slots=True)
class Content:
    """The terms of a few documents, without stop words, document after document."""

    terms: tuple[bytes, ...]
    """The terms, in UTF-8."""
    owners: NDArray[np.int64]
    """int64[n]: the place of the document that each is from."""


@dataclass(frozen=True, slots=True)
class LearnedTerms(Learned):
    """The terms that feedback learned over all parts of a library; their ids are their places."""

    terms: tuple[bytes, ...] = ()
    """The terms, in UTF-8, highest share first."""


def learn(
    content: Content,
    scores: Scores,
    frequencies: Callable[[Sequence[bytes]], NDArray[np.int64]],
    documents: int,
) -> LearnedTerms:
    """Learn terms from the best documents; see `feedback.learn`.

    Args:
        content: the terms of the best documents, best first.
        scores: float64[n], the documents' scores.
        frequencies: returns how many documents of the library contain each of some terms.
        documents: how many it has.
    """
    numbers: dict[bytes, int] = {}
    tokens = [numbers.setdefault(each, len(numbers)) for each in content.terms]
    terms, sums = shared(np.array(tokens, np.int64), content.owners, scores)
    names = [*numbers]
    chosen = [names[each] for each in terms.tolist()]
    best, weights = most_telling(sums, frequencies(chosen), documents)
    ids = np.arange(len(best), dtype=np.int32)
    return LearnedTerms(ids, weights, tuple(chosen[each] for each in best.tolist()))


class PartIndex(LayeredIndex):
    """A stack of layers that is a part of a larger library."""

    def __init__(self, layers: Sequence[IndexLayer], average: float) -> None:
        """Stack layers.

        Args:
            layers: one or more; see `LayeredIndex`.
            average: the average length of the documents of the whole library.
        """
        super().__init__(layers, average)
        self.own = self._known
        """What this part alone knows of a term."""

    def weighed(self, weights: Mapping[str, float]) -> Self:
        """Return this index with the weights of terms in the whole library.

        Args:
            weights: of all terms that it is asked for.
        """
        view = copy(self)
        own = self.own

        def known(term: str) -> object:
            return replace(own(term), weight=weights.get(term, 0.0))

        view.__dict__["_known"] = known
        return view

    def match(self, terms: Sequence[str]) -> Matches:
        """Return all documents that contain any of `terms`; see `LayeredIndex.match`."""
        if self.searcher is None:
            return super().match(terms)
        known = [each for each in map(self._known, terms) if each.holding]
        if not known:
            return Matches.room(0)
        ids = np.ascontiguousarray(np.array([each.ids for each in known], np.int32).T)
        weights = np.array([each.weight for each in known], np.float64)
        total = sum(map(self._postings, ids.T))
        room = Matches.room(min(total, self.size))
        return room.first(self.searcher.match(ids, weights, room.docs, room.scores, room.terms))

    def contributions_to(self, term: str, docs: Docs) -> Scores:
        """Return what `term` adds to the scores of `docs`; see `LayeredIndex.contributions_to`."""
        if self.searcher is None:
            return super().contributions_to(term, docs)
        known, added = self._known(term), np.zeros(len(docs))
        if known.holding:
            self.searcher.added(np.array(known.ids, np.int32), known.weight, docs, added)
        return added

    def frequencies(self, terms: Sequence[str]) -> NDArray[np.int64]:
        """Return int64[terms]: how many documents of this part contain each."""
        return np.array([self.document_frequency(each) for each in terms], np.int64)

    def frequencies_of(self, encoded: Sequence[bytes]) -> NDArray[np.int64]:
        """Return int64[terms]: how many documents of this part contain each; terms in UTF-8."""
        return self._looked_up(encoded)[1]

    def content(self, docs: Docs) -> Content:
        """Return the terms of a few documents, without stop words."""
        keys, owners = self._content(docs)
        return Content(tuple(self._encoded(keys)), owners)

    def boosts_of_terms(self, encoded: Sequence[bytes], weights: Scores, docs: Docs) -> Scores:
        """Return what learned terms add to the scores of documents; see `feedback.boosts`.

        Args:
            encoded: the terms, in UTF-8.
            weights: float64[terms], their weights.
            docs: int64[n], the documents.
        """
        ids = self._looked_up(encoded)[0]
        return self.boosts_of(Learned(np.ascontiguousarray(ids), weights), docs)

    def allowed_by(
        self, phrases: Sequence[Phrase], without: Sequence[Phrase]
    ) -> NDArray[np.bool_] | None:
        """Return which documents have all `phrases`, which the library has, and none of `without`.

        Returns:
            bool[size], False for masked documents; None if nothing is restricted.
        """
        if not phrases and not without:
            return None
        mask: NDArray[np.bool_] = np.ones(self.size, np.bool_)
        for layer, start in zip(self._layers, self._offsets.starts.tolist(), strict=False):
            if layer.gone is not None:
                mask[start : start + len(layer.gone)] = ~layer.gone
        for each in phrases:
            holding = np.zeros(self.size, np.bool_)
            holding[self.holding(each)] = True
            mask &= holding
        for each in without:
            mask[self.holding(each)] = False
        return mask

    def _encoded(self, keys: NDArray[np.int64]) -> list[bytes]:
        """Return terms, in UTF-8, by their keys from `_content`."""
        held, places = np.unique(keys, return_inverse=True)
        homes, own = held >> LAYER, (held % (1 << LAYER)).astype(np.int32)
        names = [
            name
            for number, layer in enumerate(self._layers)
            for name in layer.terms.encoded(own[homes == number])
        ]
        return [names[each] for each in places.tolist()]

    def _postings(self, ids: NDArray[np.int32]) -> int:
        """Return how many postings a term has, by its id in each layer."""
        return sum(
            int(layer.index.postings.document_frequencies(own)[0])
            for layer, own in zip(self._layers, ids.reshape(-1, 1), strict=True)
            if own[0] >= 0
        )
