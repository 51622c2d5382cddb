"""Stacks of layers, and the one index over all that they show, to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.search.analyzer import Analyzer
from bot.search.bm25.postings import PostingsBuilder
from bot.search.index import Index
from bot.search.layered import IndexLayer, LayeredIndex
from bot.search.threads import LayeredThreads, Threads
from tests.kernels import Kernels, by_kernels

ANALYZER = Analyzer()
Item = TypeVar("Item", np.bool_, np.int32)
WORDS = (
    "port",
    "ship",
    "crane",
    "rice",
    "yard",
    "of",
    "the",
    "#PortShip",
    "#ShipYard",
    "zinc.example",
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A thread of a stack."""

    layer: int
    """Its layer."""
    order: int
    """Its place among all threads; no two of a stack have the same."""
    masked: bool
    """Whether it is masked."""
    texts: tuple[str, ...]
    """Its tweets."""


class Stack:
    """A stack of layers, and the one index and the threads that it must answer like."""

    def __init__(
        self, layers: int, placed: Sequence[Placed], kernels: Kernels, feedback: float = 1.5
    ) -> None:
        """Build all."""
        self._settings = layers, kernels, feedback
        self.kernels = kernels
        """Has the kernels, or not."""
        self.placed = sorted(placed, key=lambda each: (each.layer, each.order))
        with kernels():
            parts = [self._layer(number, feedback) for number in range(layers)]
            self.layers = [layer for layer, _, _ in parts]
            self.stack = LayeredIndex(self.layers)
            self.placed_threads = [(threads, order) for _, threads, order in parts]
            self.stacked = LayeredThreads(self.placed_threads)
            live = [each for each in self.placed if not each.masked]
            live.sort(key=lambda each: each.order)
            self.one = _index([text for each in live for text in each.texts], feedback)
        self.threads = _threads(live)
        at = {id(each): number for number, each in enumerate(self.placed)}
        firsts = np.cumsum([0, *(len(each.texts) for each in self.placed)]).tolist()
        self.thread_numbers = [at[id(each)] for each in live]
        """The number in the stack of each thread of the one index."""
        self.numbers = np.array(
            [firsts[at[id(each)]] + place for each in live for place in range(len(each.texts))],
            np.int64,
        )
        """The number in the stack of each document of the one index."""
        self.masked = np.array([each.masked for each in self.placed for _ in each.texts], np.bool_)

    def __repr__(self) -> str:
        """Its threads, unless they are many."""
        return f"Stack({self.placed if len(self.placed) < 40 else len(self.placed)})"

    def again(self, placed: Sequence[Placed]) -> Stack:
        """A stack of other threads, with the same settings."""
        layers, kernels, feedback = self._settings
        return Stack(layers, placed, kernels, feedback)

    def _layer(self, number: int, feedback: float) -> tuple[IndexLayer, Threads, NDArray[np.int64]]:
        mine = [each for each in self.placed if each.layer == number]
        gone = np.array([each.masked for each in mine for _ in each.texts], np.bool_)
        layer = IndexLayer(
            _index([text for each in mine for text in each.texts], feedback),
            gone if gone.any() or number % 2 else None,
        )
        return layer, _threads(mine), np.array([each.order for each in mine], np.int64)

    def moved(self, docs: NDArray[np.integer]) -> list[int]:
        """The numbers in the stack of documents of the one index."""
        return list(map(int, self.numbers[docs]))

    def in_stack(self, values: NDArray[Item]) -> NDArray[Item]:
        """A column of the one index, in the stack's order; 0 for masked documents."""
        made = np.zeros(len(self.masked), values.dtype)
        made[self.numbers] = values
        return made


def _index(texts: Sequence[str], feedback: float) -> Index:
    builder = PostingsBuilder(ANALYZER)
    for text in texts:
        builder.add(text)
    return Index(builder.done(), analyzer=ANALYZER, feedback=feedback)


def _threads(placed: Sequence[Placed]) -> Threads:
    sizes = [len(each.texts) for each in placed]
    starts = np.cumsum([0, *sizes], dtype=np.int64)
    return Threads.at(starts[:-1], int(starts[-1]))


@st.composite
def small_stacks(draw: st.DrawFn) -> Stack:
    """A few threads of a few words, many of which score the same."""
    layers = draw(st.integers(1, 5))
    tweets = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
    drawn = draw(
        st.lists(
            st.tuples(
                st.integers(0, layers - 1),
                st.sampled_from([False, False, False, True]),
                st.lists(tweets, min_size=1, max_size=4).map(tuple),
            ),
            max_size=9,
        )
    )
    orders = draw(st.permutations(range(len(drawn))))
    placed = [
        Placed(layer, order, masked, texts)
        for (layer, masked, texts), order in zip(drawn, orders, strict=True)
    ]
    feedback = draw(st.sampled_from([1.5, 1.5, 0.0]))
    return Stack(layers, placed, draw(by_kernels), feedback)


@st.composite
def large_stacks(draw: st.DrawFn) -> Stack:
    """Hundreds of threads; in each layer and in all more (frequency, length) pairs than codes."""
    dice = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    layers = draw(st.integers(1, 5))
    words = [f"w{number}x" for number in range(300)]
    odds = 1 / np.arange(1, len(words) + 1)
    longest = draw(st.sampled_from([9, 30]))
    texts = [
        " ".join(words[each] for each in dice.choice(len(words), length, p=odds / odds.sum()))
        for length in dice.integers(0, longest, draw(st.sampled_from([200, 2500]))).tolist()
    ]
    if draw(st.booleans()):
        texts += [" ".join([words[0]] * length) for length in range(1, 300)] * 2
        dice.shuffle(texts)
    share = draw(st.sampled_from([0.0, 0.02, 0.5]))
    placed: list[Placed] = []
    at = 0
    while at < len(texts):
        size = int(dice.integers(1, 6))
        layer = int(dice.integers(0, layers))
        placed.append(
            Placed(layer, len(placed), bool(dice.random() < share), tuple(texts[at : at + size]))
        )
        at += size
    if draw(st.booleans()):  # most in one layer, as shared tweets are, and the others come last
        placed = [
            Placed(0 if each.order * 10 < 9 * len(placed) else each.layer, *_rest(each))
            for each in placed
        ]
    return Stack(layers, placed, draw(by_kernels))


def _rest(placed: Placed) -> tuple[int, bool, tuple[str, ...]]:
    return placed.order, placed.masked, placed.texts


asked = st.lists(st.sampled_from([*WORDS, "absent", "prot", "shipyard"]), max_size=4)
large_questions = st.lists(st.integers(0, 60).map(lambda each: f"w{each}x"), max_size=5).map(
    " ".join
)


def terms_of(question: str) -> list[str]:
    """All terms of a question, stop words and repetitions too."""
    return ANALYZER.terms(question)


def assert_same_matches(stack: Stack, terms: list[str], k: int) -> None:
    """What `terms` match, their best and each score are the same."""
    many, one = stack.stack, stack.one
    ours, theirs = many.match(terms), one.match(terms)
    order = stack.numbers[theirs.docs].argsort()
    assert ours.docs.tolist() == stack.moved(theirs.docs[order])
    assert ours.scores.tolist() == theirs.scores[order].tolist()
    assert ours.terms.tolist() == theirs.terms[order].tolist()
    numbers = stack.numbers[theirs.docs]
    first = np.lexsort((numbers, -theirs.scores))[:k]
    docs, scores = many.best(terms, k)
    assert docs.tolist() == numbers[first].tolist()
    assert scores.tolist() == theirs.scores[first].tolist()
    every = np.sort(stack.numbers)
    back = stack.numbers.argsort()
    for term in {*terms, "absent"}:
        holding, added = many.contributions(term)
        held, adds = one.contributions(term)
        order = stack.numbers[held].argsort()
        assert holding.dtype == np.int32
        assert holding.tolist() == stack.moved(held[order])
        assert added.tolist() == adds[order].tolist()
        to_all = one.contributions_to(term, np.arange(len(one)))
        assert many.contributions_to(term, every).tolist() == to_all[back].tolist()
        holds = one.holds(term, np.arange(len(one)))
        assert many.holds(term, every).tolist() == holds[back].tolist()
        for doc in (0, len(one) - 1) if len(one) else ():
            assert many.contribution(term, int(stack.numbers[doc])) == one.contribution(term, doc)


def assert_same_feedback(stack: Stack, terms: list[str]) -> None:
    """What is learned from the best documents, and what it adds to others, is the same."""
    many, one = stack.stack, stack.one
    docs, scores = one.best(terms, 30)
    moved = stack.numbers[docs]
    ours, theirs = many.learn(moved[:10], scores[:10]), one.learn(docs[:10], scores[:10])
    assert many.learned_terms(ours) == one.learned_terms(theirs)
    assert ours.weights.tolist() == theirs.weights.tolist()
    assert many.boosts_of(ours, moved).tolist() == one.boosts_of(theirs, docs).tolist()
    assert many.boosts(moved, scores).tolist() == one.boosts(docs, scores).tolist()
