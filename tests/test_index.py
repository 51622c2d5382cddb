"""The index: rank_bm25 is the oracle for its scores, bm25s for their order."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from bot import postings
from bot.index import Index, lucene_idf
from tests.strategies import corpora

queries = st.lists(
    st.sampled_from(["ai", "chip", "us", "port", "of", "zinc", "absent"]), max_size=5
)


class Dense(BM25Okapi):  # type: ignore[misc]  # rank_bm25 ships no types
    """rank_bm25's own scoring, with Lucene's weights."""

    def _calc_idf(self, nd: dict[str, int]) -> None:
        self.idf = {term: lucene_idf(self.corpus_size, holding) for term, holding in nd.items()}


@given(corpora.filter(lambda corpus: any(corpus)), queries)
def test_scores_are_rank_bm25s_to_the_last_bit(corpus: list[list[str]], query: list[str]) -> None:
    ours, theirs = Index(corpus, k1=1.2, b=0.75), Dense(corpus, k1=1.2, b=0.75)
    assert ours.get_scores(query).tolist() == theirs.get_scores(query).tolist()
    everyone = list(range(len(corpus)))[::-1]
    assert ours.get_batch_scores(query, everyone) == theirs.get_batch_scores(query, everyone)


@given(corpora.filter(lambda corpus: any(corpus)), queries, st.integers(1, 9))
def test_scores_are_the_same_when_postings_are_sorted_in_several_runs(
    corpus: list[list[str]], query: list[str], chunk: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postings, "CHUNK", chunk)
        ours = Index(corpus, k1=1.2, b=0.75)
    assert (
        ours.get_scores(query).tolist() == Dense(corpus, k1=1.2, b=0.75).get_scores(query).tolist()
    )


@pytest.mark.parametrize("chunk", [500, postings.CHUNK])
def test_scores_are_the_same_for_more_kinds_of_posting_than_codes(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings, "CHUNK", chunk)
    # Each document has a length and a frequency of its own: some 800 pairs, with 255 codes.
    corpus = [["ai"] * (1 + n % 37) + ["chip"] * (n % 11) + ["us"] * n for n in range(400)]
    ours, theirs = Index(corpus), Dense(corpus, k1=0.9, b=0.4)
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
    index = Index.build([" ".join(terms) for terms in corpus])
    docs, scores = index.search(" ".join(query), k)
    assert (docs.dtype.name, scores.dtype.name) == ("int64", "float64")
    terms = [term for term in dict.fromkeys(query) if term != "of"] or list(dict.fromkeys(query))
    dense = index.get_scores([index.analyzer.terms(term)[0] for term in terms])
    expected = sorted(np.flatnonzero(dense), key=lambda doc: (-dense[doc], doc))[:k]
    assert docs.tolist() == [int(doc) for doc in expected]
    assert scores.tolist() == [float(dense[doc]) for doc in expected]


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
    found = index.postings.of("ai")
    assert found is not None
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
    theirs = bm25s.BM25(method="lucene", k1=0.9, b=0.4)
    theirs.index(corpus, show_progress=False)
    for query in (["ai"], ["chip", "port"], ["zinc", "us", "chip"]):
        scaled = theirs.get_scores(query) * (0.9 + 1)
        np.testing.assert_allclose(Index(corpus).get_scores(query), scaled, rtol=1e-5)
