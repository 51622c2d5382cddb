"""Tests of the searching kernels: their results equal NumPy's to the last bit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.bm25.inverter import invert
from bot.search.bm25.postings import IndexParts, Postings
from bot.search.bm25.scoring import UNMASKED, best_of
from bot.search.bm25.vocabulary import Terms
from bot.search.feedback import learn
from bot.search.index import Index
from bot.search.layered import IndexLayer, LayeredIndex
from tests.kernels import assert_refuses, built, few, without_kernels
from tests.search.stacks import (
    Stack,
    asked,
    assert_same_feedback,
    assert_same_matches,
    large_questions,
    large_stacks,
    small_stacks,
    terms_of,
)
from tests.strategies import corpora

if TYPE_CHECKING:
    from bot.search.bm25._kernels import Searcher

WORDS = [f"w{number}" for number in range(400)]
Corpus = Sequence[Sequence[str]]


class Library(NamedTuple):
    """An index and what is asked of it."""

    corpus: Corpus
    """The documents' terms."""
    questions: Sequence[Sequence[str]]
    """Terms that are asked for together."""

    def __repr__(self) -> str:
        """Its size, for a large one fills many pages."""
        return f"Library({len(self.corpus)} documents, {self.questions})"


queries = st.lists(
    st.sampled_from(["ai", "chip", "us", "port", "of", "zinc", "absent"]), max_size=5
)


@st.composite
def small_libraries(draw: st.DrawFn) -> Library:
    """A few documents of a few terms, many of which score the same."""
    corpus = draw(corpora)
    return Library(corpus, draw(st.lists(queries, max_size=3)))


def _documents(count: int, longest: int, dice: np.random.Generator) -> list[list[str]]:
    """Documents of words as frequent as words are; every fifth says what one before it says."""
    odds = 1 / np.arange(1, len(WORDS) + 1)
    drawn = dice.choice(len(WORDS), count * longest, p=odds / odds.sum())
    lengths = dice.integers(0, longest, count).tolist()
    made = [
        [WORDS[word] for word in drawn[number * longest :][:length].tolist()]
        for number, length in enumerate(lengths)
    ]
    for number in range(5, count, 5):
        made[number] = made[number - int(dice.integers(1, 5))]
    return made


@st.composite
def large_libraries(draw: st.DrawFn) -> Library:
    """Some windows of documents, with more than 255 (frequency, length) pairs or fewer."""
    dice = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    longest = draw(st.sampled_from([9, 25, 80]))
    corpus = _documents(draw(st.sampled_from([300, 2048, 4500])), longest, dice)
    if draw(st.booleans()):
        corpus[7:7] = [[WORDS[0]] * length for length in range(300)]
    top = draw(st.sampled_from([3, 40, 400]))
    questions = [
        [WORDS[int(dice.random() ** 2 * top)] for _ in range(dice.integers(1, 9))]
        for _ in range(12)
    ]
    return Library(corpus, questions)


def assert_equal(one: Sequence[Any], other: Sequence[Any]) -> None:
    """Both are the same arrays."""
    for mine, theirs in zip(one, other, strict=True):
        assert mine.tolist() == theirs.tolist()


def assert_same_answers(library: Library, ks: Sequence[int]) -> None:
    """With kernels and without, every way of asking gives the same."""
    built()
    index = Index(library.corpus)
    with without_kernels():
        twin = Index(library.corpus)
    assert index.searcher is not None
    assert twin.searcher is None
    for terms in library.questions:
        match, expected = index.match(terms), twin.match(terms)
        assert_equal(
            (match.docs, match.scores, match.terms),
            (expected.docs, expected.scores, expected.terms),
        )
        for k in ks:
            best = index.best(terms, k)
            assert_equal(best, twin.best(terms, k))
            assert_equal([index.boosts(*best)], [twin.boosts(*best)])
            question = " ".join(terms)
            assert_equal(index.search(question, k), twin.search(question, k))


@given(small_libraries(), st.integers(0, 15))
def test_a_small_library_answers_as_its_twin(library: Library, k: int) -> None:
    assert_same_answers(library, [k])


@few
@given(large_libraries())
def test_a_large_library_answers_as_its_twin(library: Library) -> None:
    assert_same_answers(library, [1, 10, 300])


def test_words_that_become_more_frequent_are_found() -> None:
    dice = np.random.default_rng(57)
    corpus = [["z"] * int(times) for times in np.linspace(20, 0, 8192)]
    for word in "abcd":
        rate = 10 ** dice.uniform(-2.5, 0) * np.linspace(0, 1, len(corpus)) ** 3
        for at in np.flatnonzero(dice.random(len(corpus)) < rate):
            corpus[at] += [word] * int(dice.integers(1, 4))
    questions = [*(["z", word] for word in "abcd"), list("abcdz")]
    assert_same_answers(Library(corpus, questions), [1, 100])


def test_a_question_with_many_postings_lets_other_threads_run() -> None:
    corpus = [["z"] * (1 + number % 3) for number in range(2_100)]
    library = Library(corpus, [["z"] * 50])
    assert_same_answers(library, [10])


def test_documents_without_a_term_gain_nothing() -> None:
    index = Index([[], []])
    assert searcher_of(index) is index.searcher
    assert index.boosts(np.array([0, 1]), np.array([2.0, 1.0])).tolist() == [0.0, 0.0]


def test_a_term_that_no_document_holds_finds_nothing_more() -> None:
    documents = [["ai", "chip"], ["ai"], ["chip"]]
    parts = Index(documents)
    starts = np.append(parts.forward.starts, len(parts.forward.tokens))
    pairs, lists = invert(starts, parts.forward.tokens, 3)
    postings = Postings(pairs, Terms.of([*parts.postings, "gone"]), lists)
    with_gone = Index(IndexParts(postings, parts.forward, parts.doc_len), feedback=0)
    terms = ["gone", "ai", "chip"]
    assert searcher_of(with_gone) is with_gone.searcher
    assert_equal(with_gone.best(terms, 2), parts.best(terms, 2))
    assert_equal([with_gone.match(terms).docs], [parts.match(terms).docs])


def test_terms_of_one_hash_are_told_apart() -> None:
    # CRC-32 is the same for both of each pair: of one length, and of two.
    for known, unknown in (("plumless", "buckeroo"), ("vywcakd", "wrmgfd"), ("wrmgfd", "vywcakd")):
        index = Index([[known], ["port"], ["port", unknown]])
        assert searcher_of(index).ranked([known], 0.0, 10, 20, 2, 9, *room(3)) == 1
        assert searcher_of(index).ranked([unknown, "port"], 0.0, 10, 20, 2, 9, *room(3)) == 2
        without = Index([[known], ["port"]])
        assert searcher_of(without).ranked([unknown], 0.0, 10, 20, 2, 9, *room(3)) == 0
        for after in ([], [["ship"]]):  # none or one has a higher hash
            last = searcher_of(Index([[known], *after]))
            assert last.ranked([unknown], 0.0, 10, 20, 2, 9, *room(3)) == 0


def searcher_of(index: Index) -> Searcher:
    """What answers for `index` in C."""
    built()
    assert index.searcher is not None
    return index.searcher


def room(k: int) -> tuple[Any, Any]:
    """Arrays for so many documents and their scores."""
    return np.empty(k, np.int64), np.empty(k)


@pytest.fixture(scope="module")
def searcher() -> Searcher:
    """That of an index with three documents."""
    return searcher_of(Index([["ai", "chip"], ["chip", "port"], ["chip"]]))


def test_no_more_matches_are_written_than_there_is_room_for(searcher: Searcher) -> None:
    docs, scores = room(2)
    numbers, weights = np.array([0, 1], np.int32), np.ones(2)
    assert searcher.match(numbers, weights, docs, scores, np.empty(2, np.int64)) == 2
    assert docs.tolist() == [0, 1]


def test_no_more_terms_are_learned_than_there_is_room_for(searcher: Searcher) -> None:
    docs, scores = np.arange(3), np.ones(3)
    for most in range(3):
        numbers, weights = np.empty(most, np.int32), np.empty(most)
        assert searcher.learn(docs, scores, 1, numbers, weights) == most
        assert numbers.tolist() == [0, 2][:most]  # "chip" is in all three and counts least


def test_a_document_that_scores_nothing_teaches_nothing() -> None:
    corpus = [["ai"], ["chip"], ["chip"], ["ai"]]
    docs, scores = np.array([0, 1]), np.array([2.0, 0.0])
    index = Index(corpus)
    assert searcher_of(index) is index.searcher
    with without_kernels():
        twin = Index(corpus)
    learned, expected = learn(index, docs, scores), learn(twin, docs, scores)
    assert learned.term_ids.tolist() == expected.term_ids.tolist() == [0]
    assert learned.weights.tolist() == expected.weights.tolist()


def test_more_terms_than_can_be_learned_are_refused(searcher: Searcher) -> None:
    with pytest.raises(ValueError, match="too many learned terms"):
        searcher.boosts(np.zeros(65, np.int32), np.ones(65), np.arange(3), np.empty(3))
    for learned in (-1, 65):
        with pytest.raises(ValueError, match="too many learned terms"):
            searcher.ranked(["ai"], 1.0, 10, learned, 2, 9, *room(3))


def test_a_question_that_is_no_list_of_terms_is_refused(searcher: Searcher) -> None:
    for question in (5, [5], [b"ai"]):
        with pytest.raises(TypeError):
            searcher.ranked(question, 1.0, 10, 20, 2, 9, *room(3))  # type: ignore[arg-type]  # on purpose
    with pytest.raises(TypeError):
        searcher.resolve((5,), np.empty((1, 1), np.int32), np.empty(1))  # type: ignore[arg-type]  # on purpose
    assert searcher.ranked(["half \ud800", "ai"], 1.0, 10, 20, 2, 9, *room(3)) == 1


def test_what_is_no_array_of_the_right_items_is_refused(searcher: Searcher) -> None:
    new = built().layer
    assert_refuses(new, (8, 4, 1, 8, 8, 4, 8, 8, 8, 4, 1, 1, 8, 4, 4), (0.8, 0.35, 2.0))
    assert_refuses(searcher.best, (4, 8, 8, 8))
    assert_refuses(searcher.match, (4, 8, 8, 8, 8))
    assert_refuses(searcher.boosts, (4, 8, 8, 8))
    resolve: Any = searcher.resolve
    assert_refuses(lambda *given: resolve(("ai",), *given), (4, 8))
    added: Any = searcher.added
    assert_refuses(lambda *given: added(*given[:1], 1.0, *given[1:]), (4, 8, 8))
    learn_from: Any = searcher.learn
    assert_refuses(lambda *given: learn_from(*given[:2], 2, *given[2:]), (8, 8, 4, 8))
    assert_refuses(lambda *room: searcher.ranked(["ai"], 1.0, 10, 20, 2, 9, *room), (8, 8))


def test_what_is_no_stack_of_layers_is_refused() -> None:
    new: Any = built().searcher
    index = Index([["ai"]])
    layer = index.layer
    wrong: list[Any] = [None, [], (layer,), ((layer, *UNMASKED[:2]),), ((index, *UNMASKED),)]
    for layers in wrong:
        with pytest.raises(TypeError):
            new(layers, 1)
    masks = UNMASKED[0], np.zeros(3, np.uint8), UNMASKED[2]
    with pytest.raises(ValueError, match="items of another size"):
        new(((layer, *UNMASKED), (layer, *masks)), 2)
    with pytest.raises(TypeError):
        new(((layer, *UNMASKED),), "two")
    assert new((), 0).best(np.empty(0, np.int32), np.empty(0), *room(2)) == 0


@pytest.mark.parametrize("pair", [("plumless", "buckeroo"), ("vywcakd", "wrmgfd")])
def test_a_term_of_several_layers_is_told_from_others_of_its_hash(pair: tuple[str, str]) -> None:
    documents = [[pair[0], "port"], ["port"], [pair[1], pair[0], "ship"]]
    layers = [Index(documents[:2]), Index(documents[2:])]
    stack = LayeredIndex([IndexLayer(each, None) for each in layers])
    assert_learns_the_same(stack, Index(documents), [2, 0, 1])


def test_a_term_that_a_layer_lacks_adds_nothing_there() -> None:
    documents = [["port", "ship"], ["ship", "port"], ["port", "crane"]]
    layers = [Index(documents[:2]), Index(documents[2:])]
    stack = LayeredIndex([IndexLayer(each, None) for each in layers])
    assert_learns_the_same(stack, Index(documents), [0, 1])


def assert_learns_the_same(stack: LayeredIndex, one: Index, best: list[int]) -> None:
    """From these documents both learn the same, which adds the same to all."""
    docs, scores, every = np.array(best), 1.0 / np.arange(1, len(best) + 1), np.arange(len(one))
    assert stack.searcher is not None
    ours, theirs = stack.learn(docs, scores), one.learn(docs, scores)
    assert stack.learned_terms(ours) == one.learned_terms(theirs)
    assert ours.weights.tolist() == theirs.weights.tolist()
    assert stack.boosts_of(ours, every).tolist() == one.boosts_of(theirs, every).tolist()


@given(small_stacks(), asked, st.integers(0, 12))
def test_a_small_stack_answers_as_one_index(stack: Stack, words: list[str], k: int) -> None:
    assert_same_matches(stack, terms_of(" ".join([*words, *words[:1]])), k)
    assert_same_feedback(stack, terms_of(" ".join(words)))
    stack.stack.search(" ".join(words), k)


@few
@given(large_stacks(), st.lists(large_questions, min_size=3, max_size=3))
def test_a_large_stack_answers_as_one_index(stack: Stack, questions: list[str]) -> None:
    for question in questions:
        assert_same_matches(stack, terms_of(question), 40)
        assert_same_feedback(stack, terms_of(question))


def test_what_is_kept_of_long_lists_is_forgotten_but_for_frequent_terms() -> None:
    words = [f"w{number}x" for number in range(520)]
    corpus = [[words[(number + 17 * at) % 520] for at in range(30)] for number in range(19_000)]
    corpus = [["all", *each] for each in corpus]
    searcher = searcher_of(Index(corpus))
    asked = [["all", word] for word in words]
    once, again = ([_ten_best(searcher, terms) for terms in asked] for _ in range(2))
    assert once == again


def _ten_best(searcher: Searcher, terms: list[str]) -> tuple[list[int], list[float]]:
    docs, scores = best_of(searcher, 1, terms, 10)
    return docs.tolist(), scores.tolist()
