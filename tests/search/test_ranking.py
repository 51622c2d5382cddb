"""Tests of ranking threads."""

from __future__ import annotations

import random
from collections import Counter
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search import ranking
from bot.search.analyzer import Analyzer
from bot.search.feedback import FIRST, boosts, learn
from bot.search.first_tweets import WEIGHT
from bot.search.index import Index
from bot.search.query import parse
from bot.search.ranking import Ranking, rank
from bot.search.threads import Threads

ANALYZER = Analyzer()
libraries = st.lists(
    st.lists(
        st.lists(st.sampled_from(["port", "ship", "crane", "rice"]), max_size=4).map(" ".join),
        min_size=1,
        max_size=4,
    ),
    max_size=5,
)


def ranked(library: list[list[str]], question: str, limit: int) -> Ranking:
    """What `question` finds in `library`, threads as lists of tweets."""
    index = Index.build((text for thread in library for text in thread), analyzer=ANALYZER)
    return rank(index, parse(question, ANALYZER), threads_of(library), limit)


def threads_of(library: list[list[str]]) -> Threads:
    """Which tweets of `library` are of which thread."""
    starts = list(accumulate((len(thread) for thread in library), initial=0))
    return Threads.at(np.array(starts[:-1], dtype=np.int64), starts[-1])


def apart(tweets: int) -> Threads:
    """Threads of one tweet each."""
    return Threads.at(np.arange(tweets), tweets)


@given(libraries, st.sampled_from(["port", "ship rice", "crane zebra", "zebra"]), st.integers(0, 6))
def test_every_matching_tweet_is_counted_in_its_own_thread(
    library: list[list[str]], question: str, limit: int
) -> None:
    wanted = set(question.split())
    held = {
        (number, place): len(wanted & set(text.split()))
        for number, thread in enumerate(library)
        for place, text in enumerate(thread, start=1)
        if wanted & set(text.split())
    }
    found = ranked(library, question, limit)
    assert found.tweets_found == len(held)
    assert found.threads_found == len({number for number, _ in held})
    assert found.words_matched == max(held.values(), default=0)
    assert found.tweets_with_most == sum(each == found.words_matched for each in held.values())
    for each in found.threads:
        places = sorted(place for number, place in held if number == each.thread)
        assert set(each.positions) <= set(places)
        assert each.tweets_found == len(places)


@given(libraries, st.sampled_from(["port", "ship rice"]))
def test_threads_come_by_their_best_tweet_and_ties_in_order(
    library: list[list[str]], question: str
) -> None:
    found = ranked(library, question, 99).threads
    keys = [(-each.scores[0], each.thread) for each in found]
    assert keys == sorted(keys)
    for each in found:
        inside = list(zip([-score for score in each.scores], each.positions, strict=True))
        assert inside == sorted(inside)


@given(
    libraries,
    st.sampled_from(["port", "ship rice", "port ship crane", "zebra", "port zebra"]),
    st.integers(1, 4),
    st.none() | st.integers(1, 3),
)
def test_pages_equal_those_of_all_tweets_sorted(
    library: list[list[str]], question: str, limit: int, cap: int | None
) -> None:
    index = Index.build((text for thread in library for text in thread), analyzer=ANALYZER)
    starts = threads_of(library)
    query = parse(question, ANALYZER)
    whole = rank(index, query, starts, 99)
    apart = rank(index, query, starts, 99, page=2).threads if whole.pages > 1 else ()
    scores = {
        (each.thread, position): score
        for each in (*whole.threads, *apart)
        for position, score in zip(each.positions, each.scores, strict=True)
    }
    pages: list[list[tuple[int, int]]] = []
    used: Counter[int] = Counter()  # of all pages together
    for some in (whole.threads, apart):
        listed: list[tuple[int, int]] = []
        tweets = [(each.thread, position) for each in some for position in each.positions]
        for tweet in sorted(tweets, key=lambda each: (-scores[each], each)):
            if cap is None or used[tweet[0]] < cap:
                listed.append(tweet)
                used[tweet[0]] += 1
        pages += [listed[at : at + limit] for at in range(0, len(listed), limit)]
    groups = 0
    for number, wanted in enumerate(pages, start=1):
        page = rank(index, query, starts, limit, page=number, cap=cap)
        shown = [(each.thread, position) for each in page.threads for position in each.positions]
        assert sorted(shown) == sorted(wanted)
        assert [each.thread for each in page.threads] == list(dict.fromkeys(t for t, _ in wanted))
        assert (page.page, page.pages, page.skipped) == (number, len(pages), groups)
        assert page.listed == used.total()
        groups += len(page.threads)
    last = rank(index, query, starts, limit, page=99, cap=cap)
    final = rank(index, query, starts, limit, page=max(len(pages), 1), cap=cap)
    assert (last.threads, last.page, last.skipped) == (final.threads, final.page, final.skipped)


def test_a_thread_has_as_many_tweets_on_all_pages_as_the_cap_whatever_is_set_apart() -> None:
    library = [["crane", *["port ship"] * 3, *["port"] * 4], ["port rice", "port"]]
    index = Index.build((text for thread in library for text in thread), analyzer=ANALYZER)
    starts, query = threads_of(library), parse("port ship", ANALYZER)
    pages = [rank(index, query, starts, 4, page=number, cap=4) for number in (1, 2, 3)]
    shown = [sum(len(each.positions) for each in page.threads) for page in pages[:2]]
    assert (shown, pages[0].listed, pages[0].pages, pages[2].page) == ([3, 3], 6, 2, 2)
    alone = Index.build(library[0], analyzer=ANALYZER)
    for number in (1, 2):
        page = rank(alone, query, threads_of(library[:1]), 4, page=number, cap=3)
        assert (page.page, page.pages, page.listed) == (1, 1, 3)


def test_single_words_are_set_apart_where_a_tweet_has_all() -> None:
    library = [["port ship"], ["port crane"], ["ship", "port rice"]]
    index = Index.build((text for thread in library for text in thread), analyzer=ANALYZER)
    starts, query = threads_of(library), parse("port ship", ANALYZER)
    first = rank(index, query, starts, 9)
    assert {(each.thread, each.positions, each.partial) for each in first.threads} == {
        (0, (1,), False),
        (2, (2,), False),  # its thread's first tweet has the other word
    }
    rest = rank(index, query, starts, 9, page=2)
    assert {(each.thread, each.positions, each.partial) for each in rest.threads} == {
        (1, (1,), True),
        (2, (1,), True),
    }
    assert (first.pages, rest.page, rest.skipped, rest.tweets_found) == (2, 2, 2, 4)
    assert (first.apart, rest.apart) == (2, 2)


def brute(
    index: Index,
    library: list[list[str]],
    words: list[str],
    allowed: list[bool],
    cap: int | None,
) -> tuple[list[tuple[int, float]], list[tuple[int, float]]]:
    """All pages' tweets, each with its score, by another way; those set apart are the second."""
    firsts = [sum(map(len, library[:at])) for at, each in enumerate(library) for _ in each]
    thread = [at for at, each in enumerate(library) for _ in each]
    held = [{w for w in words if w in text.split()} for each in library for text in each]
    scores, found = {}, [at for at, each in enumerate(held) if each and allowed[at]]
    for doc in found:
        scores[doc] = sum(index.contribution(w, doc) for w in words)
        for word in words:
            if word not in held[doc]:
                scores[doc] += WEIGHT * index.contribution(word, firsts[doc])
    best = np.array(sorted(found, key=lambda each: (-scores[each], each))[: ranking.MAX_RERANKED])
    if len(best):
        learned = learn(index, best[:FIRST], np.array([scores[each] for each in best[:FIRST]]))
        added = index.feedback * boosts(index, learned, best)
        for doc, boost in zip(best.tolist(), added.tolist(), strict=True):
            scores[doc] += boost
    all_words = any(len(held[each]) == len(words) for each in found)
    single = [
        each
        for each in found
        if all_words and len(words) > 1 and len(held[each] | held[firsts[each]]) < 2
    ]
    shown: list[int] = []  # on all pages: the cap is for both kinds together
    lists: tuple[list[tuple[int, float]], list[tuple[int, float]]] = [], []
    for listed, some in zip(lists, ([e for e in found if e not in single], single), strict=True):
        for doc in sorted(some, key=lambda each: (-scores[each], each)):
            if cap is None or sum(thread[each] == thread[doc] for each in shown) < cap:
                shown.append(doc)
                listed.append((doc, scores[doc]))
    return lists


@given(
    library=st.lists(
        st.lists(
            st.lists(st.sampled_from(["port", "ship", "crane", "rice"]), max_size=3).map(" ".join),
            min_size=1,
            max_size=5,
        ),
        max_size=7,
    ),
    question=st.sampled_from(["port", "ship rice", "port ship crane", "port zebra", "zebra"]),
    limit=st.integers(1, 4),
    cap=st.none() | st.integers(1, 3),
    reranked=st.sampled_from([2, 5, 1_000]),
    filtered=st.booleans(),
    chance=st.randoms(use_true_random=False),
)
def test_pages_and_scores_equal_those_computed_tweet_by_tweet(
    library: list[list[str]],
    question: str,
    limit: int,
    cap: int | None,
    reranked: int,
    *,
    filtered: bool,
    chance: random.Random,
) -> None:
    texts = [text for thread in library for text in thread]
    index = Index.build(texts, analyzer=ANALYZER)
    threads, query = threads_of(library), parse(question, ANALYZER)
    allowed = [not filtered or chance.random() < 0.6 for _ in texts]
    mask = np.array(allowed, np.bool_) if filtered else None
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(ranking, "MAX_RERANKED", reranked)
        main, single = brute(index, library, question.split(), allowed, cap)
        pages = [
            (some[at : at + limit], some is single)
            for some in (main, single)
            for at in range(0, len(some), limit)
        ]
        found = [
            rank(index, query, threads, limit, mask, page=number, cap=cap)
            for number in range(1, len(pages) + 1)
        ]
    for page, (wanted, is_single) in zip(found, pages, strict=True):
        assert page.pages == len(pages)
        scores = {
            int(threads.starts[each.thread]) + position - 1: score
            for each in page.threads
            for position, score in zip(each.positions, each.scores, strict=True)
        }
        assert scores == pytest.approx(dict(wanted))
        order = [doc for doc, _ in wanted]
        numbers = [int(threads.of[doc]) for doc in order]
        assert [each.thread for each in page.threads] == [*dict.fromkeys(numbers)]
        assert list(scores) == sorted(order, key=lambda each: numbers.index(int(threads.of[each])))
        assert all(each.partial == is_single for each in page.threads)


PARTS = {
    "port": "port",
    "ship": "ship",
    "yard": "yard",
    "#PortShip": "port ship",
    "#ShipYard": "ship yard",
    "#YardYard": "yard",
}


@given(
    st.lists(st.sampled_from([*PARTS]), min_size=1, max_size=4),
    st.lists(st.lists(st.sampled_from([*PARTS, "rice"]), max_size=4), max_size=5),
)
def test_a_hashtag_is_asked_for_by_its_parts_and_counted_by_them(
    asked: list[str], tweets: list[list[str]]
) -> None:
    wanted = {part for word in asked for part in PARTS[word].split()}
    held = [
        len(wanted & {part for word in tweet for part in PARTS.get(word, "").split()})
        for tweet in tweets
    ]
    question = " ".join(asked)
    found = ranked([[" ".join(each)] for each in tweets], question, 9)
    assert found.words_matched == max(held, default=0)
    assert found.tweets_with_most == sum(each == found.words_matched > 0 for each in held)
    terms = parse(question, ANALYZER).terms
    assert {each.term for each in terms if not each.parts} == wanted


@pytest.mark.parametrize("question", ["#PortShip #portship", "#portship #PortShip"])
def test_a_hashtag_has_its_parts_in_whichever_order_it_is_spelt(question: str) -> None:
    found = ranked([["portship"], ["ship"]], question, 9)
    assert (found.words_matched, found.tweets_with_most) == (2, 1)


def test_a_question_without_words_finds_nothing() -> None:
    assert ranked([["port"]], "?!", 5) == Ranking((), 0, 0, 0, 0)


def test_a_question_of_filters_alone_finds_all_that_they_allow() -> None:
    index = Index.build(["port", "ship", "crane"], analyzer=ANALYZER)
    starts, allowed = Threads.at(np.array([0, 2]), 3), np.array([False, True, True])
    found = rank(index, parse("has:link", ANALYZER), starts, 5, allowed)
    assert [(each.thread, each.positions) for each in found.threads] == [(0, (2,)), (1, (1,))]
    assert (found.tweets_found, found.threads_found, found.words_matched) == (2, 2, 0)


def test_without_feedback_the_scores_are_the_indexs_own() -> None:
    index = Index.build(["port ship", "ship", "crane"], analyzer=ANALYZER, feedback=0)
    query = parse("port ship", ANALYZER)
    found = rank(index, query, apart(3), 5)
    scores = index.get_scores([each.term for each in query.terms])
    rest = rank(index, query, apart(3), 5, page=2)
    assert [each.scores[0] for each in (*found.threads, *rest.threads)] == scores[:2].tolist()
    assert found.learned is None


def test_feedback_adds_to_the_scores_of_tweets_that_share_words_with_the_best() -> None:
    texts = ["port crane"] * 6 + ["port rice", "port port crane"]
    index = Index.build(texts, analyzer=ANALYZER, feedback=0.5)
    query = parse("port", ANALYZER)
    found = rank(index, query, apart(8), 9)
    plain = index.get_scores(["port"])
    added = {each.thread: each.scores[0] - plain[each.thread] for each in found.threads}
    assert found.learned is not None
    assert added[0] > added[6]


def test_a_page_is_passed_over_and_the_last_one_stays() -> None:
    library = [["port"]] * 5
    index = Index.build((text for thread in library for text in thread), analyzer=ANALYZER)
    query, starts = parse("port", ANALYZER), apart(5)
    pages = [rank(index, query, starts, 2, page=page) for page in (1, 2, 3, 99)]
    assert [[each.thread for each in page.threads] for page in pages] == [[0, 1], [2, 3], [4], [4]]
    assert [page.skipped for page in pages] == [0, 2, 4, 4]


def test_the_newest_of_those_with_the_most_words_come_first() -> None:
    index = Index.build(["port ship", "port", "ship port crane", "port ship"], analyzer=ANALYZER)
    days = np.array([5, 9, 7, 6], np.int32)
    found = rank(index, parse("port ship", ANALYZER), apart(4), 5, days=days)
    assert [each.thread for each in found.threads] == [2, 3, 0]
    assert found.tweets_with_most == 3


@pytest.mark.parametrize("page", [1, 2, 3, 4])
def test_a_page_beyond_the_tweets_that_are_known_is_ranked_again(
    page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = Index.build(["port ship"] * 2 + ["port", "ship"] * 3, analyzer=ANALYZER, feedback=0)
    query = parse("port ship", ANALYZER)
    whole = rank(index, query, apart(8), 2, page=page)
    assert (whole.page, whole.pages, whole.apart) == (page, 4, 6)
    for known in (1, 2, 3, 5):
        monkeypatch.setattr(ranking, "MAX_RERANKED", known)
        assert rank(index, query, apart(8), 2, page=page).threads == whole.threads
