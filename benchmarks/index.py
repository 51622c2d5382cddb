"""The index against the implementations that it is measured by: rank_bm25 and bm25s."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from typing import TypeVar

import bm25s
import numpy as np
from rank_bm25 import BM25Okapi

from bot.analyzer import Analyzer
from bot.index import K1, B, Index

T = TypeVar("T")

TWEETS = 20_000
QUESTIONS = 50
VOCABULARY = 20_000


def main() -> None:
    """Print the time to build each and to answer a question of three words."""
    dice = random.Random(6)  # noqa: S311  # the same tweets each time, no secret
    # Zipf's law: the word of rank r is used in proportion to 1/r.
    weights = 1 / np.arange(1, VOCABULARY + 1)
    words = [f"word{number}" for number in range(VOCABULARY)]
    texts = [" ".join(dice.choices(words, weights.tolist(), k=30)) for _ in range(TWEETS)]
    questions = [" ".join(dice.choices(words, weights.tolist(), k=3)) for _ in range(QUESTIONS)]
    analyzer = Analyzer()
    terms = [analyzer.terms(text) for text in texts]
    print(f"{TWEETS:,} tweets of 30 words, {QUESTIONS} questions of 3 words, the best 10 asked for")

    index, took = _built(lambda: Index(terms, analyzer=analyzer))
    _told("Index", took, [_timed(lambda q=q: index.search(q, 10)) for q in questions])  # type: ignore[misc]
    okapi, took = _built(lambda: BM25Okapi(terms, k1=K1, b=B))
    asked = questions[:5]  # a look at every document for every word: a few will do
    _told(
        "rank_bm25",
        took,
        [
            _timed(lambda q=q: np.argsort(okapi.get_scores(analyzer.terms(q)))[::-1][:10])  # type: ignore[misc]
            for q in asked
        ],
    )
    fast, took = _built(lambda: _bm25s(terms))
    _told(
        "bm25s",
        took,
        [
            _timed(lambda q=q: fast.retrieve([analyzer.terms(q)], k=10, show_progress=False))  # type: ignore[misc]
            for q in questions
        ],
    )


def _bm25s(terms: list[list[str]]) -> bm25s.BM25:
    made = bm25s.BM25(method="lucene", k1=K1, b=B)
    made.index(terms, show_progress=False)
    return made


def _built(build: Callable[[], T]) -> tuple[T, float]:
    started = time.perf_counter()
    made = build()
    return made, time.perf_counter() - started


def _timed(ask: Callable[[], object]) -> float:
    started = time.perf_counter()
    ask()
    return time.perf_counter() - started


def _told(name: str, built: float, asked: list[float]) -> None:
    print(
        f"{name:>9}: built in {built:6.2f} s; a question takes "
        f"median {statistics.median(asked) * 1000:7.2f} ms, max {max(asked) * 1000:7.2f} ms"
    )
