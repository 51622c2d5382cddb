"""Feedback: documents that share words with the best are ranked up."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.search.index import Index
from tests.kernels import Kernels, by_kernels
from tests.strategies import corpora, queries


@given(corpora, queries)
def test_feedback_adds_to_what_matches_and_to_nothing_else(
    corpus: list[list[str]], query: list[str]
) -> None:
    texts = [" ".join(terms) for terms in corpus]
    docs, scores = Index.build(texts).search(" ".join(query), 20)
    bare, base = Index.build(texts, feedback=0).search(" ".join(query), 20)
    assert sorted(docs.tolist()) == sorted(bare.tolist())
    before = dict(zip(bare.tolist(), base.tolist(), strict=True))
    assert all(
        score >= before[doc] for doc, score in zip(docs.tolist(), scores.tolist(), strict=True)
    )
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)


@given(corpora, st.sampled_from(["ai", "chip", "us"]), by_kernels)
def test_feedback_is_what_its_formula_says(
    corpus: list[list[str]], asked: str, kernels: Kernels
) -> None:
    """The formula again, in dictionaries, over every document that matches."""
    with kernels():
        index = Index(corpus, feedback=2.0)
    docs, scores = index.best([asked], 99)
    stop = index.analyzer.stop_terms
    weights: dict[str, float] = {}
    for doc, score in list(zip(docs.tolist(), scores.tolist(), strict=True))[:10]:
        telling = [term for term in corpus[doc] if term not in stop]
        for term in set(telling):
            share = telling.count(term) / len(telling) * score / scores[:10].sum()
            weights[term] = weights.get(term, 0) + share * index.idf[term]
    weights = {t: w for t, w in weights.items() if index.document_frequency(t) > 1}
    added = [
        2.0
        * sum(
            weight / sum(weights.values()) * index.get_scores([term])[doc]
            for term, weight in weights.items()
        )
        for doc in docs.tolist()
    ]
    np.testing.assert_allclose(index.boosts(docs, scores), added)


def test_a_tweet_without_the_shared_words_falls_behind() -> None:
    texts = ["chip ban", "chip ban nvidia", "chip ban nvidia", "chip shop"] + ["else"] * 4
    assert Index.build(texts).search("chip", 4)[0].tolist()[-1] == 3
