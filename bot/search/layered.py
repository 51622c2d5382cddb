"""A stack of layers that answers as one index over all their documents would, to the last bit.

Each layer has an immutable index, which other stacks may share. A stack has its own statistics: the
number of documents, their average length, and how many contain a term. A layer may be masked in
part: masked documents keep their numbers, but are never found and count nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain, compress, pairwise

import numpy as np
from numpy.typing import NDArray

from bot.arrays.distinct import distinct
from bot.search.bm25.accumulator import Matches
from bot.search.bm25.idf import lucene_idf
from bot.search.bm25.native import Masks, searcher
from bot.search.bm25.scoring import UNMASKED, added_by, best_of, matches_of
from bot.search.bm25.top_k import top_k
from bot.search.bm25.vocabulary import hashes_of
from bot.search.feedback import (
    Learned,
    boosts,
    boosts_by,
    learned_by,
    most_telling,
    shared,
)
from bot.search.index import Index
from bot.search.offsets import Offsets
from bot.search.query import Phrase, Query
from bot.search.searched import (
    Beside,
    Docs,
    Scores,
    Searched,
    allowed,
    boosted,
    search,
    tables,
)

SCANNED = 64
"""If more than one document in 64 is masked, their terms are counted in all postings."""
KNOWN = 256
"""Terms of questions whose statistics are kept."""
LAYER = 32
"""The bit from which on a term's key has its layer; the bits before have its id."""


@dataclass(frozen=True, slots=True)
class IndexLayer:
    """A layer of a stack."""

    index: Index
    """Its documents. Other stacks may share it; it never changes."""
    gone: NDArray[np.bool_] | None
    """bool[documents]: which documents are masked; None if none. Of a thread, all or none are."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What a stack knows of a term."""

    ids: tuple[int, ...]
    """Its id in each layer; -1 if the layer does not know it."""
    holding: int
    """How many documents of the stack contain it."""
    weight: float
    """Its idf in the stack."""


class _Layer:
    """A layer with what the stack must know of its masked documents."""

    def __init__(self, layer: IndexLayer) -> None:
        self.index = layer.index
        self.terms = layer.index.postings.terms
        self.gone = None if layer.gone is None or not layer.gone.any() else layer.gone
        masked = np.empty(0, np.int64) if self.gone is None else self.gone.nonzero()[0]
        self.masked = len(masked)
        """How many documents are masked."""
        self.length = int(self.index.doc_len.sum()) - int(self.index.doc_len[masked].sum())
        """The total length of the others."""
        self._lost = _frequencies(self.index, masked)

    @property
    def masks(self) -> Masks:
        """What is masked, for the kernels."""
        return UNMASKED if self.gone is None else (self.gone, *self._lost)

    def frequencies(self, term_ids: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return int64[n]: how many documents that are not masked contain each term; 0 for -1."""
        known = term_ids >= 0
        found = np.zeros(len(term_ids), np.int64)
        found[known] = self.index.postings.document_frequencies(term_ids[known])
        ids, counts = self._lost
        if len(ids):
            places = np.minimum(ids.searchsorted(term_ids), len(ids) - 1)
            found -= np.where(ids[places] == term_ids, counts[places], 0)
        return found

    def live_terms(self) -> Iterator[str]:
        """Return the terms that a document contains that is not masked."""
        numbers = np.arange(len(self.index.postings), dtype=np.int32)
        return compress(self.index.terms(), (self.frequencies(numbers) > 0).tolist())

    def live(self, docs: NDArray[np.int64] | NDArray[np.int32]) -> NDArray[np.bool_] | None:
        """Return bool[docs]: which are not masked; None if all."""
        if self.gone is None:
            return None
        kept = ~self.gone[docs]
        return None if kept.all() else kept


class LayeredIndex:
    """A stack of layers. A document's number is its layer's offset and its number in the layer."""

    @classmethod
    def of(cls, layers: Sequence[IndexLayer]) -> Searched:
        """Return the stack; the index itself if there is only one layer and nothing is masked."""
        if len(layers) == 1 and (layers[0].gone is None or not layers[0].gone.any()):
            return layers[0].index
        return cls(layers)

    def __init__(self, layers: Sequence[IndexLayer], average: float | None = None) -> None:
        """Stack layers.

        Args:
            layers: one or more, whose indexes were made by equal analyzers, with the same settings.
            average: the average length of documents to score with; by default that of the stack.
        """
        first = layers[0].index
        self.analyzer, self.feedback = first.analyzer, first.feedback
        self._layers = [_Layer(each) for each in layers]
        self._offsets = Offsets.of(len(each.index) for each in self._layers)
        self._live = self.size - sum(each.masked for each in self._layers)
        self.length = sum(each.length for each in self._layers)
        """The total length of the documents that are not masked, in tokens."""
        if average is None:
            average = self.length / self._live if self._live else 0.0
        self._views = [each.index.viewed(average) for each in self._layers]
        placed = zip(self._views, self._layers, strict=True)
        self.searcher = searcher([(view.layer, *each.masks) for view, each in placed], self._live)
        # On a method of the stack, the cache would keep the stack in memory.
        self._known = lru_cache(KNOWN)(partial(_known, self._layers, self._live))

    def __len__(self) -> int:
        """Return how many documents can be found: the others are masked."""
        return self._live

    @property
    def size(self) -> int:
        """How many numbers documents have, with those that are masked."""
        return int(self._offsets.starts[-1])

    @property
    def idf(self) -> Mapping[str, float]:
        """The weight of each term that a document contains."""
        return _Weights(self.terms, self._known)

    def terms(self) -> Iterator[str]:
        """Iterate over the terms that documents contain, each once."""
        live = chain.from_iterable(each.live_terms() for each in self._layers)
        return iter(dict.fromkeys(live))

    def document_frequency(self, term: str) -> int:
        """Return how many documents contain `term`."""
        return self._known(term).holding

    def live(self, docs: Docs) -> Docs:
        """Return those of `docs`, which ascend, that are not masked."""
        kept = np.ones(len(docs), np.bool_)
        for number, here, own in self._offsets.slices(docs):
            live = self._layers[number].live(own)
            if live is not None:
                kept[here] = live
        return docs[kept]

    def match(self, terms: Sequence[str]) -> Matches:
        """Return all documents that contain any of `terms`. A repeated term counts repeatedly."""
        if self.searcher is not None:
            return matches_of(self.searcher, len(self._layers), terms, self.size)
        known = [each for each in map(self._known, terms) if each.holding]
        found = [
            view.summed([(each.ids[at], each.weight) for each in known if each.ids[at] >= 0])
            for at, view in enumerate(self._views)
        ]
        return self._together(found)

    def best(self, terms: Sequence[str], k: int) -> tuple[Docs, Scores]:
        """Return the best `k` documents, best first, equal scores by number."""
        if self.searcher is not None:
            return best_of(self.searcher, len(self._layers), terms, min(k, len(self)))
        matches = self.match(terms)
        order = top_k(matches.scores, k)
        return matches.docs[order], matches.scores[order]

    def search(self, question: str, k: int) -> tuple[Docs, Scores]:
        """Return the best `k` documents for `question`; see `Index.search`.

        Raises:
            ValueError: `k` is negative.
        """
        return search(self, question, k)

    def allowed(self, query: Query) -> NDArray[np.bool_] | None:
        """Return which documents satisfy the phrases and exclusions of `query`.

        A phrase that no document contains is ignored.

        Returns:
            bool[size], False for masked documents; None if the query restricts nothing.
        """
        mask = allowed(self, query)
        if mask is not None:
            for layer, start in zip(self._layers, self._offsets.starts.tolist(), strict=False):
                if layer.gone is not None:
                    mask[start : start + len(layer.gone)] &= ~layer.gone
        return mask

    def holding(self, phrase: Phrase) -> Docs:
        """Return the documents that contain `phrase`: int64[n], ascending."""
        found = [np.empty(0, np.int64)]
        for number, layer in enumerate(self._layers):
            docs = layer.index.holding(phrase)
            live = layer.live(docs)
            found.append((docs if live is None else docs[live]) + self._offsets.starts[number])
        return np.concatenate(found)

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """Return how many documents contain each of `terms`."""
        encoded = [each.encode(errors="surrogatepass") for each in terms]
        found: list[int] = self._looked_up(encoded)[1].tolist()
        return found

    def terms_with(self, text: str) -> list[str]:
        """Return the terms that have `text` in them, sorted."""
        layers = [each.terms for each in self._layers]
        terms = sorted({name for each in layers for name in each.names(each.containing(text))})
        return [*compress(terms, self.document_frequencies(terms))]

    def count(self, phrase: Phrase) -> int:
        """Return how many documents contain `phrase`."""
        return len(self.holding(phrase))

    def beside(self, others: Sequence[str], own: str, phrases: Sequence[Phrase]) -> Beside:
        """Return how many documents have phrases beside other terms; see `Beside`."""
        return tables(self, others, own, phrases).beside

    def contribution(self, term: str, doc: int) -> float:
        """Return what `term` adds to the score of `doc`; 0 if the document does not contain it."""
        return float(self.contributions_to(term, np.array([doc]))[0])

    def contributions(self, term: str) -> tuple[NDArray[np.int32], Scores]:
        """Return int32[n], the documents that contain `term`, and float64[n], what it adds."""
        known = self._known(term)
        found, added = [np.empty(0, np.int32)], [np.empty(0)]
        for number, term_id in enumerate(known.ids):
            if term_id >= 0:
                docs, adds = self._views[number].added_by(term_id, known.weight)
                live = self._layers[number].live(docs)
                if live is not None:
                    docs, adds = docs[live], adds[live]
                found.append(docs + np.int32(self._offsets.starts[number]))
                added.append(adds)
        return np.concatenate(found), np.concatenate(added)

    def contributions_to(self, term: str, docs: Docs) -> Scores:
        """Return what `term` adds to the scores of `docs`, which ascend; 0 where it is not."""
        if self.searcher is not None:
            return added_by(self.searcher, len(self._layers), term, docs)
        known = self._known(term)
        added = np.zeros(len(docs))
        for number, here, own in self._offsets.slices(docs):
            term_id = known.ids[number]
            if term_id >= 0:
                added[here] = self._views[number].added_to(own, term_id, known.weight)
        return added

    def holds(self, term: str, docs: Docs) -> NDArray[np.bool_]:
        """Return bool[docs]: which of `docs`, which ascend, contain `term`."""
        return self.contributions_to(term, docs) > 0

    def boosts(self, docs: Docs, scores: Scores) -> Scores:
        """Return what feedback adds to the scores; see `Index.boosts`."""
        return boosted(self, docs, scores)

    def learn(self, docs: Docs, scores: Scores) -> Learned:
        """Learn terms from the best documents; see `feedback.learn`.

        A term is matched across layers by its bytes.
        """
        if self.searcher is not None:
            return learned_by(self.searcher, len(self._layers), docs, scores)
        keys, owners = self._content(docs)
        held, places = np.unique(keys, return_inverse=True)
        homes, own_ids = held >> LAYER, (held % (1 << LAYER)).astype(np.int32)
        cuts = homes.searchsorted(np.arange(len(self._layers) + 1)).tolist()
        names: dict[bytes, int] = {}
        numbers = [
            names.setdefault(each, len(names))
            for layer, (start, end) in zip(self._layers, pairwise(cuts), strict=True)
            for each in layer.terms.encoded(own_ids[start:end])
        ]
        number_of = np.array(numbers, np.int64)
        terms, sums = shared(number_of[places], owners, scores)
        known = np.full((len(self._layers), len(names)), -1, np.int32)
        known[homes, number_of] = own_ids
        encoded = list(names)
        ids, holding = self._looked_up([encoded[each] for each in terms.tolist()], known[:, terms])
        best, weights = most_telling(sums, holding, len(self))
        return Learned(ids[:, best], weights)

    def boosts_of(self, learned: Learned, docs: Docs) -> Scores:
        """Return what learned terms add to the scores of documents; see `feedback.boosts`."""
        if self.searcher is not None:
            return boosts_by(self.searcher, learned, docs)
        added = np.zeros(len(docs))
        for number, places, own in self._offsets.groups(docs):
            there = learned.term_ids[number] >= 0
            here = Learned(learned.term_ids[number][there], learned.weights[there])
            added[places] = boosts(self._views[number], here, own)
        return added

    def learned_terms(self, learned: Learned) -> list[str]:
        """Return the terms that feedback learned, highest share first."""
        homes = (learned.term_ids >= 0).argmax(axis=0)
        return [
            self._layers[number].terms.names(learned.term_ids[number, [at]])[0]
            for at, number in enumerate(homes.tolist())
        ]

    def _content(self, docs: Docs) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the terms of a few documents without stop words, document after document.

        Returns:
            int64[n], the terms' ids in their layers, with the layer in the bits from LAYER on; and
            int64[n], the place in `docs` of the document that each is from.
        """
        found = [np.empty(0, np.int64)]
        for layer, own in zip(*self._offsets.parts(docs), strict=True):
            index = self._layers[layer].index
            tokens = index.forward.of_one(own)
            found.append(tokens[~index.is_stop[tokens]] + np.int64(layer << LAYER))
        return np.concatenate(found), np.arange(len(docs)).repeat([*map(len, found[1:])])

    def _looked_up(
        self, encoded: Sequence[bytes], known: NDArray[np.int32] | None = None
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Look up terms in all layers.

        Args:
            encoded: the terms, in UTF-8.
            known: int32[layers, terms], their ids in each layer; -1 if not known, as by default.

        Returns:
            int32[layers, terms], their ids, -1 in a layer without the term; and int64[terms], how
            many documents contain each.
        """
        size = len(self._layers), len(encoded)
        ids = np.full(size, -1, np.int32) if known is None else known.copy()
        hashes = hashes_of(encoded)
        holding = np.zeros(len(encoded), np.int64)
        for layer, own in zip(self._layers, ids, strict=True):
            sought = (own < 0).nonzero()[0]
            some = [encoded[each] for each in sought.tolist()]
            own[sought] = layer.terms.find(some, hashes[sought])
            holding += layer.frequencies(own)
        return ids, holding

    def _together(self, found: Sequence[Matches]) -> Matches:
        """Number what was found in each layer as in the stack, without masked documents."""
        kept: list[Matches] = []
        for layer, start, each in zip(self._layers, self._offsets.starts, found, strict=False):
            live = layer.live(each.docs)
            here = slice(None) if live is None else live
            kept.append(Matches(each.docs[here] + start, each.scores[here], each.terms[here]))
        docs, scores, terms = zip(
            *((each.docs, each.scores, each.terms) for each in kept), strict=True
        )
        return Matches(np.concatenate(docs), np.concatenate(scores), np.concatenate(terms))


class _Weights(Mapping[str, float]):
    """The weight of each term of a stack, computed on access."""

    def __init__(self, terms: Callable[[], Iterator[str]], known: Callable[[str], _Known]) -> None:
        self._terms = terms
        self._known = known

    def __getitem__(self, term: str) -> float:
        """Return the weight of `term`.

        Raises:
            KeyError: no document contains it.
        """
        known = self._known(term)
        if not known.holding:
            raise KeyError(term)
        return known.weight

    def __iter__(self) -> Iterator[str]:
        """Iterate over the terms."""
        return self._terms()

    def __len__(self) -> int:
        """Return the number of terms."""
        return sum(1 for _ in self)


def _known(layers: Sequence[_Layer], documents: int, term: str) -> _Known:
    """Look up a term in all layers."""
    found = [each.index.postings.term_id(term) for each in layers]
    ids = tuple(-1 if each is None else each for each in found)
    pairs = zip(layers, ids, strict=True)
    holding = sum(int(layer.frequencies(np.array([own], np.int32))[0]) for layer, own in pairs)
    return _Known(ids, holding, lucene_idf(documents, holding))


def _frequencies(
    index: Index, docs: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Count how many of `docs` contain each term.

    Returns:
        int32[n], the ids of the terms that any contains, ascending; and int64[n], how many do.
    """
    if len(docs) * SCANNED > len(index):
        marked = np.zeros(len(index), np.bool_)
        marked[docs] = True
        lists = index.postings.lists  # no list is empty, as `reduceat` needs
        every = np.add.reduceat(marked[lists.docs], lists.indptr[:-1], dtype=np.int64)
        some = every.nonzero()[0]
        return some.astype(np.int32), every[some]
    tokens, owners = index.forward.of(docs)
    pairs = distinct(owners * len(index.postings) + tokens)
    ids, counts = np.unique(pairs % len(index.postings), return_counts=True)
    return ids.astype(np.int32), counts.astype(np.int64)
