"""Other rankings to compare with: rank_bm25 and bm25s, with defaults and Lucene's settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

import bm25s
import numpy as np
import regex
import Stemmer
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from benchmarks.quality.collections import Collection

Search = Callable[[str], list[str]]
Analyze = Callable[[str], list[str]]
LUCENE_K1, LUCENE_B = 0.9, 0.4
"""Anserini's defaults: https://github.com/castorini/anserini."""
WORD = regex.compile(r"[\p{L}\p{N}_]+(?:['’.][\p{L}\p{N}_]+)*")
POSSESSIVE = regex.compile(r"['’]s$")
STOP_WORDS = frozenset(
    """
    a an and are as at be but by for if in into is it no not of on or such that the their then
    there these they this to was will with
    """.split()
)
"""Lucene's: https://github.com/apache/lucene, `EnglishAnalyzer.ENGLISH_STOP_WORDS_SET`."""


def peers(one: Collection, depth: int) -> Sequence[tuple[str, Search]]:
    """Return searches with their names. Each returns the ids of the best `depth` documents."""
    porter = Stemmer.Stemmer("porter")

    def english(text: str) -> list[str]:
        words = (POSSESSIVE.sub("", each) for each in WORD.findall(text.lower()))
        return list(porter.stemWords([each for each in words if each not in STOP_WORDS]))

    return (
        ("rank_bm25, split at spaces", _okapi(one, lambda text: text.lower().split(), depth)),
        ("rank_bm25, Porter and stop words", _okapi(one, english, depth)),
        (f"Lucene's BM25, {LUCENE_K1} and {LUCENE_B}, by bm25s", _lucene(one, english, depth)),
    )


def _okapi(one: Collection, analyze: Analyze, depth: int) -> Search:
    okapi = BM25Okapi([analyze(each) for each in one.texts])

    def search(question: str) -> list[str]:
        return _best(one, okapi.get_scores(analyze(question)), depth)

    return search


def _lucene(one: Collection, analyze: Analyze, depth: int) -> Search:
    index = bm25s.BM25(method="lucene", k1=LUCENE_K1, b=LUCENE_B)
    corpus = [analyze(each) for each in one.texts]
    index.index(corpus, show_progress=False)
    known = set(chain.from_iterable(corpus))

    def search(question: str) -> list[str]:
        terms = [each for each in analyze(question) if each in known]
        scores = index.get_scores(terms) if terms else np.zeros(len(one.ids))
        return _best(one, scores, depth)

    return search


def _best(one: Collection, scores: NDArray[np.floating], depth: int) -> list[str]:
    return [one.ids[at] for at in np.argsort(-scores, kind="stable")[:depth].tolist()]
