"""A stack of layers answers as one index over all that it shows, to the last bit."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.search import ranking
from bot.search.index import Index
from bot.search.layered import IndexLayer, LayeredIndex
from bot.search.query import Phrase, parse
from bot.search.ranking import Ranking, rank
from bot.search.spelling import may_be_misspelt, repaired
from bot.search.threads import LayeredThreads, Threads
from tests.kernels import few
from tests.search.every_word import EveryWord
from tests.search.stacks import (
    ANALYZER,
    Stack,
    asked,
    assert_same_feedback,
    assert_same_matches,
    large_questions,
    large_stacks,
    small_stacks,
    terms_of,
)

questions = st.builds(
    lambda words, rest: " ".join([*words, *rest]),
    asked,
    st.lists(
        st.sampled_from(
            ['"port ship"', '"ship crane yard"', "-rice", '-"yard of"', '"absent port"']
        ),
        max_size=2,
    ),
)


@given(small_stacks())
def test_a_stack_has_the_terms_and_statistics_of_one_index(stack: Stack) -> None:
    many, one = stack.stack, stack.one
    assert len(many) == len(one)
    assert (many.size, one.size) == (len(stack.masked), len(one))
    assert sorted(many.terms()) == sorted(one.terms())
    assert {term: many.idf[term] for term in many.idf} == dict(one.idf)
    assert len(many.idf) == len(one.idf)
    assert many.terms_with("ship") == one.terms_with("ship")
    for term in [*one.terms(), "absent", "rice"]:
        assert many.document_frequency(term) == one.document_frequency(term)
        assert (term in many.idf) == (term in one.idf)


@given(small_stacks(), asked, st.integers(0, 12))
def test_what_matches_scores_as_in_one_index(stack: Stack, words: list[str], k: int) -> None:
    assert_same_matches(stack, terms_of(" ".join([*words, *words[:1]])), k)
    assert_same_feedback(stack, terms_of(" ".join(words)))


@few
@given(large_stacks(), st.lists(large_questions, min_size=3, max_size=3))
def test_a_large_stack_scores_as_one_index(stack: Stack, asked: list[str]) -> None:
    for question in asked:
        assert_same_matches(stack, terms_of(question), 40)
        assert_same_feedback(stack, terms_of(question))


@given(small_stacks(), questions)
def test_phrases_and_exclusions_allow_what_they_allow_in_one_index(
    stack: Stack, question: str
) -> None:
    query = parse(question, ANALYZER)
    ours, theirs = stack.stack.allowed(query), stack.one.allowed(query)
    assert (ours is None) == (theirs is None)
    if ours is not None and theirs is not None:
        assert ours.tolist() == stack.in_stack(theirs).tolist()
    for text in ("port", "port ship", "of", "absent", ""):
        phrase = Phrase(text, tuple(terms_of(text)))
        holding = stack.stack.holding(phrase)
        assert holding.dtype == np.int64
        assert holding.tolist() == sorted(stack.moved(stack.one.holding(phrase)))
    every = np.arange(stack.stack.size)
    assert stack.stack.live(every).tolist() == every[~stack.masked].tolist()
    assert stack.one.live(every[:1]).tolist() == every[:1].tolist()


def in_order(stack: Stack) -> Stack:
    """The same with its layers in the order of their documents, so ties go by number in both."""
    order = {each.order: number for number, each in enumerate(stack.placed)}
    placed = [replace(each, order=order[each.order]) for each in stack.placed]
    return stack.again(placed)


@given(small_stacks().map(in_order), questions, st.integers(0, 12))
def test_a_search_finds_what_it_finds_in_one_index(stack: Stack, question: str, k: int) -> None:
    docs, scores = stack.stack.search(question, k)
    expected, theirs = stack.one.search(question, k)
    assert docs.tolist() == stack.moved(expected)
    assert scores.tolist() == theirs.tolist()


@few
@given(large_stacks().map(in_order), large_questions, st.sampled_from([0, 3, 40, 200]))
def test_a_search_finds_in_a_large_stack_what_it_finds_in_one_index(
    stack: Stack, question: str, k: int
) -> None:
    docs, scores = stack.stack.search(question, k)
    expected, theirs = stack.one.search(question, k)
    assert docs.tolist() == stack.moved(expected)
    assert scores.tolist() == theirs.tolist()


def assert_same_ranking(stack: Stack, ours: Ranking, theirs: Ranking) -> None:
    """Both found the same."""
    expected = tuple(
        replace(each, thread=stack.thread_numbers[each.thread]) for each in theirs.threads
    )
    assert replace(ours, learned=None) == replace(theirs, threads=expected, learned=None)
    assert (ours.learned is None) == (theirs.learned is None)
    if ours.learned is not None and theirs.learned is not None:
        assert ours.learned.weights.tolist() == theirs.learned.weights.tolist()
        mine = stack.stack.learned_terms(ours.learned)
        assert mine == stack.one.learned_terms(theirs.learned)


def assert_ranks_the_same(
    stack: Stack,
    question: str,
    *,
    limit: int,
    cap: int | None,
    set_apart: bool,
    newest: bool,
    filtered: bool,
    dice: np.random.Generator,
) -> None:
    """All pages are the same."""
    query = parse(question, ANALYZER)
    days = None
    if newest:
        choice = [ranking.UNDATED, *range(int(dice.integers(0, 4)))]  # some or all have no date
        days = dice.choice(choice, len(stack.one)).astype(np.int32)
    allowed = stack.one.allowed(query)
    if filtered or not query.terms:
        by_filter = dice.random(len(stack.one)) < 0.7
        allowed = by_filter if allowed is None else allowed & by_filter
    mask: NDArray[np.bool_] | None = None
    if allowed is not None:
        mask = stack.in_stack(allowed)
        if filtered:  # filters do not know what is masked
            mask = mask | stack.masked
    column = None if days is None else stack.in_stack(days)
    for page in range(1, 9):
        ask = partial(rank, query=query, limit=limit, page=page, cap=cap, set_apart=set_apart)
        theirs = ask(stack.one, threads=stack.threads, allowed=allowed, days=days)
        ours = ask(stack.stack, threads=stack.stacked, allowed=mask, days=column)
        assert_same_ranking(stack, ours, theirs)
        if page > theirs.pages:
            break


@given(
    stack=small_stacks(),
    question=questions,
    limit=st.integers(0, 4),
    cap=st.none() | st.integers(1, 3),
    set_apart=st.booleans(),
    newest=st.booleans(),
    filtered=st.booleans(),
    reranked=st.sampled_from([1, 2, 5, 1_000]),
    seed=st.integers(0, 2**32 - 1),
)
def test_pages_are_those_of_one_index(
    stack: Stack,
    question: str,
    limit: int,
    cap: int | None,
    reranked: int,
    seed: int,
    *,
    set_apart: bool,
    newest: bool,
    filtered: bool,
) -> None:
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(ranking, "MAX_RERANKED", reranked)
        assert_ranks_the_same(
            stack,
            question,
            limit=limit,
            cap=cap,
            set_apart=set_apart,
            newest=newest,
            filtered=filtered,
            dice=np.random.default_rng(seed),
        )


@few
@given(
    large_stacks(),
    large_questions,
    st.sampled_from([20, 100, 1_000]),
    st.sampled_from([None, 5]),
    st.tuples(st.booleans(), st.booleans(), st.booleans()),
)
def test_pages_of_a_large_stack_are_those_of_one_index(
    stack: Stack,
    question: str,
    reranked: int,
    cap: int | None,
    options: tuple[bool, bool, bool],
) -> None:
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(ranking, "MAX_RERANKED", reranked)
        for limit in (7, 90):
            assert_ranks_the_same(
                stack,
                question,
                limit=limit,
                cap=cap,
                set_apart=options[0],
                newest=options[1],
                filtered=options[2],
                dice=np.random.default_rng(1),
            )


@given(small_stacks(), asked)
def test_the_same_words_are_repaired_in_the_same_way(stack: Stack, words: list[str]) -> None:
    query = parse(" ".join(words), ANALYZER)
    assert may_be_misspelt(query, stack.stack) == may_be_misspelt(query, stack.one)
    ours = EveryWord({term: term for term in stack.stack.terms()})
    theirs = EveryWord({term: term for term in stack.one.terms()})
    assert repaired(query, stack.stack, ours) == repaired(query, stack.one, theirs)


def test_one_layer_without_masks_is_its_index() -> None:
    index = Index.build(["port ship", "ship"], analyzer=ANALYZER)
    none = np.zeros(2, np.bool_)
    assert LayeredIndex.of([IndexLayer(index, None)]) is index
    assert LayeredIndex.of([IndexLayer(index, none)]) is index
    assert isinstance(LayeredIndex.of([IndexLayer(index, ~none)]), LayeredIndex)
    assert isinstance(LayeredIndex.of([IndexLayer(index, None)] * 2), LayeredIndex)


def test_a_stack_shares_the_arrays_of_its_layers() -> None:
    index = Index.build(["port ship", "ship"], analyzer=ANALYZER)
    view = index.viewed(9.0)
    assert view.avgdl == 9.0
    assert index.avgdl == 1.5
    assert view.postings is index.postings
    assert view.forward is index.forward
    assert view.doc_len is index.doc_len
    tf, lengths = np.array([1]), np.array([2])
    assert index.share(tf, lengths).tolist() != view.share(tf, lengths).tolist()


def test_no_stack_is_searched_for_less_than_nothing() -> None:
    stack = LayeredIndex([IndexLayer(Index.build(["port"], analyzer=ANALYZER), None)])
    with pytest.raises(ValueError, match="k is -1"):
        stack.search("port", -1)


@pytest.mark.parametrize("masked", [1, 2, 40, 199, 200])
def test_the_terms_of_few_and_of_many_masked_documents_are_left_out(masked: int) -> None:
    texts = ["port ship port", "ship", "crane ship", "port", "rice port", "yard", "zinc", ""] * 25
    texts[7] = "only here"
    gone = np.zeros(len(texts), np.bool_)
    gone[np.random.default_rng(masked).permutation(len(texts))[:masked]] = True
    gone[7] = True
    stack = LayeredIndex([IndexLayer(Index.build(texts, analyzer=ANALYZER), gone)])
    left = [text for text, masked in zip(texts, gone.tolist(), strict=True) if not masked]
    one = Index.build(left, analyzer=ANALYZER)
    assert dict(stack.idf) == dict(one.idf)
    assert (
        stack.match(["port", "ship"]).scores.tolist() == one.match(["port", "ship"]).scores.tolist()
    )


def test_filters_alone_find_nothing_that_is_masked() -> None:
    gone = np.array([False, False, True, False])
    index = Index.build(["port", "ship", "crane", "rice"], analyzer=ANALYZER)
    stack = LayeredIndex([IndexLayer(index, gone), IndexLayer(index, None)])
    each = Threads.at(np.array([0, 2, 3]), 4)
    threads = LayeredThreads([(each, np.array([1, 2, 5])), (each, np.array([0, 3, 4]))])
    found = rank(stack, parse("has:link", ANALYZER), threads, 9, np.ones(8, np.bool_))
    assert [(each.thread, each.positions) for each in found.threads] == [
        (3, (1, 2)),
        (0, (1, 2)),
        (4, (1,)),
        (5, (1,)),
        (2, (1,)),
    ]
    assert (found.tweets_found, found.threads_found) == (7, 5)
