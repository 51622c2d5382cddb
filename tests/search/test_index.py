"""Tests of the index: scores equal rank_bm25's, and the order equals bm25s's."""

from __future__ import annotations

import math
import random
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from bot.search.bm25 import document_terms, inverter, native, postings
from bot.search.bm25.idf import lucene_idf
from bot.search.index import K1, B, Index
from bot.search.query import Phrase
from tests.kernels import Kernels, by_kernels, by_name, without_kernels
from tests.strategies import corpora, queries


class Dense(BM25Okapi):  # type: ignore[misc]  # rank_bm25 ships no types
    """rank_bm25's own scoring, with Lucene's weights."""

    def _calc_idf(self, nd: dict[str, int]) -> None:
        self.idf = {term: lucene_idf(self.corpus_size, holding) for term, holding in nd.items()}


@given(corpora.filter(lambda corpus: any(corpus)), queries, by_kernels)
def test_scores_are_rank_bm25s_to_the_last_bit(
    corpus: list[list[str]], query: list[str], kernels: Kernels
) -> None:
    with kernels():
        ours = Index(corpus, k1=1.2, b=0.75)
    theirs = Dense(corpus, k1=1.2, b=0.75)
    assert ours.get_scores(query).tolist() == theirs.get_scores(query).tolist()
    everyone = list(range(len(corpus)))[::-1]
    assert ours.get_batch_scores(query, everyone) == theirs.get_batch_scores(query, everyone)


@pytest.mark.parametrize("chunk", [500, inverter.BATCH, None])
def test_scores_are_the_same_for_more_kinds_of_posting_than_codes(
    chunk: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if chunk:
        monkeypatch.setattr(inverter, "BATCH", chunk)
        monkeypatch.setattr(native, "kernels", None)
    # Each document has a length and a frequency of its own: some 800 pairs, with 255 codes.
    corpus = [["ai"] * (1 + n % 37) + ["chip"] * (n % 11) + ["us"] * n for n in range(400)]
    ours, theirs = Index(corpus), Dense(corpus, k1=K1, b=B)
    for query in (["ai"], ["chip", "us"], ["us", "ai", "chip"]):
        assert ours.get_scores(query).tolist() == theirs.get_scores(query).tolist()


@given(corpora, queries)
def test_a_document_matches_when_it_holds_a_term(corpus: list[list[str]], query: list[str]) -> None:
    matches = Index(corpus).match(query)
    holding = [doc for doc, terms in enumerate(corpus) if set(query) & set(terms)]
    assert matches.docs.tolist() == holding
    assert matches.terms.tolist() == [sum(term in corpus[doc] for term in query) for doc in holding]
    assert (matches.scores > 0).all()


@given(corpora, queries, st.integers(0, 15))
def test_a_search_gives_the_best_k_and_ties_in_document_order(
    corpus: list[list[str]], query: list[str], k: int
) -> None:
    index = Index.build([" ".join(terms) for terms in corpus], feedback=0)
    docs, scores = index.search(" ".join(query), k)
    assert (docs.dtype.name, scores.dtype.name) == ("int64", "float64")
    terms = [term for term in dict.fromkeys(query) if term != "of"] or list(dict.fromkeys(query))
    dense = index.get_scores([index.analyzer.terms(term)[0] for term in terms])
    expected = sorted(np.flatnonzero(dense), key=lambda doc: (-dense[doc], doc))[:k]
    assert docs.tolist() == [int(doc) for doc in expected]
    assert scores.tolist() == [float(dense[doc]) for doc in expected]


def zipf(documents: int, seed: int, *, longest: int = 30) -> tuple[list[list[str]], list[str]]:
    """Documents of words as frequent as words are, some far longer; and the words."""
    dice = np.random.default_rng(seed)
    words = [f"w{rank}" for rank in range(3000)]
    odds = 1 / np.arange(1, 3001)
    drawn = iter(dice.choice(3000, documents * longest, p=odds / odds.sum()).tolist())
    corpus = [
        [words[next(drawn)] for _ in range(length)]
        for length in dice.integers(1, longest, documents).tolist()
    ]
    return [*corpus, *([words[0]] * n for n in range(300))], words  # more pairs than codes


@pytest.mark.parametrize("kernels", ["with", "without"])
@pytest.mark.parametrize("seed", [57, 58])
def test_the_best_are_found_where_words_become_more_frequent_by_and_by(
    seed: int, kernels: str
) -> None:
    dice = np.random.default_rng(seed)
    corpus = [["z"] * int(times) for times in np.linspace(20, 0, 16384)]
    for word in "abcd":
        rate = 10 ** dice.uniform(-2.5, 0) * np.linspace(0, 1, len(corpus)) ** 3
        for at in np.flatnonzero(dice.random(len(corpus)) < rate):
            corpus[at] += [word] * int(dice.integers(1, 4))
    with by_name[kernels]():
        index = Index(corpus, feedback=0)
    for terms in (["a", "z"], ["b", "z"], ["c", "z"], ["d", "z"], ["a", "b", "c", "d", "z"]):
        dense = index.get_scores(terms)
        expected = np.lexsort((np.arange(len(dense)), -dense))[:100]
        assert index.best(terms, 100)[0].tolist() == expected.tolist()


@pytest.mark.parametrize("kernels", ["with", "without"])
def test_the_best_of_a_large_index_are_those_of_all_scores(kernels: str) -> None:
    corpus, words = zipf(12_000, 5)
    with by_name[kernels]():
        index = Index(corpus, feedback=0)
    dice = random.Random(5)  # noqa: S311  # the same questions each time, no secret
    for number in range(200):
        top = (3, 40, 3000)[number % 3]  # words of most documents, of many, of any
        terms = [words[int(dice.random() ** 2 * top)] for _ in range(dice.randint(1, 9))]
        dense = index.get_scores(terms)
        matching = np.flatnonzero(dense)
        for k in (1, 10, 300):
            docs, scores = index.best(terms, k)
            expected = matching[np.lexsort((matching, -dense[matching]))[:k]]
            assert docs.tolist() == expected.tolist()
            assert scores.tolist() == dense[expected].tolist()


@pytest.mark.skipif(native.kernels is None, reason="the kernels are not built")
@pytest.mark.parametrize("longest", [30, 400])
def test_kernels_make_what_numpy_makes_to_the_last_bit(longest: int) -> None:
    corpus, words = zipf(3_000, longest, longest=longest)
    ours = Index(corpus)
    with without_kernels():
        plain = Index(corpus)
    assert ours.postings.lists.indptr.tolist() == plain.postings.lists.indptr.tolist()
    assert ours.postings.lists.docs.tolist() == plain.postings.lists.docs.tolist()
    dice = random.Random(longest)  # noqa: S311  # the same questions each time, no secret
    for _ in range(60):
        terms = [words[int(dice.random() ** 3 * 3000)] for _ in range(dice.randint(1, 6))]
        matches, expected = ours.match(terms), plain.match(terms)
        assert matches.docs.tolist() == expected.docs.tolist()
        assert matches.scores.tolist() == expected.scores.tolist()
        assert matches.terms.tolist() == expected.terms.tolist()
        question = " ".join(terms)
        for one, other in zip(ours.search(question, 50), plain.search(question, 50), strict=True):
            assert one.tolist() == other.tolist()


@given(corpora, st.lists(st.sampled_from(["ai", "chip", "us"]), min_size=1, max_size=3))
def test_a_phrase_is_where_its_words_stand_side_by_side(
    corpus: list[list[str]], phrase: list[str]
) -> None:
    expected = [
        doc
        for doc, terms in enumerate(corpus)
        if any(terms[at : at + len(phrase)] == phrase for at in range(len(terms)))
    ]
    assert Index(corpus).holding(Phrase("", tuple(phrase))).tolist() == expected


@given(corpora)
def test_a_search_keeps_to_its_phrase_and_to_what_is_left_out(corpus: list[list[str]]) -> None:
    texts = [" ".join(terms) for terms in corpus]
    index = Index.build(texts)
    found = index.search('"ai chip" port -us', 20)[0].tolist()
    holding = [text for text in texts if "ai chip" in text]
    assert all("us" not in corpus[doc] for doc in found)
    if holding:
        assert all("ai chip" in texts[doc] for doc in found)
    wanted = {"ai", "chip", "port"}
    expected = [
        doc
        for doc, terms in enumerate(corpus)
        if "us" not in terms and ("ai chip" in texts[doc] if holding else wanted & set(terms))
    ]
    assert sorted(found) == expected


def test_what_tweets_say_may_wait_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = [["ai", "chip", f"w{n % 7}"] for n in range(300)]
    bare = Index(corpus)
    monkeypatch.setattr(document_terms, "IN_MEMORY", 50)
    monkeypatch.setattr(postings, "BUFFERED", 100)
    filed = Index(corpus)
    phrase = Phrase("chip w3", ("chip", "w3"))
    assert len(filed.holding(phrase)) > 40
    assert filed.holding(phrase).tolist() == bare.holding(phrase).tolist()
    for one, other in zip(filed.search("chip w3", 50), bare.search("chip w3", 50), strict=True):
        assert one.tolist() == other.tolist()


@given(corpora)
def test_the_index_knows_how_many_documents_hold_each_term(corpus: list[list[str]]) -> None:
    index = Index(corpus)
    assert len(index) == len(corpus)
    for term in [*{term for terms in corpus for term in terms}, "absent"]:
        assert index.document_frequency(term) == sum(term in terms for terms in corpus)


@given(st.integers(1, 10_000), st.data())
def test_a_terms_weight_is_above_zero_and_the_rarer_the_higher(
    documents: int, data: st.DataObject
) -> None:
    holding = data.draw(st.integers(1, documents))
    assert lucene_idf(documents, holding) > 0
    assert lucene_idf(documents, holding) < lucene_idf(documents, holding - 1)
    assert math.isclose(lucene_idf(documents, holding), math.log((documents + 1) / (holding + 0.5)))


def test_an_empty_library_answers_with_nothing() -> None:
    index = Index([])
    docs, scores = index.search("anything at all", 10)
    assert (len(index), docs.tolist(), scores.tolist()) == (0, [], [])
    assert index.get_scores(["ai"]).tolist() == []


def test_tweets_without_a_word_are_counted_and_never_found() -> None:
    index = Index.build(["🔥", "", "…"])
    assert len(index) == 3
    assert index.search("🔥 anything", 10)[0].tolist() == []


def test_the_only_tweet_is_found_by_its_word() -> None:
    docs, scores = Index.build(["The ports grow quiet."]).search("quiet port", 5)
    assert docs.tolist() == [0]
    assert scores[0] > 0


def test_a_word_of_every_tweet_finds_every_tweet() -> None:
    index = Index.build(["ports", "ports ports", "ports and cranes and ships and quays"])
    docs, scores = index.search("ports", 5)
    assert sorted(docs.tolist()) == [0, 1, 2]
    assert (scores > 0).all()


def test_a_negative_k_is_refused() -> None:
    with pytest.raises(ValueError, match="k is -1"):
        Index([["ai"]]).search("ai", -1)


def test_what_the_index_is_made_of_cannot_be_written_to() -> None:
    index = Index([["ai", "chip"], ["ai"]])
    assert not index.doc_len.flags.writeable
    found = index.postings.of(0)
    for each in (found[0], found[1], *index.postings.pairs):
        with pytest.raises(ValueError, match="read-only"):
            each[:1] = 0


def test_what_a_search_returns_does_not_reach_back_into_the_index() -> None:
    index = Index([["ai", "chip"], ["ai"]])
    before = index.get_scores(["ai"]).tolist()
    matches = index.match(["ai"])
    matches.scores[:] = 0
    matches.docs[:] = 0
    assert index.get_scores(["ai"]).tolist() == before


def test_a_batch_may_ask_for_a_document_twice_or_for_none() -> None:
    index = Index([["ai"], ["chip"], ["ai", "ai"]])
    assert index.get_batch_scores(["ai"], []) == []
    once = index.get_batch_scores(["ai"], [2])
    assert index.get_batch_scores(["ai"], [2, 1, 2]) == [*once, 0.0, *once]


def test_rank_bm25s_other_methods_work_on_it() -> None:
    index = Index([["ai"], ["chip"], ["ai", "ai"]])
    assert index.get_top_n(["chip"], ["a", "b", "c"], n=1) == ["b"]


def test_bm25s_scores_in_the_same_proportion() -> None:
    bm25s = pytest.importorskip("bm25s")
    corpus = [["ai", "chip"], ["chip", "chip", "port"], ["us", "ai", "port", "zinc"], ["of"]]
    theirs = bm25s.BM25(method="lucene", k1=K1, b=B)
    theirs.index(corpus, show_progress=False)
    for query in (["ai"], ["chip", "port"], ["zinc", "us", "chip"]):
        scaled = theirs.get_scores(query) * (K1 + 1)
        np.testing.assert_allclose(Index(corpus).get_scores(query), scaled, rtol=1e-5)


def test_questions_in_several_threads_do_not_disturb_each_other() -> None:
    words = [f"w{number}" for number in range(40)]
    dice = np.random.default_rng(3)
    index = Index([[words[at] for at in dice.integers(0, 40, 8)] for _ in range(3_000)])
    asked = [f"{one} {other}" for one, other in zip(words, words[7:] + words[:7], strict=True)] * 5
    alone = [index.search(each, 10)[1].tolist() for each in asked]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda each: index.search(each, 10)[1].tolist(), asked))
    assert together == alone


def test_kernels_of_another_version_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (native.built() is None) == (native.kernels is None)
    if native.kernels is None:
        pytest.skip("the kernels are not built")
    monkeypatch.setattr(native, "VERSION", -1)
    assert native.built() is None


def test_without_built_kernels_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bot.search.bm25._kernels", None)
    monkeypatch.delattr("bot.search.bm25._kernels", raising=False)
    assert native.built() is None


@pytest.mark.parametrize("feedback", [0.0, 0.3])
@pytest.mark.parametrize("kernels", ["with", "without"])
@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("chip curbs", {0, 1, 2, 3}),
        ("chip OR curbs", {0, 1, 2, 3}),
        ('"chip curbs"', {0, 3}),
        ('chip "chip curbs"', {0, 3}),
        ('"chip curbs" "export chip"', {3}),
        ("chip -curbs", {1}),
        ('chip -"chip curbs"', {1, 2}),
        ('"chip curbs" -export', {0}),
        ('"zebra curbs"', {0, 2, 3}),
    ],
)
def test_phrases_and_what_is_left_out_narrow_a_search(
    question: str, expected: set[int], kernels: str, feedback: float
) -> None:
    texts = ["chip curbs", "a chip", "curbs on a chip", "export chip curbs", "ports"]
    with by_name[kernels]():
        index = Index.build(texts, feedback=feedback)
        docs, scores = index.search(question, 10)
        first, _ = index.search(question, 1)
    assert set(docs.tolist()) == expected
    assert first.tolist() == docs[:1].tolist()
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)


@pytest.mark.parametrize("gathered", [1, 7, 10_000])
def test_documents_are_taken_in_so_many_terms_at_a_time(
    gathered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings, "BUFFERED", gathered)
    corpus = [["ai", "chip"], [], ["chip", "us", "us"], ["port"] * 9]
    index = Index(corpus)
    terms = list(index.postings)
    said = [[terms[each] for each in index.forward.of(np.array([doc]))[0]] for doc in range(4)]
    assert said == corpus


def test_an_index_comes_back_from_its_arrays() -> None:
    index = Index.build(["chip curbs", "a chip on a chip", "", "ports"])
    again = Index.from_arrays(index.to_arrays(), index.analyzer)
    for question in ("chip", '"chip curbs"', "ports chip", "zebra"):
        one, other = index.search(question, 5), again.search(question, 5)
        assert [each.tolist() for each in one] == [each.tolist() for each in other]
    assert list(again.postings) == list(index.postings)


@given(corpora.filter(lambda corpus: any(corpus)), queries, st.integers(1, 9))
def test_scores_are_the_same_when_postings_are_sorted_in_several_runs(
    corpus: list[list[str]], query: list[str], chunk: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inverter, "BATCH", chunk)
        with without_kernels():
            ours = Index(corpus, k1=1.2, b=0.75)
    assert (
        ours.get_scores(query).tolist() == Dense(corpus, k1=1.2, b=0.75).get_scores(query).tolist()
    )
